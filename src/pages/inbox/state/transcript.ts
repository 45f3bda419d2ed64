import type { Line, SessionId } from '../wire/wire.ts';
import { dayOf } from './time.ts';

/** Something the agent wrote that the house has not confirmed yet. `id` is the act's: sent again, it stays one line. */
export interface Pending {
  readonly id: string;
  readonly sid: SessionId;
  /** Of a file, `text` is its name. */
  readonly kind: 'message' | 'comment' | 'file';
  readonly text: string;
  readonly file?: File;
  readonly at: number;
  /** The newest line known when it was written. */
  readonly afterSeq: number;
  readonly failed: boolean;
  /** The id of the canned response that it was made from. */
  readonly canned?: string;
}

/** One thing in the transcript, in reading order; `key` stays the same for the same thing. */
export type Item =
  | { readonly type: 'day'; readonly key: string; readonly at: number }
  | { readonly type: 'bot'; readonly key: string; readonly lines: readonly Line[] }
  | { readonly type: 'notice'; readonly key: string; readonly line: Line }
  /** Over the first line that is new to the agent: what happened since they last read. */
  | { readonly type: 'digest'; readonly key: string; readonly text: string }
  /** A customer who comes and goes, with nothing said in between: at least two notices, told as one. */
  | { readonly type: 'flapping'; readonly key: string; readonly lines: readonly Line[] }
  | { readonly type: 'comment'; readonly key: string; readonly line: Line; readonly mine: boolean }
  /** `follows`: the same person, within a few minutes: stands close to the line before. */
  | {
      readonly type: 'said';
      readonly key: string;
      readonly line: Line;
      readonly mine: boolean;
      readonly follows: boolean;
    }
  | { readonly type: 'pending'; readonly key: string; readonly pending: Pending };

const FOLLOWS_MS = 3 * 60_000;

