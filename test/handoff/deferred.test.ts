import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, passes, soon, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let mia: Customer;
beforeEach(async () => {
  // Time passes only where it is moved: what is put off for a moment must not come due because a machine is slow.
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  mia = await soon(talking(town, house, anna), town.clock);
  await mia.says(house, 'Hello');
  await anna.says(house, (await mia.session()).id, 'Hello Mia');
  await mia.says(house, 'My parcel has not come');
  await caughtUp();
  // What was delivered is marked after a moment of quiet.
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  await caughtUp();
  town.store.cosmos.counters.reset();
});
afterEach(() => town.close());

const caughtUp = (): Promise<void> => soon(house.house.caughtUp(), town.clock, 25);
/** What the store was asked for, but for what time alone asks: looks at the feed and for deadlines, and leases. */
const asked = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    town.store.cosmos.counters
      .all()
      .filter(({ operation, container }) => container !== 'lookups' && !['feed', 'plan'].includes(operation))
      .filter(({ operation, container }) => !(operation === 'query' && container === 'inbox'))
      .map(({ operation, container, requests }) => [`${operation} ${container}`, requests]),
  );
const snippet = async (): Promise<string | undefined> => {
  const { rows } = await house.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 5);
  return rows[0]?.lastLine?.text;
};

test('a customer who goes on writing costs one batch, and the two rows that show it', async () => {
  await mia.says(house, 'Can you look?');
  await caughtUp();
  expect(await snippet()).toBe('Can you look?');
  expect(asked()).toEqual({ 'batch sessions': 1, 'patch inbox': 2 });
});

test('lines that follow each other quickly are shown by one write of each row', async () => {
  for (const text of ['Are', 'you', 'still', 'there?']) await mia.says(house, text);
  await passes(town.clock, async () => (await snippet()) === 'there?', 50, 4_000);
  expect(asked()).toMatchObject({ 'batch sessions': 4, 'patch inbox': 2 });
});

test('an agent’s answer costs no more but the mark that it was delivered', async () => {
  const { id } = await mia.session();
  await anna.says(house, id, 'It is on its way');
  town.store.cosmos.counters.reset();
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  await caughtUp();
  expect(await snippet()).toBe('It is on its way');
  const { 'read sessions': _, ...written } = asked();
  expect(written).toMatchObject({ 'patch inbox': 2, 'patch sessions': 1 });
  expect(Object.keys(written).filter((what) => !what.startsWith('patch'))).toEqual([]);
});

test('who waits for an answer from now on is shown to wait at once', async () => {
  const { id } = await mia.session();
  await anna.says(house, id, 'It is on its way');
  await caughtUp();
  await mia.says(house, 'When?');
  await passes(town.clock, async () => (await snippet()) === 'When?', 50, 1_500);
});
