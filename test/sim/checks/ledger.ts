import type { SaidLine, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/**
 * I3: what was acknowledged stands in a ledger exactly once. I4: numbers without a gap, and everybody's lines in their order.
 * I8: nothing is said in what is over. I16: nobody is told that there is no session where there is one.
 */
export const ledger: Check = ({ said, denied, erased }, { sessions }) => {
  const isGone = ({ text }: SaidLine): boolean => erased.some(({ mark }) => text.includes(mark));
  const where = placesOf(sessions);
  return [
    ...sessions.flatMap((session) => [...dense(session), ...strangers(session), ...atRest(session)]),
    ...said.filter((line) => !isGone(line)).flatMap((line) => once(line, where.get(line.text) ?? [])),
    ...inOrder(said, where),
    ...denied
      .filter(({ sid }) => sessions.some(({ header }) => header.session.id === sid))
      .map(({ sid, what }) => ({ rule: 'I16', what: `${sid}: ${what} was told that it is not there` })),
  ];
};

interface Place {
  readonly sid: string;
  readonly seq: number;
}

function placesOf(sessions: readonly StoredSession[]): ReadonlyMap<string, readonly Place[]> {
  const where = new Map<string, Place[]>();
  for (const { entries } of sessions)
    for (const { sid, seq, by, what } of entries) {
      if (what.kind === 'notice' || by.kind === 'bot') continue;
      const text = what.text ?? '';
      where.set(text, [...(where.get(text) ?? []), { sid, seq }]);
    }
  return where;
}

function dense({ header, entries }: StoredSession): readonly Broken[] {
  const { id } = header.session;
  const wrong = entries.find(({ seq }, i) => seq !== i + 1);
  if (wrong !== undefined) return [{ rule: 'I4', what: `${id}: entry ${wrong.seq} comes after a gap` }];
  if (entries.length === header.seq) return [];
  return [{ rule: 'I4', what: `${id}: ${entries.length} entries, and a header that says ${header.seq}` }];
}

/** After the notice of its end come no words of anybody's. */
function atRest({ header, entries }: StoredSession): readonly Broken[] {
  const end = entries.find(({ what }) => what.kind === 'notice' && ENDS.includes(what.code));
  return entries
    .filter(({ seq, what }) => end !== undefined && seq > end.seq && what.kind === 'message')
    .map(({ seq }) => ({ rule: 'I8', what: `${header.session.id}: ${seq} was said after its end` }));
}
const ENDS: readonly string[] = ['closed', 'expired'];

/** I6: only whoever has had a session, or was asked into it, speaks in it. */
function strangers({ header, entries }: StoredSession): readonly Broken[] {
  const { id, agents, asides = [] } = header.session;
  const known = new Set<string>([...agents, ...asides].map((agent) => agent.id));
  return entries.flatMap(({ seq, by, what }) =>
    by.kind === 'agent' && what.kind === 'message' && !known.has(by.id)
      ? [{ rule: 'I6', what: `${id}: ${seq} is of ${by.id}, who has never had it` }]
      : [],
  );
}

function once(line: SaidLine, places: readonly Place[]): readonly Broken[] {
  const { text, by, ackedAt, turnedAway, unsent } = line;
  if (places.length > 1)
    return [
      { rule: 'I3', what: `“${text}” of ${by} stands ${places.length} times: ${places.map(at).join(', ')}` },
    ];
  if (places.length === 1 && unsent === true)
    return [
      {
        rule: 'I3',
        what: `${by} was told that “${text}” was not sent, and it stands: ${places.map(at).join(', ')}`,
      },
    ];
  if (places.length === 1 || ackedAt === undefined || turnedAway === true) return [];
  return [{ rule: 'I3', what: `“${text}” of ${by} was acknowledged and is in no ledger` }];
}
const at = ({ sid, seq }: Place): string => `${sid}:${seq}`;

/** What was sent after an earlier line had been taken stands after it. One that was turned away may come again, later. */
function inOrder(said: readonly SaidLine[], where: ReadonlyMap<string, readonly Place[]>): readonly Broken[] {
  const found: Broken[] = [];
  for (const earlier of said)
    for (const later of said) {
      if (earlier.by !== later.by || earlier.turnedAway === true) continue;
      if (earlier.ackedAt === undefined || earlier.ackedAt >= later.firstSentAt) continue;
      const [a] = where.get(earlier.text) ?? [];
      const [b] = where.get(later.text) ?? [];
      if (a !== undefined && b !== undefined && a.sid === b.sid && a.seq > b.seq)
        found.push({ rule: 'I4', what: `“${later.text}” stands before “${earlier.text}” in ${a.sid}` });
    }
  return found;
}
