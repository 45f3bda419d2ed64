import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR, MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

const lines = (n: number): readonly string[] => Array.from({ length: n }, (_, i) => `line ${i + 1}`);
const seen = (customer: Customer, conversation?: string): readonly string[] =>
  customer.sees(conversation).filter((text) => text.startsWith('line'));
const has = (customer: Customer, n: number) => (): boolean => seen(customer).length >= n;
/** The number under which it came. */
const seqOf = ({ channelData }: Readonly<Record<string, unknown>>): number | undefined =>
  (channelData as { readonly reconnect?: { readonly seq?: number } } | undefined)?.reconnect?.seq;
/** Time passes and nothing more comes. */
const quiet = (ms = 12_000): Promise<unknown> =>
  passes(town.clock, () => false, 500, ms).catch(() => undefined);

async function gone(customer: Customer): Promise<void> {
  town.clock.advance(10);
  const { id } = await customer.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
}

test('what an agent says comes in order, once, numbered, and with nothing to wait for', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await Promise.all(lines(12).map((text) => anna.says(house, id, text)));
  await passes(town.clock, has(mia, 12));
  expect(seen(mia)).toEqual(
    (await mia.ledger()).flatMap((line) => (line.startsWith('agent: ') ? [line.slice(7)] : [])),
  );
  const carried = mia.sent().filter(({ activity }) => activity['channelData'] !== undefined);
  const numbers = carried.map(
    ({ activity }) => (activity['channelData'] as { reconnect: { seq: number } }).reconnect.seq,
  );
  expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const { activity } of carried) expect(activity).not.toHaveProperty('replyToId');
});

test.each([429, 412, 502, 503, 504])(
  'a channel that answers %i for a while gets every line once, in order',
  async (status) => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    town.connector.trouble(status, 6, mia.conversation);
    for (const text of lines(3)) await anna.says(house, id, text);
    await passes(town.clock, has(mia, 3), 250);
    await quiet();
    expect(seen(mia)).toEqual(lines(3));
  },
);

test.each(['cutAfter', 'cut', 'hang', 500] as const)(
  'a channel that breaks midway (%s) keeps the order, and repeats at most that line',
  async (what) => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    town.connector.trouble(what, 1, mia.conversation);
    for (const text of lines(3)) await anna.says(house, id, text);
    await passes(town.clock, has(mia, 3), 250);
    town.connector.calm();
    await quiet();
    expect([...new Set(seen(mia))]).toEqual(lines(3));
    expect(seen(mia).slice(seen(mia).lastIndexOf('line 1'))).toEqual(lines(3));
  },
);

test('a channel that is down for a minute gets every line when it is well again', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  town.connector.trouble(500, 10_000, mia.conversation);
  for (const text of lines(3)) await anna.says(house, id, text);
  await quiet(60_000);
  town.connector.calm();
  await passes(town.clock, has(mia, 3), 500, 5 * MINUTE);
  await quiet();
  expect(seen(mia)).toEqual(lines(3));
});

test.each([403, 404])(
  'a customer whose channel answers %i counts as gone; what was said is held and comes after they heal',
  async (status) => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    town.connector.trouble(status, 100, mia.conversation);
    await anna.says(house, id, 'line 1');
    await until(async () => (await mia.session()).status).toBe('disconnected');
    await anna.says(house, id, 'line 2');
    town.connector.calm();
    await quiet(8_000);
    expect(seen(mia)).toEqual([]);
    await mia.beats(house);
    await passes(town.clock, has(mia, 2));
    await quiet();
    expect(seen(mia)).toEqual(lines(2));
  },
);

/** What came, with the number each had. */
const numbered = (customer: Customer): readonly (readonly [number, string])[] =>
  customer.sent().flatMap(({ activity }) => {
    const { reconnect } = (activity['channelData'] ?? {}) as {
      readonly reconnect?: { readonly seq: number };
    };
    return reconnect === undefined ? [] : [[reconnect.seq, String(activity['text'])] as const];
  });

