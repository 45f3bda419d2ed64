import { describe, expect, test } from 'vitest';
import { check } from './checker.ts';
import type { Act, Event, Happened } from './history.ts';
import type { Stored, StoredChange, StoredLine, StoredSession } from './stored.ts';

const LEA = 'dl_lea';
const SID = `${LEA}.1`;

/** Somebody does something from one moment to another; the moments are places in the history. */
type Told = readonly [from: number, to: number, act: Act, end?: Happened | 'refused' | 'unknown'];

const say = (line: string): Act => ({ f: 'say', customer: LEA, line });
const act = (f: 'accept' | 'release' | 'close' | 'read', agent: string): Act => ({ f, agent, sid: SID });
const answer = (agent: string, line: string): Act => ({ f: 'answer', agent, sid: SID, line });

/** A history of acts that may overlap, and of what else happened at its moments. */
function history(told: readonly Told[], others: Readonly<Record<number, Happened>> = {}): readonly Event[] {
  const moments = new Map<number, Happened>(Object.entries(others).map(([n, one]) => [Number(n), one]));
  told.forEach(([from, to, what, end], op) => {
    moments.set(from, { type: 'invoke', op, act: what });
    if (end === 'unknown') return;
    moments.set(to, end === 'refused' ? { type: 'fail', op, why: 'taken' } : (end ?? { type: 'ok', op }));
  });
  return [...moments]
    .sort(([a], [b]) => a - b)
    .map(([n, happened]) => ({ n, at: n, process: 'somebody', ...happened }));
}

const change = (ver: number, epoch: number, more: Partial<StoredChange> = {}): StoredChange => ({
  ...{ ver, epoch, status: 'active', free: false, conversation: 'c1', claims: [] },
  ...more,
});
const QUEUED = { status: 'queued', free: true } as const;
const jonas = { owner: 'jonas', theirs: 'jonas', claims: [{ f: 'accept', agent: 'jonas' }] } as const;
const closed = { status: 'closed', claims: [{ f: 'close', agent: 'jonas' }] } as const;

/** Opened, queued, accepted by Jonas. */
const ACCEPTED: readonly StoredChange[] = [
  change(1, 1, { status: 'bot' }),
  change(2, 1, QUEUED),
  change(3, 2, jonas),
];

const lines = (...told: readonly (string | undefined)[]): readonly StoredLine[] =>
  told.map((line, i) => ({
    ...{ seq: i + 1, by: 'somebody', carried: line === undefined || line.startsWith('re:') },
    ...(line !== undefined && { line }),
  }));

const stored = (more: Partial<StoredSession> = {}, slots: readonly string[] = [SID]): Stored => ({
  sessions: [
    {
      ...{ sid: SID, customer: LEA, ledger: [], changes: ACCEPTED, takesPlaceOf: 'jonas' },
      ...more,
    },
  ],
  agents: [{ agent: 'jonas', slots }],
});

const accepts: Told = [0, 1, act('accept', 'jonas')];
const came = (seq: number, taken: 'yes' | 'no' | 'unsure' = 'yes', conversation = 'c1'): Happened => ({
  ...{ type: 'delivered', conversation, sid: SID, seq, taken },
});
const rulesOf = (events: readonly Event[], what: Stored): readonly string[] => [
  ...new Set(check(events, what).map(({ rule }) => rule)),
];

