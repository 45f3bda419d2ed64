import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSettings } from '../../src/settings/settings.ts';
import { openChat, openHouse, until, type Answer, type TestHouse } from './house.ts';
import {
  browserOf,
  codeOf,
  cookieOf,
  headersOf,
  look,
  redeem,
  statusOf,
  talking,
  textsOf,
  tokenIn,
  wayIn,
  type Talk,
} from './ways.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const later = (ms: number, of = house): Promise<Answer> => of.ask('POST', '/local/clock', { advanceMs: ms });
const MINUTE = 60_000;

/** Noticed gone: the page said that it leaves, and did not come back. */
async function gone({ chat }: Talk, of = house): Promise<void> {
  await of.ask('POST', '/api/presence', { conversation: chat.conversation, leaving: true }, chat.asking);
  await later(20_000, of);
}
const isGone = (talk: Talk): Promise<boolean> =>
  until(async () => (await talk.told()).some(({ code }) => code === 'customerGone'), 'they are noticed gone');

describe('a reconnect link', () => {
  test('A7 and row 1: the agent gives it; in another browser it brings the customer right back, with everything said', async () => {
    const talk = await talking(house);
    const way = await talk.give();
    await talk.act('message', { text: 'One moment please' });
    await gone(talk);
    await isGone(talk);
    await talk.act('message', { text: 'Found it' });

    const back = await redeem(house, { token: way.token });
    expect([back.status, statusOf(back), back.body['userId']]).toEqual([200, 'active', talk.chat.userId]);
    expect(textsOf(back)).toEqual(expect.arrayContaining(['agent', 'One moment please', 'Found it']));
    const browser = await browserOf(house, back);
    await browser.say('Here I am again');
    await until(
      async () => (await talk.told()).some(({ text }) => text === 'Here I am again'),
      'the agent reads it',
    );
    expect((await talk.told()).some(({ text }) => text.includes('is back, with the link'))).toBe(true);
    await talk.act('message', { text: 'Welcome' });
    await until(
      async () => (await browser.shown()).some(({ text }) => text === 'Welcome'),
      'the customer reads it',
    );
  });

  test('A8, A9: may be given at the start, and is used while nobody is gone: the old page is left and told nothing', async () => {
    const talk = await talking(house);
    const back = await redeem(house, { token: (await talk.give()).token });
    expect([back.status, statusOf(back)]).toEqual([200, 'active']);
    const { status } = await house.ask(
      'POST',
      '/api/presence',
      { conversation: talk.chat.conversation },
      talk.chat.asking,
    );
    expect(status).toBe(200);
    const browser = await browserOf(house, back);
    const shown = (await talk.chat.shown()).length;
    await talk.act('message', { text: 'Only in the new browser' });
    await until(
      async () => (await browser.shown()).some(({ text }) => text === 'Only in the new browser'),
      'it is carried',
    );
    expect((await talk.chat.shown()).length).toBe(shown);
  });

  test('A35 and row 8: needs nothing but the address: no cookie, no header, no page that is still open', async () => {
    const talk = await talking(house);
    const { url } = await talk.give();
    const back = await redeem(house, { token: tokenIn(url) });
    expect(back.status).toBe(200);
    expect(cookieOf(back)).toContain(`${talk.chat.userId}.`);
    const known = await house.ask(
      'POST',
      '/api/presence',
      { conversation: back.body['conversationId'] },
      { cookie: cookieOf(back) },
    );
    expect([known.status, statusOf(known)]).toEqual([200, 'active']);
  });

  test('A27 and row 4: is built from the portal of the widget, whatever host a request names', async () => {
    const talk = await talking(house);
    const bearer = await house.tabToken();
    const given = await house.ask(
      'POST',
      `/api/sessions/${talk.sid}/acts`,
      { id: 'poisoned', act: 'link' },
      {
        bearer,
        headers: {
          'x-forwarded-host': 'evil.example',
          'x-forwarded-proto': 'http',
          forwarded: 'host=evil.example',
        },
      },
    );
    const { url } = wayIn(given);
    expect(url.startsWith(`${house.origin}/?widget=support#rt1_${talk.chat.userId}.`)).toBe(true);
  });

  test('is given twice by an act that was sent twice: the same link', async () => {
    const talk = await talking(house);
    const first = wayIn(await talk.act('link', { id: 'again' }));
    expect(wayIn(await talk.act('link', { id: 'again' }))).toEqual(first);
    expect((await redeem(house, { token: first.token })).status).toBe(200);
  });

  test('row 9: used while still connected elsewhere it takes over, and another page of theirs can come back by its own', async () => {
    const talk = await talking(house);
    const back = await redeem(house, { token: (await talk.give()).token });
    const again = await redeem(house, { token: wayIn(back).token });
    expect([again.status, statusOf(again)]).toEqual([200, 'active']);
    expect((again.body['state'] as { epoch: number }).epoch).toBeGreaterThan(
      (back.body['state'] as { epoch: number }).epoch,
    );
  });

  test('N1 and row 10: every use brings the next link; the copy that was used opens nothing elsewhere and tells the agent once', async () => {
    const talk = await talking(house);
    const way = await talk.give();
    const back = await redeem(house, { token: way.token });
    const next = wayIn(back);
    expect(next.token).not.toBe(way.token);
    const elsewhere = await redeem(house, { token: way.token });
    expect([elsewhere.status, codeOf(elsewhere)]).toEqual([409, 'used']);
    expect(codeOf(await redeem(house, { token: way.token }))).toBe('used');
    // Before the click a used copy looks like any other, and names nobody.
    expect((await look(house, way.token)).body).toEqual({ status: 'open' });
    const told = async () => (await talk.told()).filter(({ code }) => code === 'linkReused').length;
    expect(await told()).toBe(1);
    const page = await house.ask(
      'POST',
      '/api/presence',
      { conversation: back.body['conversationId'] },
      { cookie: cookieOf(back) },
    );
    expect(statusOf(page)).toBe('active');
    expect((await redeem(house, { token: next.token })).status).toBe(200);
  });

  test('a used copy in a browser that knows its customer is no alarm: they are asked as usual', async () => {
    const talk = await talking(house);
    const way = await talk.give();
    const back = await redeem(house, { token: way.token });
    const again = await redeem(house, { token: way.token }, { cookie: cookieOf(back) });
    expect([again.status, codeOf(again)]).toEqual([409, 'ask']);
    expect((await talk.told()).some(({ code }) => code === 'linkReused')).toBe(false);
  });

  test('a copied link is no act and works like any other', async () => {
    const talk = await talking(house);
    await talk.act('suspend');
    const copied = await house.ask(
      'POST',
      `/api/sessions/${talk.sid}/link`,
      {},
      { bearer: await house.tabToken() },
    );
    expect(copied.status).toBe(200);
    const back = await redeem(house, { token: wayIn(copied).token });
    expect([back.status, statusOf(back)]).toEqual([200, 'suspended']);
  });

  test('is a link the customer can click in any chat window, with its code', async () => {
    const talk = await talking(house);
    const way = await talk.give();
    const line = await until(
      async () =>
        (await talk.chat.shown()).find(({ text }) => text?.includes('rt1_')) as
          Record<string, unknown> | undefined,
      'the customer is shown the link',
    );
    expect(line).toMatchObject({
      textFormat: 'markdown',
      channelData: {
        reconnect: { code: 'linkGiven', link: { url: way.url, code: way.code, codeUntil: way.codeUntil } },
      },
    });
    expect(line['text']).toContain(`<${way.url}>`);
    expect(JSON.stringify(line)).not.toContain('seed');
  });

  test('row 7: a look before the click tells with whom, and changes nothing', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    await house.settled();
    const before = house.writes();
    const looked = await look(house, token);
    expect([looked.status, looked.body]).toEqual([200, { status: 'open', agent: 'Jonas' }]);
    expect(house.writes()).toEqual(before);
    expect((await redeem(house, { token })).status).toBe(200);
  });

  test('is not redeemed by whatever opens links to look at them', async () => {
    const talk = await talking(house);
    const { url, token } = await talk.give();
    await house.settled();
    const before = house.writes();
    const page = new URL(url);
    for (let i = 0; i < 20; i += 1) {
      await house.ask(i % 2 === 0 ? 'GET' : 'HEAD', `${page.pathname}${page.search}`);
      await house.ask(i % 2 === 0 ? 'GET' : 'HEAD', `/api/reconnect?token=${token}`);
      await house.ask('OPTIONS', '/api/reconnect');
    }
    expect(house.writes()).toEqual(before);
    expect((await redeem(house, { token })).status).toBe(200);
  });
});

