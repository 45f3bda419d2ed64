import { CosmosClient } from '@azure/cosmos';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { mean, median, middle, pause, quantile, spread, timed, type Measure } from './measure.ts';
import type { Request } from './requests.ts';
import { openRivals, type Rivals } from './town/rivals.ts';
import { openTown, type Chat, type Town } from './town/town.ts';

const COUNTED = 20;
/** So many that five may be worse than the 99th in a hundred: of 120 it was the second worst, and told of the machine. */
const ROUNDS = 600;
const STORE_MS = 5;
const BLOCKS = 5;
const TURNS = 100;
const ECHO_BLOCKS = 60;
const ECHO_TURNS = 40;
/** So many of each of seven: then V8 has compiled what a turn runs through. The first 600 cost about twice as much. */
const WARM = 300;
/** The feed's readers look every 300 ms: by then what a message set off is under way or done. */
const SETTLE_MS = 600;
/** Between two lines: what one sets off after its answer must not be measured with the next. */
const BETWEEN_MS = 15;

/** What the store is asked for a relayed message, and for a turn that none is relayed in. */
export async function requestsOf(times = COUNTED): Promise<readonly Measure[]> {
  const town = await openTown();
  const rivals = await openRivals(town);
  try {
    const scene = { town, rivals, chat: await town.chat() };
    const toBot = await town.withBot();
    await rivals.say('framework', 'warm');
    await scene.chat.say('warm');
    for (let i = 0; i < 2; i += 1) await toBot('warm');
    return await requests(scene, toBot, times);
  } finally {
    await rivals.child.close();
    await town.close();
  }
}

/** A relayed message: how soon it is there and acknowledged, what it costs the bot. */
export async function relay(): Promise<readonly Measure[]> {
  const town = await openTown();
  const rivals = await openRivals(town);
  try {
    const scene = { town, rivals, chat: await town.chat() };
    await warmUp(scene);
    return [...(await cpu(scene)), ...(await latencies(scene))];
  } finally {
    await rivals.child.close();
    await town.close();
  }
}

/** The same session's messages, each to one of three instances, as a balancer without affinity does it. */
export async function threeInstances(): Promise<readonly Measure[]> {
  const town = await openTown({ instances: 3 });
  try {
    const chat = await town.chat();
    // A fixed walk, so that every run asks the same: any of the three may follow any.
    const walk = Array.from({ length: 60 }, (_, i) => ((i * i + 3 * i) % 7) % 3);
    const counts: number[] = [];
    for (const [i, n] of walk.entries()) {
      await town.takeRequests();
      await chat.say(`To any of three, ${i}`, town.instances[n] ?? town.house);
      counts.push((await town.takeRequests()).filter(isOfStep).length);
    }
    const ours = mean(counts);
    return [
      {
        name: 'store-requests-per-message-three-instances',
        unit: 'requests',
        ...{ ours, most: 2.2, spread: spread(counts) },
      },
    ];
  } finally {
    await town.close();
  }
}

/** What a step asks for itself: its batch, and the header and index it reads when it finds them changed. */
const isOfStep = ({ container, operation, document }: Request): boolean =>
  container === 'sessions' && (operation === 'batch' || document === 's' || document === 'index');

interface Scene {
  readonly town: Town;
  readonly rivals: Rivals;
  readonly chat: Chat;
}

/** Those that ours is compared with share a process: each of both has as many turns behind it before anything is measured. */
async function warmUp({ rivals, chat }: Scene): Promise<void> {
  for (let i = 0; i < WARM; i += 1) {
    for (const rival of [...ECHOES, ...COMPARED, 'memory'] as const) {
      await rivals.say(rival, `warm ${i}`);
      await chat.say(`warm ${i}, beside ${rival}`);
    }
  }
  await pause(SETTLE_MS);
}

