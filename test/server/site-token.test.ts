import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Refused } from '../../src/server/http.ts';
import { siteTokens, type ReadSiteToken } from '../../src/server/site-token.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { openHouse, type Answer, type TestHouse } from './house.ts';
import {
  ISSUER,
  keyServer,
  pemOf,
  siteKey,
  SITE_AUDIENCE,
  token,
  type KeyServer,
  type SiteKey,
} from './jwks.ts';

const rsa = await siteKey('rsa-1');
const ec = await siteKey('ec-1', 'ES256');
const stranger = await siteKey('rsa-1');
const pinned = await siteKey('pinned', 'ES256');
const MINUTE = 60;
const now = (): number => Math.floor(Date.now() / 1_000);

describe('a site token (row 89, T45)', () => {
  let house: TestHouse;
  let published: KeyServer;
  let canary: KeyServer;
  beforeAll(async () => {
    published = await keyServer([rsa, ec]);
    canary = await keyServer([stranger]);
    house = await openHouse({
      settings: readSettings({
        company: 'Northwind',
        workStreams: { support: {} },
        widgets: { support: { title: 'Support', workStream: 'support' } },
        signIn: [
          { issuer: ISSUER, audience: SITE_AUDIENCE, jwksUrl: published.url },
          { issuer: 'https://pinned.example', audience: SITE_AUDIENCE, publicKey: pemOf(pinned) },
        ],
      }),
    });
  });
  afterAll(async () => {
    await house.close();
    published.close();
    canary.close();
  });

  const open = (authorization: string): Promise<Answer> =>
    house.ask('POST', '/api/directline/token', {}, { headers: { authorization } });

  test.each<[string, () => Promise<string>]>([
    ['RS256', () => token(rsa)],
    ['ES256', () => token(ec)],
    ['the one key in the settings', () => token(pinned, { iss: 'https://pinned.example' })],
    ['a clock 50 s ahead of ours', () => token(rsa, { iat: now() + 50, exp: now() + 650 })],
    ['an end 50 s ago, which clocks may differ by', () => token(rsa, { iat: now() - 600, exp: now() - 50 })],
    ['several audiences', () => token(rsa, { aud: ['other', SITE_AUDIENCE] })],
    ['the longest life', () => token(rsa, { iat: now() - 5, exp: now() - 5 + 60 * MINUTE })],
  ])('with %s signs a customer in, the same on every device', async (_, signed) => {
    const answer = await open(`Bearer ${await signed()}`);
    expect([answer.status, answer.body['userId']]).toEqual([200, expect.stringMatching(/^dl_s[\w-]{31}$/u)]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.body).not.toHaveProperty('pass');
  });

  test('speaks of one person by issuer and subject together', async () => {
    const ids = await Promise.all(
      [
        token(rsa),
        token(ec),
        token(rsa, { sub: 'tomasz' }),
        token(pinned, { iss: 'https://pinned.example' }),
      ].map(async (signed) => (await open(`Bearer ${await signed}`)).body['userId']),
    );
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
  });

  const HS256 = (key: string): string => {
    const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: ISSUER, aud: SITE_AUDIENCE, sub: 'lea', iat: now(), exp: now() + 600 };
    const words = `${base64({ alg: 'HS256', kid: 'rsa-1' })}.${base64(claims)}`;
    return `${words}.${createHmac('sha256', key).update(words).digest('base64url')}`;
  };

  test.each<[string, () => string | Promise<string>]>([
    ['no words at all', () => ''],
    ['the scheme alone', () => 'Bearer'],
    ['an empty token', () => 'Bearer  '],
    ['something that is no token', () => 'Bearer nonsense'],
    ['three empty parts', () => 'Bearer ..'],
    ['another scheme', async () => `Token ${await token(rsa)}`],
    ['no scheme', () => token(rsa)],
    ['two tokens', async () => `Bearer ${await token(rsa)} ${await token(rsa)}`],
    ['no signature', async () => `Bearer ${(await token(rsa)).replace(/[^.]+$/u, '')}`],
    ['our public key as a shared secret', () => `Bearer ${HS256(pemOf(rsa))}`],
    ['a key nobody published', async () => `Bearer ${await token(stranger)}`],
    ['another issuer', async () => `Bearer ${await token(rsa, { iss: 'https://evil.example' })}`],
    [
      "another site's issuer and our key",
      async () => `Bearer ${await token(rsa, { iss: 'https://pinned.example' })}`,
    ],
    ['another audience', async () => `Bearer ${await token(rsa, { aud: 'shop' })}`],
    ['no audience', async () => `Bearer ${await token(rsa, { aud: undefined })}`],
    ['no end', async () => `Bearer ${await token(rsa, { exp: undefined })}`],
    ['no beginning', async () => `Bearer ${await token(rsa, { iat: undefined })}`],
    ['nobody', async () => `Bearer ${await token(rsa, { sub: undefined })}`],
    ['an empty name for somebody', async () => `Bearer ${await token(rsa, { sub: '' })}`],
    ['an end 70 s ago', async () => `Bearer ${await token(rsa, { iat: now() - 600, exp: now() - 70 })}`],
    [
      'a beginning 70 s ahead',
      async () => `Bearer ${await token(rsa, { iat: now() + 70, exp: now() + 600 })}`,
    ],
    ['a day of life', async () => `Bearer ${await token(rsa, { exp: now() + 24 * 60 * MINUTE })}`],
    [
      'a second more than an hour of life',
      async () => `Bearer ${await token(rsa, { exp: now() + 60 * MINUTE + 1 })}`,
    ],
    ['a start that is yet to come', async () => `Bearer ${await token(rsa, { nbf: now() + 70 })}`],
    ['its own key', async () => `Bearer ${await token(stranger, {}, { jwk: stranger.jwk })}`],
    ['an address for its keys', async () => `Bearer ${await token(stranger, {}, { jku: canary.url })}`],
    [
      'an address for its certificate',
      async () => `Bearer ${await token(stranger, {}, { x5u: canary.url })}`,
    ],
  ])('with %s is refused, and nobody becomes anonymous', async (_, header) => {
    const answer = await open(await header());
    expect([answer.status, answer.body]).toEqual([
      401,
      { error: { code: 'not_permitted', message: expect.stringMatching(/\S/u) as string } },
    ]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(canary.hits()).toBe(0);
  });

  test('is nowhere in the log', async () => {
    const signed = await token(rsa, { sub: 'logged' });
    await open(`Bearer ${signed}`);
    expect(house.logged()).not.toContain(signed.split('.')[2]);
  });
});

