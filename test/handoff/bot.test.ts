import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  // The readers rest: what is counted is what an acknowledgement waits for, and what follows from it.
  house = await town.open({ running: false });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

const counters = () => town.store.cosmos.counters;

test('a line to the bot costs one store request before it is acknowledged, once the session is known', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'quiet');
  counters().reset();
  // The bot's own state is the bot's to read.
  expect(await mia.says(house, 'hello')).toBe(200);
  const ours = counters().billed() - counters().requests('read', 'sessions');
  expect(ours).toBe(1);
  expect(counters().requests('batch', 'sessions')).toBe(1);
  expect(await mia.ledger()).toEqual(['customer: quiet', 'customer: hello', 'bot: You said hello']);
});

test('a relayed line costs exactly one store request before it is acknowledged, in both directions', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await passes(town.clock, () => false, 500, 5_000).catch(() => undefined);
  counters().reset();
  expect(await mia.says(house, 'Where is it?')).toBe(200);
  expect(counters().billed()).toBe(1);
  expect(counters().requests('batch', 'sessions')).toBe(1);
  const agents = counters().requests('read', 'agents');
  await anna.says(house, id, 'On its way');
  // The permission is read for every act; the session itself is one batch.
  expect(counters().requests('read', 'agents') - agents).toBe(1);
  expect(counters().billed()).toBe(3);
  await until(() => mia.sees()).toContain('On its way');
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed, 500);
  expect(counters().requests('patch', 'sessions')).toBe(1);
});

test('what follows from a relayed line later costs little, and is counted', async () => {
  house.house.start();
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed, 500);
  const writes = (): Readonly<Record<string, number>> =>
    Object.fromEntries(
      counters()
        .all()
        .filter(
          ({ container, operation }) =>
            container !== 'lookups' && !['feed', 'metadata', 'plan'].includes(operation),
        )
        .map(({ container, operation, requests }) => [`${container}.${operation}`, requests]),
    );
  await house.house.caughtUp();
  counters().reset();
  await anna.says(house, id, 'On its way');
  const now = counters().requests('batch', 'sessions');
  await passes(town.clock, async () => (await mia.header()).delivered === (await mia.header()).owed, 500);
  await house.house.caughtUp();
  const all = writes();
  console.log('one relayed line, with what the test reads to watch it:', { before: now, all });
  expect(all['sessions.batch']).toBe(1);
  expect(all['inbox.patch'] ?? 0).toBeLessThanOrEqual(12);
});

test('other channels and other Direct Line users reach the bot untouched, and cost no store request', async () => {
  counters().reset();
  const mia = new Customer(town);
  for (const foreign of [
    mia.activity({ channelId: 'emulator', text: 'quiet' }),
    mia.activity({ from: { id: 'somebody' }, text: 'quiet' }),
    mia.activity({ channelId: 'msteams', text: 'quiet', from: { id: '29:x' } }),
  ]) {
    expect(await post(house, foreign)).toBe(200);
  }
  expect(house.bot.heard).toEqual(['quiet', 'quiet', 'quiet']);
  // The bot reads its own state; ours is not touched.
  const ours = counters()
    .all()
    .filter(({ operation }) => operation !== 'metadata');
  expect(ours.filter(({ container, operation }) => container !== 'sessions' || operation !== 'read')).toEqual(
    [],
  );
});

test('a bot that asks for a person has its event caught, and hears what became of it', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  expect(town.connector.sent.filter(({ activity }) => activity['type'] === 'event')).toEqual([]);
  await until(() => house.bot.statuses).toEqual([{ state: 'accepted', session: id }]);
  await anna.act(house, id, 'close');
  await until(() => house.bot.statuses).toContainEqual({ state: 'completed', session: id });
});

test('a customer in line is still answered by the bot, every line is kept, and asking again tells the place', async () => {
  house.house.start();
  await house.house.caughtUp();
  const first = new Customer(town, 'first');
  await first.says(house, 'agent');
  await house.house.caughtUp();
  const mia = new Customer(town);
  town.clock.advance(1_000);
  await mia.says(house, 'agent');
  await mia.says(house, 'still there?');
  await house.house.caughtUp();
  await mia.says(house, 'agent');
  await until(() => mia.sees().filter((text) => text.includes('2nd')).length).toBe(2);
  expect(await mia.ledger()).toEqual([
    'customer: agent',
    'bot: One moment',
    '(queued)',
    'customer: still there?',
    'bot: You said still there?',
    'customer: agent',
    'bot: One moment',
    '(queued)',
  ]);
  expect(await mia.sessions()).toHaveLength(1);
});

test('a customer may leave the line, and the bot hears that', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'agent');
  await house.house.customers.act(mia.id, mia.thread, 'leaveQueue');
  expect((await mia.session()).status).toBe('bot');
  await until(() => house.bot.statuses).toHaveLength(1);
  expect(house.bot.statuses).toMatchObject([{ state: 'failed' }]);
});