describe('a history in which all is well', () => {
  test('an agent accepts, both write, and the customer has what was written', () => {
    const events = history([accepts, [2, 3, say('a')], [4, 6, answer('jonas', 're: a')]], { 5: came(2) });
    expect(check(events, stored({ ledger: lines('a', 're: a') }))).toEqual([]);
  });

  test('of two agents who accept at once, either may be the one', () => {
    const both: readonly Told[] = [
      [0, 3, act('accept', 'jonas')],
      [1, 2, act('accept', 'amira'), 'refused'],
    ];
    expect(check(history(both), stored())).toEqual([]);
  });

  test('what was never answered may have been done, or not', () => {
    const maybe: readonly Told[] = [accepts, [2, 0, say('a'), 'unknown'], [3, 0, say('b'), 'unknown']];
    expect(check(history(maybe), stored({ ledger: lines('b') }))).toEqual([]);
  });

  test('lines said at once may stand in any order', () => {
    const events = history([accepts, [2, 5, say('a')], [3, 4, say('b')]]);
    expect(check(events, stored({ ledger: lines('b', 'a') }))).toEqual([]);
  });

  test('accepted and closed in one write', () => {
    const changes = [
      ...ACCEPTED.slice(0, 2),
      change(3, 1, { status: 'closed', claims: [...jonas.claims, ...closed.claims] }),
    ];
    const events = history([accepts, [2, 3, act('close', 'jonas')]]);
    expect(
      check(events, {
        ...stored({ changes }, []),
        sessions: stored({ changes }).sessions.map(({ takesPlaceOf: _, ...rest }) => rest),
      }),
    ).toEqual([]);
  });

  test('a line comes again after a crash, or where its coming could not be told', () => {
    const killed = history([accepts], {
      2: came(1),
      3: { type: 'fault', what: 'kill', when: 'once' },
      4: came(1),
    });
    expect(check(killed, stored({ ledger: lines(undefined) }))).toEqual([]);
    const unsure = history([accepts], { 2: came(1, 'unsure'), 4: came(1) });
    expect(check(unsure, stored({ ledger: lines(undefined) }))).toEqual([]);
  });

  test('a line comes again although nobody was killed, for who carried it hung and was taken for dead', () => {
    const stall = { type: 'fault', what: 'stall', when: 'once', lastedMs: 5_000 } as const;
    const events = history([accepts], { 2: came(1), 3: came(1), 4: stall });
    expect(check(events, stored({ ledger: lines(undefined) }))).toEqual([]);
  });

  test('who moves on reads in the transcript what came before', () => {
    const moved: Told = [
      4,
      5,
      { f: 'return', customer: LEA },
      {
        type: 'ok',
        op: 1,
        transcript: [
          { sid: SID, seq: 1 },
          { sid: SID, seq: 2 },
        ],
      },
    ];
    const events = history([accepts, moved], { 2: came(1), 6: came(3, 'yes', 'c2') });
    expect(check(events, stored({ ledger: lines(undefined, undefined, undefined) }))).toEqual([]);
  });
});

