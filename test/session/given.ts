import type { Command } from '../../src/session/command.ts';
import type { Decision } from '../../src/session/answers.ts';
import { decide } from '../../src/session/decide.ts';
import { evolveAll } from '../../src/session/evolve.ts';
import type { Decided } from '../../src/session/fold.ts';
import { readAgentId, readConversationId, readCustomerId, sessionIdOf } from '../../src/session/ids.ts';
import type { Notice } from '../../src/session/ledger.ts';
import { noticesOfChange } from '../../src/session/notices.ts';
import { openSession } from '../../src/session/open.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import type { AgentRef, Session } from '../../src/session/session.ts';

export const MIN = 60_000;
export const HOUR = 60 * MIN;
/** When every story begins. */
export const START = Date.UTC(2026, 0, 5, 9);

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('A test gave an id that is none');
  return value;
};
export const agentId = (name: string) => must(readAgentId(`tenant:${name}`));
export const conversation = (name: string) => must(readConversationId(name));
export const customer = must(readCustomerId('dl_AAAAAAAAAAAAAAAAAAAAAA'));
export const sid = (name: string) => sessionIdOf(customer, name.padEnd(8, '0'));
export const anna: AgentRef = { id: agentId('anna'), name: 'Anna Berg' };
export const ben: AgentRef = { id: agentId('ben'), name: 'Ben Okoro' };

export const opening = {
  id: sid('first'),
  customer,
  widget: 'shop',
  stream: 'sales',
  subject: { kind: 'anonymous' },
  conversation: conversation('c1'),
} as const;

/** The ways back, with what does not matter filled in. */
export const comesBack = (over: Partial<Extract<Command, { type: 'reconnect' }>> = {}): Command => ({
  ...{ type: 'reconnect', way: 'prompt', want: 'agent', conversation: conversation('c2'), agentHere: true },
  ...over,
});

export const givenLink = (now: number) => ({ seed: 'a seed', codeUntil: now + 10 * MIN });

/** Anna hands it on, to somebody who is here unless said otherwise. */
export const handsTo = (
  agent: AgentRef,
  over: Partial<Extract<Command, { type: 'transfer' }>> & { here?: boolean } = {},
): Command => {
  const { here = true, ...more } = over;
  return { type: 'transfer', agent: anna, to: { kind: 'agent', agent, here }, ...more };
};
export const handsToQueue = (stream: string, agent = anna): Command => ({
  ...{ type: 'transfer', agent, to: { kind: 'queue', stream } },
});

/** One session told in order: what is done, when, and what came of it. */
export interface Story {
  readonly session: () => Session;
  readonly now: () => number;
  readonly audit: () => readonly Decided[];
  /** Lets time pass, and takes effect like a sweep. */
  readonly after: (ms: number) => Story;
  /** Lets time pass without anybody looking. */
  readonly unnoticed: (ms: number) => Story;
  readonly does: (command: Command) => Story;
  /** Somebody speaks: the ledger's last word. */
  readonly said: (by: 'customer' | 'agent' | 'bot') => Story;
  /** What the last command was answered. */
  readonly answer: () => Decision;
  /** Who was told what because of the last command: `customer: joined`. */
  readonly told: () => readonly string[];
  /** The same with its particulars. */
  readonly notices: () => readonly Notice[];
}

export function story(over: Partial<Rules> = {}): Story {
  const rules: Rules = { ...RECOMMENDED, ...over };
  const first = [openSession(opening, START)];
  let now = START;
  let session = evolveAll(undefined, first);
  let before = session;
  let answer: Decision = { events: [] };
  const audit: Decided[] = [{ ver: session.ver, events: first }];
  const self: Story = {
    session: () => session,
    now: () => now,
    audit: () => audit,
    after: (ms) => self.unnoticed(ms).does({ type: 'tick' }),
    unnoticed: (ms) => {
      now += ms;
      return self;
    },
    does: (command) => {
      before = session;
      answer = decide(session, command, now, rules);
      session = evolveAll(session, answer.events);
      if (answer.events.length > 0) audit.push({ ver: session.ver, events: answer.events });
      return self;
    },
    said: (by) => {
      const before = session.lastSaid;
      const runs = before?.by === by ? { since: before.since ?? before.at } : {};
      session = { ...session, lastSaid: { by, at: now, ...runs } };
      return self;
    },
    answer: () => answer,
    told: () => self.notices().map(({ to, code }) => `${to}: ${code}`),
    notices: () => noticesOfChange(before, answer.events),
  };
  return self;
}

