import { afterAll, beforeAll, expect, test } from 'vitest';
import { promptIn, until } from '../server/house.ts';
import { BOT } from './azure.ts';
import { openDesk, PUBLIC, type TestDesk } from './desk.ts';
import { agentAt, customerAt, rowIn } from './people.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

test('over real authentication a customer is handed off, accepted in Teams, cut off, and goes on with the same agent', async () => {
  const jonas = await agentAt(desk, 'Jonas Weber', 1);
  const lea = await customerAt(desk);
  expect(lea.opened.headers.get('set-cookie')).toMatch(/^__Host-reconnect=.*; Secure/u);
  await lea.join();
  await until(() => lea.reads().includes('welcome to Contoso'), 'the front desk greets');
  await lea.say('My parcel is lost');
  await lea.say('agent');
  await until(() => lea.reads().includes('I am getting a person for you.'), 'it gets a person');

  await until(() => jonas.cards().length > 0, 'Jonas has a card');
  const pressed = await jonas.press('accept');
  expect([pressed.status, pressed.body['type']]).toEqual([200, 'application/vnd.microsoft.card.adaptive']);
  await until(() => lea.reads().includes('Jonas'), 'Lea reads who is here');
  const sid = await rowIn(jonas, 'mine', lea);
  expect((await jonas.act(sid, { act: 'message', text: 'Let me look into it.' })).status).toBe(200);
  await until(() => lea.reads().includes('Let me look into it.'), 'Lea reads it');
  await lea.say('Thank you');

  await lea.leave();
  desk.clock.advance(60_000);
  await until(async () => {
    const { body } = await jonas.tab('GET', '/api/inbox/mine');
    return JSON.stringify(body).includes('disconnected');
  }, 'Jonas is told that she is gone');

  const back = await lea.again();
  expect(back.userId).toBe(lea.userId);
  await back.join();
  const prompt = await until(
    () => promptIn(back.shown().map(({ activity }) => activity)),
    'she is asked whether she wants to go on',
  );
  const returned = await desk.ask(
    'POST',
    '/api/reconnect',
    { prompt: { ...prompt, choice: 'agent', conversation: back.conversation } },
    back.asking,
  );
  expect(returned.status).toBe(200);
  expect(JSON.stringify(returned.body['transcript'])).toContain('Let me look into it.');

  await back.say('It is parcel 4711');
  await until(async () => {
    const read = await jonas.tab('GET', `/api/sessions/${encodeURIComponent(sid)}`);
    return read.text.includes('It is parcel 4711');
  }, 'Jonas reads on in the same session');
  expect((await jonas.act(sid, { act: 'message', text: 'It is on its way again.' })).status).toBe(200);
  await until(() => back.reads().includes('It is on its way again.'), 'she reads it where she is now');
});

test('a customer is accepted in the tab', async () => {
  const amira = await agentAt(desk, 'Amira Haddad', 2);
  const tomasz = await customerAt(desk);
  await tomasz.say('agent');
  const sid = await rowIn(amira, 'queue', tomasz);
  expect((await amira.act(sid, { act: 'accept' })).status).toBe(200);
  await until(() => tomasz.reads().includes('Amira'), 'he reads who is here');
});

test('the front desk speaks the language of the page, and understands its word for a person', async () => {
  const amal = await customerAt(desk);
  await amal.say('مرحبا', { locale: 'ar-EG' });
  await until(() => amal.reads().includes('*موظف*'), 'she is told what to write');
  await amal.say('موظف', { locale: 'ar-EG' });
  await until(() => amal.reads().includes('أطلب لك شخصًا الآن.'), 'it gets a person');
});

test('the bot speaks to channels with a token of its managed identity, and pages get tokens for their own origins', () => {
  const bearers = new Set(desk.azure.delivered.map(({ bearer }) => bearer.split('|').slice(0, 3).join('|')));
  expect([...bearers]).toEqual([`managed|${BOT}|https://api.botframework.com`]);
  expect(desk.azure.tokenRequests[0]).toMatchObject({
    bearer: 'the.secret.of.direct.line',
    trustedOrigins: [PUBLIC, 'https://www.contoso.com'],
  });
});

test.each([
  ['GET', '/local/clock'],
  ['POST', '/local/clock'],
  ['GET', '/local/teams'],
  ['POST', '/local/signin'],
  ['GET', '/local/directline'],
  ['GET', '/teams'],
  ['GET', '/example'],
  ['POST', '/v3/directline/conversations'],
  ['POST', '/v3/directline/tokens/generate'],
])('nothing of the local house is there: %s %s', async (method, path) => {
  expect((await desk.ask(method, path, method === 'POST' ? {} : undefined)).status).toBe(404);
});