describe('a history in which something is wrong', () => {
  test('I3: an acknowledged line is lost', () => {
    expect(rulesOf(history([accepts, [2, 3, say('a')]]), stored())).toEqual(['I3']);
  });

  test('I3: a line stands twice', () => {
    const events = history([accepts, [2, 3, say('a')]]);
    expect(rulesOf(events, stored({ ledger: lines('a', 'a') }))).toContain('I3');
  });

  test('I3: a line stands that nobody said, or that was refused', () => {
    expect(rulesOf(history([accepts]), stored({ ledger: lines('x') }))).toContain('I3');
    const refused = history([accepts, [2, 3, answer('amira', 'x'), 'refused']]);
    expect(rulesOf(refused, stored({ ledger: lines('x') }))).toContain('I3');
  });

  test('I4: a line stands before one that was acknowledged before it was said', () => {
    const events = history([accepts, [2, 3, say('a')], [4, 5, say('b')]]);
    expect(rulesOf(events, stored({ ledger: lines('b', 'a') }))).toEqual(['I4', 'linearizable']);
  });

  test('I4: a number is left out', () => {
    const ledger = [
      { seq: 1, by: 'bot', carried: false },
      { seq: 3, by: 'bot', carried: false },
    ];
    expect(rulesOf(history([accepts]), stored({ ledger }))).toEqual(['I4']);
  });

  test('I4: somebody read a ledger with a hole where something was said', () => {
    const reads = (...seqs: readonly number[]): readonly Event[] => {
      const transcript = seqs.map((seq) => ({ sid: SID, seq }));
      return history([
        accepts,
        [2, 3, say('a')],
        [4, 5, act('read', 'jonas'), { type: 'ok', op: 2, transcript }],
      ]);
    };
    const ledger = lines('b', 'a', 'b').map((line) =>
      line.line === 'b' ? { seq: line.seq, by: 'bot', carried: false } : line,
    );
    expect(rulesOf(reads(1, 3), stored({ ledger }))).toEqual(['I4']);
    expect(rulesOf(reads(2, 3), stored({ ledger }))).toEqual([]);
    expect(rulesOf(reads(3, 2), stored({ ledger }))).toEqual(['I4']);
  });

  test('I1: another owner under the same epoch', () => {
    const changes = [
      ...ACCEPTED,
      change(4, 2, { owner: 'amira', theirs: 'amira', claims: [{ f: 'accept', agent: 'amira' }] }),
    ];
    const events = history([accepts, [2, 3, act('accept', 'amira')]]);
    expect(rulesOf(events, stored({ changes }))).toEqual(['I1']);
  });

  test('I1: two writes over one version', () => {
    const changes = [...ACCEPTED, change(3, 2, jonas)];
    expect(rulesOf(history([accepts, [2, 3, act('accept', 'jonas')]]), stored({ changes }))).toContain('I1');
  });

  test('I8: what was closed is active again', () => {
    const changes = [...ACCEPTED, change(4, 3, closed), change(5, 4, { ...jonas, claims: [] })];
    const events = history([accepts, [2, 3, act('close', 'jonas')]]);
    expect(rulesOf(events, stored({ changes }))).toEqual(['I8']);
  });

  test('two agents were both told that they have it', () => {
    const both: readonly Told[] = [
      [0, 3, act('accept', 'jonas')],
      [1, 2, act('accept', 'amira')],
    ];
    expect(rulesOf(history(both), stored())).toEqual(['linearizable']);
  });

  test('an agent was told that it is taken when nobody had it yet', () => {
    const early: readonly Told[] = [
      [0, 1, act('accept', 'amira'), 'refused'],
      [2, 3, act('accept', 'jonas')],
    ];
    expect(rulesOf(history(early), stored())).toEqual(['linearizable']);
  });

  test('somebody wrote to a customer who was not theirs any more', () => {
    const changes = [...ACCEPTED, change(4, 3, { ...QUEUED, claims: [{ f: 'release', agent: 'jonas' }] })];
    const late: readonly Told[] = [
      accepts,
      [2, 3, act('release', 'jonas')],
      [4, 5, answer('jonas', 're: late')],
    ];
    const events = history(late, { 6: came(1) });
    expect(rulesOf(events, stored({ changes, ledger: lines('re: late') }))).toEqual(['linearizable']);
  });

  test('somebody has it who never asked for it', () => {
    expect(rulesOf(history([]), stored())).toEqual(['linearizable']);
  });

  test('I5: a line never comes', () => {
    expect(rulesOf(history([accepts], { 2: came(1, 'no') }), stored({ ledger: lines(undefined) }))).toEqual([
      'I5',
    ]);
  });

  test('I5: a line overtakes another', () => {
    const events = history([accepts], { 2: came(2), 3: came(1) });
    expect(rulesOf(events, stored({ ledger: lines(undefined, undefined) }))).toEqual(['I5']);
  });

  test('I5: a line comes twice, and nothing was broken', () => {
    const events = history([accepts], { 2: came(1), 3: came(1) });
    expect(rulesOf(events, stored({ ledger: lines(undefined) }))).toEqual(['I5']);
  });

  test('I5: a line comes twice, and what was broken was whole again before', () => {
    const fault = { type: 'fault', what: 'store' } as const;
    const events = history([[4, 5, act('accept', 'jonas')]], {
      0: { ...fault, when: 'begins' },
      1: { ...fault, when: 'ends' },
      2: came(1),
      3: came(2),
      6: came(2),
    });
    expect(rulesOf(events, stored({ ledger: lines(undefined, undefined) }))).toEqual(['I5']);
  });

  test('I5: a customer is shown what is for agents alone', () => {
    const ledger = [{ seq: 1, by: 'jonas', carried: false }];
    expect(rulesOf(history([accepts], { 2: came(1) }), stored({ ledger }))).toEqual(['I5']);
  });

  test('I6: a line that was said after its customer moved comes to where they were', () => {
    const changes = [...ACCEPTED, change(4, 3, { ...jonas, claims: [], conversation: 'c2' })];
    const moved: Told = [
      ...([2, 3, { f: 'return', customer: LEA }] as const),
      { type: 'ok', op: 1, conversation: 'c2', transcript: [{ sid: SID, seq: 1 }] },
    ];
    const late = (conversation: string): readonly Event[] =>
      history([accepts, moved], { 4: came(1, 'yes', 'c1'), 5: came(2, 'yes', conversation) });
    const what = stored({ changes, ledger: lines(undefined, undefined) });
    expect(rulesOf(late('c1'), what)).toEqual(['I6']);
    expect(rulesOf(late('c2'), what)).toEqual([]);
  });

  test('I9: a place stays taken, or is missing', () => {
    expect(rulesOf(history([accepts]), stored({}, [SID, 'gone']))).toEqual(['I9']);
    expect(rulesOf(history([accepts]), stored({}, []))).toEqual(['I9']);
  });
});
