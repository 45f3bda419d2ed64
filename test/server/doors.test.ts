import restify from 'restify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HandoffError } from '../../src/handoff/errors.ts';
import { Refused, route } from '../../src/server/http.ts';
import { createServer } from '../../src/server/server.ts';
import { ask, openHouse, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

test('a proxy that keeps an idle connection for a minute never sends a request into one that we have closed', async () => {
  const { headers } = await house.ask('GET', '/health');
  const [, seconds] = /timeout=(\d+)/u.exec(headers.get('keep-alive') ?? '') ?? [];
  expect(Number(seconds)).toBeGreaterThan(60);
});

describe('a door', () => {
  test.each([
    ['GET', '/nothing/here', 404],
    ['GET', '/../../etc/passwd', 404],
    ['GET', '/%2e%2e/%2e%2e/package.json', 404],
    ['GET', '/chat/../../package.json', 404],
    ['GET', '/chat/main.ts', 404],
    ['GET', '/%E0%A4%A', 404],
    ['GET', '/api/widgets/nowhere', 404],
    ['GET', '/api/widgets/%00', 404],
    ['GET', '/api/widgets/__proto__', 404],
    ['POST', '/', 405],
    ['GET', '/api/messages', 405],
    ['PUT', '/api/messages', 405],
    ['DELETE', '/api/act', 405],
    ['GET', '/api/directline/token', 405],
    ['GET', '/api/reconnect', 405],
    ['POST', '/health', 405],
    ['OPTIONS', '/api/act', 405],
  ])('says a clear no to %s %s', async (method, path, status) => {
    const before = house.writes();
    const answer = await house.ask(method, path);
    expect([answer.status, answer.body]).toEqual([
      status,
      { error: { code: status === 404 ? 'not_found' : 'bad_method', message: expect.any(String) as string } },
    ]);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/[A-Z]+/u);
    expect(house.writes()).toEqual(before);
  });

  test.each([['/api/messages'], ['/api/act'], ['/api/reconnect'], ['/nothing']])(
    'says no to HEAD %s without a body',
    async (path) => {
      const answer = await house.ask('HEAD', path);
      expect([answer.status >= 400 && answer.status < 500, answer.text]).toEqual([true, '']);
    },
  );

  test.each([
    ['/'],
    ['/inbox/'],
    ['/chat/main.js'],
    ['/chat/chat.css'],
    ['/inbox/main.js'],
    ['/health'],
    ['/ready'],
    ['/favicon.ico'],
  ])('answers HEAD %s as it answers GET, without the body', async (path) => {
    const [get, head] = [await house.ask('GET', path), await house.ask('HEAD', path)];
    expect([head.status, head.headers.get('content-type'), head.text]).toEqual([
      get.status,
      get.headers.get('content-type'),
      '',
    ]);
    expect(head.headers.get('content-security-policy')).toBe(get.headers.get('content-security-policy'));
  });

  test('has no icon, and says so without an error', async () => {
    expect((await house.ask('GET', '/favicon.ico')).status).toBe(204);
  });
});

describe('every answer', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/inbox/'],
    ['GET', '/teams'],
    ['GET', '/chat/main.js'],
    ['GET', '/health'],
    ['GET', '/nothing'],
    ['GET', '/api/messages'],
    ['POST', '/api/messages'],
    ['GET', '/api/agent/me'],
    ['POST', '/api/act'],
    ['GET', '/api/widgets/support'],
    ['POST', '/v3/directline/tokens/generate'],
    ['GET', '/local/teams'],
  ])('to %s %s carries the headers that keep browsers from guessing and telling', async (method, path) => {
    const { headers } = await house.ask(method, path, method === 'POST' ? '{' : undefined);
    expect(Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers.get(name)]))).toEqual(
      HEADERS,
    );
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors/u);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).not.toMatch(/\d/u);
  });

  test('with state in it is kept by no cache', async () => {
    for (const path of ['/api/agent/me', '/api/widgets/support', '/nothing']) {
      expect((await house.ask('GET', path)).headers.get('cache-control')).toBe('no-store');
    }
  });

  test.each([
    ['/', `'none'`],
    ['/inbox/', 'https://teams.microsoft.com'],
  ])('page %s runs only our own scripts and is framed by %s', async (path, framedBy) => {
    const policy = (await house.ask('GET', path)).headers.get('content-security-policy') ?? '';
    const rules = new Map(policy.split('; ').map((rule) => [rule.split(' ')[0], rule]));
    expect(rules.get('script-src')).toBe(`script-src 'self'`);
    expect(rules.get('default-src')).toBe(`default-src 'none'`);
    expect(rules.get('frame-ancestors')).toContain(framedBy);
    expect(policy).not.toMatch(/unsafe|\*(?![.])/u);
  });
});

describe('a handler that fails', () => {
  const logged: string[] = [];
  let server: restify.Server;
  let origin = '';
  beforeAll(async () => {
    const log = (event: string, fields?: object): void =>
      void logged.push(JSON.stringify({ event, ...fields }));
    server = createServer(log);
    const fail = (path: string, failing: Parameters<typeof route>[1]): void => {
      server.get(path, route(log, failing));
    };
    fail('/throws', () => {
      throw new TypeError('CANARY at secret');
    });
    fail('/rejects', () => Promise.reject(new RangeError('two\nlines of CANARY\n    at CANARY (x.ts:1)')));
    fail('/nothing', () => Promise.reject(new DOMException('CANARY')));
    fail('/circular', () => {
      const body: Record<string, unknown> = {};
      body['body'] = body;
      return Promise.resolve({ body });
    });
    fail('/midway', (_, res) => {
      res.writeHead(200);
      res.write('begun');
      setImmediate(() => res.end());
      throw new Error('CANARY midway');
    });
    fail('/handoff', () => Promise.reject(new HandoffError('store_unavailable', 'The store is away')));
    fail('/refused', () => Promise.reject(new Refused(409, 'taken', 'Jonas has taken it.', { row: 7 })));
    server.get('/next', (_req: restify.Request, _res: restify.Response, next: restify.Next) => {
      next(new Error('CANARY next'));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    origin = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterAll(() => {
    server.server.closeAllConnections();
    server.close();
  });

  test.each([['/throws'], ['/rejects'], ['/nothing'], ['/circular'], ['/next']])(
    'at %s answers 500 with nothing of the inside',
    async (path) => {
      const answer = await ask(origin, 'GET', path);
      expect([answer.status, answer.body]).toEqual([
        500,
        { error: { code: 'bug', message: 'Something went wrong on our side. Nothing is lost.' } },
      ]);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test('after its answer has begun leaves the process alive', async () => {
    expect((await ask(origin, 'GET', '/midway')).text).toBe('begun');
    expect((await ask(origin, 'GET', '/throws')).status).toBe(500);
  });

  test('because the store is away says that nothing is lost, and is worth another try', async () => {
    const answer = await ask(origin, 'GET', '/handoff');
    expect([answer.status, answer.body]).toMatchObject([503, { error: { code: 'store_unavailable' } }]);
  });

  test('because of the rules says why, and how things stand', async () => {
    const answer = await ask(origin, 'GET', '/refused');
    expect([answer.status, answer.body]).toEqual([
      409,
      { error: { code: 'taken', message: 'Jonas has taken it.' }, row: 7 },
    ]);
  });

  test('is in the log with the place it failed at, and without its message', () => {
    const bugs = logged.filter((line) => line.includes('http.bug'));
    expect(bugs.find((line) => line.includes('TypeError'))).toContain('doors.test.ts');
    expect(logged.join('\n')).not.toContain('CANARY');
  });
});
