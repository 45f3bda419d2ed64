import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextSession } from '../../src/handoff/next-session.ts';
import type { Sessions } from '../../src/handoff/handle.ts';
import { openTown, type TestHouse, type Town } from './house.ts';
import { Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let mia: Customer;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  mia = new Customer(town);
});
afterEach(() => town.close());

/** The sessions as somebody knows them to whom this customer's index has not come yet. */
const withoutIndex = (): Pick<Sessions, 'header' | 'index'> => ({
  index: () => Promise.resolve(undefined),
  header: (sid) => house.house.sessions.header(sid),
});
const opensNext = (conversation = mia.thread) =>
  nextSession(withoutIndex(), { user: { id: mia.id }, conversation });

test('a newcomer’s first session has one name wherever their line comes in', async () => {
  const first = await opensNext();
  expect(await opensNext()).toBe(first);
  await mia.says(house, 'Hello');
  expect(await mia.sessions()).toEqual([first]);
  expect(await opensNext()).toBe(first);
});

test('a chat that has moved on to another page is not the next of the page it has left, also where no index tells so', async () => {
  await mia.says(house, 'Hello');
  const [first] = await mia.sessions();
  const left = mia.thread;
  mia.conversation = `${mia.conversation}-two`;
  await mia.says(house, 'Here now');
  expect((await mia.session()).conversation).toBe(mia.thread);
  expect(await opensNext(left)).not.toBe(first);
});
