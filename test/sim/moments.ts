import type { Chance } from './chance.ts';
import type { Deed, Doing, Of, Step, Town } from './plan.ts';

/** Who is in a moment, by chance: a customer, another one (perhaps the same), two agents, three instances. */
interface Cast {
  readonly chance: Chance;
  readonly who: number;
  readonly other: number;
  readonly agents: readonly [number, number];
  readonly at: readonly [number, number, number];
}

/** A deed, so long after the one before it. */
type Beat = readonly [afterMs: number, deed: Deed];

/**
 * What seldom comes about when everybody acts by chance: those who want the same thing at the same moment, at different
 * instances, and faults where they hurt most. Their stores and channels are what they are just then.
 */
const MOMENTS: Readonly<Record<string, (cast: Cast) => readonly Beat[]>> = {
  'one link, two clicks': ({ chance, who, other, at }) => [
    [0, owner(who, at[0], 'link')],
    [250 + chance.below(900), { do: 'beat', who, tab: 0, to: at[1], leaving: true }],
    [
      chance.below(900),
      { do: 'redeem', who: chance.hits(0.7) ? who : other, whose: who, to: at[1], also: at[2] },
    ],
    [20, { do: 'say', who, tab: 0, to: at[0] }],
  ],
  'two agents for one customer': ({ chance, who, agents, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0], text: 'agent' }],
    [150 + chance.below(600), by(agents[0], who, at[1], 'accept')],
    [chance.below(12), by(agents[1], who, at[2], 'accept')],
    [chance.below(30), owner(who, at[0], 'message')],
  ],
  'two agents, one card each': ({ chance, who, agents, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0], text: 'agent' }],
    [400 + chance.below(900), card(agents[0], who, at[1], ['accept'], { also: at[2] })],
    [chance.below(12), card(agents[1], who, at[2], ['accept', 'decline'])],
    [chance.below(300), card('owner', who, at[0], ['message'])],
  ],
  'a card and the tab at once': ({ chance, who, at }) => [
    [0, owner(who, at[0], chance.pick(['message', 'suspend', 'close', 'transferToQueue']))],
    [
      chance.below(25),
      card('owner', who, at[1], chance.pick([['message'], ['suspend', 'resume'], ['close'], ['transfer']])),
    ],
    [chance.below(25), { do: 'say', who, tab: 0, to: at[2] }],
    [chance.below(400), owner(who, at[2], chance.pick(['message', 'resume', 'takeBack']))],
  ],
  'a card from before, pressed twice': ({ chance, who, at }) => [
    [0, card('owner', who, at[0], ['message', 'comment'], { also: at[1], ...again(chance) })],
    [chance.below(30), owner(who, at[2], chance.pick(['message', 'suspend', 'close', 'transferToAgent']))],
    [
      300 + chance.below(900),
      {
        ...card('owner', who, at[1], chance.pick([['message'], ['close'], ['resume', 'suspend'], ['link']])),
        ...{ old: true, lateMs: 10 + chance.below(3_000) },
        ...again(chance),
      },
    ],
  ],
  'a line that names no chat': ({ chance, who, at }) => [
    [
      0,
      {
        ...{ do: 'line', agent: 'owner', on: who, to: at[0], also: at[1] },
        ...(chance.hits(0.5) && { file: true }),
      },
    ],
    [300 + chance.below(900), card('owner', who, at[1], ['sendTo'], { also: at[2], ...again(chance) })],
    [chance.below(900), { ...card('owner', who, at[0], ['sendTo']), old: true }],
    [chance.below(30), owner(who, at[2], chance.pick(['message', 'suspend', 'close']))],
  ],
  'one agent for two customers': ({ chance, who, other, agents, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0], text: 'agent' }],
    [0, { do: 'say', who: other, tab: 0, to: at[1], text: 'agent' }],
    [200 + chance.below(500), by(agents[0], who, at[1], 'accept')],
    [chance.below(6), by(agents[0], other, at[2], 'accept')],
  ],
  'everybody writes': ({ chance, who, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0], also: at[2] }],
    [chance.below(5), owner(who, at[1], 'message')],
    [chance.below(5), { do: 'say', who, tab: 1, to: at[2], bare: true }],
    [chance.below(5), { do: 'say', who, tab: 0, to: at[1], bare: true }],
    [chance.below(9), owner(who, at[2], 'message')],
    [chance.below(9), owner(who, at[0], 'message')],
  ],
  'written to as it ends': ({ chance, who, at }) => [
    [
      0,
      chance.hits(0.6)
        ? owner(who, at[0], 'close')
        : { do: 'press', who, tab: 0, to: at[0], act: chance.pick(['end', 'fresh']) },
    ],
    [chance.below(25), owner(who, at[1], chance.pick(['message', 'transferToQueue', 'suspend']))],
    [chance.below(25), { do: 'say', who, tab: 0, to: at[2] }],
    [chance.below(400), { do: 'open', who, tab: 0, to: at[1] }],
    [chance.below(400), owner(who, at[2], chance.pick(['message', 'resume', 'link', 'takeBack']))],
  ],
  'the page moves as it is written to': ({ chance, who, at }) => [
    [0, owner(who, at[0], 'message')],
    [chance.below(12), { do: 'open', who, tab: chance.below(2), to: at[1] }],
    [chance.below(12), owner(who, at[0], 'message')],
    [chance.below(40), owner(who, at[2], 'message')],
    [chance.below(40), { do: 'say', who, tab: 0, to: at[1] }],
  ],
  'a click whose answer gets lost': ({ chance, who, at }) => [
    [0, owner(who, at[0], 'link')],
    [300 + chance.below(500), { do: 'redeem', who, whose: who, to: at[1] }],
    [10 + chance.below(50), { do: 'kill', instance: at[1], awayMs: 200 + chance.below(2_000) }],
  ],
  'held up between two lines': ({ chance, who, at }) => [
    [0, owner(who, at[0], 'message')],
    [
      1 + chance.below(20),
      // For less than a claim lasts, or for so long that others have gone on.
      {
        do: 'freeze',
        instance: at[0],
        ms: chance.hits(0.5) ? 4_000 + chance.below(12_000) : 17_000 + chance.below(9_000),
      },
    ],
    [chance.below(40), owner(who, at[1], 'message')],
    [100 + chance.below(5_000), { do: 'open', who, tab: 0, to: at[1] }],
    [chance.below(300), owner(who, at[2], 'message')],
    [chance.below(9_000), owner(who, at[1], 'message')],
  ],
  'no channel, then no power': ({ chance, who, at }) => [
    [0, { do: 'weather', store: 0, channel: 1, hangs: false }],
    [chance.below(50), owner(who, at[0], 'message')],
    [chance.below(50), owner(who, at[1], 'message')],
    [12_000 + chance.below(6_000), { do: 'powerCut', awayMs: 200 + chance.below(2_000) }],
    [100, { do: 'weather', store: 0, channel: 0, hangs: false }],
  ],
  'written to where nobody is any more': ({ chance, who, at }) => [
    [0, { do: 'gone', who, tab: 0, status: chance.pick([403, 404]) }],
    [chance.below(300), owner(who, at[0], 'message')],
    [chance.below(300), owner(who, at[1], 'message')],
  ],
  'lists change under a slow store': ({ chance, who, agents, at }) => [
    [0, { do: 'weather', store: 0.5, channel: 0, hangs: true }],
    [chance.below(50), owner(who, at[0], 'transferToQueue')],
    [300 + chance.below(900), by(agents[0], who, at[1], 'accept')],
    [300 + chance.below(900), owner(who, at[2], 'suspend')],
    [300 + chance.below(900), owner(who, at[0], 'resume')],
    [300 + chance.below(900), { do: 'weather', store: 0, channel: 0, hangs: false }],
  ],
  'a file from both sides': ({ chance, who, at }) => [
    [0, { do: 'line', agent: 'owner', on: who, to: at[0], file: true }],
    [
      300 + chance.below(300),
      { do: 'weather', store: chance.pick([0, 0.15, 0.3]), channel: 0.1, hangs: false },
    ],
    [0, { do: 'say', who, tab: 0, to: at[1], also: at[0], file: true }],
    [chance.below(30), card('owner', who, at[1], ['sendTo'], { also: at[2], ...again(chance) })],
    [chance.below(30), owner(who, at[2], chance.pick(['message', 'suspend', 'close', 'transferToAgent']))],
    [chance.below(500), { ...card('owner', who, at[0], ['sendTo']), old: true }],
    [600 + chance.below(900), { do: 'weather', store: 0, channel: 0, hangs: false }],
  ],
  'a second try': ({ chance, who, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0], lateMs: 5 + chance.below(3_000), anew: true }],
    [chance.below(20), owner(who, at[1], chance.pick(['message', 'close', 'suspend']))],
  ],
  'somebody else’s link': ({ chance, who, other, at }) => [
    [0, owner(who, at[0], 'link')],
    [200 + chance.below(400), { do: 'signIn', who, to: at[1] }],
    [300 + chance.below(500), { do: 'redeem', who: other, whose: who, to: at[2] }],
    [300 + chance.below(500), { do: 'redeem', who, whose: who, to: at[0] }],
  ],
  'back as time runs out': ({ chance, who, at }) => [
    [0, owner(who, at[0], 'link')],
    [200 + chance.below(500), { do: 'beat', who, tab: 0, to: at[1], leaving: true }],
    [100, { do: 'leap', ms: 17_000 }],
    [2_500, { do: 'leap', ms: 296_000 + chance.below(1_500) }],
    [chance.below(2_500), { do: 'redeem', who, whose: who, to: at[2] }],
  ],
  'erased while they write': ({ chance, who, at }) => [
    [0, { do: 'say', who, tab: 0, to: at[0] }],
    [chance.below(30), owner(who, at[1], 'message')],
    [chance.below(600), { do: 'erase', who, to: at[2] }],
    [chance.below(30), { do: 'say', who, tab: 0, to: at[0] }],
    [chance.below(30), owner(who, at[1], 'message')],
    [chance.below(400), { do: 'say', who, tab: 1, to: at[1] }],
    ...(chance.hits(0.4) ? [[chance.below(300), { do: 'kill', instance: at[2], awayMs: 500 }] as const] : []),
  ],
};

