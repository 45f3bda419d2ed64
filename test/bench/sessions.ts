import { CosmosClient } from '@azure/cosmos';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { customerOf, readSessionId } from '../../src/session/ids.ts';
import { middle, median, pause, spread, until, type Measure } from './measure.ts';
import { openAzure, type Azure } from '../production/azure.ts';
import { seed, type Seeded } from './seed.ts';
import { good, openTown, type Chat, type Town } from './town/town.ts';

const LONG = 10_000;
const AT_ONCE = 16;
const BLOCKS = 9;
const TURNS = 60;
const SETTLE_MS = 700;
const WARM = 600;
const FEW = 100;
/** So many chats an agent has, as in production. */
const EACH = 5;

/** What the next message of a chat costs in which ten thousand were said, beside one of a chat that has just begun. */
export async function longSession(): Promise<readonly Measure[]> {
  const town = await openTown();
  try {
    const [long, short] = [await town.chat(), await town.chat()];
    for (let said = 0; said < LONG; said += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => long.say(`Line ${said + i}`)));
    await short.say('Hello');
    await pause(SETTLE_MS);
    const cost = { long: [] as Cost[], short: [] as Cost[] };
    for (let block = 0; block < BLOCKS; block += 1) {
      cost.long.push(await costOf(town, long));
      cost.short.push(await costOf(town, short));
    }
    const ratio = (of: keyof Cost) =>
      median(cost.long.map((one) => one[of])) / median(cost.short.map((one) => one[of]));
    const each = (of: keyof Cost) => cost.long.map((one, i) => one[of] / (cost.short[i]?.[of] ?? Number.NaN));
    return [
      {
        name: 'long-session-cost',
        unit: 'ratio of CPU',
        ours: ratio('cpu'),
        most: 1.1,
        spread: spread(each('cpu')),
      },
      {
        name: 'long-session-units',
        unit: 'ratio of RU',
        ours: ratio('units'),
        most: 1.1,
        spread: spread(each('units')),
      },
    ];
  } finally {
    await town.close();
  }
}

interface Cost {
  /** ms a message. */
  readonly cpu: number;
  /** Request units of its step. */
  readonly units: number;
}

async function costOf(town: Town, chat: Chat): Promise<Cost> {
  await pause(SETTLE_MS);
  await town.takeRequests();
  const before = await town.house.child.cpu();
  for (let i = 0; i < TURNS; i += 1) await chat.say(`One more, ${i}`);
  const cpu = ((await town.house.child.cpu()) - before) / TURNS;
  const steps = (await town.takeRequests()).filter(({ purpose }) => purpose === 'step');
  return { cpu, units: steps.reduce((sum, { charge }) => sum + charge, 0) / TURNS };
}

/** What an instance keeps in memory of each chat that is carried on through it. */
export async function warmSessions(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'store.db');
  // The copies' channels are where the model's was.
  const azure = await openAzure();
  try {
    const model = await modelIn(file, azure);
    seed(file, 'agents', copies(model, 'agents', WARM / EACH));
    seed(file, 'sessions', copies(model, 'sessions', WARM));
    const town = await openTown({ file, azure });
    try {
      const carryOn = async (first: number, last: number): Promise<void> => {
        for (let n = first; n <= last; n += AT_ONCE)
          await Promise.all(
            Array.from({ length: Math.min(AT_ONCE, last - n + 1) }, (_, i) => say(town, model, n + i)),
          );
        await settled(town);
      };
      // The first few make warm what all share.
      await carryOn(1, FEW);
      const before = await town.house.child.memory();
      await carryOn(FEW + 1, WARM);
      const after = await town.house.child.memory();
      const bytes = (after.heapUsed - before.heapUsed) / (WARM - FEW);
      const whole = before.rss + 100_000 * bytes;
      return [
        { ...middle('memory-per-session', 'bytes', [bytes]), most: 2_048 },
        { ...middle('memory-of-100000-sessions', 'MB', [whole / 2 ** 20]), most: 512 },
      ];
    } finally {
      await town.close();
    }
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A chat as production wrote it, whose documents others are made of. */
interface Model {
  readonly sid: string;
  readonly customer: string;
  readonly conversation: string;
  readonly agent: string;
  readonly documents: Readonly<Record<'sessions' | 'agents', readonly Seeded['document'][]>>;
}

async function modelIn(file: string, azure: Azure): Promise<Model> {
  const town = await openTown({ file, azure });
  try {
    const chat = await town.chat();
    for (let i = 0; i < 3; i += 1)
      await chat.say('My parcel has not come yet, and nobody can tell me where it is.');
    await pause(5_000);
    const client = new CosmosClient({ ...town.store, connectionPolicy: { enableEndpointDiscovery: false } });
    const of = async (container: string): Promise<readonly Seeded['document'][]> =>
      (await client.database(DATABASE).container(container).items.readAll<Seeded['document']>().fetchAll())
        .resources;
    const [sessions, agents] = [await of('sessions'), await of('agents')];
    client.dispose();
    const sid = readSessionId(chat.sid);
    const agent = agents.map((one) => one['agent']).find((one) => typeof one === 'string');
    if (sid === undefined || agent === undefined) throw new Error('The chat is not there');
    return {
      ...{ sid, agent, customer: customerOf(sid), conversation: chat.customer.conversation },
      documents: {
        sessions: sessions.filter(({ kind, customer }) => customer === customerOf(sid) && kind !== 'dedupe'),
        agents: agents.filter((one) => one['agent'] === agent),
      },
    };
  } finally {
    await town.close();
  }
}

function* copies(model: Model, of: 'sessions' | 'agents', count: number): Generator<Seeded> {
  const key = of === 'sessions' ? 'customer' : 'agent';
  for (let n = 1; n <= count; n += 1) {
    for (const one of model.documents[of]) {
      const document = JSON.parse(
        named(model, JSON.stringify(one), n, of === 'agents' ? n : Math.ceil(n / EACH)),
      ) as Seeded['document'];
      yield {
        partition: String(document[key]),
        document: isPresence(document) ? hereFor(document) : document,
      };
    }
  }
}

const isPresence = ({ kind }: Seeded['document']): boolean => kind === 'presence';
/** Nobody is found gone while this goes on. */
const hereFor = (document: Seeded['document']): Seeded['document'] => ({
  ...document,
  body: { ...(document['body'] as object), beatAt: Date.now() + 3_600_000 },
});

/** The n-th copy's names in place of the model's. */
const named = ({ customer, conversation, agent }: Model, text: string, n: number, m: number): string =>
  text
    .replaceAll(customer, `dl_${String(n).padStart(26, 'n')}`)
    .replaceAll(conversation, `copy-${n}`)
    .replaceAll(agent, `${agent.slice(0, -6)}${900_000 + m}`);

async function say(town: Town, model: Model, n: number): Promise<void> {
  const activity = JSON.parse(
    named(
      model,
      JSON.stringify({
        ...{ type: 'message', text: 'Are you still there? It is really urgent by now.' },
        ...{ from: { id: model.customer }, conversation: { id: model.conversation } },
      }),
      n,
      1,
    ),
  ) as Readonly<Record<string, unknown>>;
  good(await town.house.from('directline', activity));
}

/** Settles when the store is asked no more than what time asks. */
async function settled(town: Town): Promise<void> {
  await until(
    'nothing is written any more',
    async () => {
      await town.takeRequests();
      await pause(2_500);
      const busy = (await town.takeRequests()).filter(
        ({ purpose }) => purpose === 'rows' || purpose === 'marks',
      );
      return busy.length === 0 ? true : undefined;
    },
    600_000,
  );
}