/** Puts new lines among known ones: each seq once, in the order of the ledger. */
export function merged(known: readonly Line[], more: readonly Line[]): readonly Line[] {
  const last = known.at(-1);
  if (more.every((line) => last !== undefined && line.seq > last.seq) && isAscending(more))
    return [...known, ...more];
  const bySeq = new Map([...known, ...more].map((line) => [line.seq, line]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/**
 * Lays out a session for the agent `me` (an id): days, the part with the bot folded, what people said, notices, comments,
 * what is on its way. `fresh.text` stands over the first line with a number above `fresh.after`.
 */
export function itemsOf(
  lines: readonly Line[],
  pending: readonly Pending[],
  me: string,
  fresh?: { readonly after: number; readonly text: string },
): readonly Item[] {
  const items: Item[] = [];
  let day = '';
  const withBot = botPart(lines);
  if (withBot.length > 0) {
    const [first] = withBot;
    if (first !== undefined) {
      day = dayOf(first.at);
      items.push({ type: 'day', key: `day-${day}`, at: first.at });
    }
    items.push({ type: 'bot', key: 'bot', lines: withBot });
  }
  let before: Line | undefined;
  let news = fresh;
  for (const line of lines.slice(withBot.length)) {
    if (dayOf(line.at) !== day) {
      day = dayOf(line.at);
      items.push({ type: 'day', key: `day-${day}`, at: line.at });
      before = undefined;
    }
    if (news !== undefined && line.seq > news.after) {
      items.push({ type: 'digest', key: 'digest', text: news.text });
      news = undefined;
    }
    const last = items.at(-1);
    const flapping = last === undefined ? undefined : joined(last, line);
    if (flapping === undefined) items.push(itemOf(line, before, me));
    else items[items.length - 1] = flapping;
    before = line;
  }
  for (const one of unconfirmed(pending, lines, me))
    items.push({ type: 'pending', key: one.id, pending: one });
  return items;
}

/** What is still on its way of the agent `me`: a pending line goes when the house's own copy of it has come, by whichever door. */
export function unconfirmed(
  pending: readonly Pending[],
  lines: readonly Line[],
  me: string,
): readonly Pending[] {
  const echoes = lines.filter((line) => line.by === me);
  return pending.filter((one) => {
    const echo = echoes.findIndex((line) => line.seq > one.afterSeq && isEcho(line, one));
    if (echo >= 0) echoes.splice(echo, 1);
    return echo < 0;
  });
}

const isEcho = (line: Line, { kind, text }: Pending): boolean =>
  kind === 'file'
    ? (line.attachments ?? []).some((one) => (one as { readonly name?: unknown } | null)?.name === text)
    : line.kind === kind && line.text === text;

/** How many messages wait for a customer who is gone since `goneAt`. */
export const heldFor = (lines: readonly Line[], goneAt: number): number =>
  lines.filter((line) => line.side === 'agent' && line.kind === 'message' && line.at >= goneAt).length;

/** When the customer came back, as long as no agent has turned to them since: written, set aside, resumed. */
export function backSince(lines: readonly Line[]): number | undefined {
  const back = lines.findLastIndex((line) => line.code === 'customerBack');
  const answered = lines
    .slice(back + 1)
    .some(
      ({ side, kind, code }) =>
        (side === 'agent' && kind === 'message') || code === 'suspended' || code === 'resumed',
    );
  return answered ? undefined : lines[back]?.at;
}

/** How a customer who comes and goes stands now: how often they went, why last, and whether they are here. */
export interface Flapping {
  readonly is: 'here' | 'gone' | 'released';
  readonly times: number;
  readonly cause?: string;
  /** Of who is here again: how long they were gone last, ms, and what they are on now, if it is something else. */
  readonly awayMs?: number;
  readonly device?: 'phone' | 'computer';
  /** When it came to this. */
  readonly at: number;
}

/** Sums up notices of coming and going, oldest first. */
export function flappingOf(lines: readonly Line[]): Flapping {
  const gone = lines.filter((line) => line.code === 'customerGone');
  const cause = gone.findLast((line) => line.cause !== undefined)?.cause;
  const last = lines.at(-1);
  const is = last?.code === 'customerBack' ? 'here' : last?.code === 'holdEnded' ? 'released' : 'gone';
  const { awayMs, device } = is === 'here' && last !== undefined ? last : {};
  return {
    ...{ is, times: gone.length, at: last?.at ?? 0 },
    ...(cause !== undefined && { cause }),
    ...(awayMs !== undefined && { awayMs }),
    ...(device !== undefined && { device }),
  };
}

/** What changed hands and why: the notices, newest first. */
export const markersOf = (lines: readonly Line[]): readonly Line[] =>
  lines.filter((line) => line.kind === 'notice').toReversed();

// The bot's part ends with the last thing the bot said before any agent spoke: while queued the bot still answers.
function botPart(lines: readonly Line[]): readonly Line[] {
  const agent = lines.findIndex((line) => line.side === 'agent' || line.side === 'house');
  const head = agent < 0 ? lines : lines.slice(0, agent);
  return head.some((line) => line.side === 'bot') ? head : [];
}

const COMES_AND_GOES: ReadonlySet<string | undefined> = new Set([
  'customerGone',
  'customerBack',
  'holdEnded',
]);

/** The last item with one more coming or going in it; `undefined` when the line stands for itself. */
function joined(last: Item, line: Line): Item | undefined {
  if (!COMES_AND_GOES.has(line.code)) return undefined;
  if (last.type === 'flapping') return { ...last, lines: [...last.lines, line] };
  if (last.type !== 'notice' || !COMES_AND_GOES.has(last.line.code)) return undefined;
  return { type: 'flapping', key: last.key, lines: [last.line, line] };
}

function itemOf(line: Line, before: Line | undefined, me: string): Item {
  const mine = line.by === me;
  if (line.kind === 'notice') return { type: 'notice', key: line.id, line };
  if (line.kind === 'comment') return { type: 'comment', key: line.id, line, mine };
  const follows =
    before?.kind === 'message' &&
    before.side === line.side &&
    before.by === line.by &&
    line.at - before.at < FOLLOWS_MS;
  return { type: 'said', key: line.id, line, mine, follows };
}

const isAscending = (lines: readonly Line[]) =>
  lines.every((line, i) => i === 0 || line.seq > (lines[i - 1]?.seq ?? 0));