export const left = (s: Story, cause: 'closedWindow' | 'silent' | 'phone' = 'silent'): Story =>
  s.does({ type: 'customerLeft', cause, at: s.now() });

/** In line since one minute after the start. */
export const inLine = (over?: Partial<Rules>): Story => story(over).after(MIN).does({ type: 'handoff' });
/** Talking with Anna since two minutes after the start; the last word is hers. */
export const withAnna = (over?: Partial<Rules>): Story =>
  inLine(over).after(MIN).does({ type: 'accept', agent: anna }).said('agent');
/** Gone, with Anna's slot still blocked. */
export const held = (over?: Partial<Rules>): Story => left(withAnna(over).after(MIN));
/** Gone, and Anna's slot is free again. */
export const lapsed = (over?: Partial<Rules>): Story => held(over).after(10 * MIN);
/** Back after the hold; Anna, who is here, is being asked. */
export const asked = (over?: Partial<Rules>): Story => lapsed(over).does(comesBack());
/** Back within the hold, but Anna is away: waits for her. */
export const waitsForAnna = (over?: Partial<Rules>): Story =>
  held(over)
    .after(MIN)
    .does(comesBack({ agentHere: false }));
/** Anna has not answered for so long that others may take over. */
export const offeredOn = (over?: Partial<Rules>): Story => {
  const s = withAnna(over).said('customer');
  const aliveAt = s.now();
  return s.after(4 * MIN).does({ type: 'agentNoticed', agent: anna.id, aliveAt });
};
/** Set aside by Anna while the customer is on the page. */
export const setAside = (over?: Partial<Rules>, more: { backBy?: number } = {}): Story =>
  withAnna(over)
    .after(MIN)
    .does({ type: 'suspend', by: 'agent', agent: anna, reason: 'asks the depot', ...more });
/** Set aside by the customer. */
export const pausedByCustomer = (over?: Partial<Rules>): Story =>
  withAnna(over).after(MIN).does({ type: 'suspend', by: 'customer' });
/** Set aside by Anna, and the customer is gone. */
export const setAsideAndGone = (over?: Partial<Rules>): Story => left(setAside(over).after(MIN));
/** Gone from the line. */
export const goneFromLine = (over?: Partial<Rules>): Story => left(inLine(over).after(MIN));
/** Anna asks Ben to take over, who is here. */
export const handingOver = (over?: Partial<Rules>): Story =>
  withAnna(over)
    .after(MIN)
    .does(handsTo(ben, { note: 'needs a second look' }));
/** With Anna, and Ben has joined. */
export const withGuest = (over?: Partial<Rules>): Story =>
  withAnna(over)
    .after(MIN)
    .does({ type: 'invite', agent: anna, guest: ben, here: true })
    .does({ type: 'join', agent: ben });
/** Told that nobody is free, and gone after leaving a message. */
export const messageLeft = (over?: Partial<Rules>): Story =>
  inLine(over)
    .after(10 * MIN)
    .does({ type: 'offerMessage' })
    .does({ type: 'leaveMessage' });
export const ended = (over?: Partial<Rules>): Story =>
  withAnna(over).after(MIN).does({ type: 'close', by: 'agent', agent: anna });
export const timedOut = (over?: Partial<Rules>): Story => held(over).after(HOUR);

/** Every shape a session can have, by a name for people. */
export const shapes: Readonly<Record<string, (over?: Partial<Rules>) => Story>> = {
  'with the bot': story,
  'in line': inLine,
  'with its agent': withAnna,
  'with a silent agent': offeredOn,
  'gone, slot held': held,
  'gone, hold over': lapsed,
  'gone from the line': goneFromLine,
  'in line as a message': messageLeft,
  'back in line after a message': (over) => messageLeft(over).after(MIN).does(comesBack()),
  'agent being asked': asked,
  'waiting for an away agent': waitsForAnna,
  'suspended, customer here': setAside,
  'suspended, customer away': setAsideAndGone,
  'suspended by the customer': pausedByCustomer,
  'suspended, slot kept': (over) => setAside({ ...over, suspendFreesCapacity: false }),
  'being handed over': handingOver,
  'with a guest': withGuest,
  closed: ended,
  expired: timedOut,
};

