import type { SessionId } from '../wire/wire.ts';

// A browser may refuse storage to a framed page; then the tab forgets at reload, and nothing else changes.
const READ = 'reconnect.read';
const KEPT = 200;

/** Up to which line each session was read in this browser. */
export function whatWasRead(): Readonly<Record<SessionId, number>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(READ) ?? '{}');
    return typeof kept === 'object' && kept !== null ? (kept as Record<SessionId, number>) : {};
  } catch {
    return {};
  }
}

/** Keeps it for the next reload, the last 200 sessions of it, and hands it back. */
export function keepRead(read: Readonly<Record<SessionId, number>>): Readonly<Record<SessionId, number>> {
  const last = Object.fromEntries(Object.entries(read).slice(-KEPT));
  try {
    localStorage.setItem(READ, JSON.stringify(last));
  } catch {
    // See above.
  }
  return last;
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
