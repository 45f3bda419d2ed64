import { mean, median, pause, spread, timed, type Measure } from './measure.ts';
import type { Office } from './office.ts';
import type { Request } from './requests.ts';

const MESSAGES = 10;
const EVERY_MS = 10_000;
const STEP_MS = 500;
/** Real time for what a step of the clock set off. */
const STEP_REAL_MS = 40;
const IDLE_S = 10;
const ROUNDS = 16;
const TOGETHER = 3;
/** The feed's readers look every 300 ms: by then what a message set off is under way or done. */
const SETTLE_MS = 450;
const PURPOSES = ['marks', 'rows', 'feed', 'step', 'other'] as const;

const expectReplies = { deliveryMode: 'expectReplies' };

/** What a relayed message costs the store before its acknowledgement and after it, and what mere time costs. */
export async function storeRequests(office: Office): Promise<readonly Measure[]> {
  const { say, answer, messages, compared } = office;
  const framework = await countsOf(office, 'framework', () => say(compared.framework, expectReplies));
  const floor = await countsOf(office, 'floor', () => say(compared.floor));
  const toAgent = await costOf(office, () => say(messages));
  const toCustomer = await costOf(office, answer);
  const idle = await idlePolls(office);
  return [
    {
      name: 'store-requests-per-message',
      unit: 'requests',
      ours: median(toAgent.before),
      framework: median(framework),
      floor: median(floor),
      spread: spread(toAgent.before),
    },
    {
      name: 'store-requests-per-agent-message',
      unit: 'requests',
      ours: median(toCustomer.before),
      spread: spread(toCustomer.before),
    },
    ...deferredMeasures('store-requests-deferred-per-message', toAgent.after),
    ...deferredMeasures('store-requests-deferred-per-agent-message', toCustomer.after),
    { name: 'store-polls-per-second-idle', unit: 'requests/s', ours: mean(idle), spread: spread(idle) },
  ];
}

/** The acknowledgement of a customer's line, in turns with what it is compared with. */
export async function acknowledgement({ say, messages, compared }: Office): Promise<Measure> {
  const ours: number[] = [];
  const framework: number[] = [];
  const floor: number[] = [];
  const measure = async (into: number[], run: () => Promise<void>): Promise<void> => {
    for (let i = 0; i < TOGETHER; i += 1) into.push(await timed(run));
    // What one sets off after its answer must not be measured with the next.
    await pause(SETTLE_MS);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(floor, () => say(compared.floor));
    await measure(framework, () => say(compared.framework, expectReplies));
    await measure(ours, () => say(messages));
  }
  return {
    name: 'ack-latency-p50',
    unit: 'ms',
    ours: median(ours),
    framework: median(framework),
    floor: median(floor),
    spread: spread(ours),
  };
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

/** Requests of a message to one of those compared. The framework's transcript is asked for before its answer, but not waited for. */
async function countsOf(
  { requests }: Office,
  container: string,
  send: () => Promise<void>,
): Promise<readonly number[]> {
  const counts: number[] = [];
  await send();
  await pause(SETTLE_MS);
  for (let i = 0; i < MESSAGES; i += 1) {
    const from = requests.length;
    await send();
    await pause(SETTLE_MS / 3);
    counts.push(requests.slice(from).filter((one) => one.container === container).length);
  }
  return counts;
}

/** The sum, and what it is made of. */
function deferredMeasures(name: string, after: readonly (readonly Request[])[]): readonly Measure[] {
  const measure = (named: string, counts: readonly number[]): Measure => ({
    name: named,
    unit: 'requests',
    ours: mean(counts),
    spread: spread(counts),
  });
  const parts = PURPOSES.map((purpose) =>
    measure(
      `${name}-${purpose}`,
      after.map((all) => all.filter((one) => one.purpose === purpose).length),
    ),
  );
  return [
    measure(
      name,
      after.map((all) => all.length),
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
