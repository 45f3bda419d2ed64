import { expect, test } from 'vitest';
import { timelineOf, type Step } from '../../src/session/timeline.ts';
import {
  anna,
  asked,
  ben,
  comesBack,
  ended,
  givenLink,
  handingOver,
  handsTo,
  handsToQueue,
} from './given.ts';
import { held, HOUR, inLine, messageLeft, MIN, offeredOn, pausedByCustomer, setAside } from './given.ts';
import { opening, setAsideAndGone, sid, START, story, waitsForAnna, withAnna, withGuest } from './given.ts';
import type { Story } from './given.ts';

const agent = anna.name;
const guest = ben.name;
const DAY = 24 * HOUR;
const placeFree = (name: string) => ['placeFree', { agent: name }] as const;
const placeTaken = (name: string) => ['placeTaken', { agent: name }] as const;
const placeHeld = (name: string, keptMs: number) => ['placeHeld', { agent: name, keptMs }] as const;

/** What the last change of a story is told as. */
function lastSteps(s: Story): readonly Step[] {
  const steps = timelineOf(s.audit().map((one) => ({ ...one, actor: 'house' })));
  return steps.filter(({ ver }) => ver === s.session().ver);
}

type Case = [what: string, happens: () => Story, ...(readonly [Step['code'], Step['params']?])[]];