async function requests(
  { town, rivals, chat }: Scene,
  toBot: (text: string) => Promise<void>,
  times: number,
): Promise<readonly Measure[]> {
  const asked = async (send: () => Promise<void>, isOf: (one: Request) => boolean, waitMs: number) => {
    const all: (readonly Request[])[] = [];
    for (let i = 0; i < times; i += 1) {
      await pause(SETTLE_MS / 4);
      await town.takeRequests();
      await send();
      await pause(waitMs);
      all.push((await town.takeRequests()).filter(isOf));
    }
    return all;
  };
  // The framework's transcript is asked for before its answer, but not waited for.
  const framework = await asked(
    () => rivals.say('framework', 'My parcel has not come yet'),
    ({ container }) => container === 'framework',
    SETTLE_MS / 4,
  );
  const floor = await asked(
    () => rivals.say('floor', 'My parcel has not come yet'),
    ({ container }) => container === 'floor',
    0,
  );
  const ours = await asked(() => chat.say('My parcel has not come yet'), isOfStep, 0);
  const bot = await asked(() => toBot('Where is my parcel?'), isOfStep, 0);
  const other = await asked(() => rivals.say('beside', 'Hello'), isOfStep, 0);
  const counts = (all: readonly (readonly Request[])[]) => all.map((one) => one.length);
  const sums = (all: readonly (readonly Request[])[], of: 'bytes' | 'charge') =>
    all.map((one) => one.reduce((sum, each) => sum + each[of], 0));
  const bytes = { framework: sums(framework, 'bytes'), floor: sums(floor, 'bytes') };
  return [
    middle('store-requests-per-message', 'requests', counts(ours), {
      ...{ framework: counts(framework), floor: counts(floor), most: 1.1 },
    }),
    middle('store-requests-per-bot-turn', 'requests', counts(bot), { most: 1 }),
    middle('store-requests-per-turn-not-ours', 'requests', counts(other), { most: 0 }),
    middle('request-bytes-per-message', 'bytes', sums(ours, 'bytes'), {
      ...{ ...bytes, most: 0.35 * median(bytes.framework) },
    }),
    middle('request-units-per-message', 'RU', sums(ours, 'charge'), {
      ...{ framework: sums(framework, 'charge'), floor: sums(floor, 'charge') },
    }),
  ];
}

async function cpu({ town, rivals, chat }: Scene): Promise<readonly Measure[]> {
  const ours: number[] = [];
  const theirs: Record<(typeof COMPARED)[number], number[]> = {
    ...{ floor: [], framework: [], 'bare-as-shipped': [], 'framework-as-shipped': [] },
  };
  const { bare, beside } = await echoes(rivals);
  const resting: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    for (const rival of COMPARED) {
      const used = await perTurn(rivals.child.cpu, (i) => rivals.say(rival, `Line ${i}`));
      theirs[rival].push(used);
    }
    ours.push(await perTurn(town.house.child.cpu, (i) => chat.say(`Line ${i}`)));
    resting.push(await perSecond(town.house.child.cpu));
  }
  const against = (framework: readonly number[], floor: readonly number[]) => ({
    ...{ framework, floor, most: Math.min(0.45 * median(framework), 3 * median(floor)) },
  });
  return [
    middle('cpu-per-turn', 'ms', ours, against(theirs.framework, bare)),
    // The framework's own authentication costs more than a turn: what is saved by ours is shown apart from the relay.
    middle(
      'cpu-per-turn-as-shipped',
      'ms',
      ours,
      against(theirs['framework-as-shipped'], theirs['bare-as-shipped']),
    ),
    // What keeps what was said by the SDK's own create: nobody who does that comes closer to a bare echo.
    middle('cpu-per-turn-of-one-create', 'ms', theirs.floor, { floor: bare }),
    // A part of each turn above: the settling after a hundred is measured with them.
    middle('cpu-per-second-at-rest', 'ms', resting),
    middle('bot-only-cpu', 'ms', beside, { floor: bare, most: 1.1 * median(bare) }),
  ];
}

const COMPARED = ['floor', 'framework', 'bare-as-shipped', 'framework-as-shipped'] as const;
const ECHOES = ['bare', 'beside'] as const;

