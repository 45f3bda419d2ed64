import type { CustomerAct } from '../../src/handoff/customer-acts.ts';
import type { PromptAnswer } from '../../src/cards/views.ts';
import { chanceOf, type Chance } from './chance.ts';

/** An agent's act, with what it needs filled in when it is done. */
export type Doing =
  | 'accept'
  | 'decline'
  | 'message'
  | 'comment'
  | 'link'
  | 'suspend'
  | 'suspendWithLink'
  | 'resume'
  | 'transferToAgent'
  | 'transferToQueue'
  | 'invite'
  | 'join'
  | 'leave'
  | 'close'
  | 'takeBack'
  | 'releaseHold'
  | 'revokeLinks';

/** Something that somebody does, or that befalls somebody. Numbers name people and instances by their place. */
export type Deed =
  | {
      readonly do: 'say';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly text?: 'agent';
      /** The channel brings it to this instance too, at the same moment. */
      readonly also?: number;
      /** It comes again, under the same id, so much later, ms. */
      readonly lateMs?: number;
      /** Without an id of the client's. */
      readonly bare?: true;
    }
  | {
      readonly do: 'beat';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly leaving?: true;
    }
  /** The page is reloaded, in a new conversation. */
  | { readonly do: 'open'; readonly who: number; readonly tab: number; readonly to: number }
  | {
      readonly do: 'answer';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly choice: PromptAnswer['choice'];
      readonly also?: number;
    }
  /** Uses a link that was given to `whose`. */
  | {
      readonly do: 'redeem';
      readonly who: number;
      readonly whose: number;
      readonly to: number;
      readonly also?: number;
    }
  | {
      readonly do: 'press';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly act: CustomerAct;
    }
  /** `on`: whose session. */
  | {
      readonly do: 'act';
      readonly agent: number;
      readonly on: number;
      readonly to: number;
      readonly doing: Doing;
      readonly also?: number;
    }
  | {
      readonly do: 'presence';
      readonly agent: number;
      readonly to: number;
      readonly status: 'available' | 'away';
    }
  | { readonly do: 'permit'; readonly agent: number; readonly to: number; readonly permitted: boolean }
  /** The site says who they are, and their chats become the account's. */
  | { readonly do: 'signIn'; readonly who: number; readonly to: number }
  | { readonly do: 'erase'; readonly who: number; readonly to: number }
  | { readonly do: 'kill'; readonly instance: number; readonly awayMs: number }
  | { readonly do: 'restart'; readonly instance: number }
  | { readonly do: 'freeze'; readonly instance: number; readonly ms: number }
  | { readonly do: 'skew'; readonly instance: number; readonly ms: number }
  | { readonly do: 'weather'; readonly store: number; readonly channel: number; readonly hangs: boolean }
  /** Nobody is awake for so long. */
  | { readonly do: 'leap'; readonly ms: number }
  /** Here begins what a scenario is about. */
  | { readonly do: 'mark' };

export type Of<D extends Deed['do']> = Extract<Deed, { do: D }>;

/** A deed, and when: ms after the beginning. */
export interface Step {
  readonly at: number;
  readonly deed: Deed;
}

/** What a run is made of. */
export interface Plan {
  readonly seed: number;
  readonly customers: number;
  readonly agents: number;
  readonly instances: number;
  readonly steps: readonly Step[];
}

const INSTANCES = 3;

