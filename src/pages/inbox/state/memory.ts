import type { SessionId } from '../wire/wire.ts';
import { later, type Read, type ReadTo } from './reading.ts';

// A browser may refuse storage to a framed page; then the tab forgets at reload, and nothing else changes.
const READ = 'reconnect.read';
const KEPT = 200;

/** How far each session was read in this browser, in any of its tabs. */
export function whatWasRead(): Read {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(READ) ?? '{}');
    if (typeof kept !== 'object' || kept === null) return {};
    const known = Object.entries(kept).flatMap(([sid, value]) => {
      const to = readToIn(value);
      return to === undefined ? [] : [[sid, to] as const];
    });
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}

/** Keeps that a session was read so far, beside what other tabs have kept meanwhile, and hands all of it back. */
export function keepRead(read: Read, sid: SessionId, to: ReadTo): Read {
  // The one that was just read goes last: the first are forgotten.
  const others = Object.entries(later(whatWasRead(), read)).filter(([one]) => one !== sid);
  const last: Read = Object.fromEntries([...others, [sid, to] as const].slice(-KEPT));
  try {
    localStorage.setItem(READ, JSON.stringify(last));
  } catch {
    // See above.
  }
  return last;
}

/** Hears what another tab of this browser has read. */
export const onReadElsewhere = (hear: (read: Read) => void): void =>
  addEventListener('storage', ({ key }) => {
    if (key === READ) hear(whatWasRead());
  });

/** The first version kept numbers alone. */
function readToIn(value: unknown): ReadTo | undefined {
  if (typeof value === 'number') return { seq: value };
  if (typeof value !== 'object' || value === null || !('seq' in value)) return undefined;
  const { seq } = value;
  const said = 'said' in value ? value.said : undefined;
  if (typeof seq !== 'number') return undefined;
  return typeof said === 'number' ? { seq, said } : { seq };
}

/** What was written and not sent, per session; gone with the browser tab, as it may be about a customer. */
export const drafts = {
  of: (sid: SessionId): string => {
    try {
      return sessionStorage.getItem(`reconnect.draft.${sid}`) ?? '';
    } catch {
      return '';
    }
  },
  keep: (sid: SessionId, text: string): void => {
    try {
      if (text === '') sessionStorage.removeItem(`reconnect.draft.${sid}`);
      else sessionStorage.setItem(`reconnect.draft.${sid}`, text);
    } catch {
      // See above.
    }
  },
};
