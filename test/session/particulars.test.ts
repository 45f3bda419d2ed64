import { expect, it } from 'vitest';
import type { Notice } from '../../src/session/ledger.ts';
import type { Span } from '../../src/session/hours.ts';
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
import {
  setAsideAndGone,
  sid,
  START,
  story,
  waitsForAnna,
  withAnna,
  withGuest,
  type Story,
} from './given.ts';

const eva = { kind: 'signedIn', issuer: 'https://shop.example', name: 'Eva' } as const;
const link = givenLink(START);
const agent = anna.name;
const colleague = ben.name;
/** Minutes after the start. */
const m = (minutes: number) => START + minutes * MIN;
const berlin = (from: number, to: number) => ({
  hours: {
    timeZone: 'Europe/Berlin',
    week: Array.from({ length: 7 }, (): readonly Span[] => [{ from: from * 60, to: to * 60 }]),
    holidays: {},
  },
});
/** At the start it is ten in Berlin. */
const [afternoons, mornings] = [berlin(13, 17), berlin(9, 12)];
const waiting = () => withAnna().said('customer');
const annaNoticed = (s: Story, absent?: 'away') =>
  s.does({ type: 'agentNoticed', agent: anna.id, aliveAt: START, ...(absent && { absent }) });

type Case = [who: string, happens: () => Story, ...Told[]];
type Told = readonly [to: Notice['to'], code: Notice['code'], params?: Notice['params']];

