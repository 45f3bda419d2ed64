import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CustomerTyping } from '../../src/handoff/news.ts';
import { openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, post, talking, type Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let other: TestHouse;
let anna: Agent;
let mia: Customer;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  other = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  mia = await talking(town, house, anna);
});
afterEach(() => town.close());

/** What the channel was told of somebody typing, for this customer's page. */
const typed = () =>
  town.connector.sent
    .filter(
      ({ conversation, activity }) => conversation === mia.conversation && activity['type'] === 'typing',
    )
    .map(({ activity }) => activity['channelData']);
const heard = (at: TestHouse): readonly CustomerTyping[] => {
  const typing: CustomerTyping[] = [];
  at.house.news.listen((told) => told.typing && typing.push(told.typing));
  return typing;
};
const types = (at: TestHouse) => post(at, mia.activity({ type: 'typing' }));
const upserts = () => town.store.cosmos.counters.requests('upsert', 'sessions');

test('row 85: that an agent writes reaches the customer’s page from any instance, once in a while, and the store never', async () => {
  const { id } = await mia.session();
  await other.house.sessions.header(id);
  const before = await mia.header();
  town.store.cosmos.counters.reset();
  for (let i = 0; i < 5; i += 1) await other.house.typing.agent(anna.ref, id);
  expect(typed()).toEqual([{ reconnect: { sid: id, agent: 'Anna' } }]);
  const { counters } = town.store.cosmos;
  expect([counters.requests('batch'), counters.requests('patch', 'sessions'), upserts()]).toEqual([0, 0, 0]);
  town.clock.advance(3_000);
  await other.house.typing.agent(anna.ref, id);
  expect(typed()).toHaveLength(2);
  expect(await mia.header()).toMatchObject({ seq: before.seq, session: { ver: before.session.ver } });
});

test('row 85: nobody is told that an agent writes while the customer is gone, or that a colleague does', async () => {
  const { id } = await mia.session();
  const ben = await new Agent(town, 'Ben Cole').signsIn(house);
  await house.house.typing.agent(ben.ref, id);
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  await house.house.typing.agent(anna.ref, id);
  expect(typed()).toEqual([]);
});

test('row 85: that a customer writes reaches the tabs of every instance, and is neither said nor decided', async () => {
  const { id } = await mia.session();
  const [here, there] = [heard(house), heard(other)];
  const before = await mia.header();
  const ledger = await mia.ledger();
  const from = upserts();
  for (let i = 0; i < 5; i += 1) expect(await types(house)).toBe(200);
  expect(here[0]).toEqual({ sid: id, at: expect.any(Number) as number });
  await until(() => there[0]).toEqual(here[0]);
  expect(upserts() - from).toBe(1);
  expect(await mia.header()).toMatchObject({ seq: before.seq, session: { ver: before.session.ver } });
  expect(await mia.ledger()).toEqual(ledger);
});

test('row 85: a customer who is gone does not come back by a late word that they type', async () => {
  const { id } = await mia.session();
  const here = heard(house);
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  expect(await types(house)).toBe(200);
  expect([(await mia.session()).status, here]).toEqual(['disconnected', []]);
});
