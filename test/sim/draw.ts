import { chanceOf, type Chance } from './chance.ts';
import { LAST, momentOf } from './moments.ts';
import type { Deed, Doing, Of, Plan, Step, Town } from './plan.ts';

const INSTANCES = 3;

/** Draws a plan. The steps of one seed never change while this file and the moments do not. */
export function planOf(seed: number): Plan {
  const chance = chanceOf(seed).fork('plan');
  const town: Town = {
    customers: 1 + chance.below(3),
    agents: 2 + chance.below(2),
    instances: INSTANCES,
  };
  const steps: Step[] = [...clocksApart(chanceOf(seed).fork('clocks'))];
  let at = 200;
  const add = (deed: Deed): void => void steps.push({ at, deed });
  for (let who = 0; who < town.customers; who += 1) {
    add({ do: 'say', who, tab: 0, to: chance.below(INSTANCES), text: 'agent' });
    if (chance.hits(0.8)) {
      at += 300 + chance.below(900);
      add({
        do: 'act',
        agent: chance.below(town.agents),
        on: who,
        to: chance.below(INSTANCES),
        doing: 'accept',
      });
    }
  }
  const count = 10 + chance.below(18);
  const last = weighted(chance, [
    [0.15, LAST.erased],
    [0.15, LAST.powerless],
    [0.15, LAST.gone],
    [0.55, undefined],
  ]);
  for (let i = 0; i < count; i += 1) {
    at += chance.hits(0.4) ? chance.below(25) : chance.below(1_200);
    const isLast = i === count - 1;
    const drawn = chance.next();
    if (isLast && last !== undefined) addAll(momentOf(chance, town, last));
    else if (drawn < 0.3) addAll(momentOf(chance, town));
    else add(drawn < 0.86 ? peopleDo(chance, town) : befalls(chance, town));
  }
  return { seed, ...town, steps };

  function addAll(moment: readonly Step[]): void {
    const since = at;
    for (const step of moment) {
      at = since + step.at;
      add(step.deed);
    }
  }
}

/** In one story of six clocks are further apart than claims last, which costs repeats and nothing else. */
function clocksApart(chance: Chance): readonly Step[] {
  if (!chance.hits(1 / 6)) return [];
  return Array.from({ length: INSTANCES }, (_, instance) => ({
    at: 0,
    deed: { do: 'skew', instance, ms: chance.below(20_001) - 10_000 },
  }));
}

function peopleDo(chance: Chance, { customers, agents }: Town): Deed {
  const who = chance.below(customers);
  const tab = chance.hits(0.8) ? 0 : 1;
  const to = chance.below(INSTANCES);
  const agent = chance.hits(0.6) ? 'owner' : chance.below(agents);
  const somebody = chance.below(agents);
  const also = chance.hits(0.2) ? { also: chance.below(INSTANCES) } : {};
  const act = (doing: Doing, by: number | 'owner' = agent): Deed => ({
    ...{ do: 'act', agent: by, on: who, to, doing, ...also },
  });
  return weighted<Deed>(chance, [
    [
      14,
      {
        ...{ do: 'say', who, tab, to, ...also },
        ...(chance.hits(0.15) && {
          lateMs: 2_000 + chance.below(12_000),
          ...(chance.hits(0.5) && { anew: true }),
        }),
        ...(chance.hits(0.2) && { bare: true }),
        ...(chance.hits(0.12) && { file: true }),
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
        ...{ do: 'press', who, tab, to },
        act: chance.pick(['suspend', 'end', 'leaveQueue', 'leaveMessage', 'backInLine', 'anyone', 'fresh']),
      },
    ],
    [12, act('message')],
    [8, act('accept', somebody)],
    [3, act('link')],
    [2, act('comment')],
    [2, act('decline')],
    [3, act(chance.pick(['suspend', 'suspendWithLink']))],
    [2, act('resume')],
    [2, act(chance.pick(['transferToAgent', 'transferToQueue']))],
    [1, act('invite')],
    [1, act(chance.pick(['join', 'leave']), somebody)],
    [2, act('close')],
    [1, act(chance.pick(['takeBack', 'releaseHold', 'revokeLinks']))],
    [9, pressesCard(chance, { agents, who, to })],
    [1, { do: 'line', agent, on: who, to, ...also, ...(chance.hits(0.4) && { file: true }) }],
    [1, { do: 'presence', agent: somebody, to, status: chance.pick(['available', 'away']) }],
    [0.3, { do: 'permit', agent: somebody, to, permitted: chance.hits(0.5) }],
    [0.5, { do: 'signIn', who, to }],
  ]);
}

/** What agents look for on a card: the first of these that it offers is pressed. */
const WANTED: readonly (readonly [number, Of<'card'>['acts']])[] = [
  [3, ['accept', 'resume', 'join', 'message', 'takeBack']],
  [3, ['message', 'accept', 'takeBack']],
  [1, ['comment', 'decline', 'takeBack']],
  [1, ['decline', 'leave', 'link', 'record']],
  [1, ['link', 'join', 'accept']],
  [1, ['suspend', 'resume', 'editSuspension', 'accept']],
  [1, ['transfer', 'invite', 'accept']],
  [1, ['close', 'takeBack', 'accept']],
  [1, ['releaseHold', 'takeBack', 'record', 'revokeLinks', 'why']],
  [1, ['sendTo', 'message', 'accept']],
];

function pressesCard(
  chance: Chance,
  { agents, who, to }: { readonly agents: number; readonly who: number; readonly to: number },
): Deed {
  const again: Pick<Of<'card'>, 'also' | 'lateMs' | 'anew'> = {
    ...(chance.hits(0.3) && { also: chance.below(INSTANCES) }),
    ...(chance.hits(0.15) && { lateMs: 5 + chance.below(chance.pick([400, 12_000])) }),
    ...(chance.hits(0.5) && { anew: true }),
  };
  return {
    ...{ do: 'card', agent: chance.hits(0.7) ? 'owner' : chance.below(agents), on: who, to },
    acts: weighted(chance, WANTED),
    ...(chance.hits(0.25) && { old: true }),
    ...again,
    ...(chance.hits(0.15) && { submits: true }),
  };
}

function befalls(chance: Chance, { customers, agents }: Town): Deed {
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
    [1, { do: 'powerCut', awayMs: 100 + chance.below(3_000) }],
    [1, { do: 'restart', instance }],
    [3, { do: 'freeze', instance, ms: 300 + chance.below(chance.pick([2_000, 25_000])) }],
    [2, { do: 'skew', instance, ms: chance.below(4_000) - 2_000 }],
    [1, { do: 'gone', who: chance.below(customers), tab: 0, status: chance.pick([403, 404]) }],
    [1, { do: 'blocked', agent: chance.below(agents), ms: 1_000 + chance.below(8_000) }],
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
