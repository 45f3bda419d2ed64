import type { Deed, Plan, Step } from './plan.ts';

/** A short story in which an instance dies at each of its steps; what comes before `mark` is how it came about. */
export interface Scenario {
  readonly name: string;
  readonly plan: Plan;
}

/** All of it is asked of the first instance, which is the one that dies. */
const TO = { to: 0 } as const;
const MIA = { who: 0, tab: 0, ...TO } as const;
const page = { who: 0, tab: 1, ...TO } as const;
const anna = (doing: Extract<Deed, { do: 'act' }>['doing']): Deed => ({
  do: 'act',
  agent: 0,
  on: 0,
  ...TO,
  doing,
});
const ben = (doing: Extract<Deed, { do: 'act' }>['doing']): Deed => ({
  do: 'act',
  agent: 1,
  on: 0,
  ...TO,
  doing,
});
const mark: Deed = { do: 'mark' };

const queued: readonly Deed[] = [{ do: 'say', ...MIA, text: 'agent' }];
const talking: readonly Deed[] = [...queued, anna('accept')];
const linked: readonly Deed[] = [...talking, anna('link')];
/** Their page says that it leaves, and they are noticed gone. */
const gone: readonly Deed[] = [
  { do: 'beat', ...MIA, leaving: true },
  { do: 'leap', ms: 20_000 },
];
/** Their page beats, and nothing is said for as long as it takes to the next beat. */
const stays: readonly Deed[] = [
  { do: 'beat', ...MIA },
  { do: 'leap', ms: 88_000 },
];
const saysMore: readonly Deed[] = [{ do: 'say', ...MIA }, anna('message')];
const back: Deed = { do: 'answer', ...page, choice: 'agent' };

const STORIES: Readonly<Record<string, readonly Deed[]>> = {
  'asks for a person': [mark, ...queued],
  'is accepted': [...queued, mark, anna('accept')],
  'writes and is answered': [...talking, mark, { do: 'say', ...MIA }, anna('message')],
  'is given a link and uses it': [...talking, mark, anna('link'), { do: 'redeem', who: 0, whose: 0, ...TO }],
  'stays for long, and falls silent': [
    ...[...talking, anna('message'), ...stays, ...saysMore, mark, ...stays, ...saysMore],
    ...[...stays, { do: 'leap', ms: 150_000 } as const],
  ],
  'comes back through the prompt': [...talking, ...gone, { do: 'open', ...page }, mark, back],
  'comes back after the hold, and the agent passes': [
    ...[
      ...talking,
      ...gone,
      { do: 'leap', ms: 70_000 } as const,
      { do: 'open', ...page } as const,
      mark,
      back,
    ],
    anna('decline'),
  ],
  'starts fresh': [
    ...talking,
    ...gone,
    { do: 'open', ...page },
    mark,
    { do: 'answer', ...page, choice: 'fresh' },
    { do: 'say', ...page },
  ],
  'is handed to a colleague': [...talking, mark, anna('transferToAgent'), ben('accept')],
  'is handed to another queue': [...talking, mark, anna('transferToQueue'), ben('accept')],
  'is set aside and resumed': [...talking, mark, anna('suspendWithLink'), anna('resume')],
  'sets it aside and is there again': [
    ...talking,
    mark,
    { do: 'press', ...MIA, act: 'suspend' },
    { do: 'open', ...page },
    back,
  ],
  'has it closed and taken back': [...talking, mark, anna('close'), anna('takeBack')],
  'uses a link just as time runs out': [
    ...linked,
    ...gone,
    { do: 'leap', ms: 274_500 },
    mark,
    { do: 'leap', ms: 2_000 },
    { do: 'redeem', who: 0, whose: 0, ...TO },
  ],
  'has a colleague asked in': [...talking, mark, anna('invite'), ben('join'), ben('leave')],
  'signs in mid-chat': [...talking, mark, { do: 'signIn', who: 0, ...TO }, { do: 'say', ...MIA }],
  'is erased': [...talking, { do: 'say', ...MIA }, anna('message'), mark, { do: 'erase', who: 0, ...TO }],
};

const STEP_MS = 1_500;

export const SCENARIOS: readonly Scenario[] = Object.entries(STORIES).map(([name, story]) => ({
  name,
  plan: {
    ...{ seed: 1, customers: 1, agents: 2, instances: 2 },
    steps: story.map((deed, at): Step => ({ at: (at + 1) * STEP_MS, deed })),
  },
}));
