import { isDeepStrictEqual } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, passes, soon, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';

/** What a line costs where nobody sees to it that a customer stays with one instance. */
let town: Town;
let one: TestHouse;
let other: TestHouse;
let mia: Customer;
beforeEach(async () => {
  // Time stands: nothing is asked but for what is said, and no instance hears of the others.
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
  [one, other] = [await town.open(), await town.open()];
  const anna = await new Agent(town, 'Anna Bell').signsIn(one);
  mia = await soon(talking(town, one, anna), town.clock);
  await soon(one.house.caughtUp(), town.clock, 25);
});
afterEach(() => town.close());

/** Time passes until both instances know what is stored. */
const heard = async (): Promise<void> => {
  for (const { house } of [one, other]) {
    await passes(
      town.clock,
      async () => {
        const stored = await mia.header();
        return isDeepStrictEqual(await house.sessions.header(stored.session.id), stored);
      },
      25,
    );
  }
};
/** What her line costs through this instance. */
const costThrough = async (house: TestHouse): Promise<string> => {
  const { counters } = town.store.cosmos;
  counters.reset();
  expect(await mia.says(house, 'Hello?')).toBe(200);
  return counters
    .all()
    .filter(({ container, operation }) => container === 'sessions' && operation !== 'feed')
    .map(({ operation, requests }) => `${operation} ${requests}`)
    .sort()
    .join(', ');
};

test('a customer whose lines go from instance to instance costs a read and a batch a line', async () => {
  for (const house of [one, other, one, other]) await costThrough(house);
  for (const house of [one, other, one, other]) expect(await costThrough(house)).toBe('batch 1, read 1');
  expect((await mia.ledger()).filter((line) => line === 'customer: Hello?')).toHaveLength(8);
});

test('a customer whose lines stay with an instance costs a batch a line, from the second on', async () => {
  for (const house of [one, other, one, other]) await costThrough(house);
  expect(await costThrough(other)).toBe('batch 1, read 1');
  expect(await costThrough(other)).toBe('batch 1');
});

test('a customer whose lines come slower than the change feed costs a batch a line, through any instance', async () => {
  for (const house of [one, other, one, other]) await costThrough(house);
  for (const house of [one, other]) {
    await heard();
    await costThrough(house);
  }
  for (const house of [one, other, other, one]) {
    await heard();
    expect(await costThrough(house)).toBe('batch 1');
  }
});

test('a line through an instance whose memory is old is taken, after one batch in vain', async () => {
  await costThrough(other);
  expect(await costThrough(one)).toBe('batch 2, read 1');
  expect((await mia.ledger()).filter((line) => line === 'customer: Hello?')).toHaveLength(2);
});