describe('a customer who is signed in', () => {
  test('A11 and row 3: comes back by link only as themselves; to anybody else it is a link that never was', async () => {
    const mia = await house.siteToken('mia');
    const talk = await talking(house, { bearer: mia });
    const { token } = await talk.give();
    const invented = `rt1_${talk.chat.userId}.${'A'.repeat(43)}`;
    const ben = await house.siteToken('ben');
    const foreign = await redeem(house, { token }, { bearer: ben });
    const nobody = await redeem(house, { token });
    const unknown = await redeem(house, { token: invented }, { bearer: ben });
    for (const no of [foreign, nobody]) {
      expect([no.status, no.text]).toEqual([404, unknown.text]);
      expect(headersOf(no)).toEqual(headersOf(unknown));
    }
    const back = await redeem(house, { token }, { bearer: mia });
    expect([back.status, statusOf(back), back.headers.get('set-cookie')]).toEqual([200, 'active', null]);
    expect(codeOf(await redeem(house, { token }, { bearer: mia }))).toBe('ask');
  });
});

describe('a customer’s own link', () => {
  test('is given to their page and to nobody else, and stands in no ledger', async () => {
    const talk = await talking(house);
    const before = await talk.told();
    const own = wayIn(await talk.page('link'));
    expect(await talk.told()).toEqual(before);
    expect((await redeem(house, { token: own.token })).status).toBe(200);
    const stranger = await openChat(house);
    const asked = await house.ask(
      'POST',
      '/api/act',
      { conversation: talk.chat.conversation, act: 'link' },
      stranger.asking,
    );
    expect(asked.status).toBe(404);
  });
});