/**
 * The two that only echo, in short turns with each other: a hundred of theirs are less than one collection of garbage.
 * Nothing is left to be done after their answers.
 */
async function echoes({ child, say }: Rivals): Promise<Record<(typeof ECHOES)[number], number[]>> {
  const used: Record<(typeof ECHOES)[number], number[]> = { bare: [], beside: [] };
  for (let block = 0; block < ECHO_BLOCKS; block += 1) {
    for (const echo of block % 2 === 0 ? ECHOES : ECHOES.toReversed()) {
      used[echo].push(await perTurn(child.cpu, (i) => say(echo, `Line ${i}`), ECHO_TURNS, 0));
    }
  }
  return used;
}

/** With what is done a moment after the last answer. */
async function perTurn(
  used: () => Promise<number>,
  turn: (i: number) => Promise<void>,
  turns = TURNS,
  settleMs = SETTLE_MS,
): Promise<number> {
  const before = await used();
  for (let i = 0; i < turns; i += 1) await turn(i);
  await pause(settleMs);
  return ((await used()) - before) / turns;
}

/** Of polling, when nobody says anything. */
async function perSecond(used: () => Promise<number>): Promise<number> {
  const before = await used();
  const ms = await timed(() => pause(1_000));
  return (((await used()) - before) * 1_000) / ms;
}

async function latencies({ town, rivals, chat }: Scene): Promise<readonly Measure[]> {
  await town.delayStore(STORE_MS);
  const relayed: Record<'memory' | 'floor' | 'framework' | 'ours', number[]> = {
    ...{ memory: [], floor: [], framework: [], ours: [] },
  };
  const acknowledged: typeof relayed = { memory: [], floor: [], framework: [], ours: [] };
  const create: number[] = [];
  const client = new CosmosClient({
    ...town.store,
    connectionPolicy: { enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
  });
  const items = client.database(DATABASE).container('floor').items;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const rival of ['memory', 'floor', 'framework'] as const) {
      const text = `${rival} ${round}`;
      const there = rivals.relayed(text);
      const from = performance.now();
      await rivals.say(rival, text);
      acknowledged[rival].push(performance.now() - from);
      relayed[rival].push((await there) - from);
      await pause(BETWEEN_MS);
    }
    const text = `ours ${round}`;
    const there = chat.tab.shows(text);
    const from = performance.now();
    await chat.say(text);
    acknowledged.ours.push(performance.now() - from);
    relayed.ours.push((await there) - from);
    await pause(BETWEEN_MS);
    create.push(await timed(() => items.create({ id: crypto.randomUUID(), text })));
  }
  client.dispose();
  await town.delayStore(0);
  const most50 = median(relayed.memory) + 1.2 * median(create);
  const p99 = (values: readonly number[]) => quantile(values, 0.99);
  return [
    middle('relay-latency-p50', 'ms', relayed.ours, {
      ...{ framework: relayed.framework, floor: relayed.memory, most: most50 },
    }),
    {
      ...{
        name: 'relay-latency-p99',
        unit: 'ms',
        ours: p99(relayed.ours),
        framework: p99(relayed.framework),
      },
      ...{ floor: p99(relayed.memory), most: 0.5 * p99(relayed.framework), spread: spread(relayed.ours) },
    },
    middle('ack-latency-p50', 'ms', acknowledged.ours, {
      framework: acknowledged.framework,
      floor: acknowledged.floor,
      most: 0.45 * median(acknowledged.framework),
    }),
    // What keeps a line by the SDK's own create and then relays it: nobody who keeps it first is sooner for long.
    middle('relay-latency-p50-of-one-create', 'ms', relayed.floor, { floor: relayed.memory }),
    {
      ...{ name: 'relay-latency-p99-of-one-create', unit: 'ms', ours: p99(relayed.floor) },
      ...{ floor: p99(relayed.memory), spread: spread(relayed.floor) },
    },
    middle('one-create-p50', 'ms', create),
    { name: 'one-create-p99', unit: 'ms', ours: p99(create), spread: spread(create) },
  ];
}
