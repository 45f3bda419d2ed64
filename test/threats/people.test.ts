import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promptIn, until } from '../server/house.ts';
import { TENANT } from '../production/azure.ts';
import { openDesk, SETTINGS, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent, type Customer } from '../production/people.ts';
import { ISSUER, pemOf, siteKey, SITE_AUDIENCE, token } from '../server/jwks.ts';

const key = await siteKey('site', 'ES256');
let desk: TestDesk;
let jonas: Agent;
beforeAll(async () => {
  const signIn = [{ issuer: ISSUER, audience: SITE_AUDIENCE, publicKey: pemOf(key) }];
  desk = await openDesk({ SETTINGS_JSON: JSON.stringify({ ...SETTINGS, signIn }) });
  jonas = await agentAt(desk, 'Jonas Weber', 1);
});
afterAll(() => desk.close());

const signedIn = async (sub: string, more: object = {}) => ({ bearer: await token(key, { sub }), ...more });

/** Somebody whom Jonas had, and who has left the page. */
async function hadJonas(asking: object): Promise<Customer> {
  const customer = await customerAt(desk, asking);
  await customer.say('my parcel 4711');
  await customer.say('agent');
  const sid = await rowIn(jonas, 'queue', customer);
  expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
  expect((await jonas.act(sid, { act: 'message', text: 'Canary words' })).status).toBe(200);
  await customer.leave();
  desk.clock.advance(60_000);
  await until(
    async () => (await jonas.tab('GET', '/api/inbox/mine')).text.includes('disconnected'),
    'Jonas is told that they are gone',
  );
  return customer;
}

const SHOWN = /Canary|4711|Jonas|Continue|active|disconnected/u;

describe('T42: on a shared computer', () => {
  test('T42: whoever signs in next is not asked, told or shown anything of who was there before', async () => {
    const tomasz = await hadJonas(await signedIn('tomasz'));
    const cookie = tomasz.opened.headers.get('set-cookie')?.split(';')[0];
    const lea = await customerAt(desk, await signedIn('lea', cookie === undefined ? {} : { cookie }));
    await lea.join();
    await until(() => lea.shown().length > 0, 'she is greeted');
    expect(lea.userId).not.toBe(tomasz.userId);
    expect(`${lea.opened.text}${JSON.stringify(lea.shown())}`).not.toMatch(SHOWN);
    const theirs = { conversation: tomasz.conversation };
    for (const at of ['/api/transcript', '/api/share', '/api/presence']) {
      const asked = await desk.ask('POST', at, theirs, lea.asking);
      expect(asked.text).not.toMatch(SHOWN);
    }
    const act = await desk.ask('POST', '/api/act', { ...theirs, act: 'end' }, lea.asking);
    expect(act.status).toBeGreaterThanOrEqual(400);

    const back = await customerAt(desk, await signedIn('tomasz'));
    await back.join();
    const prompt = await until(
      () => promptIn(back.shown().map(({ activity }) => activity)),
      'he is asked whether he goes on',
    );
    expect(prompt).toBeDefined();
  });
});

describe('T43: a customer learns of their agent', () => {
  test('T43: the first name, and neither a number, nor a surname, nor an address', async () => {
    const mia = await hadJonas({});
    const back = await mia.again();
    await back.join();
    const prompt = await until(
      () => promptIn(back.shown().map(({ activity }) => activity)),
      'she is asked whether she goes on',
    );
    const before = `${back.opened.text}${JSON.stringify([...back.shown(), ...mia.shown()].map(({ activity }) => activity))}`;
    const returned = await desk.ask(
      'POST',
      '/api/reconnect',
      { prompt: { ...prompt, choice: 'agent', conversation: back.conversation } },
      back.asking,
    );
    expect(returned.status).toBe(200);
    for (const told of [before, returned.text]) {
      expect(told).toContain('Jonas');
      expect(told).not.toMatch(/Weber|b3a0c6f2|29:|19:|@|upn|aadObjectId/iu);
      expect(told).not.toContain(TENANT);
    }
  });
});