describe('the keys of a site (T45)', () => {
  let published: KeyServer;
  let read: ReadSiteToken;
  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    published = await keyServer([rsa]);
    read = siteTokens({
      issuers: [{ issuer: ISSUER, audience: SITE_AUDIENCE, keys: { jwksUrl: published.url } }],
      pepper: 'a pepper of at least thirty-two characters',
      findAccount: ([id]) => Promise.resolve(id),
      clock: systemClock,
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    published.close();
  });
  const later = (minutes: number): void => void vi.setSystemTime(Date.now() + minutes * 60_000);
  const refusal = async (key: SiteKey): Promise<number | undefined> => {
    const reason = await read(await token(key)).then(
      () => undefined,
      (error: unknown) => error,
    );
    return reason instanceof Refused ? reason.status : undefined;
  };

  test('are asked for again when a token names one we do not know, so that a site may change them', async () => {
    expect(await refusal(rsa)).toBeUndefined();
    const next = await siteKey('rsa-2');
    published.keys = [rsa, next];
    later(6);
    expect(await refusal(next)).toBeUndefined();
    expect(published.hits()).toBe(2);
  });

  test('are asked for once, however many unknown keys are named', async () => {
    expect(await refusal(rsa)).toBeUndefined();
    later(6);
    const unknown = { ...stranger };
    const signed = await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => token(unknown, {}, { kid: `unknown-${i % 20}` })),
    );
    for (const one of signed) await expect(read(one)).rejects.toMatchObject({ status: 401 });
    expect(published.hits()).toBe(2);
  });

  test('that were taken back are believed ten minutes more at most', async () => {
    expect(await refusal(rsa)).toBeUndefined();
    published.keys = [await siteKey('rsa-2')];
    later(11);
    expect(await refusal(rsa)).toBe(401);
  });

  test('that cannot be fetched make nobody anonymous and nobody wrong: they are asked to try again', async () => {
    published.broken = true;
    expect(await refusal(rsa)).toBe(503);
    published.broken = false;
    expect(await refusal(rsa)).toBeUndefined();
  });

  test('are not asked for because of a token of another site', async () => {
    await expect(read(await token(rsa, { iss: 'https://evil.example' }))).rejects.toMatchObject({
      status: 401,
    });
    expect(published.hits()).toBe(0);
  });

  test('stop a house from starting when the one in its settings is unfit', () => {
    const issuer = { issuer: ISSUER, audience: SITE_AUDIENCE };
    const open = (publicKey: string) => () =>
      siteTokens({
        issuers: [{ ...issuer, keys: { publicKey } }],
        pepper: 'x'.repeat(32),
        findAccount: ([id]) => Promise.resolve(id),
        clock: systemClock,
      });
    expect(open('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n')).toThrow(/signIn: .*P-256/u);
    expect(open(pemOf(ec))).not.toThrow();
  });
});
