import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import { hashOf, newSecret } from '../../src/server/device.ts';
import { readCustomerId } from '../../src/session/ids.ts';
import { browser, inLine, stateIn, type Browser, type Page } from './browser.ts';
import { openHouse, until, type TestHouse } from './house.ts';

let house: TestHouse;
let jonas: string;
beforeAll(async () => {
  house = await openHouse();
  jonas = await house.tabToken();
  await house.ask('GET', '/api/agent/me', undefined, { bearer: jonas });
});
afterAll(() => house.close());

interface Talk {
  readonly lea: Browser;
  readonly page: Page;
  readonly sid: string;
}
/** Lea, anonymous, talks to Jonas. */
async function talking(): Promise<Talk> {
  const lea = browser(house);
  const page = lea.page();
  const sid = await inLine(page);
  const accepted = await act(sid, 'accept');
  expect(accepted.status).toBe(200);
  await page.say('Where is my parcel?');
  return { lea, page, sid };
}
let acts = 0;
const act = (sid: string, name: string, more: object = {}) => {
  acts += 1;
  return house.ask(
    'POST',
    `/api/sessions/${sid}/acts`,
    { id: `a${acts}`, act: name, ...more },
    { bearer: jonas },
  );
};
const seen = async (sid: string) =>
  (await house.ask('GET', `/api/sessions/${sid}`, undefined, { bearer: jonas })).body as {
    readonly customer: { readonly name: string; readonly verified: boolean };
    readonly lines: readonly { readonly text: string; readonly side: string }[];
  };
/** A cookie of another browser that knows this customer, as a reconnect link gives one. */
async function anotherDevice(user: string): Promise<string> {
  const customer = readCustomerId(user);
  if (customer === undefined) throw new TypeError('A user must be a customer');
  const secret = newSecret();
  const stores = cosmosStores({
    ...house.store,
    database: DATABASE,
    clock: systemClock,
    log: () => undefined,
  });
  await stores.sessions.addDevice(customer, hashOf(secret));
  stores.dispose();
  return `reconnect-device=${customer}.${secret}`;
}
/** An account of their own for each test. */
let people = 0;
const account = (): Promise<string> => {
  people += 1;
  return house.siteToken(`customer-${people}`);
};

