import { owedNow } from '../../../src/handoff/owed.ts';
import { evolveAll } from '../../../src/session/evolve.ts';
import { isCarriedToCustomer } from '../../../src/session/ledger.ts';
import type { Session } from '../../../src/session/session.ts';
import { isOver } from '../../../src/session/whose.ts';
import type { Evidence, Handed, ReceivedLine, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/**
 * I5: each customer gets what is carried to them in order and without a gap, again only after something in doubt; at rest
 * they have all of it (I16). I6: nothing is sent to where they were, once they have moved.
 */
export const delivered: Check = (evidence, { sessions }) => [
  ...sessions.flatMap((session) => {
    const { id } = session.header.session;
    const came = evidence.received.filter(({ sid }) => sid === id);
    const handed = evidence.handed.filter(({ sid }) => sid === id);
    return [
      ...inOrder(session, came, handed),
      ...repeats(id, came, evidence),
      ...worded(session, came),
      ...(evidence.gone.has(session.header.session.conversation)
        ? noticed(session)
        : complete(session, came, handed)),
      ...fenced(session, came),
    ];
  }),
];

function inOrder(
  { header, entries }: StoredSession,
  came: readonly ReceivedLine[],
  handed: readonly Handed[],
): readonly Broken[] {
  const { id } = header.session;
  const carried = entries.filter(isCarriedToCustomer).map(({ seq }) => seq);
  const had = new Set<number>();
  const found: Broken[] = [];
  let last = 0;
  for (const { seq, at, conversation } of came) {
    if (!carried.includes(seq))
      found.push({ rule: 'I5', what: `${id}: ${seq} was sent, and is not to be carried` });
    if (had.has(seq)) continue;
    had.add(seq);
    if (seq < last) found.push({ rule: 'I5', what: `${id}: ${seq} came after ${last}` });
    last = Math.max(last, seq);
    const shown = handed.filter((one) => one.at <= at || one.opens === conversation);
    const known = Math.max(0, ...shown.map(({ upTo }) => upTo));
    const missing = carried.filter((one) => one < seq && one > known && !had.has(one));
    if (missing.length > 0)
      found.push({ rule: 'I5', what: `${id}: ${seq} came before ${missing.join(', ')}` });
  }
  return found;
}

/** Again only where whoever sent it first could not know, or could not say, that it had come: what is slow comes last. */
function repeats(
  sid: string,
  came: readonly ReceivedLine[],
  { disturbed, skews }: Evidence,
): readonly Broken[] {
  return [...new Set(came.map(({ seq }) => seq))].flatMap((seq) => {
    const all = came.filter((one) => one.seq === seq).sort((a, b) => a.sentAt - b.sentAt);
    return all.flatMap((one, i) => {
      const next = all[i + 1];
      if (next === undefined || one.doubtful) return [];
      const isExcused = disturbed.some(
        ({ instance, from, until }) => instance === one.by && from <= next.at && until >= one.sentAt,
      );
      if (isExcused || areApart(skews, one.by, next.by)) return [];
      return [{ rule: 'I5', what: `${sid}: ${seq} came from ${one.by}, and once more from ${next.by}` }];
    });
  });
}

/** Whether one of them may take the other's claim, of some seconds, for one that has run out. */
const areApart = (skews: Evidence['skews'], one: string, other: string): boolean =>
  one !== other && (skews.get(one) ?? 0) + (skews.get(other) ?? 0) > APART_MS;
/** A line is marked so long before the claim on it ends. */
const APART_MS = 1_000;

/** Somebody's own words, as they stand in a ledger. */
const WORDS = /mark-of-customer-\d+ (?:line|answer \S+) \d+/u;

/** What came under a number is what the ledger has under it. */
function worded({ header, entries }: StoredSession, came: readonly ReceivedLine[]): readonly Broken[] {
  return came.flatMap(({ seq, text }) => {
    const [words] = WORDS.exec(text) ?? [];
    const entry = entries.find((one) => one.seq === seq);
    const stands = entry?.what.kind === 'message' ? entry.what.text : '';
    if (words === undefined || words === stands) return [];
    return [{ rule: 'I5', what: `${header.session.id}: ${seq} came as “${words}”, and is “${stands}”` }];
  });
}

function complete(
  { header, entries }: StoredSession,
  came: readonly ReceivedLine[],
  handed: readonly Handed[],
): readonly Broken[] {
  const { id } = header.session;
  const owed = owedNow(header);
  const known = Math.max(0, ...handed.map(({ upTo }) => upTo));
  const had = new Set(came.map(({ seq }) => seq));
  const missing = entries.filter(
    (entry) => isCarriedToCustomer(entry) && entry.seq <= owed && entry.seq > known && !had.has(entry.seq),
  );
  const found: Broken[] = [];
  if (missing.length > 0)
    found.push({ rule: 'I16', what: `${id}: ${missing.map(({ seq }) => seq).join(', ')} never came` });
  if (owed > header.delivered)
    found.push({ rule: 'I16', what: `${id}: owed up to ${owed}, delivered up to ${header.delivered}` });
  return found;
}

/**
 * Who is not there any more is noticed gone by the first line to them. What is over stays where it was, and so does what
 * was set aside as they went.
 */
function noticed({ header }: StoredSession): readonly Broken[] {
  const { session } = header;
  const { id, conversation } = session;
  const isAside = session.status === 'suspended' && session.customerBackAt === undefined;
  if (isOver(session) || isAside || owedNow(header) <= header.delivered) return [];
  return [{ rule: 'I16', what: `${id}: ${conversation} is gone, and still owed up to ${owedNow(header)}` }];
}

/** A line that was on its way when they moved may still come; one that was let go well after that may not. */
const ON_ITS_WAY_MS = 10_000;

function fenced({ header, audit }: StoredSession, came: readonly ReceivedLine[]): readonly Broken[] {
  const { id } = header.session;
  const moves: { readonly conversation: string; readonly at: number }[] = [];
  let session: Session | undefined;
  for (const { events, writtenAt } of audit) {
    session = evolveAll(session, events);
    if (session.conversation !== moves.at(-1)?.conversation)
      moves.push({ conversation: session.conversation, at: writtenAt });
  }
  return came.flatMap(({ seq, conversation, sentAt, afterPause }) => {
    const since = moves.findLast(({ at }) => at <= sentAt);
    const isOld =
      since !== undefined && since.conversation !== conversation && sentAt - since.at > ON_ITS_WAY_MS;
    if (!isOld || afterPause === true) return [];
    return [
      {
        rule: 'I6',
        what: `${id}: ${seq} was sent to ${conversation}, left before for ${since.conversation}`,
      },
    ];
  });
}
