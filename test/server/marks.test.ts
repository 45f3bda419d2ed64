import { afterAll, beforeAll, expect, test } from 'vitest';
import { openChat, openHouse, until, type Customer, type TestHouse } from './house.ts';

let house: TestHouse;
let bearer: string;
beforeAll(async () => {
  house = await openHouse();
  bearer = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer });
});
afterAll(() => house.close());

/** A customer who talks to the agent of this tab. */
async function talking(): Promise<{ readonly chat: Customer; readonly sid: string }> {
  const chat = await openChat(house);
  await chat.say('agent');
  const row = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string; epoch: number }[]).find(({ sid }) => sid.startsWith(chat.userId));
  }, 'they stand in line');
  const { sid, epoch } = row;
  const accept = { id: `accept-${sid}`, act: 'accept', epoch };
  expect((await house.ask('POST', `/api/sessions/${sid}/acts`, accept, { bearer })).status).toBe(200);
  return { chat, sid };
}

/** What a tab's live stream has brought so far, as text. */
async function listening(): Promise<{ readonly heard: () => string; readonly stop: () => void }> {
  const stopping = new AbortController();
  const { body } = await fetch(`${house.origin}/api/stream`, {
    headers: { authorization: `Bearer ${bearer}` },
    signal: stopping.signal,
  });
  let heard = '';
  const read = async (): Promise<void> => {
    for await (const chunk of body ?? []) heard += Buffer.from(chunk).toString();
  };
  read().catch(() => undefined);
  await until(() => heard.includes('hello'), 'the stream is open');
  return { heard: () => heard, stop: () => stopping.abort() };
}

test('row 85: the tab of the agent hears that their customer writes', async () => {
  const { chat, sid } = await talking();
  const { heard, stop } = await listening();
  await chat.say('', { type: 'typing' });
  const [, told] = await until(() => /event: typing\ndata: (.+)\n/u.exec(heard()) ?? undefined, 'it is told');
  expect(JSON.parse(told ?? '')).toEqual({ sid, at: expect.any(Number) as number });
  stop();
});

test('row 85: an agent’s typing is taken without a write, and of a chat that is not there nobody is told', async () => {
  const { sid } = await talking();
  await house.settled();
  const before = house.writes();
  const typing = (of: string) => house.ask('POST', `/api/sessions/${of}/typing`, {}, { bearer });
  expect((await typing(sid)).status).toBe(200);
  expect((await typing(`${sid}x`)).status).toBe(404);
  expect((await house.ask('POST', `/api/sessions/${sid}/typing`, {})).status).toBe(401);
  expect(house.writes()).toEqual(before);
});

test('N8: the customer’s page tells how far it was seen, and the agent’s tab hears it', async () => {
  const { chat, sid } = await talking();
  const { heard, stop } = await listening();
  const { conversation, asking } = chat;
  const headers = { 'user-agent': 'Mozilla/5.0 (iPhone) Mobile/15E148 Safari/604.1' };
  const told = await house.ask('POST', '/api/seen', { conversation, seq: 3 }, { ...asking, headers });
  expect(told.status).toBe(200);
  await until(() => heard().includes('"seen":3'), 'the tab hears it');
  const { body } = await house.ask('GET', `/api/sessions/${sid}`, undefined, { bearer });
  expect(body['marks']).toMatchObject({ seen: 3 });
  expect(body['customer']).toMatchObject({ device: 'Phone, Safari' });
  stop();
});

test.each([[{ seq: -1 }], [{ seq: 1.5 }], [{ seq: '3' }], [{}]])(
  'N8: %j is no line to have seen',
  async (body) => {
    const { conversation, asking } = await openChat(house);
    const answer = await house.ask('POST', '/api/seen', { conversation, ...body }, asking);
    expect([answer.status, answer.body['error']]).toEqual([
      400,
      { code: 'bad_input', message: 'seq: must be the number of a line.' },
    ]);
  },
);

test('N8: whoever is not known here cannot say what was seen', async () => {
  const { chat, sid } = await talking();
  const answer = await house.ask('POST', '/api/seen', { conversation: chat.conversation, seq: 3 });
  expect(answer.status).toBe(401);
  const { body } = await house.ask('GET', `/api/sessions/${sid}`, undefined, { bearer });
  expect(body['marks']).not.toHaveProperty('seen');
});