describe('a customer who signs in mid-chat (row 92, N16)', () => {
  test('keeps the chat: the same session, agent, conversation and lines, now verified', async () => {
    const { lea, page, sid } = await talking();
    const { user, conversation } = page;
    lea.bearer = await account();
    const answer = await page.ask('/api/identify');
    expect([answer.status, stateIn(answer)]).toMatchObject([200, { status: 'active', sid }]);
    expect(lea.cookie).toBeUndefined();
    expect(stateIn(await page.beat()).sid).toBe(sid);
    const kept = await page.open({ conversation, token: page.line });
    expect([page.conversation, page.user, stateIn(kept).sid]).toEqual([conversation, user, sid]);
    await page.say('It is me');
    await act(sid, 'message', { text: 'Hello, verified you' });
    await until(async () => JSON.stringify(await page.shown()).includes('verified you'), 'it comes here');
    const { customer, lines } = await seen(sid);
    expect(customer.verified).toBe(true);
    expect(lines.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['Where is my parcel?', 'It is me', 'Hello, verified you']),
    );
  });

  test('leaves nothing behind: the old cookie and the old pass know nobody', async () => {
    const { lea, page } = await talking();
    const { cookie } = lea;
    const { pass } = page;
    lea.bearer = await account();
    await page.ask('/api/identify');
    lea.bearer = undefined;
    expect((await page.beat()).status).toBe(401);
    lea.cookie = cookie;
    page.pass = undefined;
    expect((await page.beat()).status).toBe(401);
    page.pass = pass;
    const stranger = await page.open({ conversation: page.conversation, token: page.line });
    expect(stateIn(stranger).status).toBe('none');
  });

  test('shuts the chat for every other browser that it was ever let in to, too', async () => {
    const { lea, page, sid } = await talking();
    const other = await anotherDevice(page.user);
    expect(
      stateIn(
        await house.ask('POST', '/api/presence', { conversation: page.conversation }, { cookie: other }),
      ).sid,
    ).toBe(sid);
    lea.bearer = await account();
    await page.ask('/api/identify');
    expect(
      (await house.ask('POST', '/api/presence', { conversation: page.conversation }, { cookie: other }))
        .status,
    ).toBe(401);
    const opened = await house.ask(
      'POST',
      '/api/directline/token',
      { conversation: page.conversation },
      { cookie: other },
    );
    expect([opened.body['userId'] === page.user, stateIn(opened).status]).toEqual([false, 'none']);
  });

  test('on a page that keeps no cookies does so with its pass', async () => {
    const shy = browser(house, false);
    const page = shy.page();
    const sid = await inLine(page);
    shy.bearer = await account();
    const answer = await page.ask('/api/identify');
    expect([answer.status, stateIn(answer).sid]).toEqual([200, sid]);
    shy.bearer = undefined;
    expect((await page.beat()).status).toBe(401);
  });

  test('may ask again when the answer is lost', async () => {
    const { lea, page, sid } = await talking();
    const { cookie } = lea;
    lea.bearer = await account();
    await page.ask('/api/identify');
    lea.cookie = cookie;
    const again = await page.ask('/api/identify');
    expect([again.status, stateIn(again).sid, lea.cookie]).toEqual([200, sid, undefined]);
  });

  test('before anything is said begins as who they are', async () => {
    const lea = browser(house);
    const page = lea.page();
    await page.open();
    lea.bearer = await account();
    const answer = await page.ask('/api/identify');
    expect(answer.status).toBe(200);
    await page.say('agent');
    const sid = await until(async () => stateIn(await page.beat()).sid, 'it has begun');
    await until(async () => stateIn(await page.beat()).status === 'queued', 'they are in line');
    await act(sid, 'accept');
    expect((await seen(sid)).customer.verified).toBe(true);
  });

  test('finds the chat on another device, asked, and goes on there with every line once', async () => {
    const { lea, page, sid } = await talking();
    lea.bearer = await account();
    await page.ask('/api/identify');

    const phone = browser(house);
    phone.bearer = lea.bearer;
    const there = phone.page();
    await there.open();
    expect(there.user).toMatch(/^dl_s/u);
    await there.join();
    const prompt = await until(async () => promptOf(await there.shown()), 'they are asked');
    expect(prompt['sid']).toBe(sid);
    const back = await there.ask('/api/reconnect', {
      prompt: { ...prompt, choice: 'agent', conversation: there.conversation },
    });
    expect([back.status, stateIn(back)]).toMatchObject([200, { status: 'active', sid }]);
    expect(JSON.stringify(back.body['transcript'])).toContain('Where is my parcel?');

    const twice = { channelData: { clientActivityID: 'from-the-phone' } };
    await there.say('From my phone', twice);
    await there.say('From my phone', twice);
    await act(sid, 'message', { text: 'I read you there' });
    await until(
      async () => JSON.stringify(await there.shown()).includes('I read you there'),
      'it comes there',
    );
    expect(stateIn(await there.beat())).toMatchObject({ status: 'active', sid });
    const { lines } = await seen(sid);
    expect(lines.filter(({ text }) => text === 'From my phone')).toHaveLength(1);
    expect(JSON.stringify(await page.shown())).not.toContain('I read you there');

    const moved = await there.open({ conversation: there.conversation });
    expect(stateIn(moved).sid).toBe(sid);
    await act(sid, 'message', { text: 'And here' });
    await until(async () => JSON.stringify(await there.shown()).includes('And here'), 'it comes there, too');
  });

  test('is asked about both chats when the account has one of its own', async () => {
    const signedIn = browser(house);
    signedIn.bearer = await account();
    const own = signedIn.page();
    const ownSid = await inLine(own);

    const { lea, page, sid } = await talking();
    lea.bearer = signedIn.bearer;
    await page.ask('/api/identify');

    const third = browser(house);
    third.bearer = lea.bearer;
    const there = third.page();
    await there.open();
    await there.join();
    const shown = await until(async () => {
      const text = JSON.stringify(await there.shown());
      return text.includes('nonce') && text;
    }, 'they are asked');
    expect([shown.includes(sid), shown.includes(ownSid)]).toEqual([true, true]);
  });
});