/** Draws a plan. The steps of one seed never change while this file does not. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed).fork('plan');
  const customers = 1 + chance.below(3);
  const agents = 2 + chance.below(2);
  const steps: Step[] = [];
  let at = 200;
  const add = (deed: Deed): void => void steps.push({ at, deed });
  const town = { customers, agents, instances: INSTANCES };
  for (let who = 0; who < customers; who += 1) {
    add({ do: 'say', who, tab: 0, to: chance.below(INSTANCES), text: 'agent' });
    if (chance.hits(0.8)) {
      at += 300 + chance.below(900);
      add({ do: 'act', agent: chance.below(agents), on: who, to: chance.below(INSTANCES), doing: 'accept' });
    }
  }
  const count = 12 + chance.below(30);
  let erased = false;
  for (let i = 0; i < count; i += 1) {
    at += chance.hits(0.3) ? chance.below(25) : chance.below(2_500);
    const deed = chance.hits(0.82) ? peopleDo(chance, town) : befalls(chance);
    if (deed.do === 'erase' && (erased || i < count - 4)) continue;
    erased ||= deed.do === 'erase';
    add(deed);
  }
  return { seed, ...town, steps };
}

function peopleDo(chance: Chance, { customers, agents }: Pick<Plan, 'customers' | 'agents'>): Deed {
  const who = chance.below(customers);
  const tab = chance.hits(0.8) ? 0 : 1;
  const to = chance.below(INSTANCES);
  const agent = chance.below(agents);
  const also = chance.hits(0.15) ? { also: chance.below(INSTANCES) } : {};
  const act = (doing: Doing): Deed => ({ do: 'act', agent, on: who, to, doing, ...also });
  return weighted<Deed>(chance, [
    [
      14,
      {
        do: 'say',
        who,
        tab,
        to,
        ...also,
        ...(chance.hits(0.1) && { lateMs: 2_000 + chance.below(15_000) }),
        ...(chance.hits(0.2) && { bare: true }),
      },
    ],
    [3, { do: 'say', who, tab, to, text: 'agent' }],
    [3, { do: 'beat', who, tab, to, ...(chance.hits(0.4) && { leaving: true }) }],
    [3, { do: 'open', who, tab, to }],
    [4, { do: 'answer', who, tab, to, choice: chance.pick(['agent', 'agent', 'anyone', 'fresh']), ...also }],
    [4, { do: 'redeem', who: chance.hits(0.85) ? who : chance.below(customers), whose: who, to, ...also }],
    [
      3,
      {
        do: 'press',
        who,
        tab,
        to,
        act: chance.pick(['suspend', 'end', 'leaveQueue', 'leaveMessage', 'backInLine', 'anyone', 'fresh']),
      },
    ],
    [12, act('message')],
    [8, act('accept')],
    [3, act('link')],
    [2, act('comment')],
    [2, act('decline')],
    [3, act(chance.pick(['suspend', 'suspendWithLink']))],
    [2, act('resume')],
    [2, act(chance.pick(['transferToAgent', 'transferToQueue']))],
    [2, act(chance.pick(['invite', 'join', 'leave']))],
    [2, act('close')],
    [1, act(chance.pick(['takeBack', 'releaseHold', 'revokeLinks']))],
    [1, { do: 'presence', agent, to, status: chance.pick(['available', 'away']) }],
    [0.3, { do: 'permit', agent, to, permitted: chance.hits(0.5) }],
    [0.5, { do: 'signIn', who, to }],
    [0.4, { do: 'erase', who, to }],
  ]);
}

function befalls(chance: Chance): Deed {
  const instance = chance.below(INSTANCES);
  return weighted<Deed>(chance, [
    [
      6,
      {
        do: 'weather',
        store: chance.pick([0, 0.05, 0.15, 0.4]),
        channel: chance.pick([0, 0.1, 0.3]),
        hangs: chance.hits(0.3),
      },
    ],
    [4, { do: 'kill', instance, awayMs: 100 + chance.below(4_000) }],
    [1, { do: 'restart', instance }],
    [3, { do: 'freeze', instance, ms: 300 + chance.below(chance.pick([2_000, 25_000])) }],
    [2, { do: 'skew', instance, ms: chance.below(4_000) - 2_000 }],
    [2, { do: 'leap', ms: chance.pick([15_000, 70_000, 200_000, 320_000, 620_000]) }],
  ]);
}

function weighted<T>(chance: Chance, of: readonly (readonly [number, T])[]): T {
  let left = chance.next() * of.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, one] of of) {
    left -= weight;
    if (left < 0) return one;
  }
  throw new RangeError('There is nothing to choose from');
}
