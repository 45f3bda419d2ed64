import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.close());

test('what was written before any reader of the feed had run is in the lists once one has', async () => {
  const writer = await town.open({ running: false });
  const mia = new Customer(town);
  await mia.says(writer, 'agent');
  const reader = await town.open();
  await reader.house.caughtUp();
  const { rows } = await reader.house.inbox.page('queue:support', 'queue', 10);
  expect(rows.map((row) => row.sid)).toEqual([(await mia.session()).id]);
});

test('a return that the store answers neither reading nor writing fails, and nothing is left unheard', async () => {
  const house = await town.open({ running: false });
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const unheard: unknown[] = [];
  const hear = (reason: unknown): void => void unheard.push(reason);
  process.on('unhandledRejection', hear);
  mia.conversation = `${mia.conversation}-again`;
  // The write fails first, the transcript's read after it: nobody waits for that any more.
  town.store.cosmos.faults.add({ fault: { kind: 'status', status: 404 }, operation: 'batch' });
  town.store.cosmos.faults.add({ fault: { kind: 'status', status: 500 }, operation: ['query', 'plan'] });
  await expect(house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent')).rejects.toThrow();
  for (let i = 0; i < 20; i += 1) {
    town.clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
});
