import { mean, middle, pause, spread, type Measure } from './measure.ts';
import { openOffice, type Office } from './office.ts';
import type { Request } from './requests.ts';

const MESSAGES = 10;
const EVERY_MS = 10_000;
const STEP_MS = 500;
/** Real time for what a step of the clock set off. */
const STEP_REAL_MS = 40;
const IDLE_S = 10;
/** The feed is looked at every 250 ms: by then what a message set off is under way or done. */
const SETTLE_MS = 450;
/** What follows from a message. */
const PURPOSES = ['marks', 'rows', 'feed'] as const;
/** What is asked of a session now and then because it is there; a message may bring it forward. */
const BESIDE = ['deadlines', 'step', 'other'] as const;

/** What a relayed message costs the store after its acknowledgement, at one message per 10 s, and what mere time costs. */
export async function deferred(): Promise<readonly Measure[]> {
  const office = await openOffice();
  try {
    const toAgent = await costOf(office, () => office.say(office.messages));
    const toCustomer = await costOf(office, office.answer);
    const idle = await idlePolls(office);
    const charges = toAgent.after.map((all) => all.reduce((sum, { charge }) => sum + charge, 0));
    return [
      middle('request-units-deferred-per-message', 'RU', charges),
      middle('store-requests-per-agent-message', 'requests', toCustomer.before),
      ...deferredMeasures('store-requests-deferred-per-message', toAgent.after, 1.5),
      ...deferredMeasures('store-requests-deferred-per-agent-message', toCustomer.after),
      { name: 'store-polls-per-second-idle', unit: 'requests/s', ours: mean(idle), spread: spread(idle) },
    ];
  } finally {
    await office.close();
  }
}

/** The house's requests that messages caused, for each: before the acknowledgement, and until the next message. */
async function costOf(office: Office, send: () => Promise<void>) {
  const before: number[] = [];
  const after: (readonly Request[])[] = [];
  const caused = (from: number): readonly Request[] =>
    office.requests.slice(from).filter((one) => one.purpose !== 'poll' && one.purpose !== 'compared');
  // One beat is enough for a series; the first message finds nothing warm.
  await office.beat();
  await send();
  await later(office);
  for (let i = 0; i < MESSAGES; i += 1) {
    const from = office.requests.length;
    await send();
    before.push(caused(from).length);
    const acknowledged = office.requests.length;
    await later(office);
    after.push(caused(acknowledged));
  }
  return { before, after };
}

/** The sum of what follows from a message, what it is made of, and what is asked beside it. */
function deferredMeasures(
  name: string,
  after: readonly (readonly Request[])[],
  most?: number,
): readonly Measure[] {
  const measure = (named: string, counts: readonly number[]): Measure => ({
    name: named,
    unit: 'requests',
    ours: mean(counts),
    ...(named === name && most !== undefined && { most }),
    spread: spread(counts),
  });
  const isOf = (purposes: readonly string[]) => (one: Request) => purposes.includes(one.purpose);
  const parts = [...PURPOSES, ...BESIDE].map((purpose) =>
    measure(
      `${name}-${purpose}`,
      after.map((all) => all.filter((one) => one.purpose === purpose).length),
    ),
  );
  return [
    measure(
      name,
      after.map((all) => all.filter(isOf(PURPOSES)).length),
    ),
    ...parts.filter(({ ours }) => ours > 0),
  ];
}

/** Lets the time to the next message pass, in steps, each with real time for its work. */
async function later({ advance }: Office): Promise<void> {
  for (let passed = 0; passed < EVERY_MS; passed += STEP_MS) {
    await pause(STEP_REAL_MS);
    await advance(STEP_MS);
  }
  await pause(SETTLE_MS);
}

/** Requests of each second in which nobody says anything; long enough for every lease to be renewed. */
async function idlePolls({ requests }: Office): Promise<readonly number[]> {
  const counts: number[] = [];
  for (let second = 0; second < IDLE_S; second += 1) {
    const from = requests.length;
    await pause(1_000);
    counts.push(requests.length - from);
  }
  return counts;
}
