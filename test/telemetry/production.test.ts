import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDesk, PEPPER, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, tabToken } from '../production/people.ts';
import { promptIn, until } from '../server/house.ts';
import { ear, type Ear } from './ear.ts';

let desk: TestDesk;
let heard: Ear;
const secrets: string[] = [PEPPER, 'the.secret.of.direct.line', 'zebra'];
beforeAll(async () => {
  heard = ear();
  desk = await openDesk({}, undefined, heard.telemetry);
});
afterAll(() => desk.close());

test('row 94, N17: in production a customer who is cut off, asked and continues is counted once, with the same agent', async () => {
  const jonas = await agentAt(desk, 'Jonas Zebra', 1);
  const lea = await customerAt(desk);
  await lea.join();
  await lea.say('zebra, agent');
  await lea.say('agent');
  const sid = await rowIn(jonas, 'queue', lea);
  await jonas.act(sid, { act: 'accept' });
  await jonas.act(sid, { act: 'message', text: 'zebra' });
  await lea.leave();
  desk.clock.advance(60_000);
  await until(async () => {
    const { text } = await jonas.tab('GET', '/api/inbox/mine');
    return text.includes('disconnected');
  }, 'Jonas is told that she is gone');
  const back = await lea.again();
  await back.join();
  const prompt = await until(() => promptIn(back.shown().map(({ activity }) => activity)), 'she is asked');
  const answer = { ...prompt, choice: 'agent', conversation: back.conversation };
  await desk.ask('POST', '/api/reconnect', { prompt: answer }, back.asking);
  await desk.ask('POST', '/api/reconnect', { prompt: answer }, back.asking);
  await jonas.act(sid, { act: 'message', text: 'Here again, zebra' });

  const way = { 'reconnect.way': 'prompt', 'reconnect.widget': 'chat' };
  await until(
    async () => (await heard.sum('reconnect.funnel', { ...way, 'reconnect.step': 'offered' })) === 1,
    'it was offered once',
  );
  expect(await heard.sum('reconnect.funnel', { ...way, 'reconnect.step': 'continued' })).toBe(1);
  expect(await heard.sum('reconnect.reunions', { ...way, 'reconnect.same_agent': 'true' })).toBe(1);
  expect(
    await heard.count('reconnect.answer.duration', { ...way, 'reconnect.transcript_opened': 'true' }),
  ).toBe(1);
  expect(await heard.count('reconnect.hold.duration', { 'reconnect.came_back': 'true' })).toBe(1);
  secrets.push(lea.asking.cookie?.split('=').at(-1) ?? '', lea.userId, sid, prompt.nonce);
  secrets.push(await tabToken(desk, { oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001', name: 'Jonas Zebra' }));
});

test('and nothing that is said or opens anything leaves it', async () => {
  const text = await heard.all();
  expect(text).toContain('POST /api/messages');
  expect(secrets.every((secret) => secret.length > 4)).toBe(true);
  expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
});
