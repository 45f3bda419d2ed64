import type { Entry, Notice } from '../session/ledger.ts';
import type { Event } from '../session/event.ts';
import type { Header } from './header.ts';
import { isReachable } from './owed.ts';

/** The most messages that are kept count of; who comes back to more has a transcript to read in any case. */
const MOST = 100;

/** What agents see of what their customer has: up to which entry they have it, and up to which they have seen it. */
export interface Reading {
  readonly delivered: number;
  readonly seen?: number;
}

/** The numbers of what agents wrote and the customer has not read, the earliest first. */
export const unread = ({ unseen = [], seen, delivered }: Header): readonly number[] =>
  // A page that never told what it shows, a stock Web Chat, can only be known to have been given it.
  unseen.filter((seq) => seq > (seen ?? delivered));

/** The header once the customer has seen everything up to `seq`; it never goes back. */
export function seenUpTo(header: Header, seq: number): Header {
  if (seq <= (header.seen ?? -1)) return header;
  return { ...header, seen: seq, unseen: (header.unseen ?? []).filter((one) => one > seq) };
}

/** What stands unread after these entries. */
export function unreadAfter(header: Header, entries: readonly Entry[]): Pick<Header, 'unseen'> {
  const said = entries.filter(({ by, what }) => by.kind === 'agent' && what.kind === 'message');
  const unseen = [...unread(header), ...said.map(({ seq }) => seq)].slice(0, MOST);
  return unseen.length > 0 || header.unseen !== undefined ? { unseen } : {};
}

/** Tells the agents of a session that these events end which of their messages its customer never saw; `[]` = none. */
export function unseenAtEnd(header: Header, events: readonly Event[]): readonly Notice[] {
  const end = events.find(({ type }) => type === 'closed' || type === 'expired');
  if (end === undefined) return [];
  // Whoever ends it on their own page has had the page before their eyes.
  const isLooking = end.type === 'closed' && end.by === 'customer' && isReachable(header.session);
  const left = unread(header).filter((seq) => !isLooking || seq > header.delivered);
  if (left.length === 0) return [];
  const params = { count: left.length, lines: left.slice(0, 10).join(',') };
  return [{ kind: 'notice', code: 'endedUnseen', to: 'agent', params }];
}
