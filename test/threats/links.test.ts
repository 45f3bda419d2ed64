import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../browser/chromium.ts';
import { promptIn, until, type Answer } from '../server/house.ts';
import { openDesk } from '../production/desk.ts';
import {
  codeOf,
  gone,
  headersOf,
  heldOf,
  invented,
  linkIn,
  openTown,
  redeem,
  stored,
  talking,
  type Talk,
  type Town,
} from './people.ts';

let town: Town;
beforeAll(async () => {
  town = await openTown();
});
afterAll(() => town.close());

const backs = async (talk: Talk): Promise<number> =>
  (await talk.told()).filter(({ code }) => code === 'customerBack').length;

describe('T1: whatever opens a link to look at it redeems nothing', () => {
  test('a scanner that GETs and HEADs it, and whatever it makes of it', async () => {
    const { desk } = town;
    const talk = await talking(town);
    const { url, token } = await talk.link();
    const { search } = new URL(url);
    const before = heldOf(desk, talk.customer.userId);
    for (const method of ['GET', 'HEAD', 'OPTIONS']) {
      for (const path of [
        `/${search}`,
        `/${search}#${token}`,
        `/api/reconnect?token=${token}`,
        '/api/reconnect',
      ])
        await desk.ask(method, path);
      await desk.ask(method, `/api/reconnect/look?token=${token}`);
    }
    expect(before.length).toBeGreaterThan(3);
    expect(heldOf(desk, talk.customer.userId)).toEqual(before);
    expect((await redeem(desk, { token })).status).toBe(200);
    // It would have been seen.
    expect(heldOf(desk, talk.customer.userId)).not.toEqual(before);
  });

  test('a browser that runs the page and clicks nothing', async () => {
    const { desk } = town;
    const talk = await talking(town);
    const { token } = await talk.link();
    const before = heldOf(desk, talk.customer.userId);
    const browser = await launchChromium();
    const page = await browser.newPage();
    await page.goto(`${desk.origin}/#${token}`);
    await page.getByRole('button', { name: 'Continue with Jonas' }).waitFor();
    await page.waitForLoadState('networkidle');
    // The secret is out of the address before anybody can read it there.
    expect(page.url()).not.toContain('rt1_');
    expect(heldOf(desk, talk.customer.userId)).toEqual(before);
    await browser.close();
    expect((await redeem(desk, { token })).status).toBe(200);
  });
});

test('T2: of thirty clicks at once on one link, over two instances, exactly one wins, and the others get one answer', async () => {
  const { desk, other } = town;
  for (let round = 0; round < 3; round += 1) {
    const talk = await talking(town);
    const { token } = await talk.link();
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => redeem(i % 2 === 0 ? desk : other, { token }, { key: `${i}` })),
    );
    const no = answers.filter(({ status }) => status !== 200);
    expect(no).toHaveLength(29);
    expect(new Set(no.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([no[0]?.status, await backs(talk)]).toEqual([409, 1]);
  }
});