/** Played last: what comes after an erasure is another life, and after the others it would bring along what was left. */
export const LAST = {
  erased: 'erased while they write',
  powerless: 'no channel, then no power',
  gone: 'written to where nobody is any more',
} as const;
const NAMES = Object.keys(MOMENTS).filter((name) => name !== LAST.erased);

/** Draws one: its steps, in ms from its beginning. */
export function momentOf(chance: Chance, town: Town, name = chance.pick(NAMES)): readonly Step[] {
  const moment = MOMENTS[name];
  if (moment === undefined) throw new RangeError(`There is no moment in which somebody is ${name}`);
  const who = chance.below(town.customers);
  const agent = chance.below(town.agents);
  const first = chance.below(town.instances);
  const turn = 1 + chance.below(town.instances - 1);
  const place = (n: number): number => (first + n * turn) % town.instances;
  const beats = moment({
    chance,
    who,
    other: chance.below(town.customers),
    agents: [agent, (agent + 1) % town.agents],
    at: [place(0), place(1), place(2)],
  });
  let at = 0;
  return beats.map(([afterMs, deed]) => ({ at: (at += afterMs), deed }));
}

const card = (
  agent: Of<'card'>['agent'],
  on: number,
  to: number,
  acts: Of<'card'>['acts'],
  more: Pick<Of<'card'>, 'also' | 'anew'> = {},
): Of<'card'> => ({ do: 'card', agent, on, to, acts, ...more });
/** A second click where the other half is the channel’s second try. */
const again = (chance: Chance): Pick<Of<'card'>, 'anew'> => (chance.hits(0.5) ? { anew: true } : {});
const by = (agent: number | 'owner', on: number, to: number, doing: Doing): Deed => ({
  ...{ do: 'act', agent, on, to, doing },
});
const owner = (on: number, to: number, doing: Doing): Deed => by('owner', on, to, doing);
