import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/local/cosmos/faults.ts';
import type { Doing } from '../../src/handoff/desk-act.ts';
import { openTown, passes, soon, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ running: false });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

const times = (ledger: readonly string[], line: string): number =>
  ledger.filter((one) => one === line).length;

describe.each<readonly [string, Fault]>([
  ['hangs', { kind: 'hang' }],
  ['is down', { kind: 'status', status: 503 }],
  ['breaks every connection', { kind: 'drop', committed: false }],
])('while the store %s', (_, fault) => {
  test('a customer’s line is not acknowledged, nobody is told of it, and the resend is said once', async () => {
    const mia = await talking(town, house, anna);
    const line = mia.activity({ text: 'Are you there?' });
    town.store.cosmos.faults.add({ fault, operation: 'batch' });
    expect(await soon(post(house, line), town.clock)).toBeGreaterThanOrEqual(500);
    expect(await mia.ledger()).not.toContain('customer: Are you there?');
    town.store.cosmos.faults.clear();
    expect(await post(house, line)).toBe(200);
    expect(times(await mia.ledger(), 'customer: Are you there?')).toBe(1);
  });

  test('an agent’s line reaches nobody before it is written', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    town.store.cosmos.faults.add({ fault, operation: 'batch' });
    const said = anna.act(house, id, 'message', { id: 'one', text: 'Hello' });
    await expect(soon(said, town.clock)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(mia.sees()).not.toContain('Hello');
    town.store.cosmos.faults.clear();
    await anna.act(house, id, 'message', { id: 'one', text: 'Hello' });
    await until(() => mia.sees()).toContain('Hello');
    expect(times(await mia.ledger(), 'agent: Hello')).toBe(1);
  });
});

test('a line whose answer from the store is lost is said once', async () => {
  const mia = await talking(town, house, anna);
  const line = mia.activity({ text: 'Still me' });
  const stop = town.store.cosmos.faults.add({ fault: { kind: 'drop', committed: true }, operation: 'batch' });
  await soon(post(house, line), town.clock);
  stop();
  expect(await post(house, line)).toBe(200);
  expect(times(await mia.ledger(), 'customer: Still me')).toBe(1);
});

test('the same activity twice, twice at once, and to two instances is one line', async () => {
  const other = await town.open({ running: false });
  const mia = await talking(town, house, anna);
  const line = mia.activity({ text: 'Once' });
  const other_ = mia.activity({ text: 'Between' });
  const answers = await Promise.all([line, other_, line, line].map((one) => post(house, one)));
  answers.push(...(await Promise.all([post(other, line), post(house, line), post(other, line)])));
  answers.push(await post(house, line));
  expect(new Set(answers)).toEqual(new Set([200]));
  expect(times(await mia.ledger(), 'customer: Once')).toBe(1);
  expect(times(await mia.ledger(), 'customer: Between')).toBe(1);
});

test('repeats that wait together behind another line are one line', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const ask = (text: string, key: string) =>
    house.house.sessions.ask(id, {
      actor: 'customer',
      command: () => ({ type: 'tick' }),
      say: [{ by: { kind: 'customer' }, what: { kind: 'message', text } }],
      dedupe: [key],
    });
  const done = await Promise.all([ask('first', '1'), ask('twice', '2'), ask('twice', '2'), ask('last', '3')]);
  expect(done.map(({ duplicate }) => duplicate)).toEqual([false, false, true, false]);
  expect((await mia.ledger()).slice(-3)).toEqual(['customer: first', 'customer: twice', 'customer: last']);
});

test('a resend under a new activity id, with the id its page gave it, is one line', async () => {
  const mia = await talking(town, house, anna);
  const channelData = { clientActivityID: 'page-1' };
  await mia.says(house, 'Once', { channelData });
  await mia.says(house, 'Once', { channelData });
  const other = await town.open({ running: false });
  await mia.says(other, 'Once', { channelData });
  expect(times(await mia.ledger(), 'customer: Once')).toBe(1);
});

