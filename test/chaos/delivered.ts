import { grouped } from './grouped.ts';
import { actsIn, type Event } from './history.ts';
import type { Stored, StoredSession } from './stored.ts';

/** From one event to another, by their numbers. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

const TOLD_LATE_MS = 1_000;

type Delivered = Extract<Event, { type: 'delivered' }>;

/**
 * I5: each customer gets what the house owes them in order and without a gap, in the conversation they are in; what
 * they had before they moved stands in the transcript they were handed. A line comes twice only where somebody could
 * not know that it had come.
 */
export function deliveryFaults(events: readonly Event[], { sessions }: Stored): readonly string[] {
  const bySession = grouped(
    events.flatMap((event) => (event.type === 'delivered' && event.taken !== 'no' ? [event] : [])),
    ({ sid }) => sid,
  );
  const handed = actsIn(events).flatMap(({ act, transcript = [] }) => (act.f === 'return' ? transcript : []));
  const broken = brokenIn(events);
  return sessions.flatMap((session) => {
    const came = bySession.get(session.sid) ?? [];
    const read = new Set(handed.flatMap(({ sid, seq }) => (sid === session.sid ? [seq] : [])));
    return [...gaps(session, came, read), ...repeats(session, came, broken)];
  });
}

/** What never came, and what overtook another line, conversation by conversation. */
function gaps(
  { sid, ledger }: StoredSession,
  came: readonly Delivered[],
  handed: ReadonlySet<number>,
): readonly string[] {
  const owed = ledger.flatMap(({ seq, carried }) => (carried ? [seq] : []));
  const all = new Set([...came.map(({ seq }) => seq), ...handed]);
  const missing = owed.filter((seq) => !all.has(seq));
  const strange = [...new Set(came.map(({ seq }) => seq))].filter((seq) => !owed.includes(seq));
  const conversations = grouped(came, ({ conversation }) => conversation);
  const turned = [...conversations].flatMap(([conversation, lines]) => {
    const first = [...new Set(lines.map(({ seq }) => seq))];
    const places = first.map((seq) => owed.indexOf(seq));
    const follows = places.every((place, i) => {
      const before = places[i - 1];
      if (before === undefined) return true;
      // What a transcript told need not come again.
      return place > before && owed.slice(before + 1, place).every((seq) => handed.has(seq));
    });
    return follows ? [] : [`${sid} came in the order ${first.join()} to ${conversation}`];
  });
  return [
    ...(missing.length > 0 ? [`${sid} owes its customer ${missing.join()} for good`] : []),
    ...(strange.length > 0 ? [`${sid} brought ${strange.join()}, which was not for its customer`] : []),
    ...turned,
  ];
}

/**
 * I6: who has moved gets nothing in the conversation they left that was said after they moved. Gives what came there
 * all the same: its number lies beyond the transcript they were handed, however late it came.
 */
export function staleDeliveries(events: readonly Event[], { sessions }: Stored): readonly string[] {
  const moves = actsIn(events).flatMap(({ act, conversation, transcript = [] }) =>
    act.f === 'return' && conversation !== undefined
      ? [...grouped(transcript, ({ sid }) => sid)].map(([sid, lines]) => ({
          ...{ sid, conversation },
          upTo: Math.max(...lines.map(({ seq }) => seq)),
        }))
      : [],
  );
  const came = events.flatMap((event) => (event.type === 'delivered' ? [event] : []));
  return sessions.flatMap(({ sid, changes }) => {
    const order = [...new Set(changes.map(({ conversation }) => conversation))];
    const isLeft = (one: string, since: string): boolean => order.indexOf(one) < order.indexOf(since);
    return moves
      .filter((move) => move.sid === sid)
      .flatMap((move) =>
        came
          .filter(
            (one) => one.sid === sid && one.seq > move.upTo && isLeft(one.conversation, move.conversation),
          )
          .map((one) => `${sid} sent ${one.seq} to ${one.conversation}, which its customer had left`),
      );
  });
}

/** What came again although its first coming was answered, and nothing was broken since it began. */
function repeats(
  { sid }: StoredSession,
  came: readonly Delivered[],
  broken: readonly Stretch[],
): readonly string[] {
  return came.flatMap((event, i) => {
    const before = came.slice(0, i).findLast(({ seq }) => seq === event.seq);
    if (before === undefined || before.taken === 'unsure') return [];
    const unsettled = came[came.indexOf(before) - 1]?.n ?? 0;
    return broken.some(({ from, to }) => to > unsettled && from < event.n)
      ? []
      : [`${sid} brought ${event.seq} again, though nothing was broken`];
  });
}

function brokenIn(events: readonly Event[]): readonly Stretch[] {
  const faults = events.flatMap((event) => (event.type === 'fault' ? [event] : []));
  return faults.flatMap(({ n, at, what, when, lastedMs }, i): readonly Stretch[] => {
    if (when === 'ends') return [];
    if (lastedMs !== undefined) {
      // Whoever told of it may have been late, too.
      const since = events.find((event) => event.at >= at - lastedMs - TOLD_LATE_MS);
      return [{ from: since?.n ?? n, to: n }];
    }
    const end = faults.slice(i).find((fault) => fault.what === what && fault.when === 'ends');
    return [{ from: n, to: when === 'once' ? n : (end?.n ?? Infinity) }];
  });
}
