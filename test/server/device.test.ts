import { expect, test } from 'vitest';
import { deviceOf } from '../../src/server/customer-device.ts';

const on = (says: string) => deviceOf({ headers: { 'user-agent': says } });

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'computer',
    'Chrome',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    'computer',
    'Edge',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'computer', 'Firefox'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    'phone',
    'Safari',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1',
    'phone',
    'Chrome',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
    'phone',
    'Samsung Internet',
  ],
])('N7: of %s nothing is kept but a kind and a family', (says, kind, browser) => {
  expect(on(says)).toEqual({ device: { kind, browser } });
});

test('N7: a browser of no known family is a kind, and a program is nothing', () => {
  expect(on('Mozilla/5.0 (X11; Linux x86_64) Somebody/1.0')).toEqual({ device: { kind: 'computer' } });
  expect(on('curl/8.0')).toEqual({});
  expect(deviceOf({ headers: {} })).toEqual({});
});
