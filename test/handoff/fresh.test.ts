import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import type { Log } from '../../src/handoff/ports.ts';
import { readCustomerId, type SessionId } from '../../src/session/ids.ts';
import { openChat, openHouse, promptIn, until, type Customer, type TestHouse } from '../server/house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Ids of the sessions this customer has, as stored. */
async function sessionsOf({ userId }: Customer): Promise<readonly SessionId[]> {
  const log: Log = () => undefined;
  const stores = cosmosStores({ ...house.store, database: DATABASE, clock: systemClock, log });
  const customer = readCustomerId(userId);
  const index = customer && (await stores.sessions.index(customer));
  stores.dispose();
  return (index?.value.sessions ?? []).map(({ sid }) => sid);
}

test('a customer who starts fresh twice and writes at once has one new session', async () => {
  const before = await openChat(house);
  await before.say('agent');
  const chat = await before.again();
  await chat.join();
  const prompt = await until(async () => promptIn(await chat.shown()), 'the prompt is shown');
  const fresh = { prompt: { ...prompt, conversation: chat.conversation, choice: 'fresh' } };
  const answers = await Promise.all([
    house.ask('POST', '/api/reconnect', fresh, chat.asking),
    house.ask('POST', '/api/reconnect', fresh, chat.asking),
    chat.say('Hello'),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, expect.any(Number)]);
  await chat.say('Hello again');
  await house.settled();
  expect(await sessionsOf(chat)).toHaveLength(2);
});

/** A customer who came back in a new page, and starts fresh there; what the answer asks. */
async function startsFresh(choice = 'fresh') {
  const before = await openChat(house);
  await before.say('agent');
  const chat = await before.again();
  await chat.join();
  const prompt = await until(async () => promptIn(await chat.shown()), 'the prompt is shown');
  const answer = await house.ask(
    'POST',
    '/api/reconnect',
    { prompt: { ...prompt, conversation: chat.conversation, choice } },
    chat.asking,
  );
  return { chat, old: prompt.sid, answer };
}
const share = (chat: Customer, body: object) =>
  house.ask('POST', '/api/share', { conversation: chat.conversation, ...body }, chat.asking);
const followsOf = async (sid: string | undefined) => {
  const log: Log = () => undefined;
  const stores = cosmosStores({ ...house.store, database: DATABASE, clock: systemClock, log });
  const header = sid === undefined ? undefined : await stores.sessions.header(sid as SessionId);
  stores.dispose();
  return header?.value.session.follows;
};

describe('N5: whoever starts fresh is asked whether the new agent may see the earlier chat', () => {
  test('yes shows it to whoever has the new one, also when said twice', async () => {
    const { chat, old, answer } = await startsFresh();
    expect(answer.body['share']).toMatchObject({ earlier: old, nonce: expect.any(String) as string });
    expect(JSON.stringify(answer.body['share'])).toContain('Let the new agent see the earlier chat?');
    const asked = answer.body['share'] as { earlier: string; nonce: string };
    expect((await share(chat, asked)).status).toBe(200);
    expect((await share(chat, asked)).status).toBe(200);
    const [newest] = await sessionsOf(chat);
    expect([newest === old, await followsOf(newest)]).toEqual([false, old]);
  });

  test('who says nothing, shows nothing', async () => {
    const { chat, old } = await startsFresh();
    const [newest] = await sessionsOf(chat);
    expect([newest === old, await followsOf(newest)]).toEqual([false, undefined]);
  });

  test('nobody can show a chat that they were not asked about', async () => {
    const { chat, answer } = await startsFresh();
    const stranger = await startsFresh();
    const asked = answer.body['share'] as { earlier: string; nonce: string };
    expect((await share(stranger.chat, asked)).status).toBe(404);
    expect((await share(chat, { ...asked, nonce: 'made up' })).status).toBe(404);
    expect((await share(chat, { earlier: asked.earlier })).status).toBe(400);
  });

  test('who says “this isn’t me” is not asked: it is not theirs to show', async () => {
    const { answer } = await startsFresh('notMe');
    expect([answer.status, answer.body['share']]).toEqual([200, undefined]);
  });
});

describe('POST /api/transcript', () => {
  test('gives a customer their own chat, and nobody else’s', async () => {
    const chat = await openChat(house);
    await chat.say('Hello');
    const read = (by: Customer) =>
      house.ask('POST', '/api/transcript', { conversation: chat.conversation }, by.asking);
    const mine = await read(chat);
    expect(mine.body).toMatchObject({ state: { status: 'bot' } });
    expect((mine.body['lines'] as { text: string }[]).map(({ text }) => text)).toContain('Hello');
    expect((await read(await openChat(house))).status).toBe(404);
    expect((await house.ask('POST', '/api/transcript', { conversation: chat.conversation })).status).toBe(
      401,
    );
  });
});

describe('the token route', () => {
  test('row 97: says that it cannot tell while the store is down, and opens nothing in silence', async () => {
    const chat = await openChat(house);
    await chat.say('agent');
    const free = house.cosmos?.faults.add({
      fault: { kind: 'status', status: 503 },
      container: 'sessions',
    });
    const opened = await house.ask('POST', '/api/directline/token', {}, chat.asking);
    free?.();
    expect([opened.status, opened.body]).toMatchObject([503, { error: { code: 'store_unavailable' } }]);
    expect(await sessionsOf(chat)).toHaveLength(1);
  });
});
