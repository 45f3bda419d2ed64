import { expect, test } from 'vitest';
import type { AgentAbsence } from '../../src/session/event.ts';
import {
  anna,
  asked,
  ben,
  comesBack,
  lapsed,
  left,
  MIN,
  offeredOn,
  setAside,
  waitsForAnna,
  withAnna,
} from './given.ts';

const GRACE = 90_000;

/** Anna's customer has asked something, and what is read of Anna since then is told. */
function waiting() {
  const s = withAnna().said('customer');
  const askedAt = s.now();
  const look = (ms: number, aliveAt = askedAt, absent?: AgentAbsence) =>
    s.after(ms).does({ type: 'agentNoticed', agent: anna.id, aliveAt, ...(absent && { absent }) });
  return { s, askedAt, look };
}

test('row 36: a customer who waits on a silent agent is told after the grace, and not a moment before', () => {
  const { s, look } = waiting();
  expect(look(GRACE - 1).answer().events).toEqual([]);
  look(1);
  expect(s.told()).toEqual(['both: agentSilent']);
  expect(look(GRACE - 1).answer().events).toEqual([]);
});

test('an agent counts as silent from the end of the grace, whenever that is found out, and as away from then on', () => {
  const silentAt = (s: ReturnType<typeof withAnna>) =>
    s.answer().events.find(({ type }) => type === 'agentSilent')?.at;
  const late = waiting();
  expect(silentAt(late.look(GRACE + MIN))).toBe(late.askedAt + GRACE);
  const away = waiting();
  expect(silentAt(away.look(1_000, away.askedAt, 'away'))).toBe(away.askedAt + 1_000);
});

test('who waits for an agent to resume is told that the agent is away', () => {
  const s = setAside().does({ type: 'customerLeft', cause: 'silent', at: setAside().now() }).after(MIN);
  s.does(comesBack()).does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0, absent: 'away' });
  expect(s.answer().events).toEqual([{ type: 'waitedInVain', at: s.now(), why: 'away' }]);
});

test('N14: at twice the grace others may take over, and it is still its agent’s until somebody does', () => {
  const { s, look } = waiting();
  look(GRACE);
  look(GRACE);
  expect(s.told()).toEqual(['both: offeredOn']);
  expect(s.session()).toMatchObject({ status: 'active', owner: anna });
});

test('N14: whoever takes over owns it under a new epoch, and the one before is told', () => {
  const s = offeredOn();
  const { epoch } = s.session();
  s.does({ type: 'accept', agent: ben });
  expect(s.session()).toMatchObject({ status: 'active', owner: ben, previous: ben, epoch: epoch + 1 });
  expect(s.session()).not.toHaveProperty('offeredOnAt');
  expect(s.told()).toEqual(['customer: joined', 'agent: takenOver']);
});

test.each([
  ['a sign of life is seen', { type: 'agentNoticed', agent: anna.id, aliveAt: Infinity }],
  ['they act', { type: 'agentActs', agent: anna, act: 'comment' }],
  ['they press Accept', { type: 'accept', agent: anna }],
] as const)('N14: a silent agent keeps it when %s before anybody took over', (_, command) => {
  const s = offeredOn().does(command);
  expect(s.answer().refused).toBeUndefined();
  expect(s.told()).toEqual(['both: agentBack']);
  expect(s.session()).toMatchObject({ status: 'active', owner: anna });
  expect(s.does({ type: 'accept', agent: ben }).answer().refused).toMatchObject({ kind: 'taken' });
});

test('an agent who is merely slow, but there, is not called silent', () => {
  const { s, look } = waiting();
  for (let i = 0; i < 10; i++) look(MIN, s.now() + MIN);
  expect(s.session()).not.toHaveProperty('agentSilentAt');
});

test('no clock runs against an agent whose customer owes the answer, or is gone', () => {
  const answered = withAnna().after(10 * MIN);
  expect(answered.does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0 }).answer().events).toEqual([]);
  const gone = left(withAnna().said('customer'));
  expect(gone.does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0 }).answer().events).toEqual([]);
});

test('a customer who writes again has waited since their first word, not since their last', () => {
  const { s, look } = waiting();
  s.after(MIN).said('customer');
  look(30_000);
  expect(s.told()).toEqual(['both: agentSilent']);
});

test.each(['away', 'notPermitted', 'unreachable'] as const)(
  'row 36, row 74: an agent known to be %s is not waited for: others may take over at once',
  (absent) => {
    const { s, look } = waiting();
    look(0, s.now(), absent);
    expect(s.told()).toEqual(['both: agentSilent', 'both: offeredOn']);
  },
);

test.each(['away', 'notPermitted', 'unreachable'] as const)(
  'row 29: a question to an agent who turns out to be %s moves on at once, and both are told how long they were asked',
  (absent) => {
    const s = asked().after(20_000).does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0, absent });
    expect(s.session()).toMatchObject({
      status: 'queued',
      declinedBy: [],
      moved: { why: 'agentAway', from: anna, askedMs: 20_000 },
    });
    expect(s.told()).toEqual(['both: toQueue']);
  },
);

test('P25: who chose to wait for an away agent goes on waiting; not for one who may not come back to it', () => {
  const chose = (absent: AgentAbsence) =>
    waitsForAnna().does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0, absent }).session().status;
  expect([chose('away'), chose('notPermitted')]).toEqual(['resuming', 'queued']);
});

test('who came back to a suspended chat learns at once that its agent has gone', () => {
  const s = left(setAside().after(MIN))
    .after(MIN)
    .does(comesBack({ agentHere: true }));
  s.does({ type: 'agentNoticed', agent: anna.id, aliveAt: 0, absent: 'away' });
  expect(s.told()).toEqual(['customer: waitedInVain']);
});

test('P15: whoever waits on a silent agent may choose anyone, with their earlier place', () => {
  const s = offeredOn();
  const { queuedAt } = s.session();
  s.does(comesBack({ want: 'anyone' }));
  expect(s.session()).toMatchObject({
    status: 'queued',
    queuedAt,
    moved: { why: 'customerChoseAnyone', from: anna },
  });
});

test('a page that heals does not start the silence of its agent anew', () => {
  const s = offeredOn().does(comesBack({ way: 'heal' }));
  expect(s.session()).toMatchObject({ status: 'active', offeredOnAt: expect.any(Number) as number });
});

test('N3: who was asked, for how long, and why it moved on is known to the queue', () => {
  const s = lapsed().does(comesBack()).after(MIN);
  expect(s.session()).toMatchObject({
    status: 'queued',
    moved: { why: 'agentSilent', from: anna, askedMs: MIN },
  });
});
