import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChat, openHouse, promptIn, until, type Customer, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

type Prompt = NonNullable<ReturnType<typeof promptIn>>;

/** A customer in the queue who comes back in a new conversation and is asked. */
async function asked(): Promise<{
  readonly before: Customer;
  readonly chat: Customer;
  readonly prompt: Prompt;
}> {
  const before = await openChat(house);
  await before.say('agent');
  const chat = await before.again();
  await chat.join();
  const prompt = await until(async () => promptIn(await chat.shown()), 'the prompt is shown');
  await house.settled();
  return { before, chat, prompt };
}

const answer = (chat: Customer, prompt: object) =>
  house.ask(
    'POST',
    '/api/reconnect',
    { prompt: { conversation: chat.conversation, ...prompt } },
    chat.asking,
  );

const UNKNOWN = { error: { code: 'not_found', message: expect.any(String) as string } };

test('a customer who answers their prompt is back, and answering it again changes nothing', async () => {
  const { chat, prompt } = await asked();
  const first = await answer(chat, { ...prompt, choice: 'agent' });
  expect([first.status, (first.body['transcript'] as unknown[]).length > 0]).toEqual([200, true]);
  await house.settled();
  const before = house.writes();
  const again = await answer(chat, { ...prompt, choice: 'agent' });
  expect([again.status, again.body['transcript']]).toEqual([200, first.body['transcript']]);
  expect(house.writes()).toEqual(before);
});

test('a prompt of somebody else is answered like one that never was', async () => {
  const { prompt } = await asked();
  const stranger = await openChat(house);
  await house.settled();
  const before = house.writes();
  const foreign = await answer(stranger, { ...prompt, choice: 'agent' });
  const invented = await answer(stranger, {
    sid: `${stranger.userId}.aaaaaaaaaaaaaaaa`,
    epoch: prompt.epoch,
    nonce: prompt.nonce,
    choice: 'agent',
  });
  expect([foreign.status, foreign.body]).toEqual([404, UNKNOWN]);
  expect([invented.status, invented.text]).toEqual([foreign.status, foreign.text]);
  expect(house.writes()).toEqual(before);
});

test.each<[string, (prompt: Prompt) => object]>([
  [
    'with another nonce',
    (prompt) => ({ nonce: `${prompt.nonce.slice(0, -1)}${prompt.nonce.endsWith('A') ? 'B' : 'A'}` }),
  ],
  ['without its nonce', () => ({ nonce: '' })],
  ['of another epoch', (prompt) => ({ epoch: prompt.epoch + 1 })],
  ['shown in another conversation', () => ({ conversation: 'elsewhere' })],
])('a prompt %s is answered like one that never was', async (_, change) => {
  const { chat, prompt } = await asked();
  const before = house.writes();
  const changed = await answer(chat, { ...prompt, choice: 'agent', ...change(prompt) });
  expect([changed.status, changed.body]).toEqual([404, UNKNOWN]);
  expect(house.writes()).toEqual(before);
});

test('a prompt whose session has ended meanwhile gets a clear no, with the state to go on from', async () => {
  const { before, chat, prompt } = await asked();
  const ended = await house.ask(
    'POST',
    '/api/act',
    { conversation: before.conversation, act: 'end' },
    before.asking,
  );
  expect(ended.status).toBe(200);
  const late = await answer(chat, { ...prompt, choice: 'agent' });
  expect([late.status, late.body]).toMatchObject([
    409,
    { error: { message: expect.stringMatching(/\S/u) as string }, state: {} },
  ]);
});
