import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { HandoffError } from '../../src/handoff/errors.ts';
import { openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, type Customer } from './people.ts';
import { accepted, answers, opens, promptOf, withAgent } from './returning.ts';

let town: Town;
/** Hears of nothing that others write: what it remembers grows old. */
let house: TestHouse;
let elsewhere: TestHouse;
let anna: Agent;
let mia: Customer;
/** What is read of indexes and headers, in the order in which it was begun. */
let reads: string[];
/** How often the agents were. */
let rosters: number;
/** What happens before an answer of the store comes back. */
let before: { readonly index: () => Promise<void>; readonly header: () => Promise<void> };
const nothing = (): Promise<void> => Promise.resolve();

beforeEach(async () => {
  reads = [];
  rosters = 0;
  before = { index: nothing, header: nothing };
  town = await openTown();
  house = await town.open({ running: false, through: watched });
  elsewhere = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(elsewhere);
  mia = await withAgent(town, elsewhere, anna);
  await opens(mia, elsewhere, 'support');
  // From now on it knows them.
  await promptOf(mia, house);
});
afterEach(() => town.close());

const watched = (stores: CosmosStores): CosmosStores => ({
  ...stores,
  agents: {
    ...stores.agents,
    roster: () => {
      rosters += 1;
      return stores.agents.roster();
    },
  },
  sessions: {
    ...stores.sessions,
    index: async (customer) => {
      reads.push('index');
      await before.index();
      return stores.sessions.index(customer);
    },
    header: async (sid) => {
      reads.push(sid);
      const read = await stores.sessions.header(sid);
      await before.header();
      return read;
    },
  },
});

/** What they are asked, and what was read of indexes and headers for it. */
async function asked() {
  reads = [];
  const prompt = await promptOf(mia, house);
  return { prompt, reads: [...reads] };
}

/** A second chat of hers, through the other instance. */
async function startsAnother(): Promise<void> {
  await answers(mia, elsewhere, 'fresh');
  await accepted(mia, elsewhere, anna);
  await opens(mia, elsewhere, 'support');
}

test('a customer who returns where they are remembered is read beside their index: two reads, one round', async () => {
  const { id } = await mia.session();
  before = { ...before, index: () => until(() => reads).toContain(id) };
  expect(await asked()).toMatchObject({ prompt: { sid: id }, reads: [id, 'index'] });
});

test('a customer who returns where nothing is known of them any more: their agent is read beside their chat', async () => {
  const { id } = await mia.session();
  await house.house.agents.everyone();
  house.house.sessions.forget(mia.id);
  town.clock.advance(5_000);
  rosters = 0;
  before = { ...before, header: () => until(() => rosters).toBeGreaterThan(0) };
  expect(await asked()).toMatchObject({
    prompt: { sid: id, agentIs: 'here' },
    reads: ['index', id],
  });
});

describe('a customer of whom an instance remembers what is no longer so', () => {
  test('is asked about the chat that they began elsewhere, at three reads', async () => {
    const first = await mia.session();
    await startsAnother();
    const second = await mia.session();
    const { prompt, reads: all } = await asked();
    expect(prompt?.sid).toBe(second.id);
    expect(prompt?.others.map(({ sid }) => sid)).toEqual([first.id]);
    expect(all).toEqual([first.id, 'index', second.id]);
  });

  test('is not asked about what ended elsewhere', async () => {
    const { id } = await mia.session();
    await anna.act(elsewhere, id, 'close');
    expect((await asked()).prompt).toBeUndefined();
  });

  test('is asked by the epoch that was given elsewhere', async () => {
    const { id, epoch } = await mia.session();
    await anna.act(elsewhere, id, 'transfer', { to: 'queue:support' });
    const released = await mia.session();
    expect(released.epoch).toBeGreaterThan(epoch);
    expect((await asked()).prompt).toMatchObject({ sid: id, epoch: released.epoch, status: 'queued' });
  });

  test('is asked about what their index names, though what memory names cannot be read', async () => {
    const first = await mia.session();
    await anna.act(elsewhere, first.id, 'close');
    before = {
      ...before,
      header: () => Promise.reject(new HandoffError('store_unavailable', 'It is not to be read')),
    };
    expect((await asked()).prompt).toBeUndefined();
  });
});

test('a chat that is set aside between the reading of it and of the index is read again', async () => {
  const { id } = await mia.session();
  let isRead = (): void => undefined;
  const headerRead = new Promise<void>((resolve) => (isRead = resolve));
  before = {
    header: () => {
      isRead();
      return nothing();
    },
    index: async () => {
      await headerRead;
      await anna.act(elsewhere, id, 'suspend');
    },
  };
  const { prompt, reads: all } = await asked();
  expect(prompt).toMatchObject({ sid: id, status: 'suspended' });
  expect(all).toEqual([id, 'index', id]);
});