test('from Accept the bot is not called any more, on any instance', async () => {
  const other = await town.open({ running: false });
  other.house.start();
  const mia = new Customer(town);
  await mia.says(other, 'quiet');
  await mia.joins(other);
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  await other.house.caughtUp();
  await passes(town.clock, () => false, 300, 900).catch(() => undefined);
  const before = other.bot.heard.length;
  expect(await mia.says(other, 'hello Anna')).toBe(200);
  expect(other.bot.heard.slice(before)).toEqual([]);
  expect(await mia.ledger()).toContain('customer: hello Anna');
});

test('an agent who accepts while the bot is asking again loses no line', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'agent');
  const { id } = await mia.session();
  house.bot.meanwhile(async () => {
    await anna.act(house, id, 'accept');
  });
  expect(await mia.says(house, 'agent')).toBe(200);
  expect((await mia.ledger()).filter((line) => line === 'customer: agent')).toHaveLength(2);
  expect((await mia.session()).status).toBe('active');
});

test('a line that finds its session over, before anybody has noticed, opens the next one', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'hello');
  town.clock.advance(25 * MINUTE);
  expect(await mia.says(house, 'and now?')).toBe(200);
  const [newest, oldest] = await mia.sessions();
  expect(await mia.ledger(newest)).toEqual(['customer: and now?', 'bot: You said and now?']);
  expect(await mia.ledger(oldest)).toEqual(['customer: hello', 'bot: You said hello', '(expired)']);
});

test('two first lines at once, on two instances, open one session', async () => {
  const other = await town.open({ running: false });
  const mia = new Customer(town);
  const answers = await Promise.all([
    mia.says(house, 'one'),
    mia.says(other, 'two'),
    mia.says(house, 'three'),
  ]);
  expect(answers).toEqual([200, 200, 200]);
  expect(await mia.sessions()).toHaveLength(1);
  expect((await mia.ledger()).filter((line) => line.startsWith('customer')).sort()).toEqual([
    'customer: one',
    'customer: three',
    'customer: two',
  ]);
});

test('an instance that met the customer before they had a session finds the one opened elsewhere', async () => {
  const other = await town.open({ running: false });
  const mia = new Customer(town);
  await mia.joins(house);
  await mia.says(other, 'hello');
  await mia.says(house, 'hello again');
  expect(await mia.sessions()).toHaveLength(1);
});

test('a bot that throws fails the turn, and nothing of it is stored', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'hello');
  expect(await mia.says(house, 'throw')).toBe(500);
  expect(await mia.says(house, 'fine')).toBe(200);
  expect(await mia.ledger()).toEqual([
    'customer: hello',
    'bot: You said hello',
    'customer: fine',
    'bot: You said fine',
  ]);
});

test('T48: activities that make no sense do no harm to the good ones between them', async () => {
  const mia = await talking(town, house, anna);
  const poison: readonly Readonly<Record<string, unknown>>[] = [
    { type: 'message', text: null },
    { type: 'message', text: 'x'.repeat(100_000) },
    { type: 'message', value: { reconnect: { sid: 'x', epoch: 'y' } } },
    {
      type: 'message',
      value: {
        reconnect: { sid: 'dl_aaaaaaaaaaaaaaaaaaaa.aaaaaaaaaa', epoch: 1, nonce: 'n', choice: 'agent' },
      },
    },
    { type: 'event', name: 'webchat/join', value: 7 },
    { type: 'message', attachments: 'none' },
    { type: 'conversationUpdate', membersAdded: 'all' },
    { type: 'typing' },
    { type: 'message', text: 'deep', channelData: { clientActivityID: { not: 'text' } } },
  ];
  for (const [i, one] of poison.entries()) {
    expect(await post(house, mia.activity(one))).toBeLessThan(600);
    expect(await mia.says(house, `good ${i}`)).toBe(200);
  }
  const good = (await mia.ledger()).filter((line) => line.startsWith('customer: good'));
  expect(good).toEqual(poison.map((_, i) => `customer: good ${i}`));
});

test('a line too large for the store fails alone, and those said with it are kept', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const large = { kind: 'message' as const, text: 'x'.repeat(3_000_000) };
  const ask = (text: string, what: { readonly kind: 'message'; readonly text: string }) =>
    house.house.sessions.ask(id, {
      actor: 'customer',
      command: () => ({ type: 'tick' }),
      say: [{ by: { kind: 'customer' }, what }],
      dedupe: [text],
    });
  const done = await Promise.allSettled([
    ask('a', { kind: 'message', text: 'a' }),
    ask('b', { kind: 'message', text: 'b' }),
    ask('large', large),
    ask('c', { kind: 'message', text: 'c' }),
  ]);
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect((await mia.ledger()).slice(-3)).toEqual(['customer: a', 'customer: b', 'customer: c']);
});

test('row 23: a half-filled form is still there after a return in another conversation, and the bot hears of the return', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'my name is Mia');
  mia.conversation = 'another';
  await mia.says(house, 'who am I');
  expect(mia.sees().at(-1)).toBe('You are Mia');
  expect(await mia.sessions()).toHaveLength(1);
  await until(() => house.bot.heard).toContain('reconnect/returned');
});