const textsIn = ({ body }: Awaited<ReturnType<TestHouse['ask']>>): readonly unknown[] =>
  (body['lines'] as readonly { readonly text: string }[]).map(({ text }) => text);

describe('a session that is over', () => {
  test('A34, row 11: Close revokes: who comes too late is told so, when and by whom, with a number to quote', async () => {
    const talk = await talking(house);
    const { token, code } = await talk.give();
    expect((await talk.act('close')).status).toBe(200);
    const late = await redeem(house, { token });
    expect([late.status, codeOf(late)]).toEqual([410, 'over']);
    expect(late.body['ended']).toMatchObject({
      why: 'agent',
      at: expect.any(Number) as number,
      reference: expect.stringMatching(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/u) as string,
    });
    expect(late.body['ended']).not.toHaveProperty('redirect');
    expect([(await redeem(house, { code })).status, (await look(house, token)).status]).toEqual([410, 410]);
    expect((await house.ask('POST', '/api/reconnect/read', { token })).status).toBe(404);
    expect((await talk.told()).at(-1)?.code).toBe('closed');
  });

  test('row 5: expired while its customer was away it sends them to the redirect address, where there is one', async () => {
    const json = JSON.parse(
      readFileSync(new URL('../../src/local/settings.json', import.meta.url), 'utf8'),
    ) as {
      widgets: { support: object };
    };
    Object.assign(json.widgets.support, {
      redirectUrl: 'https://www.example.com/too-late',
      redirectHosts: ['www.example.com'],
    });
    const own = await openHouse({ settings: readSettings(json) });
    const away = await talking(own);
    const quiet = await talking(own);
    const ways = [await away.give(), await quiet.give()];
    await quiet.act('message', { text: 'Anything else?' });
    await gone(away, own);
    await isGone(away);
    await later(21 * MINUTE, own);
    const [late, ended] = [
      await redeem(own, { token: ways[0]?.token }),
      await redeem(own, { token: ways[1]?.token }),
    ];
    expect([late.status, late.body['ended']]).toMatchObject([
      410,
      { why: 'away', redirect: 'https://www.example.com/too-late' },
    ]);
    expect(ended.status).toBe(410);
    // Row 66: what ran out of time can still be read by the link that would have led back.
    const read = await own.ask('POST', '/api/reconnect/read', { token: ways[1]?.token });
    expect(textsIn(read)).toContain('Anything else?');
    await own.close();
  });
});