test.each([400, 413])(
  'a line that its channel refuses as it is (%i) is stood in for, and holds up none that comes after it',
  async (status) => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    town.connector.trouble(status, 1_000, mia.conversation, 'line 1');
    for (const text of lines(3)) await anna.says(house, id, text);
    await passes(town.clock, has(mia, 2));
    await quiet();
    const { seq } = await mia.header();
    expect(numbered(mia).filter(([at]) => at > seq - 3)).toEqual([
      [seq - 2, 'A message could not be shown here. It is kept with your chat.'],
      [seq - 1, 'line 2'],
      [seq, 'line 3'],
    ]);
    expect(await mia.session()).toMatchObject({ status: 'active' });
    expect(await mia.ledger()).toContain('agent: line 1');
  },
);

test('a line that its channel fails at each time it is tried holds up what comes after it for minutes, not for ever', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  town.connector.trouble(500, 100_000, mia.conversation, 'line 1');
  for (const text of lines(2)) await anna.says(house, id, text);
  await passes(town.clock, has(mia, 1), 500, 30 * MINUTE);
  expect(seen(mia)).toEqual(['line 2']);
  expect(mia.sees().at(-2)).toContain('kept with your chat');
});

test('a channel that was down for ten minutes is given every line itself', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  town.connector.trouble(500, 100_000, mia.conversation);
  for (const text of lines(2)) await anna.says(house, id, text);
  await quiet(10 * MINUTE);
  // Not between a line and what would stand in for it: a channel that recovers just there has the stand-in.
  for (let before = -1; before !== town.connector.attempts();) {
    before = town.connector.attempts();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  town.connector.calm();
  // Slowly: to this clock a machine that is busy is an instance that sleeps.
  await passes(town.clock, has(mia, 2), 200, 10 * MINUTE);
  expect(seen(mia)).toEqual(lines(2));
  expect(mia.sees().join()).not.toContain('kept with your chat');
});

test('nobody counts as gone because a channel does not take our own credentials', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  town.connector.trouble(401, 2, mia.conversation);
  await anna.says(house, id, 'line 1');
  await passes(town.clock, has(mia, 1), 500);
  await quiet();
  expect(seen(mia)).toEqual(lines(1));
  expect(await mia.session()).toMatchObject({ status: 'active' });
});

test('row 98: Direct Line is left alone for as long as its 429 says, and gets every line once, in order', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const before = town.connector.attempts();
  town.connector.trouble({ status: 429, retryAfter: 20 }, 1, mia.conversation);
  for (const text of lines(3)) await anna.says(house, id, text);
  await until(() => town.connector.attempts()).toBe(before + 1);
  await quiet(15_000);
  expect(town.connector.attempts()).toBe(before + 1);
  await passes(town.clock, has(mia, 3), 250);
  await quiet();
  expect(seen(mia)).toEqual(lines(3));
});

test('row 58: a customer with a stock Web Chat who reloads gets what was said while they were away, in order, once', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await gone(mia);
  for (const text of lines(5)) await anna.says(house, id, text);
  await mia.joins(house);
  await passes(town.clock, has(mia, 5));
  await quiet();
  expect(seen(mia)).toEqual(lines(5));
});

test('row 58: after a return elsewhere nothing goes to the old conversation, not even what was being tried', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const old = mia.conversation;
  town.connector.trouble(500, 10_000, old);
  for (const text of lines(2)) await anna.says(house, id, text);
  await quiet(1_500);
  mia.conversation = 'elsewhere';
  const back = await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
  town.connector.calm();
  const handed = back.transcript.map(({ text }) => text).filter((text) => text.startsWith('line'));
  expect(handed).toEqual(lines(2));
  await anna.says(house, id, 'line 3');
  await passes(town.clock, has(mia, 1));
  await quiet();
  expect(seen(mia, old)).toEqual([]);
  // Handed over in the transcript: only what came later is carried.
  expect(seen(mia)).toEqual(['line 3']);
});

test('I16: what has not come yet comes to where its customer writes next, also where that page never joined', async () => {
  let meanwhile = (): Promise<unknown> => Promise.resolve();
  const other = await town.open({
    through: (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        entries: async (sid, options) => {
          await meanwhile();
          return stores.sessions.entries(sid, options);
        },
      },
    }),
  });
  const mia = new Customer(town);
  await mia.says(house, 'Hello');
  const { id } = await mia.session();
  town.connector.trouble(500, 10_000, mia.conversation);
  mia.conversation = 'elsewhere';
  // The bot gives the chat to people while it is about to go on where she writes now.
  meanwhile = async () => {
    meanwhile = () => Promise.resolve();
    await house.house.sessions.ask(id, { actor: 'bot', command: () => ({ type: 'handoff' }) });
  };
  await mia.says(other, 'And here?');
  const { session } = await mia.header();
  expect([session.id, session.status, session.conversation]).toEqual([id, 'queued', mia.thread]);
  const notice = (await town.store.stores.sessions.entries(id, {})).find(({ by }) => by.kind === 'house');
  expect(notice?.what.kind).toBe('notice');
  await passes(town.clock, () => mia.sent().some(({ activity }) => seqOf(activity) === notice?.seq));
});

