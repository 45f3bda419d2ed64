import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf } from '../../src/server/caller.ts';
import { route } from '../../src/server/http.ts';
import { createServer } from '../../src/server/server.ts';

const server = createServer(() => undefined);
for (const [path, behindProxy] of [
  ['/direct', false],
  ['/proxied', true],
] as const) {
  server.get(
    path,
    route(
      () => undefined,
      (req) => Promise.resolve({ body: { from: addressOf(req, behindProxy) } }),
    ),
  );
}
let port = 0;
beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  port = server.address().port;
});
afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const from = (path: string, forwarded?: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const asking = request(
      {
        port,
        host: '127.0.0.1',
        path,
        headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
      },
      (answer) => {
        answer
          .setEncoding('utf8')
          .on('data', (text: string) => resolve((JSON.parse(text) as { from: string }).from));
      },
    );
    asking.on('error', reject).end();
  });

describe('whose wrong tries are counted together', () => {
  test('is told by the socket where there is no proxy, whatever a request says of itself', async () => {
    expect(await from('/direct', '203.0.113.7')).toBe('127.0.0.1');
  });

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7:4711', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['[2001:db8:1:2::6]:443', '2001:db8:1:2'],
    ['2001:DB8::1', '2001:db8:0:0'],
    ['', '127.0.0.1'],
  ])('is told by our proxy in the last entry: "%s" is %s', async (forwarded, expected) => {
    expect(await from('/proxied', forwarded)).toBe(expected);
  });
});
