import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChat, openHouse, promptIn, until, type Customer, type TestHouse } from '../server/house.ts';
import { heldStore, type HeldStore } from '../server/rounds.ts';

let store: HeldStore;
let house: TestHouse;
beforeAll(async () => {
  store = await heldStore();
  house = await openHouse({ cosmos: store.cosmos, folder: store.folder });
});
afterAll(async () => {
  await house.close();
  await store.cosmos.close();
});

/** A customer who talks to an agent, has opened another page, and is asked there. */
async function asked(): Promise<{ readonly chat: Customer; readonly prompt: object }> {
  const before = await openChat(house);
  await before.say('agent');
  const bearer = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer });
  const row = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string; epoch: number }[]).find(({ sid }) =>
      sid.startsWith(before.userId),
    );
  }, 'they stand in line');
  const accepted = await house.ask(
    'POST',
    `/api/sessions/${row.sid}/acts`,
    { id: `accept-${row.sid}`, act: 'accept', epoch: row.epoch },
    { bearer },
  );
  expect(accepted.status).toBe(200);
  await before.say('Where is my parcel?');
  const chat = await before.again();
  await chat.join();
  const prompt = await until(async () => promptIn(await chat.shown()), 'the prompt is shown');
  await house.settled();
  return { chat, prompt: { ...prompt, conversation: chat.conversation } };
}

const clicks = (at: TestHouse, { asking }: Customer, prompt: object) =>
  at.ask('POST', '/api/reconnect', { prompt }, asking);
/** Slots and rows follow after the answer. */
const isWaitedFor = (one: string): boolean => one.startsWith('sessions.');
const READS = ['inbox.query', 'sessions.query', 'sessions.read', 'sessions.read', 'sessions.read'];

test('from the click on Continue to the transcript it is one round of reads and one write, whether warm or cold', async () => {
  const warm = await asked();
  const cold = await asked();
  const first = await store.roundsOf(() => clicks(house, warm.chat, { ...warm.prompt, choice: 'agent' }));
  expect(first.done.status).toBe(200);
  expect(JSON.stringify(first.done.body['transcript'])).toContain('Where is my parcel?');
  expect(first.rounds).toHaveLength(2);
  expect(first.rounds[0]).toEqual(expect.arrayContaining(READS));
  expect(first.rounds[1]?.filter(isWaitedFor)).toEqual(['sessions.batch']);

  const other = await openHouse({ cosmos: store.cosmos, folder: store.folder, name: 'other' });
  const second = await store.roundsOf(() => clicks(other, cold.chat, { ...cold.prompt, choice: 'agent' }));
  await other.close();
  expect([second.done.status, second.rounds.length]).toEqual([200, 2]);
  expect(second.rounds[0]).toEqual(expect.arrayContaining(['agents.query', ...READS]));
  expect(second.rounds[1]?.filter(isWaitedFor)).toEqual(['sessions.batch']);
});

test('clicked again, it is one round of reads, and nothing is written', async () => {
  const { chat, prompt } = await asked();
  const one = await clicks(house, chat, { ...prompt, choice: 'agent' });
  await house.settled();
  const again = await store.roundsOf(() => clicks(house, chat, { ...prompt, choice: 'agent' }));
  expect(again.done.body['transcript']).toEqual(one.body['transcript']);
  expect(again.rounds).toHaveLength(1);
  expect(again.rounds[0]).not.toContain('sessions.batch');
});

test('nobody’s click on a prompt that was not shown reads anything but who they are', async () => {
  const { chat, prompt } = await asked();
  const forged = await store.roundsOf(() =>
    clicks(house, chat, { ...prompt, choice: 'agent', nonce: 'made-up-made-up-made-u.support' }),
  );
  expect(forged.done.status).toBe(404);
  expect(forged.rounds.flat()).not.toContain('sessions.query');
});
