import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { HandoffError } from '../../src/handoff/errors.ts';
import type { InboxStore } from '../../src/handoff/ports.ts';
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
/** The last words in the agent's list: as an instance shows it, or as the store has it. */
const snippet = async (inbox: InboxStore = house.house.inbox): Promise<string | undefined> => {
  const { rows } = await inbox.page(`agent:${anna.ref.id}`, 'mine', 5);
  return rows[0]?.lastLine?.text;
};
const stored = (): Promise<string | undefined> => snippet(town.store.stores.inbox);

test('a customer who goes on writing costs one batch, and the two rows that show it', async () => {
  await mia.says(house, 'Can you look?');
  await caughtUp();
  expect(await stored()).toBe('Can you look?');
  expect(asked()).toEqual({ 'batch sessions': 1, 'patch inbox': 2 });
});

test('I12: lines are in the lists of every instance at once, and in the store by one write for most of a minute', async () => {
  const other = await town.open();
  for (const text of ['Are', 'you', 'still', 'there?']) {
    await mia.says(house, text);
    for (const one of [house, other])
      await passes(town.clock, async () => (await snippet(one.house.inbox)) === text, 20, 5_000);
  }
  expect(await stored()).toBe('My parcel has not come');
  await passes(town.clock, async () => (await stored()) === 'there?', 250, 90_000);
  expect(asked()).toMatchObject({ 'batch sessions': 4, 'patch inbox': 2 });
});

test('I12: an instance that starts has in its lists what no row shows yet', async () => {
  await mia.says(house, 'Hello?');
  await passes(town.clock, async () => (await snippet()) === 'Hello?', 20, 5_000);
  const other = await town.open();
  await passes(town.clock, async () => (await snippet(other.house.inbox)) === 'Hello?', 20, 5_000);
  expect(await stored()).toBe('My parcel has not come');
});

test('I12: what waits to be shown when an instance dies is shown by whoever takes over', async () => {
  let isDead = false;
  const unlessDead =
    <A extends readonly unknown[], R>(run: (...of: A) => Promise<R>) =>
    (...of: A): Promise<R> =>
      isDead ? Promise.reject(new HandoffError('store_unavailable', 'It is dead')) : run(...of);
  await house.stop();
  house = await town.open({
    through: (stores) => ({
      ...stores,
      inbox: { ...stores.inbox, put: unlessDead(stores.inbox.put) },
      leases: {
        ...stores.leases,
        take: unlessDead(stores.leases.take),
        save: unlessDead(stores.leases.save),
      },
    }),
  });
  await caughtUp();
  await mia.says(house, 'Is anybody there?');
  await caughtUp();
  const other = await town.open();
  await mia.says(house, 'Hello?');
  // Its lease is renewed once more, and its place is saved with it.
  await passes(town.clock, () => false, 250, 11_000).catch(() => undefined);
  isDead = true;
  await passes(town.clock, async () => (await stored()) === 'Hello?', 500, 90_000);
  expect(await snippet(other.house.inbox)).toBe('Hello?');
});

test('I12: what waits to be shown when its reader loses its lease, and has it again, is shown', async () => {
  let isTaken = false;
  await house.stop();
  house = await town.open({
    through: (stores) => ({
      ...stores,
      leases: {
        ...stores.leases,
        take: (...of) => (isTaken ? Promise.resolve(false) : stores.leases.take(...of)),
      },
    }),
  });
  await caughtUp();
  await mia.says(house, 'Is anybody there?');
  await caughtUp();
  await mia.says(house, 'Hello?');
  await passes(town.clock, async () => (await snippet()) === 'Hello?', 20, 5_000);
  isTaken = true;
  await passes(town.clock, () => town.logged.some((line) => line.startsWith('feed.lease_lost')), 250, 15_000);
  expect(await stored()).not.toBe('Hello?');
  isTaken = false;
  await passes(town.clock, async () => (await stored()) === 'Hello?', 500, 90_000);
});

test('an agent’s answer costs no more but the mark that it was delivered', async () => {
  const { id } = await mia.session();
  await anna.says(house, id, 'It is on its way');
  town.store.cosmos.counters.reset();
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  await caughtUp();
  expect(await stored()).toBe('It is on its way');
  const { 'read sessions': _, ...written } = asked();
  expect(written).toMatchObject({ 'patch inbox': 2, 'patch sessions': 1 });
  expect(Object.keys(written).filter((what) => !what.startsWith('patch'))).toEqual([]);
});

test('a chat whose rows cannot be written keeps nobody else’s from being shown', async () => {
  await house.stop();
  const { id: unshown } = await mia.session();
  house = await town.open({
    through: (stores) => ({
      ...stores,
      inbox: {
        ...stores.inbox,
        put: (view, sid, ...row) =>
          sid === unshown
            ? Promise.reject(new HandoffError('store_unreadable', 'A newer house wrote it'))
            : stores.inbox.put(view, sid, ...row),
      },
    }),
  });
  await anna.act(house, unshown, 'suspend', { reason: 'Looking' });
  const noah = await soon(talking(town, house, anna, 'noah'), town.clock);
  await noah.says(house, 'Hello');
  await caughtUp();
  const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 5);
  expect(rows.map(({ lastLine }) => lastLine?.text)).toContain('Hello');
  expect(town.logged.join('\n')).toContain('feed.passed_over');
});