it.each<Case>([
  [
    'who asks for a person',
    () => story().does({ type: 'handoff' }),
    ['customer', 'queued', { queuedAt: m(0) }],
  ],
  [
    'who asks for one while we are closed',
    () => story(afternoons).does({ type: 'handoff' }),
    ['customer', 'queued', { queuedAt: m(0), opensAt: m(180) }],
    ['customer', 'outsideHours', { opensAt: m(180), timeZone: 'Europe/Berlin', why: 'inLine' }],
  ],
  ['who waits for long', () => inLine().after(10 * MIN), ['customer', 'queueLimit']],
  [
    'who waits for nobody',
    () => inLine().does({ type: 'offerMessage' }),
    ['customer', 'queueLimit', { why: 'nobodyOn' }],
  ],
  ['who leaves the line', () => inLine().does({ type: 'leaveQueue' }), ['customer', 'leftQueue']],
  ['who leaves a message', messageLeft, ['customer', 'messageLeft', { until: m(11 + 24 * 60), way: 'link' }]],
  [
    'who leaves one where hours are kept, and is asked back by name',
    () => messageLeft({ ...mornings, promptAudience: 'anyone' }),
    ['customer', 'messageLeft', { until: m(23 * 60 + 10), way: 'prompt', timeZone: 'Europe/Berlin' }],
  ],
  [
    'whose message is taken while they are away',
    () => messageLeft().does({ type: 'accept', agent: anna, customerAway: true }),
    ['customer', 'joined', { agent, why: 'message' }],
    ['agent', 'customerGone', { cause: 'leftMessage', heldUntil: m(21), returnUntil: m(11 + 24 * 60) }],
  ],
  [
    'who looks after their message',
    () => messageLeft().after(MIN).does(comesBack()),
    ['customer', 'queued', { queuedAt: m(1) }],
  ],
  [
    'who looks after it while we are closed',
    () => messageLeft(afternoons).after(MIN).does(comesBack()),
    ['customer', 'queued', { queuedAt: m(1), opensAt: m(180) }],
    ['customer', 'outsideHours', { opensAt: m(180), timeZone: 'Europe/Berlin', why: 'inLine' }],
  ],
  [
    'whose message nobody answers',
    () => messageLeft().after(72 * HOUR),
    ['both', 'expired', { why: 'unanswered' }],
  ],
  ['who is taken', () => inLine().does({ type: 'accept', agent: anna }), ['customer', 'joined', { agent }]],
  ['whose agent is silent', () => annaNoticed(waiting().after(2 * MIN)), ['both', 'agentSilent', { agent }]],
  [
    'whose agent goes away',
    () => annaNoticed(waiting().after(2 * MIN), 'away'),
    ['both', 'agentSilent', { agent, why: 'away' }],
    ['both', 'offeredOn', { agent }],
  ],
  [
    'whose silent agent is back',
    () => offeredOn().does({ type: 'agentNoticed', agent: anna.id, aliveAt: offeredOn().now() + 1 }),
    ['both', 'agentBack', { agent }],
  ],
  [
    'whom somebody else takes over',
    () => offeredOn().does({ type: 'accept', agent: ben }),
    ['customer', 'joined', { agent: colleague }],
    ['agent', 'takenOver', { agent: colleague, from: agent }],
  ],
  [
    'whose place is given back',
    () => held().does({ type: 'releaseHold', agent: anna }),
    ['agent', 'holdEnded', { why: 'released' }],
  ],
  [
    'who starts fresh',
    () => held().does({ type: 'startFresh', mode: 'release' }),
    ['agent', 'holdEnded', { why: 'startedFresh' }],
  ],
  [
    'who comes back',
    () =>
      held()
        .after(2 * MIN)
        .does(comesBack()),
    ['agent', 'customerBack', { way: 'prompt', awayMs: 2 * MIN }],
    ['customer', 'welcomeBack', { agent }],
  ],
  [
    'who goes on in another browser',
    () => withAnna().does(comesBack({ way: 'link' })),
    ['agent', 'customerBack', { way: 'link', awayMs: 0 }],
    ['customer', 'welcomeBack', { agent }],
  ],
  [
    'whose agent is asked',
    asked,
    ['agent', 'customerBack', { way: 'prompt', awayMs: 10 * MIN }],
    ['customer', 'asking', { agent }],
    ['agent', 'offeredToYou'],
  ],
  [
    'whose agent is away',
    waitsForAnna,
    ['agent', 'customerBack', { way: 'prompt', awayMs: MIN }],
    ['customer', 'waitingForAway', { agent, until: m(13) }],
    ['agent', 'offeredToYou'],
  ],
  [
    'whose agent does not answer',
    () => asked().after(MIN),
    ['both', 'toQueue', { why: 'agentSilent', agent, askedMs: MIN }],
  ],
  [
    'whose agent stays away',
    () => waitsForAnna().after(10 * MIN),
    ['both', 'toQueue', { why: 'agentAway', agent, askedMs: 9 * MIN }],
  ],
  [
    'whose agent passes, and says why',
    () => asked().after(30_000).does({ type: 'decline', agent: anna, reason: 'at lunch' }),
    ['agent', 'declined', { agent, reason: 'at lunch' }],
    ['both', 'toQueue', { why: 'agentDeclined', agent, askedMs: 30_000 }],
  ],
  ['whose agent is handing over', handingOver, ['both', 'handingOver', { agent, colleague }]],
  [
    'whom the colleague does not take',
    () => handingOver().after(20_000).does({ type: 'decline', agent: ben }),
    ['both', 'toQueue', { why: 'agentDeclined', agent: colleague, askedMs: 20_000 }],
  ],
  [
    'who is handed to another line',
    () => withAnna().does(handsToQueue('returns')),
    ['both', 'toQueue', { why: 'transferred', agent }],
  ],
  [
    'who is handed on while away',
    () => held().does(handsTo(ben)),
    ['both', 'transferred', { agent, colleague }],
  ],
  [
    'who is handed to another line while away',
    () => held().does(handsToQueue('returns')),
    ['both', 'toQueue', { why: 'transferred', agent }],
  ],
  [
    'with whom a colleague is asked in',
    () => withAnna().does({ type: 'invite', agent: anna, guest: ben, here: true }),
    ['agent', 'invited', { agent, colleague }],
  ],
  ['with whom a colleague comes in', withGuest, ['both', 'guestJoined', { colleague }]],
  [
    'with whom the colleague leaves',
    () => withGuest().does({ type: 'leaveConference', agent: ben, guest: ben.id }),
    ['both', 'guestLeft', { colleague }],
  ],
  [
    'with whom the colleague is asked to leave',
    () => withGuest().does({ type: 'leaveConference', agent: anna, guest: ben.id }),
    ['both', 'guestLeft', { colleague, by: 'agent', agent }],
  ],
  [
    'who is set aside',
    () => setAside({}, { backBy: m(48 * 60) }),
    [
      'both',
      'suspended',
      { by: 'agent', agent, reason: 'asks the depot', backBy: m(48 * 60), until: m(48 * 60) },
    ],
  ],
  ['who pauses', pausedByCustomer, ['both', 'suspended', { by: 'customer', agent, until: m(3 + 24 * 60) }]],
  [
    'whose agent will be back later',
    () => setAside().does({ type: 'editSuspension', agent: anna, backBy: m(48 * 60) }),
    ['both', 'suspensionEdited', { backBy: m(48 * 60) }],
  ],
  [
    'whose agent resumes',
    () => setAside().does({ type: 'resume', agent: anna }),
    ['both', 'resumed', { agent }],
  ],
  [
    'who comes back to what is set aside, and its agent is away',
    () =>
      pausedByCustomer()
        .after(2 * MIN)
        .does(comesBack({ agentHere: false })),
    ['agent', 'customerBack', { way: 'prompt', awayMs: 2 * MIN }],
    ['customer', 'waitingForResume', { agent }],
    ['customer', 'waitedInVain', { agent, why: 'away' }],
  ],
  [
    'who comes back to it after hours',
    () =>
      setAsideAndGone(mornings)
        .after(5 * HOUR)
        .does(comesBack()),
    ['agent', 'customerBack', { way: 'prompt', awayMs: 5 * HOUR }],
    ['customer', 'waitingForResume', { agent }],
    ['customer', 'outsideHours', { opensAt: m(23 * 60), timeZone: 'Europe/Berlin' }],
  ],
  [
    'who will soon be away for too long',
    () =>
      held()
        .after(10 * MIN)
        .after(8 * MIN),
    ['both', 'endsSoon', { endsAt: m(23) }],
  ],
  [
    'who waits for an answer',
    () => waiting().after(5 * MIN),
    ['agent', 'answerOwed', { agent, waitedMs: 5 * MIN }],
  ],
  [
    'who still waits for it',
    () =>
      waiting()
        .after(5 * MIN)
        .after(5 * MIN),
    ['agent', 'answerOverdue', { agent, waitedMs: 10 * MIN }],
  ],
  [
    'to whom its agent promised to be back soon',
    () => setAside({}, { backBy: m(63) }).after(50 * MIN),
    ['agent', 'backSoon', { agent, backBy: m(63), leftMs: 10 * MIN }],
  ],
  [
    'to whom the promise is broken',
    () =>
      setAside({}, { backBy: m(63) })
        .after(50 * MIN)
        .after(10 * MIN),
    ['customer', 'waitedInVain', { agent, why: 'silent' }],
    ['both', 'backByMissed', { agent }],
  ],
  [
    'who signs in',
    () => withAnna().does({ type: 'identify', subject: eva }),
    ['agent', 'signedIn', { name: 'Eva' }],
  ],
  [
    'who is given a link',
    () => withAnna().does({ type: 'giveLink', agent: anna, link }),
    ['both', 'linkGiven', { agent, ...link, lastsMs: 20 * MIN }],
  ],
  [
    'who is given one while away',
    () => held().does({ type: 'giveLink', agent: anna, link }),
    ['both', 'linkGiven', { agent, ...link, until: m(23) }],
  ],
  [
    'whose links are withdrawn',
    () => withAnna().does({ type: 'revokeLinks', by: 'agent', agent: anna }),
    ['both', 'linksRevoked', { by: 'agent' }],
  ],
  [
    'who shows an earlier chat',
    () => withAnna().does({ type: 'continues', earlier: sid('earlier') }),
    ['agent', 'earlierShared'],
  ],
  ['whose agent closes', ended, ['both', 'closed', { by: 'agent', agent }]],
  [
    'who closes',
    () => withAnna().does({ type: 'close', by: 'customer' }),
    ['both', 'closed', { by: 'customer' }],
  ],
  [
    'who stays away',
    () =>
      held()
        .after(10 * MIN)
        .after(HOUR),
    ['both', 'expired'],
  ],
  [
    'who is taken back after the end',
    () => ended().does({ type: 'takeBack', agent: anna, followUp: sid('second') }),
    ['agent', 'takenBack'],
  ],
  ['whose agent has wrapped up', () => ended({ wrapUpSlotMs: 5 * MIN }).after(HOUR)],
  [
    'of whom its agent notes something after the end',
    () => ended().does({ type: 'record', agent: anna, wrapUp: { notes: 'sent again' } }),
  ],
])('of a customer %s people are told in full', (_, happens, ...told) => {
  expect(happens().notices()).toStrictEqual(
    told.map(([to, code, params = {}]) => ({ kind: 'notice', code, to, params })),
  );
});
