import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChat, openHouse, until, type Answer, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const HOUR = 3_600_000;
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The same claims, signed by nobody. */
const unsigned = (token: string, alg: string): string => {
  const [, claims = ''] = token.split('.');
  return `${base64({ alg, typ: 'JWT' })}.${claims}.${alg === 'none' ? '' : 'AAAA'}`;
};
/** Another person's claims under the same signature. */
const tampered = (token: string, claims: object): string => {
  const [head = '', own = '', signature = ''] = token.split('.');
  const read = JSON.parse(Buffer.from(own, 'base64url').toString()) as object;
  return [head, base64({ ...read, ...claims }), signature].join('.');
};

const SID = 'dl_aaaaaaaaaaaaaaaaaaaa.bbbbbbbb';
const AGENT_ROUTES: readonly (readonly [string, string, unknown?])[] = [
  ['GET', '/api/agent/me'],
  ['PUT', '/api/agent/presence', { status: 'available' }],
  ['GET', '/api/inbox/queue'],
  ['GET', `/api/sessions/${SID}`],
  ['GET', `/api/sessions/${SID}/lines?before=1`],
  ['POST', `/api/sessions/${SID}/acts`, { id: '1', act: 'accept', epoch: 0 }],
  ['POST', `/api/sessions/${SID}/link`, {}],
  ['GET', '/api/stream'],
];
const CUSTOMER_ROUTES: readonly (readonly [string, string, unknown?])[] = [
  ['POST', '/api/directline/token', {}],
  [
    'POST',
    '/api/reconnect',
    { prompt: { sid: SID, epoch: 0, nonce: 'n', choice: 'agent', conversation: 'c' } },
  ],
  ['POST', '/api/presence', { conversation: 'c' }],
  ['POST', '/api/act', { conversation: 'c', act: 'end' }],
];

async function turnedAway(
  routes: typeof AGENT_ROUTES,
  status: number,
  asking: { readonly bearer?: string; readonly headers?: Record<string, string>; readonly cookie?: string },
): Promise<void> {
  const before = house.writes();
  for (const [method, path, body] of routes) {
    const answer: Answer = await house.ask(method, path, body, asking);
    expect([path, answer.status, answer.body]).toEqual([
      path,
      status,
      { error: { code: 'not_permitted', message: expect.stringMatching(/\S/u) as string } },
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  expect(house.writes()).toEqual(before);
}

describe("an agent's call", () => {
  test('without a token is turned away everywhere', () => turnedAway(AGENT_ROUTES, 401, {}));

  test.each<[string, () => Promise<string>]>([
    ['that is no token', () => Promise.resolve('nonsense')],
    ['that has expired', () => house.tabToken({}, { ago: 2 * HOUR })],
    ['that is signed by somebody else', () => house.tabToken({}, { forged: true })],
    ['of another issuer', () => house.tabToken({}, { issuer: 'https://sts.windows.net/other/' })],
    ['for another app', () => house.tabToken({}, { audience: 'api://other' })],
    ['of another tenant', () => house.tabToken({ tid: '00000000-0000-4000-8000-000000000000' })],
    ['without the scope', () => house.tabToken({ scp: 'User.Read' })],
    ['whose scope only looks alike', () => house.tabToken({ scp: 'not_access_as_user' })],
    ['without an object id', () => house.tabToken({ oid: undefined })],
    ['whose object id is a path', () => house.tabToken({ oid: '../../x' })],
    ['signed by nobody', async () => unsigned(await house.tabToken(), 'none')],
    ['signed by nobody, in capitals', async () => unsigned(await house.tabToken(), 'NONE')],
    ['that asks for a shared secret', async () => unsigned(await house.tabToken(), 'HS256')],
    [
      'that was changed',
      async () => tampered(await house.tabToken({ roles: [] }), { roles: ['Chat.Supervisor'] }),
    ],
    ['of a customer', () => house.siteToken('lea')],
  ])('with a token %s is turned away everywhere', async (_, token) =>
    turnedAway(AGENT_ROUTES, 401, { bearer: await token() }),
  );

  test.each([['Basic'], ['bearer'], ['Bearer  ']])(
    'with the right token after %j is turned away',
    async (scheme) => {
      const authorization = `${scheme} ${await house.tabToken()}`;
      await turnedAway(AGENT_ROUTES.slice(0, 1), 401, { headers: { authorization } });
    },
  );

  test.each([[[]], [['Chat.Reader']], [undefined], ['Chat.Agent'], [[{ role: 'Chat.Agent' }]]])(
    'of somebody whose roles are %j is forbidden everywhere, and leaves no record',
    async (roles) => {
      const bearer = await house.tabToken({ oid: 'b3a0c6f2-5d1e-4a7b-8c11-0000000000aa', roles });
      await turnedAway(AGENT_ROUTES, 403, { bearer });
    },
  );

  test('of somebody who lost the role is forbidden from their next token on', async () => {
    const oid = 'b3a0c6f2-5d1e-4a7b-8c11-0000000000bb';
    const before = await house.tabToken({ oid });
    expect((await house.ask('GET', '/api/agent/me', undefined, { bearer: before })).status).toBe(200);
    const after = await house.tabToken({ oid, roles: [] });
    expect((await house.ask('GET', '/api/agent/me', undefined, { bearer: after })).status).toBe(403);
  });

  test('with the right token is served', async () => {
    const bearer = await house.tabToken();
    expect((await house.ask('GET', '/api/agent/me', undefined, { bearer })).body).toMatchObject({
      name: 'Jonas Weber',
    });
  });

  test.each<[string, string, unknown, number]>([
    ['PUT', '/api/agent/presence', { status: 'dancing' }, 400],
    ['PUT', '/api/agent/presence', { status: 'away', backAt: -5 }, 400],
    ['PUT', '/api/agent/presence', { status: 'away', backAt: 1e300 }, 400],
    ['PUT', '/api/agent/presence', { status: 'away', backAt: 'soon' }, 400],
    ['GET', '/api/inbox/queue?from=garbage', undefined, 400],
    ['GET', '/api/inbox/mine?from=eyJhIjoxfQ', undefined, 400],
    ['GET', '/api/inbox/mine?from=%00&from=x', undefined, 400],
    ['GET', '/api/inbox/everything', undefined, 404],
    ['GET', '/api/inbox/__proto__', undefined, 404],
    ['GET', `/api/sessions/${SID}`, undefined, 404],
    ['GET', '/api/sessions/not-a-session', undefined, 404],
    ['POST', `/api/sessions/${SID}/acts`, { id: '1', act: 'accept' }, 404],
  ])('with the right token that asks %s %s for %j gets a clear no', async (method, path, body, status) => {
    const bearer = await house.tabToken();
    await house.ask('GET', '/api/agent/me', undefined, { bearer });
    const before = house.writes();
    const answer = await house.ask(method, path, body, { bearer });
    expect(answer.status).toBe(status);
    expect(answer.body).toHaveProperty('error.message');
    expect(house.writes()).toEqual(before);
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['with a number for an id', { id: 7, act: 'accept' }],
    ['with an id of 65 characters', { id: 'x'.repeat(65), act: 'accept' }],
    ['in a way nobody knows', { id: '1', act: 'explode' }],
    ['as every object is', { id: '1', act: '__proto__' }],
    ['without words', { id: '1', act: 'message' }],
    ['with blank words', { id: '1', act: 'message', text: '   ' }],
    ['with words that are none', { id: '1', act: 'message', text: { toString: 'x' } }],
    ['with too many words', { id: '1', act: 'message', text: 'x'.repeat(8_001) }],
  ])('on a real session that acts %s gets a clear no, and nothing is said', async (_, act) => {
    const bearer = await house.tabToken();
    const chat = await openChat(house);
    await chat.say('agent');
    const sid = await sessionOf(chat.userId, bearer);
    const answer = await house.ask('POST', `/api/sessions/${sid}/acts`, act, { bearer });
    expect([answer.status, answer.body]).toEqual([
      400,
      { error: { code: 'bad_input', message: expect.any(String) as string } },
    ]);
  });
});

const sessionOf = (customer: string, bearer: string): Promise<string> =>
  until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string }[]).find(({ sid }) => sid.startsWith(`${customer}.`))?.sid;
  }, 'the session is in the queue');

