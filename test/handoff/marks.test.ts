import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Device } from '../../src/handoff/header.ts';
import type { Notice, NoticeCode } from '../../src/session/ledger.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';

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

const COMPUTER: Device = { kind: 'computer', browser: 'Firefox' };
const PHONE: Device = { kind: 'phone', browser: 'Safari' };

/** Their page has shown everything up to this line. */
const sees = (seq: number, at = house, device: Device = COMPUTER) =>
  at.house.customers.seen(mia.id, mia.thread, seq, device);
const seesAll = async (): Promise<number> => {
  const { seq } = await mia.header();
  await sees(seq);
  return seq;
};
const leaves = async (): Promise<void> => {
  const { id } = await mia.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
};
const says = async (...texts: readonly string[]): Promise<void> => {
  const { id } = await mia.session();
  for (const text of texts) await anna.says(house, id, text);
};
/** What was told under this code, latest last. */
const told = async (code: NoticeCode): Promise<readonly Notice['params'][]> => {
  const { id } = await mia.session();
  const entries = await town.store.stores.sessions.entries(id, {});
  return entries.flatMap(({ what }) => (what.kind === 'notice' && what.code === code ? [what.params] : []));
};
const notSeen = async () => (await mia.header()).unseen ?? [];

test('N8: what the customer has seen is a mark on the header, never goes back, and decides nothing', async () => {
  await says('One', 'Two');
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  const before = await mia.header();
  expect(await notSeen()).toEqual([before.seq - 1, before.seq]);
  await sees(before.seq - 1);
  await until(async () => (await mia.header()).seen).toBe(before.seq - 1);
  expect(await notSeen()).toEqual([before.seq]);
  await sees(before.seq, other);
  await sees(before.seq - 1);
  await until(async () => (await mia.header()).seen).toBe(before.seq);
  const after = await mia.header();
  expect(after.unseen).toEqual([]);
  expect([after.seq, after.session.ver, after.session.epoch]).toEqual([
    before.seq,
    before.session.ver,
    before.session.epoch,
  ]);
});

test('N8: nobody has seen what was never said, and a page of another chat says nothing about this one', async () => {
  const { seq } = await mia.header();
  await sees(seq + 1);
  const noah = await talking(town, house, anna, 'noah');
  await house.house.customers.seen(noah.id, mia.thread, seq, COMPUTER);
  expect(await mia.header()).not.toHaveProperty('seen');
});

test('N8: having seen a line costs one patch, which carries that it was delivered', async () => {
  await says('One');
  await until(() => mia.sees()).toContain('One');
  const { counters } = town.store.cosmos;
  const patches = counters.requests('patch', 'sessions');
  await seesAll();
  await passes(town.clock, () => false, 500, 4_000).catch(() => undefined);
  expect(counters.requests('patch', 'sessions') - patches).toBe(1);
  const { seen, delivered: to, seq } = await mia.header();
  expect([seen, to]).toEqual([seq, seq]);
});

test('N8: a session that ends with messages unseen tells its agent how many and which', async () => {
  const { id } = await mia.session();
  await seesAll();
  await leaves();
  await says('It leaves tonight', 'Here is the number');
  await anna.act(house, id, 'comment', { text: 'Only us' });
  const { seq } = await mia.header();
  await anna.act(house, id, 'close');
  expect(await told('endedUnseen')).toEqual([{ count: 2, lines: `${seq - 2},${seq - 1}` }]);
  expect(mia.sees().join()).not.toContain('has not seen');
});

test('N8: so does one that time ends', async () => {
  await seesAll();
  await leaves();
  await says('It leaves tonight');
  await house.house.caughtUp();
  town.clock.advance(21 * MINUTE);
  await passes(town.clock, async () => (await mia.session()).status === 'expired', 500);
  expect((await told('endedUnseen')).map(({ count }) => count)).toEqual([1]);
});

test('N8: whoever ends the chat on their own page has had it before their eyes', async () => {
  await seesAll();
  await says('Anything else?');
  await until(() => mia.sees()).toContain('Anything else?');
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  await house.house.customers.act(mia.id, mia.thread, 'end');
  expect((await mia.session()).status).toBe('closed');
  expect(await told('endedUnseen')).toEqual([]);
});

test('N8, O21: of a page that never tells what it shows, only what never reached it counts as unseen', async () => {
  const { id } = await mia.session();
  await says('Here');
  await until(() => mia.sees()).toContain('Here');
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed);
  await leaves();
  await says('Held');
  await anna.act(house, id, 'close');
  expect((await told('endedUnseen')).map(({ count }) => count)).toEqual([1]);
});

test('N7: the agent is told how long, on what now, and how much of theirs is unread', async () => {
  const { id } = await mia.session();
  await seesAll();
  await leaves();
  await says('It leaves tonight', 'Here is the number');
  town.clock.advance(14 * MINUTE - 60_000);
  const phone = 'mia-phone';
  mia.conversation = phone;
  await house.house.customers.returning.comeBack({
    ...{ sid: id, conversation: mia.thread, way: 'prompt', want: 'agent', device: PHONE },
  });
  const [back] = await told('customerBack');
  expect(back).toMatchObject({ device: 'phone', unread: 2, way: 'prompt' });
  expect(Number(back?.['awayMs'])).toBeGreaterThanOrEqual(13 * MINUTE);
  expect((await mia.header()).device).toEqual(PHONE);
});

test('N7: who heals on the same device with nothing unread is told of without a word more', async () => {
  await seesAll();
  await leaves();
  await house.house.customers.beat(mia.id, {
    ...{ conversation: mia.thread, beatAt: town.clock.now(), phone: false, device: COMPUTER },
  });
  const [back] = await told('customerBack');
  expect(back).not.toHaveProperty('device');
  expect(back).not.toHaveProperty('unread');
});

test('N7, row 58: what was held is delivered in order, once, and stays unread until their page has shown it', async () => {
  const { id } = await mia.session();
  await seesAll();
  await leaves();
  await says('One', 'Two');
  await house.house.customers.heal(id, mia.thread);
  await until(() => mia.sees().filter((text) => text === 'One' || text === 'Two')).toEqual(['One', 'Two']);
  expect(await notSeen()).toHaveLength(2);
  expect((await house.house.customers.state(id)).seen).toBeDefined();
  await seesAll();
  await until(notSeen).toEqual([]);
});