test('lines written by two instances in turn arrive in order, once', async () => {
  const other = await town.open();
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  for (const [i, text] of lines(10).entries()) await anna.says(i % 2 ? other : house, id, text);
  const ms = await passes(town.clock, has(mia, 10));
  await quiet();
  expect(seen(mia)).toEqual(lines(10));
  expect(ms).toBeLessThan(3_000);
});

test('lines written by two instances at the same time arrive in the ledger’s order, once', async () => {
  const other = await town.open();
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await Promise.all(
    lines(20).map((text, i) => anna.act(i % 2 ? other : house, id, 'message', { id: text, text })),
  );
  await passes(town.clock, has(mia, 20));
  await quiet();
  const said = (await mia.ledger()).flatMap((line) => (line.startsWith('agent: ') ? [line.slice(7)] : []));
  expect(seen(mia)).toEqual(said);
});

test('what an instance wrote before it died is brought by another within five seconds of looking', async () => {
  const dying = await town.open({ dying: true });
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await quiet(8_000);
  const before = town.connector.attempts();
  town.connector.trouble('hang', 1, mia.conversation);
  await anna.says(dying, id, 'line 1');
  await until(() => town.connector.attempts()).toBe(before + 1);
  const ms = await passes(town.clock, has(mia, 1), 100);
  expect(ms).toBeLessThan(7_000);
});

test('an instance that stops in good order leaves nothing to be said twice', async () => {
  const leaving = await town.open();
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await quiet(8_000);
  await anna.says(leaving, id, 'line 1');
  await until(() => seen(mia)).toEqual(['line 1']);
  await leaving.stop();
  expect((await mia.header()).delivered).toBe((await mia.header()).owed);
  await quiet();
  expect(seen(mia)).toEqual(['line 1']);
});

test('an instance that stops while a channel is down leaves the line to another', async () => {
  const leaving = await town.open();
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await quiet(8_000);
  const before = town.connector.attempts();
  town.connector.trouble(500, 10_000, mia.conversation);
  await anna.says(leaving, id, 'line 1');
  await until(() => town.connector.attempts() > before).toBe(true);
  await leaving.house.stop();
  expect(town.connector.attempts() - before).toBeLessThan(3);
  town.connector.calm();
  await passes(town.clock, has(mia, 1), 500, 5 * MINUTE);
  await quiet();
  expect(seen(mia)).toEqual(['line 1']);
});

describe('one customer’s broken channel', () => {
  test('holds up nobody else', async () => {
    const [mia, ben] = [await talking(town, house, anna, 'mia'), await talking(town, house, anna, 'ben')];
    town.connector.trouble('hang', 100, mia.conversation);
    await anna.says(house, (await mia.session()).id, 'line 1');
    await quiet(7_000);
    await anna.says(house, (await ben.session()).id, 'line 1');
    await passes(town.clock, has(ben, 1), 100, 2_000);
    await house.house.caughtUp();
    const rows = await house.house.inbox.page(`agent:${anna.ref.id}`, 'mine', 10);
    expect(rows.rows).toHaveLength(2);
    town.connector.calm();
  });
});

test('a closed session whose customer is long gone is not tried for ever', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  town.connector.trouble(404, 100_000, mia.conversation);
  await anna.act(house, id, 'close');
  const anHour = () => passes(town.clock, () => false, 40_000, HOUR).catch(() => undefined);
  let before = -1;
  // The clock outruns a busy machine: what it still tries counts in the hour after. Who never stops is at it in each.
  for (let hours = 0; hours < 8 && before !== town.connector.attempts(); hours += 1) {
    before = town.connector.attempts();
    await anHour();
  }
  expect(town.connector.attempts()).toBe(before);
});