describe("a customer's call", () => {
  beforeAll(() => house.settled());

  test('of a browser nobody knows is turned away, except to start a chat', () =>
    turnedAway(CUSTOMER_ROUTES.slice(1), 401, {}));

  test.each<[string, () => Promise<string>]>([
    ['that is no token', () => Promise.resolve('nonsense')],
    ['that has expired', () => house.siteToken('lea', { ago: 2 * HOUR })],
    ['that is signed by somebody else', () => house.siteToken('lea', { forged: true })],
    ['of another issuer', () => house.siteToken('lea', { issuer: 'https://evil.example' })],
    ['for another site', () => house.siteToken('lea', { audience: 'other' })],
    ['of nobody', () => house.siteToken('')],
    ['signed by nobody', async () => unsigned(await house.siteToken('lea'), 'none')],
    ['that was changed', async () => tampered(await house.siteToken('lea'), { sub: 'tomasz' })],
    ['of an agent', () => house.tabToken()],
  ])('with a site token %s is turned away everywhere, and never becomes anonymous', async (_, token) => {
    await turnedAway(CUSTOMER_ROUTES, 401, { bearer: await token() });
  });

  test.each<[string, (cookie: string) => string]>([
    [
      'whose secret is another',
      (cookie) => cookie.replace(/\.[\w-]+$/u, '.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'),
    ],
    ['with an id only', (cookie) => cookie.replace(/\.[\w-]+$/u, '')],
    ["of another customer's id", (cookie) => cookie.replace(/dl_[\w-]+/u, 'dl_aaaaaaaaaaaaaaaaaaaaaaaa')],
    ['that is a path', () => 'reconnect-device=../../x.y'],
  ])('with a device cookie %s is turned away', async (_, change) => {
    const { asking } = await openChat(house);
    await house.settled();
    await turnedAway(CUSTOMER_ROUTES.slice(1), 401, { cookie: change(asking.cookie ?? '') });
  });

  test.each([['cross-site'], ['same-site']])(
    'that another page made the browser send (%s) is refused',
    async (site) => {
      const { asking } = await openChat(house);
      await house.settled();
      await turnedAway(CUSTOMER_ROUTES, 403, {
        ...asking,
        headers: { 'sec-fetch-site': site, origin: 'https://evil.example' },
      });
    },
  );

  test('is never answered for a page of another origin', async () => {
    for (const [method, path, body] of CUSTOMER_ROUTES) {
      const { headers } = await house.ask(method, path, body, {
        headers: { origin: 'https://evil.example' },
      });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('gets a cookie scripts cannot read', async () => {
    const opened = await house.ask('POST', '/api/directline/token', {});
    expect(opened.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax/u);
  });
});
