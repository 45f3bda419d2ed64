import type { Line, Me, Row, SessionId } from '../wire/wire.ts';
import { calledBy } from './banner.ts';

/** How far a session was read: up to which line, and how many of its customer's messages that were. */
export interface ReadTo {
  readonly seq: number;
  readonly said?: number;
}
export type Read = Readonly<Record<SessionId, ReadTo>>;

/** Whether one reading of a session goes beyond another. */
export const isFurther = (one: ReadTo, other: ReadTo | undefined): boolean =>
  other === undefined ||
  one.seq > other.seq ||
  (one.seq === other.seq && (one.said ?? 0) > (other.said ?? 0));

/** The further of two readings, session by session. */
export function later(one: Read, other: Read): Read {
  const both: Record<SessionId, ReadTo> = { ...one };
  for (const [sid, to] of Object.entries(other) as [SessionId, ReadTo][])
    if (isFurther(to, both[sid])) both[sid] = to;
  return both;
}

/** Whether an agent has said that they are not at their desk. */
export const isAwayFrom = (me: Pick<Me, 'presence'> | undefined): boolean =>
  me?.presence.status === 'away' || me?.presence.status === 'offline';

/** What of a row's customer is not read: a number where it is known, else that there is something. Answered is read. */
export function unreadIn(row: Row, read: Read): number | 'some' | undefined {
  if (row.list !== 'mine' && row.list !== 'suspended') return undefined;
  const to = read[row.sid];
  if (row.lastLine?.by !== 'customer' || row.seq <= (to?.seq ?? 0)) return undefined;
  if (row.fromCustomer === undefined || (to !== undefined && to.said === undefined)) return 'some';
  const count = row.fromCustomer - (to?.said ?? 0);
  return count > 0 ? count : undefined;
}

/** Where an open session was read up to when the agent came to it, and whether they had been away by then. */
export interface NewSince {
  readonly seq: number;
  readonly wasAway: boolean;
}

/** What happened in a session since, in one line for its agent; `undefined` when nothing did that they need to know. */
export function digestOf(lines: readonly Line[], { seq, wasAway }: NewSince, row: Row): string | undefined {
  const since = lines.filter((line) => line.seq > seq);
  const said = since.filter(({ side, kind }) => side === 'customer' && kind === 'message').length;
  const parts = [
    said === 0 ? '' : said === 1 ? '1 message' : `${said} messages`,
    moves(since, calledBy(row)),
    since.some(({ code }) => code === 'closed' || code === 'expired') ? 'the chat ended' : '',
  ].filter(Boolean);
  return parts.length === 0 ? undefined : `${wasAway ? 'While you were away' : 'New'}: ${parts.join(', ')}`;
}

function moves(lines: readonly Line[], name: string): string {
  const went = lines.filter(({ code }) => code === 'customerGone').length;
  const last = lines.findLast(({ code }) => code === 'customerGone' || code === 'customerBack')?.code;
  const isBack = last === 'customerBack';
  if (went === 0) return isBack ? `${name} came back` : '';
  return isBack ? `${name} left and came back` : `${name} left`;
}