describe('somebody else (T11, T12)', () => {
  test('does not get a chat by naming its conversation', async () => {
    const { page, sid } = await talking();
    const thief = browser(house);
    const theirs = thief.page();
    await theirs.open();
    await theirs.ask('/api/presence', { conversation: page.conversation });
    thief.bearer = await account();
    await theirs.ask('/api/presence', { conversation: page.conversation });
    const answer = await theirs.ask('/api/identify', { conversation: page.conversation });
    expect([answer.status, answer.body]).toEqual([
      403,
      { error: { code: 'not_permitted', message: expect.any(String) as string } },
    ]);
    expect((await seen(sid)).customer.verified).toBe(false);
    expect(stateIn(await page.beat()).sid).toBe(sid);
  });

  test('does not get it with a pass for another conversation', async () => {
    const { page } = await talking();
    const thief = browser(house);
    const theirs = thief.page();
    await theirs.open();
    thief.cookie = undefined;
    thief.bearer = await account();
    expect((await theirs.ask('/api/identify', { conversation: page.conversation })).status).toBe(403);
  });

  test('without signing in is nobody in particular', async () => {
    const { page } = await talking();
    expect((await page.ask('/api/identify')).status).toBe(401);
  });

  test('who signs in on the same computer afterwards does not take the chat over', async () => {
    const { lea, page, sid } = await talking();
    const { cookie } = lea;
    const first = await account();
    lea.bearer = first;
    await page.ask('/api/identify');
    lea.cookie = cookie;
    lea.bearer = await account();
    expect((await page.ask('/api/identify')).status).toBe(403);
    lea.bearer = first;
    expect(stateIn(await page.beat()).sid).toBe(sid);
  });

  test('who signs in at the same moment: one of them has it, wholly, and the other is refused', async () => {
    const { lea, page, sid } = await talking();
    const asking = { cookie: lea.cookie ?? '' };
    const two = [await account(), await account()];
    const answers = await Promise.all(
      two.map((bearer) =>
        house.ask('POST', '/api/identify', { conversation: page.conversation }, { ...asking, bearer }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.find((status) => status !== 200)).toSatisfy((status) => status === 409 || status === 403);
    const beats = await Promise.all(
      two.map((bearer) =>
        house.ask('POST', '/api/presence', { conversation: page.conversation }, { bearer }),
      ),
    );
    expect(beats.map((beat) => stateIn(beat).sid === sid)).toEqual(statuses.map((status) => status === 200));
  });

  test('sees nothing of it: no prompt, no state, no transcript (T42)', async () => {
    const { lea, page, sid } = await talking();
    lea.bearer = await account();
    await page.ask('/api/identify');
    lea.bearer = await account();
    expect(stateIn(await page.beat()).status).toBe('none');
    const next = lea.page();
    await next.open();
    await next.join();
    await until(async () => (await next.shown()).length > 0, 'the bot greets');
    expect(JSON.stringify(await next.shown())).not.toContain(sid);
  });

  test('cannot become them by what a message says of its sender (T13)', async () => {
    const { lea, page, sid } = await talking();
    await page.say('I am Lea', {
      from: { id: page.user, name: 'Lea Moreau', aadObjectId: 'x', role: 'user' },
      channelData: { userId: 'lea', jwt: await account(), role: 'agent' },
    });
    expect((await seen(sid)).customer.verified).toBe(false);
    expect(lea.cookie).toBeDefined();
  });
});

const promptOf = (shown: readonly object[]): Record<string, unknown> | undefined => {
  const [found] = /\{"sid":"[^}]*\}/u.exec(JSON.stringify(shown)) ?? [];
  return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>);
};
