import { CosmosClient, type JSONObject } from '@azure/cosmos';
import { padded } from '../../src/adapters/cosmos/documents.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { customerOf, readSessionId } from '../../src/session/ids.ts';
import { median, pause, spread, type Measure } from './measure.ts';
import { openTown, type Chat, type Town } from './town/town.ts';

const LONG = 10_000;
/** Of a batch. */
const AT_ONCE = 100;
const WARM = 150;
const BLOCKS = 12;
const TURNS = 60;
const SETTLE_MS = 700;

/** What the next message of a chat costs in which ten thousand were said, beside one of a chat that has just begun. */
export async function longSession(): Promise<readonly Measure[]> {
  const town = await openTown();
  try {
    const [long, short] = [await town.chat(), await town.chat()];
    await long.say('The first line');
    await pause(SETTLE_MS);
    await muchWasSaid(town, long);
    for (let i = 0; i < WARM; i += 1) for (const chat of [long, short]) await chat.say(`Warm, ${i}`);
    const ratios: Cost[] = [];
    for (let block = 0; block < BLOCKS; block += 1) {
      // Which comes first must not matter.
      const turns = block % 2 === 0 ? [long, short] : [short, long];
      const costs = new Map<Chat, Cost>();
      for (const chat of turns) costs.set(chat, await costOf(town, chat));
      const [ofLong, ofShort] = [costs.get(long), costs.get(short)];
      if (ofLong === undefined || ofShort === undefined) continue;
      ratios.push({ cpu: ofLong.cpu / ofShort.cpu, units: ofLong.units / ofShort.units });
    }
    const measure = (name: string, unit: string, values: readonly number[]): Measure => ({
      ...{ name, unit, ours: median(values), most: 1.1, spread: spread(values) },
    });
    return [
      measure(
        'long-session-cost',
        'ratio of CPU',
        ratios.map(({ cpu }) => cpu),
      ),
      measure(
        'long-session-units',
        'ratio of RU',
        ratios.map(({ units }) => units),
      ),
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

/** Writes the rest of a long ledger after its last line, as the house writes it, and tells the header of it. */
async function muchWasSaid(town: Town, chat: Chat): Promise<void> {
  const sid = readSessionId(chat.sid);
  if (sid === undefined) throw new Error('The chat is not there');
  const customer = customerOf(sid);
  const client = new CosmosClient({ ...town.store, connectionPolicy: { enableEndpointDiscovery: false } });
  const container = client.database(DATABASE).container('sessions');
  const { resources } = await container.items.readAll<Stored>({ partitionKey: customer }).fetchAll();
  const header = resources.find(({ kind }) => kind === 'header');
  const line = resources.findLast(
    ({ kind, body }) => kind === 'entry' && body['seq'] === header?.body['seq'],
  );
  if (header === undefined || line === undefined) throw new Error('The chat has no last line');
  const first = line.seq + 1;
  for (let seq = first; seq < LONG; seq += AT_ONCE) {
    const lines = Array.from({ length: Math.min(AT_ONCE, LONG - seq) }, (_, i) => ({
      operationType: 'Create' as const,
      resourceBody: said(line, seq + i),
    }));
    const { code } = await container.items.batch(lines, customer);
    if (code !== 200) throw new Error(`The ledger was answered ${code}`);
  }
  const body = { ...header.body, seq: LONG - 1, fromCustomer: LONG - first };
  await container.item(header.id, customer).replace({ ...header, body });
  client.dispose();
}

interface Stored extends JSONObject {
  readonly id: string;
  readonly kind: string;
  readonly seq: number;
  readonly body: JSONObject;
}

const said = (line: Stored, seq: number): Stored => ({
  ...line,
  ...{ id: line.id.replace(/\d+$/u, padded(seq)), seq, body: { ...line.body, seq } },
});
