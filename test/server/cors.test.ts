import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { originsOf } from '../../src/server/cors.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { openHouse, type Answer, type TestHouse } from './house.ts';

const SITE = 'https://www.northwind.example';
const settings = readSettings({
  company: 'Northwind',
  workStreams: { support: {} },
  widgets: {
    support: {
      title: 'Support',
      workStream: 'support',
      portalUrl: 'https://help.northwind.example/chat?w=1',
    },
    sales: { title: 'Sales', workStream: 'support' },
  },
  sites: [SITE],
});

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse({ settings });
});
afterAll(() => house.close());

const FOR_CUSTOMERS: readonly (readonly [string, string])[] = [
  ['POST', '/api/directline/token'],
  ['GET', '/api/widgets/support'],
  ['POST', '/api/reconnect'],
  ['POST', '/api/reconnect/look'],
  ['POST', '/api/presence'],
  ['POST', '/api/seen'],
  ['POST', '/api/act'],
  ['POST', '/api/identify'],
  ['POST', '/api/forget'],
  ['POST', '/api/transcript'],
  ['POST', '/api/share'],
];
const OTHERS: readonly (readonly [string, string])[] = [
  ['GET', '/api/agent/me'],
  ['GET', '/api/inbox/queue'],
  ['GET', '/api/stream'],
  ['POST', '/api/messages'],
  ['GET', '/'],
  ['GET', '/inbox/'],
  ['GET', '/health'],
];
const from = (origin: string, more: object = {}) => ({
  headers: { origin, 'sec-fetch-site': 'cross-site', ...more },
});
const allowed = ({ headers }: Answer) => [
  headers.get('access-control-allow-origin'),
  headers.get('access-control-allow-credentials'),
];
const preflight = (path: string, origin: string): Promise<Answer> =>
  house.ask('OPTIONS', path, undefined, {
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-reconnect-pass',
    },
  });

test('the pages that may ask are those of the portals and of the sites in the settings, to the letter', () => {
  expect([...originsOf(settings)]).toEqual(['https://help.northwind.example', SITE]);
});

describe('a page of a listed site (T34)', () => {
  test.each(FOR_CUSTOMERS)('is answered to %s %s, with its cookies', async (method, path) => {
    const answer = await house.ask(method, path, method === 'POST' ? {} : undefined, from(SITE));
    expect(allowed(answer)).toEqual([SITE, 'true']);
    expect(answer.headers.get('vary')).toMatch(/\borigin\b/iu);
    expect(answer.status).not.toBe(403);
  });

  test.each(FOR_CUSTOMERS)('may ask beforehand about %s %s, which does nothing', async (_, path) => {
    const before = house.writes();
    const answer = await preflight(path, SITE);
    expect([answer.status, ...allowed(answer)]).toEqual([204, SITE, 'true']);
    expect(answer.headers.get('access-control-allow-methods')).toBe('GET, POST');
    expect(answer.headers.get('access-control-allow-headers')).toMatch(
      /authorization.*content-type.*x-reconnect-pass/u,
    );
    expect(house.writes()).toEqual(before);
  });

  test.each(OTHERS)('is told nothing at %s %s, which is not for customers', async (method, path) => {
    const answer = await house.ask(method, path, method === 'POST' ? {} : undefined, from(SITE));
    expect(allowed(answer)).toEqual([null, null]);
  });

  test('opens a chat there, and its pass carries it where the browser keeps no cookie of ours', async () => {
    const opened = await house.ask('POST', '/api/directline/token', {}, from(SITE));
    const { conversationId: conversation, pass } = opened.body as Record<string, string>;
    const again = await house.ask(
      'POST',
      '/api/directline/token',
      { conversation },
      from(SITE, { 'x-reconnect-pass': pass }),
    );
    expect([again.body['userId'], again.body['cookies']]).toEqual([opened.body['userId'], false]);
  });
});

describe.each([
  ['https://evil.example'],
  ['null'],
  [`${SITE}.evil.example`],
  ['https://evil.www.northwind.example'],
  ['https://northwind.example'],
  ['http://www.northwind.example'],
  [`${SITE}:8443`],
  [`${SITE}/`],
])('a page of %s (T33, T34)', (origin) => {
  test.each(FOR_CUSTOMERS)('is told nothing at %s %s', async (method, path) => {
    const answers = [
      await house.ask(method, path, method === 'POST' ? {} : undefined, from(origin)),
      await preflight(path, origin),
    ];
    for (const answer of answers) expect(allowed(answer)).toEqual([null, null]);
    expect(answers[0]?.headers.get('vary')).toMatch(/\borigin\b/iu);
    expect(answers[0]?.headers.get('set-cookie')).toBeNull();
  });

  test('changes nothing, also in a browser that does not say where it asks from', async () => {
    const before = house.writes();
    for (const headers of [from(origin).headers, { origin }]) {
      const answer = await house.ask('POST', '/api/directline/token', {}, { headers });
      expect(answer.status).toBe(403);
    }
    expect(house.writes()).toEqual(before);
  });
});

test('our own page asks without any of it', async () => {
  const own = { headers: { origin: house.origin, 'sec-fetch-site': 'same-origin' } };
  const old = { headers: { origin: house.origin } };
  for (const asking of [own, old, {}])
    expect((await house.ask('POST', '/api/directline/token', {}, asking)).status).toBe(200);
});
