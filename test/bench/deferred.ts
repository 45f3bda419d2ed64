import { mean, middle, pause, spread, type Measure } from './measure.ts';
import { openOffice, type Office } from './office.ts';
import type { Request } from './requests.ts';

const MESSAGES = 10;
const EVERY_MS = 10_000;
const STEP_MS = 500;
/** Real time for what a step of the clock set off. */
const STEP_REAL_MS = 40;
const IDLE_S = 10;
/** Times as long as between two messages: what an end sets off is done by then. */
const ENDING = 3;
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
    await later(office);
    const opened = caused(office, office.signedIn);
    const signedIn = caused({ requests: office.requests.slice(0, office.signedIn) }, 0);
    const emptyBytes = office.stored();
    const toAgent = await costOf(office, () => office.say(office.messages));
    const toCustomer = await costOf(office, office.answer);
    const saidBytes = office.stored() - emptyBytes;
    const idle = await idlePolls(office);
    const charges = toAgent.after.map(unitsOf);
    const beforeEnd = office.requests.length;
    await office.end();
    for (let i = 0; i < ENDING; i += 1) await later(office);
    const around = [...opened, ...caused(office, beforeEnd)];
    return [
      { ...middle('request-units-deferred-per-message', 'RU', charges), ours: mean(charges) },
      middle('request-units-to-open-and-end', 'RU', [unitsOf(around)]),
      middle('store-requests-to-open-and-end', 'requests', [around.length]),
      middle('store-requests-to-sign-in', 'requests', [signedIn.length]),
      middle('deadline-requests-per-chat', 'requests', [
        around.filter(({ purpose }) => purpose === 'deadlines').length,
      ]),
      middle('stored-bytes-per-message', 'bytes', [saidBytes / (2 * (MESSAGES + 1))]),
      middle('stored-bytes-per-chat', 'bytes', [office.stored() - saidBytes]),
      middle('store-requests-per-agent-message', 'requests', toCustomer.before),
      ...deferredMeasures('store-requests-deferred-per-message', toAgent.after, 1.5),
      ...deferredMeasures('store-requests-deferred-per-agent-message', toCustomer.after),
      perSecond(
        'store-polls-per-second-idle',
        'requests/s',
        idle.map(({ length }) => length),
      ),
      perSecond('store-poll-units-per-second-idle', 'RU/s', idle.map(unitsOf)),
    ];
  } finally {
    await office.close();
  }
}

/** What was asked since then for somebody's sake, and not by time alone. */
const caused = ({ requests }: Pick<Office, 'requests'>, from: number): readonly Request[] =>
  requests.slice(from).filter(({ purpose }) => purpose !== 'poll' && purpose !== 'compared');

const unitsOf = (requests: readonly Request[]): number =>
  requests.reduce((sum, { charge }) => sum + charge, 0);

const perSecond = (name: string, unit: string, values: readonly number[]): Measure => ({
  ...{ name, unit, ours: mean(values), spread: spread(values) },
});

/** The house's requests that messages caused, for each: before the acknowledgement, and until the next message. */
async function costOf(office: Office, send: () => Promise<void>) {
  const before: number[] = [];
  const after: (readonly Request[])[] = [];
  // One beat is enough for a series; the first message finds nothing warm.
  await office.beat();
  await send();
  await later(office);
  for (let i = 0; i < MESSAGES; i += 1) {
    const from = office.requests.length;
    await send();
    before.push(caused(office, from).length);
    const acknowledged = office.requests.length;
    await later(office);
    after.push(caused(office, acknowledged));
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
    // Deadlines and reads are asked now and then whether or not anybody writes; with them it is this.
    measure(
      `${name}-with-deadlines-and-reads`,
      after.map((all) => all.filter(isOf([...PURPOSES, ...BESIDE])).length),
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
async function idlePolls({ requests }: Office): Promise<readonly (readonly Request[])[]> {
  const seconds: (readonly Request[])[] = [];
  for (let second = 0; second < IDLE_S; second += 1) {
    const from = requests.length;
    await pause(1_000);
    seconds.push(requests.slice(from));
  }
  return seconds;
}
