import { CONTAINERS } from '../../src/adapters/cosmos/containers.ts';
import { customerOf } from '../../src/session/ids.ts';
import { openTown, passes, until, MINUTE, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer, talking } from '../handoff/people.ts';
import { rawStore } from './raw.ts';

/** Everything that lies in a store, as it is stored, and the moment at which it lay there. */
export interface Documents {
  readonly at: number;
  readonly containers: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Lives through a chat of every status, with everything that is written on the way, and gives what is stored. */
export async function lived(): Promise<Documents> {
  const town = await openTown();
  // A CRM that does not listen: what it is owed stays.
  const house = await town.open({ onInteraction: () => Promise.reject(new Error('away')) });
  const anna = await new Agent(town, 'Anna Bell').signsIn(house, 20);
  await anna.opensTeams(house);
  await everyStatus(town, house, anna);
  await house.house.caughtUp();
  await beside(house, anna, town.clock.now());
  await passes(town.clock, () => false, 500, 6_000).catch(() => undefined);
  const raw = rawStore(town.store.cosmos);
  const containers = await Promise.all(
    CONTAINERS.map(async ({ id }) => [id, (await raw.all(id)).map(withoutOurs)] as const),
  );
  const at = town.clock.now();
  raw.close();
  await town.close();
  return { at, containers: Object.fromEntries(containers) };
}

async function everyStatus(town: Town, house: TestHouse, anna: Agent): Promise<void> {
  const late = await talking(town, house, anna, 'late');
  await late.beats(house, { leaving: true });
  await house.house.caughtUp();
  town.clock.advance(MINUTE);
  await until(async () => (await late.session()).status).toBe('disconnected');
  await house.house.caughtUp();
  town.clock.advance(21 * MINUTE);
  await until(async () => (await late.session()).status).toBe('expired');

  const bot = new Customer(town, 'bot');
  await bot.says(house, 'hello');
  const queued = new Customer(town, 'queued');
  await queued.says(house, 'agent');
  const sidOf = async (customer: Customer) => (await customer.session()).id;

  const active = new Customer(town, 'active');
  await active.beats(house, { widget: 'portal' });
  await active.says(house, 'agent');
  await anna.act(house, await sidOf(active), 'accept');
  await anna.act(house, await sidOf(active), 'link');
  await anna.act(house, await sidOf(active), 'comment', { text: 'A good customer' });
  await active.says(house, 'Here I am');
  await anna.says(house, await sidOf(active), 'And so am I');

  const suspended = await talking(town, house, anna, 'suspended');
  await anna.act(house, await sidOf(suspended), 'suspend', { reason: 'Looking into it' });
  const closed = await talking(town, house, anna, 'closed');
  await anna.act(house, await sidOf(closed), 'close', { disposition: 'Resolved', notes: 'Done' });

  const gone = await talking(town, house, anna, 'gone');
  const resuming = await talking(town, house, anna, 'resuming');
  for (const one of [gone, resuming]) await one.beats(house, { leaving: true });
  await house.house.caughtUp();
  town.clock.advance(MINUTE);
  await until(async () => (await resuming.session()).status).toBe('disconnected');
  await house.house.caughtUp();
  // Past the agent's hold and before the limit: who comes back, asks.
  town.clock.advance(11 * MINUTE);
  resuming.conversation += '-again';
  const sid = await sidOf(resuming);
  await house.house.customers.prompt(resuming.id, resuming.thread);
  await house.stores.sessions.noteAsked(sid, resuming.thread, town.clock.now());
  await house.house.customers.comeBack(sid, resuming.thread, 'prompt', 'agent');
  await talking(town, house, anna, 'talking');
}

/** What is written beside chats. */
async function beside({ stores }: TestHouse, { ref }: Agent, now: number): Promise<void> {
  const { sessions, shelves, lookups, holdings, botState, inbox } = stores;
  const [row] = (await inbox.page(`agent:${ref.id}`, 'mine', 1)).rows;
  if (row === undefined) throw new Error('Anna has nothing in hand');
  const customer = customerOf(row.sid);
  await botState.write({ [`reconnect/session/${row.sid}`]: { parcel: { asking: 'trouble' } } });
  await sessions.types(row.sid, now);
  await sessions.turnTo(ref.id, now);
  await shelves.saveShelf(`own:${ref.id}`, { responses: [], uses: { hello: 2 } }, undefined);
  await lookups.count('guess', now, MINUTE);
  await holdings.bury(row.sid);
  await sessions.addDevice(customer, 'hash-of-a-secret');
  await holdings.noteExport(customer, 'an-export', ref.id, now);
  const counts = { sessions: 1, documents: 12, files: 0 };
  const asked = { id: 'an-erasure', by: 'operator', askedAt: now };
  await holdings.noteErasure({ ...asked, ...counts, erasedAt: now });
  await holdings.saveErasure(
    {
      ...asked,
      ...{ customer: customer, partitions: [], references: [], cards: [] },
      counts,
      erasedAt: now,
    },
    undefined,
  );
}

/** Without what the store itself adds. */
const withoutOurs = (stored: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(stored).filter(([name]) => !name.startsWith('_')));