test('T3: somebody else’s link is, to who is signed in as another, one that never was: same bytes, same questions to the store', async () => {
  const { desk } = town;
  const mia = await town.tokenOf('mia');
  const talk = await talking(town, { bearer: mia });
  const { token } = await talk.link();
  const revoked = await talking(town);
  const gave = await revoked.link();
  await town.jonas.act(revoked.sid, { act: 'revokeLinks' });
  await desk.settled();
  const bearer = await town.tokenOf('ben');
  const brought: Readonly<Record<string, unknown>> = {
    foreign: token,
    revoked: gave.token,
    unknown: invented(talk.customer.userId),
    nobodys: invented(`dl_${'x'.repeat(30)}`),
    malformed: 'rt1_',
    none: 42,
  };
  const { counters } = desk.cosmos;
  const asked = (): number =>
    counters
      .all()
      .filter(
        ({ container, operation }) => container === 'sessions' && !['feed', 'metadata'].includes(operation),
      )
      .reduce((sum, { requests }) => sum + requests, 0);
  const seen = new Map<string, { readonly answer: Answer; readonly requests: number }>();
  // What time alone asks may come between: the fewest of three are the link's own.
  for (let round = 0; round < 3; round += 1) {
    for (const [name, one] of Object.entries(brought)) {
      const before = asked();
      const answer = await redeem(desk, { token: one }, { bearer, from: `198.51.100.${round}` });
      const requests = Math.min(asked() - before, seen.get(name)?.requests ?? Infinity);
      seen.set(name, { answer, requests });
    }
  }
  const first = seen.get('unknown');
  expect(first?.answer.status).toBe(404);
  expect(first?.requests).toBeGreaterThan(0);
  for (const { answer, requests } of seen.values()) {
    expect([answer.status, answer.text, requests]).toEqual([404, first?.answer.text, first?.requests]);
    expect(headersOf(answer)).toEqual(first && headersOf(first.answer));
  }
  const back = await redeem(desk, { token }, { bearer: mia });
  expect(back.status).toBe(200);
});

test('T4: a used link opens nothing any more: elsewhere its agent is told, in its own browser it leads to the prompt', async () => {
  const { desk } = town;
  const talk = await talking(town);
  const { token } = await talk.link();
  const back = await redeem(desk, { token });
  desk.clock.advance(61_000);
  const own = { cookie: back.headers.get('set-cookie')?.split(';')[0] ?? '' };
  const [elsewhere, again] = [await redeem(desk, { token }), await redeem(town.other, { token })];
  expect([elsewhere.status, codeOf(elsewhere), codeOf(again)]).toEqual([409, 'used', 'used']);
  expect((await talk.told()).filter(({ code }) => code === 'linkReused')).toHaveLength(1);
  const known = await redeem(desk, { token }, own);
  expect([known.status, codeOf(known)]).toEqual([409, 'ask']);
  expect(await backs(talk)).toBe(1);
  // The copy that was stolen harms nobody: what its customer was given since is good.
  expect((await redeem(desk, { token: linkIn(back).token })).status).toBe(200);
});