/** One of each command, and of each variant that decides differently. */
export const commands = (now: number): readonly Command[] => {
  const both = [anna, ben];
  const here = conversation('c1');
  return [
    { type: 'handoff' },
    { type: 'handoff', reason: 'a refund' },
    { type: 'leaveQueue' },
    { type: 'leaveMessage' },
    { type: 'offerMessage' },
    { type: 'agentNoticed', agent: anna.id, aliveAt: now },
    { type: 'agentNoticed', agent: anna.id, aliveAt: now - HOUR },
    ...(['away', 'notPermitted', 'unreachable'] as const).map(
      (absent) => ({ type: 'agentNoticed', agent: anna.id, aliveAt: now, absent }) as const,
    ),
    { type: 'customerLeft', cause: 'silent', at: now },
    { type: 'customerLeft', cause: 'closedWindow', at: now - MIN },
    { type: 'customerSays', conversation: here, agentHere: true },
    { type: 'customerSays', conversation: conversation('c3'), agentHere: false },
    ...(['agent', 'anyone'] as const).flatMap((want) =>
      [true, false].flatMap((agentHere) =>
        [here, conversation('c3')].map((c) => comesBack({ want, agentHere, conversation: c })),
      ),
    ),
    ...(['release', 'keep', 'close'] as const).map((mode) => ({ type: 'startFresh', mode }) as const),
    { type: 'suspend', by: 'customer' },
    ...both.flatMap((agent): readonly Command[] => [
      { type: 'accept', agent },
      { type: 'accept', agent, customerAway: true },
      { type: 'decline', agent },
      { type: 'suspend', by: 'agent', agent },
      { type: 'suspend', by: 'agent', agent, backBy: now + 2 * 24 * HOUR, reason: 'tomorrow' },
      { type: 'suspend', by: 'agent', agent, backBy: now },
      { type: 'suspend', by: 'agent', agent, link: givenLink(now) },
      { type: 'giveLink', agent, link: givenLink(now) },
      { type: 'revokeLinks', by: 'agent', agent },
      { type: 'editSuspension', agent, reason: 'later' },
      { type: 'editSuspension', agent, backBy: now + 15 * 24 * HOUR },
      { type: 'resume', agent },
      ...both.flatMap((other): readonly Command[] => [
        handsTo(other, { agent }),
        handsTo(other, { agent, here: false }),
        handsTo(other, { agent, by: 'supervisor' }),
        { type: 'invite', agent, guest: other, here: true },
        { type: 'leaveConference', agent, guest: other.id },
      ]),
      handsToQueue('returns', agent),
      { type: 'transfer', agent, by: 'supervisor', to: { kind: 'queue', stream: 'sales' } },
      { type: 'join', agent },
      { type: 'agentActs', agent, act: 'message' },
      { type: 'agentActs', agent, act: 'comment' },
      { type: 'releaseHold', agent },
      { type: 'close', by: 'agent', agent },
      { type: 'close', by: 'agent', agent, wrapUp: { disposition: 'Resolved' } },
      { type: 'takeBack', agent, followUp: sid('second') },
      { type: 'record', agent, wrapUp: { disposition: 'Resolved', notes: 'sent again' } },
      { type: 'record', agent, wrapUp: {} },
    ]),
    { type: 'revokeLinks', by: 'customer' },
    { type: 'continues', earlier: sid('earlier') },
    { type: 'close', by: 'customer' },
    { type: 'close', by: 'bot' },
    { type: 'close', by: 'house' },
    { type: 'identify', subject: { kind: 'signedIn', issuer: 'https://shop.example', name: 'Eva' } },
    { type: 'identify', subject: { kind: 'anonymous' } },
    { type: 'freeHold' },
    { type: 'tick' },
  ];
};
