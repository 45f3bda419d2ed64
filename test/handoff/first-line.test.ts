import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, soon, type TestHouse, type Town } from './house.ts';
import { Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let mia: Customer;
beforeEach(async () => {
  // Time passes only where it is moved: nothing is asked because a machine is slow.
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
  house = await town.open();
  mia = new Customer(town);
  await caughtUp();
  town.store.cosmos.counters.reset();
});
afterEach(() => town.close());

const caughtUp = (): Promise<void> => soon(house.house.caughtUp(), town.clock, 25);
/** How often the store was asked that since it was asked for last. */
function asked(...what: readonly (readonly [operation: string, container: string])[]): readonly number[] {
  const all = town.store.cosmos.counters.all();
  town.store.cosmos.counters.reset();
  return what.map(
    ([operation, container]) =>
      all.find((one) => one.operation === operation && one.container === container)?.requests ?? 0,
  );
}
const READ = ['read', 'sessions'] as const;
const WRITTEN = ['batch', 'sessions'] as const;

test('a newcomer’s page, and their first line, are looked up once each: index and session, and at first the widget', async () => {
  await mia.joins(house);
  expect(asked(READ, WRITTEN)).toEqual([3, 0]);
  await mia.says(house, 'Hello');
  expect(asked(READ, WRITTEN)).toEqual([2, 1]);
});

test('the rows of a new chat are created, and not looked for', async () => {
  await mia.says(house, 'agent');
  await caughtUp();
  const rows = await house.house.inbox.page('queue:support', 'queue', 5);
  expect(rows.rows).toHaveLength(1);
  expect(asked(['patch', 'inbox'])).toEqual([0]);
});

test('a line whose session is opened on another instance while the bot thinks goes into that one', async () => {
  const other = await town.open({ running: false });
  house.bot.meanwhile(async () => {
    await mia.says(other, 'agent');
  });
  expect(await mia.says(house, 'Hello')).toBe(200);
  expect(await mia.sessions()).toHaveLength(1);
  expect((await mia.session()).status).toBe('queued');
  expect(await mia.ledger()).toEqual(expect.arrayContaining(['customer: agent', 'customer: Hello']));
});