test('T5: an answer that was lost is given again, to the byte, by either instance; nothing happens twice', async () => {
  const { desk, other } = town;
  const talk = await talking(town);
  const { token } = await talk.link();
  const { hostname, port } = new URL(desk.origin);
  const body = JSON.stringify({ token });
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write(
    `POST /api/reconnect HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\n` +
      `Idempotency-Key: mine\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await until(async () => (await backs(talk)) === 1, 'it is done');
  socket.destroy();
  const answers = [
    await redeem(other, { token }, { key: 'mine' }),
    await redeem(desk, { token }, { key: 'mine' }),
  ];
  const [first, second] = answers.map((answer) => [
    answer.status,
    answer.text,
    answer.headers.get('set-cookie'),
  ]);
  expect([first?.[0], second]).toEqual([200, first]);
  expect(await backs(talk)).toBe(1);
  expect((await redeem(desk, { token }, { key: 'other' })).status).toBe(409);
});

describe('T7: a chat whose time ran out', () => {
  test('is returned to until then, and from then on not, whichever instance is asked and however wrong its clock', async () => {
    const { desk } = town;
    const [early, late] = [await talking(town), await talking(town)];
    const links = [await early.link(), await late.link()];
    await gone(town, early);
    await gone(town, late);
    const untilOf = async ({ sid }: Talk): Promise<number> => {
      const { body } = await town.jonas.tab('GET', `/api/sessions/${sid}`);
      return (body['row'] as { returnUntil: number }).returnUntil;
    };
    const [first, second] = [await untilOf(early), await untilOf(late)];
    const free = desk.clock.now();
    desk.clock.advance(first - free - 5_000);
    expect((await redeem(desk, { token: links[0]?.token })).status).toBe(200);
    desk.clock.advance(second - desk.clock.now());
    const over = await redeem(desk, { token: links[1]?.token });
    expect([over.status, codeOf(over)]).toEqual([410, 'over']);
    // What the store collects by itself is another matter: it is all still there.
    expect(stored(desk)).toContain(late.sid);
    const slow = { ...desk.clock, now: () => desk.clock.now() - 5 * 60_000 };
    const behind = await openDesk({}, { ...desk, clock: slow });
    expect((await redeem(behind, { token: links[1]?.token })).status).toBe(410);
    await behind.close();
    const anew = await late.customer.again();
    expect([anew.opened.status, anew.opened.body['state']]).toMatchObject([200, { status: 'none' }]);
  });
});

test.each([
  ['its agent', (talk: Talk) => town.jonas.act(talk.sid, { act: 'close' })],
  [
    'its customer',
    ({ customer }: Talk) =>
      town.desk.ask('POST', '/api/act', { conversation: customer.conversation, act: 'end' }, customer.asking),
  ],
])(
  'T8: a chat that %s has ended is not returned to by a link or a code, and nobody hears of it',
  async (_, end) => {
    const { desk } = town;
    const talk = await talking(town);
    const { token, code } = await talk.link();
    expect((await end(talk)).status).toBe(200);
    await desk.settled();
    // Cards follow what is decided, and lines what is told: neither is there.
    const before = heldOf(desk, talk.customer.userId);
    for (const brought of [{ token }, { code }]) expect((await redeem(desk, brought)).status).toBe(410);
    expect(heldOf(desk, talk.customer.userId)).toEqual(before);
  },
);

test('T9: no link, no code and no cookie stands in a log, in the store, or in what Teams is sent', async () => {
  const { desk } = town;
  const talk = await talking(town);
  const given = await talk.link();
  const back = await redeem(desk, { token: given.token }, { key: 'mine' });
  const byCode = await redeem(desk, { code: given.code });
  await redeem(desk, { token: given.token });
  await redeem(desk, { token: `${given.token}x` });
  await desk.settled();
  const secrets = [
    ...[given, linkIn(back), linkIn(byCode)].flatMap(({ token, code }) => [token.split('.').at(-1), code]),
    ...[back, byCode].map(({ headers }) => headers.get('set-cookie')?.split(';')[0]?.split('.').at(-1)),
  ];
  const inTeams = JSON.stringify(desk.azure.delivered.filter(({ channel }) => channel === 'msteams'));
  expect(stored(desk)).toContain(talk.sid);
  for (const secret of secrets) {
    expect(secret?.length).toBeGreaterThan(8);
    for (const text of [stored(desk), desk.logged(), inTeams])
      expect(text.includes(secret ?? '')).toBe(false);
  }
  expect([back.headers.get('cache-control'), back.headers.get('referrer-policy')]).toEqual([
    'no-store',
    'no-referrer',
  ]);
  expect(new URL(given.url).search).not.toContain('rt1_');
});

test('T10: a link that somebody plants makes nobody of them: a signed-in stranger’s is refused, an anonymous one takes no name on', async () => {
  const { desk } = town;
  const eve = await talking(town, { bearer: await town.tokenOf('eve') });
  const planted = await talking(town);
  const bearer = await town.tokenOf('vera');
  expect((await redeem(desk, { token: (await eve.link()).token }, { bearer })).status).toBe(404);
  const opened = await redeem(desk, { token: (await planted.link()).token }, { bearer });
  expect(opened.status).toBe(200);
  const { body } = await town.jonas.tab('GET', `/api/sessions/${planted.sid}`);
  expect(body['customer']).toMatchObject({ verified: false });
  // And her own chats stay where they were: she is who she was.
  const vera = await desk.ask('POST', '/api/directline/token', {}, { bearer });
  expect(vera.body['userId']).not.toBe(planted.customer.userId);
  expect(promptIn(planted.customer.shown().map(({ activity }) => activity))).toBeUndefined();
});