test.each<Case>([
  ['a chat begins', story, ['opened']],
  ['somebody asks for a person', () => story().does({ type: 'handoff' }), ['queued', { why: 'handoff' }]],
  ['nobody is free', () => inLine().after(10 * MIN), ['queueLimit']],
  [
    'an agent passes in line',
    () => inLine().does({ type: 'decline', agent: ben, reason: 'a call' }),
    ['declined', { agent: guest, reason: 'a call' }],
  ],
  [
    'a message is taken',
    () => messageLeft().does({ type: 'accept', agent: anna, customerAway: true }),
    ['accepted', { agent, waitedMs: 10 * MIN }],
    ['disconnected', { cause: 'leftMessage', agent, returnMs: DAY }],
    placeHeld(agent, 10 * MIN),
  ],
  [
    'somebody is away',
    () =>
      withAnna()
        .said('customer')
        .does({ type: 'agentNoticed', agent: anna.id, aliveAt: START, absent: 'away' }),
    ['agentSilent', { why: 'away', agent }],
    ['offeredOn', { agent }],
  ],
  [
    'a silent agent is back',
    () => offeredOn().does({ type: 'agentNoticed', agent: anna.id, aliveAt: offeredOn().now() + 1 }),
    ['agentBack', { agent }],
  ],
  [
    'somebody takes over',
    () => offeredOn().does({ type: 'accept', agent: ben }),
    ['accepted', { agent: guest }],
    placeFree(agent),
    placeTaken(guest),
  ],
  [
    'the same agent takes it again',
    () => asked().after(30_000).does({ type: 'accept', agent: anna }),
    ['accepted', { why: 'again', agent, waitedMs: 30_000 }],
    placeTaken(agent),
  ],
  [
    'a customer drops',
    held,
    ['disconnected', { cause: 'silent', agent, returnMs: 20 * MIN }],
    placeHeld(agent, 10 * MIN),
  ],
  [
    'a place is given back',
    () => held().does({ type: 'releaseHold', agent: anna }),
    ['holdEnded', { why: 'released', agent }],
    placeFree(agent),
  ],
  [
    'a customer is back in time',
    () =>
      held()
        .after(2 * MIN)
        .does(comesBack()),
    ['returned', { way: 'prompt', awayMs: 2 * MIN }],
    placeTaken(agent),
  ],
  [
    'a customer goes on elsewhere',
    () => withAnna().does(comesBack({ way: 'link' })),
    ['returned', { way: 'link' }],
  ],
  [
    'the agent is asked',
    asked,
    ['returned', { way: 'prompt', awayMs: 10 * MIN }],
    ['offered', { agent, answerMs: MIN }],
  ],
  [
    'the customer waits for an agent who is away',
    waitsForAnna,
    ['returned', { way: 'prompt', awayMs: MIN }],
    ['offered', { why: 'waiting', agent, answerMs: 9 * MIN }],
  ],
  [
    'the agent did not answer',
    () => asked().after(MIN),
    ['queued', { why: 'agentSilent', agent, askedMs: MIN }],
  ],
  [
    'the customer would rather have anyone',
    () =>
      waitsForAnna()
        .after(MIN)
        .does(comesBack({ want: 'anyone', agentHere: false })),
    ['queued', { why: 'customerChoseAnyone', agent, askedMs: MIN }],
    placeFree(agent),
  ],
  [
    'it is handed over',
    handingOver,
    ['offered', { why: 'handedOn', agent: guest, from: agent, answerMs: MIN }],
    placeFree(agent),
  ],
  [
    'it is handed to a line',
    () => withAnna().does(handsToQueue('returns')),
    ['queued', { why: 'transferred', agent, stream: 'returns' }],
    placeFree(agent),
  ],
  [
    'a supervisor hands it to a line',
    () =>
      withAnna().does({ type: 'transfer', agent: ben, by: 'supervisor', to: { kind: 'queue', stream: 'x' } }),
    ['queued', { why: 'transferred', agent: guest, stream: 'x' }],
    placeFree(agent),
  ],
  [
    'it is handed on while the customer is away',
    () => held().does(handsTo(ben)),
    ['transferred', { agent, to: guest }],
    placeFree(agent),
    placeHeld(guest, 10 * MIN),
  ],
  [
    'it is handed to a line meanwhile',
    () => held().does(handsToQueue('returns')),
    ['transferred', { agent, to: 'returns' }],
    placeFree(agent),
  ],
  [
    'a colleague is asked in',
    () => withAnna().does({ type: 'invite', agent: anna, guest: ben, here: true }),
    ['invited', { agent, guest }],
  ],
  ['a colleague comes in', withGuest, ['guestJoined', { guest }]],
  [
    'a colleague leaves',
    () => withGuest().does({ type: 'leaveConference', agent: ben, guest: ben.id }),
    ['guestLeft', { guest }],
  ],
  [
    'it is set aside',
    setAside,
    ['suspended', { by: 'agent', agent, reason: 'asks the depot' }],
    placeFree(agent),
  ],
  [
    'the customer pauses',
    pausedByCustomer,
    ['suspended', { by: 'customer', agent }],
    placeHeld(agent, 10 * MIN),
  ],
  [
    'its agent resumes',
    () => setAside().does({ type: 'resume', agent: anna }),
    ['resumed', { agent }],
    placeTaken(agent),
  ],
  [
    'its agent resumes by acting',
    () => setAside().does({ type: 'agentActs', agent: anna, act: 'message' }),
    ['resumed', { why: 'implied', agent }],
    placeTaken(agent),
  ],
  [
    'the customer is back and its agent is not',
    () =>
      setAsideAndGone()
        .after(2 * MIN)
        .does(comesBack({ agentHere: false })),
    ['returned', { way: 'prompt', awayMs: 2 * MIN }],
    ['waitedInVain', { why: 'away', agent }],
  ],
  [
    'an answer is owed',
    () =>
      withAnna()
        .said('customer')
        .after(5 * MIN),
    ['agentReminded', { why: 'answer', agent }],
  ],
  [
    'a promise is broken',
    () =>
      setAside({}, { backBy: START + 63 * MIN })
        .after(50 * MIN)
        .after(10 * MIN),
    ['waitedInVain', { why: 'silent', agent }],
    ['agentOverdue', { why: 'backBy', agent }],
  ],
  [
    'a link is given',
    () => withAnna().does({ type: 'giveLink', agent: anna, link: givenLink(START) }),
    ['linkGiven', { agent }],
  ],
  [
    'links are withdrawn',
    () => withAnna().does({ type: 'revokeLinks', by: 'customer' }),
    ['linksRevoked', { by: 'customer' }],
  ],
  ['its agent closes', ended, ['closed', { by: 'agent', agent }], placeFree(agent)],
  [
    'the customer closes',
    () => withAnna().does({ type: 'close', by: 'customer' }),
    ['closed', { by: 'customer' }],
    placeFree(agent),
  ],
  [
    'it is taken back',
    () => ended().does({ type: 'takeBack', agent: anna, followUp: sid('second') }),
    ['takenBack', { agent }],
  ],
  [
    'its agent has noted what came of it',
    () => ended().does({ type: 'record', agent: anna, wrapUp: { notes: 'sent again' } }),
    ['recorded', { agent }],
  ],
  [
    'its time is up',
    () =>
      held()
        .after(10 * MIN)
        .after(HOUR),
    ['expired', { agent }],
  ],
])('row 95: that %s is told with whom, why and for how long', (_, happens, ...told) => {
  expect(lastSteps(happens()).map(({ code, params }) => [code, params])).toEqual(
    told.map(([code, params = {}]) => [code, params]),
  );
});

test('row 95: a chat that follows another one says so', () => {
  const opened = { type: 'opened', at: START, ...opening, follows: sid('earlier') } as const;
  expect(timelineOf([{ ver: 1, actor: 'customer', events: [opened] }])).toEqual([
    { ver: 1, at: START, actor: 'customer', code: 'opened', params: { why: 'follows' } },
  ]);
});

test('row 95: each step says who asked for it, and a prompt that was shown that the house did', () => {
  const s = inLine();
  const steps = timelineOf(
    s.audit().map((one) => ({ ...one, actor: 'bot' })),
    [START + MIN, START + 30_000],
  );
  expect(steps).toEqual([
    { ver: 1, at: START, actor: 'bot', code: 'opened', params: {} },
    { ver: 1, at: START + 30_000, actor: 'house', code: 'promptShown', params: {} },
    { ver: 1, at: START + MIN, actor: 'house', code: 'promptShown', params: {} },
    { ver: 2, at: START + MIN, actor: 'bot', code: 'queued', params: { why: 'handoff' } },
  ]);
  expect(timelineOf([], [START])).toEqual([
    { ver: 1, at: START, actor: 'house', code: 'promptShown', params: {} },
  ]);
});
