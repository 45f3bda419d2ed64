import { afterAll, beforeAll, expect, test } from 'vitest';
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
