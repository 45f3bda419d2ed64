import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';
import { accountId } from '../../src/handoff/account.ts';
import { personOf } from '../../src/handoff/privacy/person.ts';
import { promptIn, until, type Answer } from '../server/house.ts';
import { ISSUER, pemOf, SITE_AUDIENCE, siteKey, token, type SiteKey } from '../server/jwks.ts';
import { openAzure } from './azure.ts';
import { openDesk, openStore, PEPPER, SETTINGS, type TestDesk } from './desk.ts';
import { agentAt, customerAt, rowIn, type Agent, type Customer } from './people.ts';

const NEXT = 'w3Kz8Nd5Qb1Vt6Xm9Pc2Lf7Hj4Rs0Yg-';

/** One store on which a desk has its pepper replaced: before, while both are accepted, and after. */
let shared: Parameters<typeof openDesk>[1] & object;
let site: SiteKey;
let before: TestDesk;
let jonas: Agent;

const desk = (peppers: Readonly<Record<string, string>>): Promise<TestDesk> =>
  openDesk(
    {
      SETTINGS_JSON: JSON.stringify({
        ...SETTINGS,
        signIn: [{ issuer: ISSUER, audience: SITE_AUDIENCE, publicKey: pemOf(site) }],
      }),
      ...peppers,
    },
    shared,
  );
const signedIn = async (at: TestDesk, sub: string): Promise<Customer> =>
  customerAt(at, { bearer: await token(site, { sub }) });

/** Somebody with an agent on the desk as it was before. */
async function talking(customer: Customer): Promise<string> {
  await customer.say('agent');
  const sid = await rowIn(jonas, 'queue', customer);
  await jonas.act(sid, { act: 'accept' });
  await jonas.act(sid, { act: 'message', text: 'I am on it.' });
  return sid;
}

interface Link {
  readonly url: string;
  readonly code: string;
}
const linkIn = ({ body }: Answer): Link => body['link'] as Link;

beforeAll(async () => {
  const clock = movableClock();
  site = await siteKey('site');
  shared = { azure: await openAzure(), cosmos: await openStore(clock), clock };
  before = await desk({ RECONNECT_PEPPER: PEPPER });
  jonas = await agentAt(before, 'Jonas Weber', 1);
});
afterAll(async () => {
  await before.close();
  await shared.cosmos.close();
  await shared.azure.close();
});

describe('while a pepper is being replaced', () => {
  let during: TestDesk;
  beforeAll(async () => {
    during = await desk({ RECONNECT_PEPPER: NEXT, RECONNECT_PEPPER_PREVIOUS: PEPPER });
  });
  afterAll(() => during.close());

  test('a signed-in customer is found, and answers a prompt they were shown before', async () => {
    const lea = await signedIn(before, 'lea');
    const sid = await talking(lea);
    await lea.leave();
    const back = await lea.again();
    await back.join();
    const prompt = await until(
      () => promptIn(back.shown().map(({ activity }) => activity)),
      'she is asked whether she wants to go on',
    );
    const found = await signedIn(during, 'lea');
    expect(found.userId).toBe(lea.userId);
    const asking = { prompt: { ...prompt, choice: 'agent', conversation: back.conversation } };
    const returned = await during.ask('POST', '/api/reconnect', asking, found.asking);
    expect([returned.status, prompt.sid]).toEqual([200, sid]);
    expect(JSON.stringify(returned.body['transcript'])).toContain('I am on it.');
  });

  test('links and codes handed out before still open, and stand in the transcript as they were', async () => {
    const sid = await talking(await customerAt(before));
    const given = linkIn(await jonas.act(sid, { act: 'link' }));
    const byCode = await during.ask('POST', '/api/reconnect', { code: given.code });
    expect([byCode.status, JSON.stringify(byCode.body['transcript'])]).toEqual([
      200,
      expect.stringContaining(given.url),
    ]);
    const byLink = await during.ask('POST', '/api/reconnect', { token: new URL(given.url).hash.slice(1) });
    expect(byLink.status).toBe(200);
  });

  test('a page without cookies goes on by its pass', async () => {
    const tomasz = await customerAt(before);
    const pass = tomasz.opened.body['pass'] as string;
    await talking(tomasz);
    const beat = await during.ask(
      'POST',
      '/api/presence',
      { conversation: tomasz.conversation },
      {
        headers: { 'x-reconnect-pass': pass },
      },
    );
    expect([beat.status, beat.body['state']]).toEqual([200, expect.objectContaining({ status: 'active' })]);
  });

  test('an instance that has not heard of it yet names nobody anew', async () => {
    const early = await signedIn(during, 'amal');
    const ready = await desk({ RECONNECT_PEPPER: PEPPER, RECONNECT_PEPPER_PREVIOUS: NEXT });
    expect((await signedIn(ready, 'amal')).userId).toBe(early.userId);
    await ready.close();
  });
});

describe('after a pepper is gone', () => {
  test('whoever came while both were accepted is found, and whoever is new is named with the new one', async () => {
    const mia = await signedIn(before, 'mia');
    await talking(mia);
    const during = await desk({ RECONNECT_PEPPER: NEXT, RECONNECT_PEPPER_PREVIOUS: PEPPER });
    await signedIn(during, 'mia');
    await during.close();
    const after = await desk({ RECONNECT_PEPPER: NEXT });
    const back = await signedIn(after, 'mia');
    expect(back.userId).toBe(mia.userId);
    await back.join();
    await until(() => promptIn(back.shown().map(({ activity }) => activity)), 'she is asked');
    const [here, there] = [await signedIn(after, 'new'), await signedIn(before, 'new')];
    expect(here.userId).not.toBe(there.userId);
    await after.close();
  });

  test('whoever is to be exported or erased is meant whole, by whichever of their ids', async () => {
    const ben = await signedIn(before, 'ben');
    await talking(ben);
    const during = await desk({ RECONNECT_PEPPER: NEXT, RECONNECT_PEPPER_PREVIOUS: PEPPER });
    await signedIn(during, 'ben');
    await during.close();
    const name = accountId(NEXT, ISSUER, 'ben');
    const { endpoint, key } = shared.cosmos;
    const log = (): void => undefined;
    const stores = cosmosStores({ endpoint, key, database: DATABASE, clock: shared.clock, log });
    for (const id of [name, accountId(PEPPER, ISSUER, 'ben')]) {
      const { customer, partitions } = await personOf(stores.sessions, id);
      expect([customer, partitions]).toEqual([ben.userId, expect.arrayContaining([ben.userId, name])]);
    }
    stores.dispose();
  });

  test('what only the old one signed is refused', async () => {
    const sid = await talking(await customerAt(before));
    const given = linkIn(await jonas.act(sid, { act: 'link' }));
    const after = await desk({ RECONNECT_PEPPER: NEXT });
    expect((await after.ask('POST', '/api/reconnect', { code: given.code })).status).toBe(404);
    await after.close();
  });
});
