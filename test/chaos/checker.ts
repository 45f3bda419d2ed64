import { deliveryFaults, staleDeliveries } from './delivered.ts';
import { grouped } from './grouped.ts';
import { actsIn, type Done, type Event } from './history.ts';
import { linearize } from './linearizable.ts';
import { happenings, sessionModel, type Happening } from './session-model.ts';
import type { Stored, StoredSession } from './stored.ts';

/** Something that was promised and is not so; `rule` as the invariants are numbered in design 6. */
export interface Violation {
  readonly rule: 'I1' | 'I3' | 'I4' | 'I5' | 'I6' | 'I8' | 'I9' | 'linearizable';
  readonly what: string;
}

/**
 * Judges a history against what is stored once all is quiet. Pure: the same history is judged the same anywhere.
 */
export function check(events: readonly Event[], stored: Stored): readonly Violation[] {
  const acts = actsIn(events);
  return [
    ...kept(acts, stored),
    ...inOrder(acts, stored),
    ...stored.sessions.flatMap((session) => [
      ...owned(session),
      ...oneByOne(session, acts),
      ...read(session, acts),
    ]),
    ...deliveryFaults(events, stored).map((what): Violation => ({ rule: 'I5', what })),
    ...staleDeliveries(events, stored).map((what): Violation => ({ rule: 'I6', what })),
    ...places(stored),
  ];
}

/** I3: what was answered 2xx is in the ledger once, and nothing is in it that nobody said. */
function kept(acts: readonly Done[], { sessions }: Stored): readonly Violation[] {
  const times = new Map<string, number>();
  for (const { line } of sessions.flatMap(({ ledger }) => ledger)) {
    if (line !== undefined) times.set(line, (times.get(line) ?? 0) + 1);
  }
  const said = acts.flatMap(({ act, outcome }) =>
    act.f === 'say' || act.f === 'answer' ? [{ line: act.line, outcome }] : [],
  );
  const known = new Set(said.map(({ line }) => line));
  return [
    ...said.flatMap(({ line, outcome }): readonly Violation[] =>
      outcome === 'ok' && !times.has(line)
        ? [{ rule: 'I3', what: `${line} was acknowledged and is lost` }]
        : [],
    ),
    ...said.flatMap(({ line, outcome }): readonly Violation[] =>
      outcome === 'refused' && times.has(line)
        ? [{ rule: 'I3', what: `${line} was refused and is in the ledger` }]
        : [],
    ),
    ...[...times].flatMap(([line, n]): readonly Violation[] => [
      ...(n > 1 ? [{ rule: 'I3', what: `${line} is in the ledger ${n} times` } as const] : []),
      ...(known.has(line)
        ? []
        : [{ rule: 'I3', what: `${line} is in the ledger and nobody said it` } as const]),
    ]),
  ];
}

/** I4: numbers are dense, and what was acknowledged before the next was said stands before it. */
function inOrder(acts: readonly Done[], { sessions }: Stored): readonly Violation[] {
  const gaps = sessions.flatMap(({ sid, ledger }): readonly Violation[] =>
    ledger.every(({ seq }, i) => seq === i + 1)
      ? []
      : [{ rule: 'I4', what: `${sid} has lines ${ledger.map(({ seq }) => seq).join()}` }],
  );
  const place = new Map(
    sessions.flatMap(({ sid, ledger }) =>
      ledger.flatMap(({ line, seq }) => (line === undefined ? [] : [[line, { sid, seq }] as const])),
    ),
  );
  const senders = grouped(
    acts.filter(({ act }) => act.f === 'say' || act.f === 'answer'),
    ({ act }) => (act.f === 'say' ? act.customer : JSON.stringify(act, ['agent', 'sid'])),
  );
  const turned = [...senders].flatMap(([sender, said]) =>
    said.flatMap((first): readonly Violation[] =>
      said.flatMap((second): readonly Violation[] => {
        if (first.to >= second.from || !('line' in first.act) || !('line' in second.act)) return [];
        const [a, b] = [place.get(first.act.line), place.get(second.act.line)];
        if (a === undefined || b === undefined || a.sid !== b.sid || a.seq < b.seq) return [];
        return [{ rule: 'I4', what: `${sender} said ${first.act.line} before ${second.act.line}` }];
      }),
    ),
  );
  return [...gaps, ...turned];
}

/** I1, I8: another owner is another epoch, no number is given twice, and what is over stays over. */
function owned({ sid, changes }: StoredSession): readonly Violation[] {
  return changes.flatMap((change, i): readonly Violation[] => {
    const before = changes[i - 1];
    const wanted = (before?.epoch ?? 0) + (before === undefined || before.owner !== change.owner ? 1 : 0);
    const moved = before !== undefined && before.conversation !== change.conversation;
    const epoch = change.epoch === wanted || (moved && change.epoch === before.epoch + 1);
    const wasOver = before?.status === 'closed' || before?.status === 'expired';
    return [
      ...(change.ver === i + 1
        ? []
        : [{ rule: 'I1', what: `${sid} has ver ${change.ver} as its ${i + 1}.` } as const]),
      ...(epoch
        ? []
        : [{ rule: 'I1', what: `${sid} has epoch ${change.epoch} at ver ${change.ver}` } as const]),
      ...(wasOver && change.status !== before.status
        ? [{ rule: 'I8', what: `${sid} is ${change.status} after it was ${before.status}` } as const]
        : []),
    ];
  });
}

function oneByOne(session: StoredSession, acts: readonly Done[]): readonly Violation[] {
  const verdict = linearize(happenings(session, acts), sessionModel(session));
  if (verdict.fits) return [];
  const last = verdict.upTo.slice(-3).map(told).join(', then ');
  return [{ rule: 'linearizable', what: `${session.sid} fits no order; at best up to: ${last}` }];
}

const told = (happening: Happening): string =>
  happening.by === 'house'
    ? `change ${happening.change} by the house`
    : JSON.stringify({ ...happening.done.act, ...(happening.done.why && { why: happening.done.why }) });

/** I4: whoever reads a session reads what was said in it, from where their page begins, in order and all of it. */
function read({ sid, ledger }: StoredSession, acts: readonly Done[]): readonly Violation[] {
  return acts.flatMap(({ act, transcript = [] }): readonly Violation[] => {
    if (act.f !== 'read' || act.sid !== sid) return [];
    const seqs = transcript.map(({ seq }) => seq);
    const [first = 1, last = 0] = [seqs[0], seqs.at(-1)];
    const said = ledger.filter(({ line, seq }) => line !== undefined && seq >= first && seq <= last);
    const isWhole =
      said.every(({ seq }) => seqs.includes(seq)) && seqs.every((seq, i) => seq > (seqs[i - 1] ?? 0));
    return isWhole ? [] : [{ rule: 'I4', what: `${act.agent} read ${sid} as ${seqs.join()}` }];
  });
}

/** I9: the places that are taken are those of the sessions that take one. */
function places({ sessions, agents }: Stored): readonly Violation[] {
  return agents.flatMap(({ agent, slots }): readonly Violation[] => {
    const due = sessions.flatMap(({ sid, takesPlaceOf }) => (takesPlaceOf === agent ? [sid] : []));
    const same = due.length === slots.length && due.every((sid) => slots.includes(sid));
    return same
      ? []
      : [{ rule: 'I9', what: `${agent} has ${slots.length} places taken, and ${due.length} sessions` }];
  });
}