test('a line that the channel brings once more after its chat has ended is taken, and said to nobody', async () => {
  const other = await town.open({ running: false });
  const mia = await talking(town, house, anna);
  const line = mia.activity({ text: 'Thank you' });
  expect(await post(house, line)).toBe(200);
  await anna.act(house, (await mia.session()).id, 'close');
  const sessions = await mia.sessions();
  expect(await post(other, line)).toBe(200);
  expect(other.bot.heard).not.toContain('Thank you');
  expect(mia.sees()).not.toContain('You said Thank you');
  expect(await mia.sessions()).toEqual(sessions);
});

describe('an agent whose act was done and whose answer was lost', () => {
  test.each<readonly [string, Doing['act'], object]>([
    ['takes a customer', 'accept', {}],
    ['hands a customer on', 'transfer', { to: 'queue:support' }],
    ['ends a chat', 'close', {}],
  ])('%s: asked again, it was done, and nothing is done twice', async (_, act, more) => {
    const other = await town.open({ running: false });
    const mia = act === 'accept' ? await waiting() : await talking(town, house, anna);
    const { id, epoch } = await mia.session();
    const first = await anna.act(house, id, act, { id: 'once', epoch, ...more });
    const ledger = await mia.ledger();
    const again = await anna.act(other, id, act, { id: 'once', epoch, ...more });
    expect(again).toMatchObject({ duplicate: true, header: { session: { ver: first.header.session.ver } } });
    expect([again.refused, Reflect.get(again, 'stale')]).toEqual([undefined, undefined]);
    expect(await mia.ledger()).toEqual(ledger);
    // Another act of the same kind is judged as it stands.
    const another = await anna.act(other, id, act, { id: 'another', ...more });
    expect(another.refused).toBeDefined();
  });

  const waiting = async (): Promise<Customer> => {
    const mia = new Customer(town);
    await mia.says(house, 'agent');
    return mia;
  };
});

test('two customers whose pages count their lines alike both have theirs kept', async () => {
  const [mia, ben] = [await talking(town, house, anna, 'mia'), await talking(town, house, anna, 'ben')];
  const channelData = { clientActivityID: '1' };
  await mia.says(house, 'From Mia', { channelData });
  await ben.says(house, 'From Ben', { channelData });
  expect(await mia.ledger()).toContain('customer: From Mia');
  expect(await ben.ledger()).toContain('customer: From Ben');
});

test('a line to the bot sent twice at once runs the bot once', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'quiet');
  const line = mia.activity({ text: 'hello' });
  expect(await Promise.all([post(house, line), post(house, line), post(house, line)])).toEqual([
    200, 200, 200,
  ]);
  expect(house.bot.heard.filter((text) => text === 'hello')).toHaveLength(1);
  expect(mia.sees()).toEqual(['You said hello']);
});

test('a no that rests on old news is looked at again before it is given', async () => {
  const other = await town.open({ running: false });
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await other.house.sessions.header(id);
  const gone = { type: 'customerLeft', cause: 'silent', at: town.clock.now() + 1 } as const;
  town.clock.advance(10);
  await house.house.sessions.ask(id, { actor: 'house', command: () => gone });
  // The other instance still believes that the customer is here, where coming back changes nothing.
  await other.house.customers.heal(id, mia.thread);
  expect((await mia.session()).status).toBe('active');
  expect(await mia.ledger()).toContain('(customerBack)');
});

test('a step that loses every race for a while is decided again, and in the end written', async () => {
  const other = await town.open({ running: false });
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
  await Promise.all(
    lines.map((text, i) => anna.act(i % 2 ? house : other, id, 'message', { id: text, text })),
  );
  const said = (await mia.ledger()).filter((line) => line.startsWith('agent: line'));
  expect([...said].sort()).toEqual(lines.map((line) => `agent: ${line}`).sort());
  await passes(town.clock, () => true);
});
