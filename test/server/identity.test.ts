import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deviceCookies, newCustomer, newSecret } from '../../src/server/device.ts';
import { advance, browser, inLine, rowsOf, stateIn } from './browser.ts';
import { openHouse, until, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const HOUR = 3_600_000;

describe("a browser's cookie", () => {
  test('is all it takes to be known again, unsigned: the device is the identity (B29)', async () => {
    const lea = browser(house);
    const sid = await inLine(lea.page());
    const next = lea.page();
    await next.open();
    expect(next.user).toBe(sid.split('.')[0]);
    expect(lea.cookie).toMatch(/^reconnect-device=dl_a[\w-]+\.[\w-]{43}$/u);
  });

  test('lives on with every chat that is opened, and never leaves this house', async () => {
    const lea = browser(house);
    await lea.page().open();
    const kept = lea.cookie;
    const again = await lea.page().open();
    expect(again.headers.get('set-cookie')).toBe(
      `${kept}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${180 * 24 * 3_600}`,
    );
  });
});

test('in production the cookie is for this host alone, and for https alone', () => {
  const cookies = deviceCookies(true);
  expect(cookies.set(newCustomer(), newSecret())).toMatch(
    /^__Host-reconnect=dl_a[\w-]+\.[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/u,
  );
  expect(cookies.clear).toMatch(/^__Host-reconnect=; .*Max-Age=0; Secure$/u);
});

describe('a page whose browser keeps no cookies (B24, row 84)', () => {
  test('works as long as it is open, and is told that it will not be known again', async () => {
    const page = browser(house, false).page();
    const first = await page.open();
    expect([first.body['pass'], first.body['cookies']]).toEqual([
      expect.stringMatching(/^rp1\./u),
      undefined,
    ]);
    const sid = await inLineAfter(page);
    expect(stateIn(await page.beat())).toMatchObject({ status: 'queued', sid });
    const user = page.user;
    for (let round = 0; round < 3; round += 1) {
      const again = await page.open({ conversation: page.conversation });
      expect([again.body['cookies'], stateIn(again)]).toMatchObject([false, { status: 'queued', sid }]);
    }
    expect(page.user).toBe(user);
    await hasOne(user, sid);
    const left = await page.ask('/api/act', { conversation: page.conversation, act: 'leaveQueue' });
    expect([left.status, stateIn(left)]).toMatchObject([200, { status: 'bot' }]);
  });

  test('may ask for a new chat, and is asked about the one it has', async () => {
    const page = browser(house, false).page();
    const sid = await inLine(page);
    const { user } = page;
    await page.open();
    expect(page.user).toBe(user);
    await page.join();
    await until(async () => JSON.stringify(await page.shown()).includes(sid), 'they are asked');
  });

  test('is a stranger once it is closed: normal routing, and nothing of the chat (B25)', async () => {
    const shy = browser(house, false);
    const page = shy.page();
    const sid = await inLine(page);
    const next = shy.page();
    const opened = await next.open();
    await next.join();
    await until(async () => (await next.shown()).length > 0, 'the bot greets');
    expect(next.user).not.toBe(page.user);
    expect(stateIn(opened).status).toBe('none');
    expect(JSON.stringify(await next.shown())).not.toContain(sid);
  });
});

describe('a pass', () => {
  const withTwoChats = async () => {
    const lea = browser(house);
    const [one, other] = [lea.page(), lea.page()];
    const sid = await inLine(one);
    await other.open();
    return { lea, one, other, sid };
  };

  test('opens its own conversation, and no other of the same customer', async () => {
    const { lea, one, other, sid } = await withTwoChats();
    lea.cookie = undefined;
    other.pass = one.pass;
    expect((await one.beat()).status).toBe(200);
    for (const path of ['/api/presence', '/api/act', '/api/reconnect']) {
      const { conversation } = other;
      const prompt = { sid, epoch: 1, nonce: 'x', choice: 'agent', conversation };
      const body = { conversation, act: 'end', prompt };
      expect([path, (await other.ask(path, body)).status]).toEqual([path, 401]);
    }
    const prompt = { sid, epoch: 1, nonce: 'x', choice: 'agent', conversation: other.conversation };
    const mixed = { conversation: one.conversation, prompt };
    expect((await other.ask('/api/reconnect', mixed)).status).toBe(401);
  });

  test('opens no new chat for somebody who has another one besides', async () => {
    const lea = browser(house);
    const [one, other] = [lea.page(), lea.page()];
    await inLine(one);
    await other.open();
    await other.join();
    const prompt = await until(async () => promptOf(await other.shown()), 'they are asked');
    await other.ask('/api/reconnect', {
      prompt: { ...prompt, choice: 'fresh', conversation: other.conversation },
    });
    await other.say('agent');
    await until(async () => (await rowsOf(house, one.user)).length === 2, 'both are in line');
    lea.cookie = undefined;
    const { user } = one;
    await one.open();
    expect(one.user).not.toBe(user);
  });

  test.each<[string, (pass: string) => string]>([
    ['of another customer', (pass) => pass.replace(/dl_[\w-]{8}/u, 'dl_aAAAAAAA')],
    ['of another conversation', (pass) => swapped(pass, 3, Buffer.from('elsewhere').toString('base64url'))],
    ['that would last longer', (pass) => swapped(pass, 4, 'zzzzzzzzz')],
    ['for the tab alone', (pass) => swapped(pass, 5, 't')],
    ['without its signature', (pass) => pass.replace(/[^.]+$/u, '')],
    ['that is none', () => 'rp1'],
  ])('%s is as good as none', async (_, change) => {
    const page = browser(house, false).page();
    await inLine(page);
    page.pass = change(page.pass ?? '');
    expect((await page.beat()).status).toBe(401);
  });

  test('lasts a day', async () => {
    const own = await openHouse();
    const page = browser(own, false).page();
    await page.open();
    await advance(own, 24 * HOUR - 60_000);
    expect((await page.beat()).status).toBe(200);
    await advance(own, 60_000);
    expect((await page.beat()).status).toBe(401);
    await own.close();
  });

  test('says nothing where a cookie does, or a sign-in', async () => {
    const [lea, shy] = [browser(house), browser(house, false)];
    const [known, other] = [lea.page(), shy.page()];
    await known.open();
    await inLine(other);
    known.pass = other.pass;
    const before = known.user;
    await known.open({ conversation: other.conversation });
    expect(known.user).toBe(before);
    lea.bearer = await house.siteToken('lea');
    await known.open({ conversation: other.conversation });
    expect(known.user).toMatch(/^dl_s/u);
  });
});

describe('a browser that is to forget', () => {
  test('is a stranger from then on, and the chat is unharmed (row 91)', async () => {
    const lea = browser(house);
    const page = lea.page();
    const sid = await inLine(page);
    const { cookie } = lea;
    const forgot = await page.ask('/api/forget', {});
    expect([forgot.status, forgot.headers.get('set-cookie')]).toEqual([
      200,
      expect.stringMatching(/^reconnect-device=; .*Max-Age=0/u),
    ]);
    expect((await page.beat()).status).toBe(401);
    lea.cookie = cookie;
    page.pass = undefined;
    expect((await page.beat()).status).toBe(401);
    await hasOne(page.user, sid);
  });

  test('that never knew anybody says yes all the same', async () => {
    const answer = await browser(house).page().ask('/api/forget', {});
    expect([answer.status, answer.body]).toEqual([200, {}]);
  });

  test('but for this tab, on a shared computer, offers the next person nothing (N15, T42)', async () => {
    const shared = browser(house);
    const tab = shared.page();
    const sid = await inLine(tab);
    const answer = await tab.ask('/api/forget', { shared: true, conversation: tab.conversation });
    expect([answer.status, shared.cookie]).toEqual([200, undefined]);
    const next = shared.page();
    await next.open();
    expect(next.user).not.toBe(tab.user);
    // The next person has a cookie by now, and the tab goes on as itself.
    const again = await tab.open({ conversation: tab.conversation });
    expect([stateIn(again).sid, again.body['cookies']]).toEqual([sid, undefined]);
    expect(stateIn(await tab.beat()).sid).toBe(sid);
    await tab.ask('/api/forget', {});
    shared.cookie = undefined;
    expect((await tab.beat()).status).toBe(401);
  });

  test('for a tab of a chat that is not theirs is refused', async () => {
    const stranger = browser(house).page();
    await stranger.open();
    const theirs = browser(house).page();
    await inLine(theirs);
    const answer = await stranger.ask('/api/forget', { shared: true, conversation: theirs.conversation });
    expect([answer.status, answer.body['pass']]).toEqual([404, undefined]);
  });

  test('after signing out knows nobody, neither signed in nor anonymous', async () => {
    const lea = browser(house);
    const page = lea.page();
    await page.open();
    lea.bearer = await house.siteToken('lea');
    await inLine(page);
    const signedIn = page.user;
    lea.bearer = undefined;
    await page.ask('/api/forget', {});
    expect((await page.beat()).status).toBe(401);
    const again = await page.open({ conversation: page.conversation, token: page.line });
    expect(stateIn(again).status).toBe('none');
    expect(page.user).not.toBe(signedIn);
  });
});

describe('a page that goes on (row 96)', () => {
  test('keeps its conversation while its token is good', async () => {
    const page = browser(house).page();
    const sid = await inLine(page);
    const { conversation } = page;
    const again = await page.open({ conversation, token: page.line });
    expect([page.conversation, stateIn(again).sid]).toEqual([conversation, sid]);
  });

  test('with an expired token gets a new conversation of the same session, unasked, and every line', async () => {
    const own = await openHouse();
    own.directLine.knobs.tokenLifeMs = 60_000;
    const page = browser(own).page();
    const sid = await inLine(page);
    await page.say('Are you there?');
    const { conversation, line } = page;
    await advance(own, 61_000);
    own.directLine.knobs.tokenLifeMs = HOUR;
    const again = await page.open({ conversation, token: line });
    expect(page.conversation).not.toBe(conversation);
    expect(stateIn(again)).toMatchObject({ status: 'queued', sid });
    expect(JSON.stringify(again.body['transcript'])).toContain('Are you there?');
    await page.join();
    expect(JSON.stringify(await page.shown())).not.toContain('nonce');
    await own.close();
  });

  test('whose conversation Direct Line has forgotten gets a new one of the same session', async () => {
    const page = browser(house).page();
    const sid = await inLine(page);
    const { conversation, line } = page;
    house.directLine.forget(conversation);
    const again = await page.open({ conversation, token: line });
    expect(page.conversation).not.toBe(conversation);
    expect(stateIn(again)).toMatchObject({ status: 'queued', sid });
  });

  test('whose answer is lost asks again, and again, and has one session and one place in line', async () => {
    const page = browser(house).page();
    const sid = await inLine(page);
    const { conversation } = page;
    const answers = [];
    for (let round = 0; round < 3; round += 1) answers.push(stateIn(await page.open({ conversation })));
    expect(answers.map((state) => state.sid)).toEqual([sid, sid, sid]);
    await hasOne(page.user, sid);
  });

  test('is not called back from where its customer has gone on', async () => {
    const lea = browser(house);
    const [older, newer] = [lea.page(), lea.page()];
    await inLine(older);
    await newer.open({ conversation: older.conversation });
    await newer.beat();
    const again = await older.open({ conversation: older.conversation });
    expect(stateIn(again).status).toBe('none');
  });

  test('of a stranger gets nothing for a line that is not theirs', async () => {
    const theirs = browser(house).page();
    await inLine(theirs);
    const stranger = browser(house).page();
    const answer = await stranger.open({ conversation: theirs.conversation, token: theirs.line });
    expect(stranger.conversation).not.toBe(theirs.conversation);
    expect(stateIn(answer).status).toBe('none');
  });
});

const inLineAfter = async (page: ReturnType<ReturnType<typeof browser>['page']>): Promise<string> => {
  await page.say('agent');
  return until(async () => {
    const state = stateIn(await page.beat());
    return state.status === 'queued' && state.sid;
  }, 'they are in line');
};

/** The inbox follows by itself, a moment later. */
const hasOne = async (customer: string, sid: string): Promise<void> => {
  await expect.poll(() => rowsOf(house, customer)).toEqual([sid]);
};

const swapped = (pass: string, at: number, word: string): string => pass.split('.').with(at, word).join('.');

const promptOf = (shown: readonly object[]): Record<string, unknown> | undefined => {
  const [found] = /\{"sid":"[^}]*\}/u.exec(JSON.stringify(shown)) ?? [];
  return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>);
};
