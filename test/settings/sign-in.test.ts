import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  readSettings,
  SettingsError,
  type SettingFault,
  type Settings,
} from '../../src/settings/settings.ts';

const given = (signIn: unknown): unknown => ({
  company: 'Northwind',
  workStreams: { support: {} },
  widgets: { chat: { title: 'Support', workStream: 'support' } },
  signIn,
});
const read = (signIn: unknown): Settings['signIn'] => readSettings(given(signIn)).signIn;

function faultsOf(signIn: unknown): readonly SettingFault[] {
  try {
    read(signIn);
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults;
    throw reason;
  }
  return [];
}

const { publicKey: PEM, privateKey: PRIVATE } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const site = { issuer: 'https://login.example', audience: 'chat' };
const jwksUrl = 'https://login.example/keys';

describe("a site's sign-in (T45)", () => {
  test('is nobody’s unless it is set', () => expect(readSettings(given(undefined)).signIn).toEqual([]));

  test('has its keys at an address, or in the settings', () => {
    expect(
      read([
        { ...site, jwksUrl },
        { ...site, audience: 'shop', publicKey: PEM },
      ]),
    ).toEqual([
      { ...site, keys: { jwksUrl } },
      { ...site, audience: 'shop', keys: { publicKey: PEM } },
    ]);
  });

  test.each<[string, unknown, string, RegExp]>([
    ['without keys', [site], 'signIn.0', /jwksUrl or publicKey/u],
    ['with both', [{ ...site, jwksUrl, publicKey: PEM }], 'signIn.0', /not both/u],
    ['without an audience', [{ issuer: 'x', jwksUrl }], 'signIn.0.audience', /must be text/u],
    ['without an issuer', [{ ...site, issuer: '', jwksUrl }], 'signIn.0.issuer', /at least 1/u],
    ['over http', [{ ...site, jwksUrl: 'http://login.example/keys' }], 'signIn.0.jwksUrl', /https/u],
    ['with a private key', [{ ...site, publicKey: PRIVATE }], 'signIn.0.publicKey', /BEGIN PUBLIC KEY/u],
    ['with a shared secret', [{ ...site, secret: 'x' }], 'signIn.0.secret', /no such setting/u],
    [
      'named twice',
      [
        { ...site, jwksUrl },
        { ...site, publicKey: PEM },
      ],
      'signIn.1',
      /signIn\.0/u,
    ],
    ['that is no list', site, 'signIn', /must be a list/u],
  ])('%s is heard of by its name', (_, signIn, setting, rule) => {
    expect(faultsOf(signIn)).toContainEqual({ setting, rule: expect.stringMatching(rule) as string });
  });
});
