import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSecretKey } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { BOT, channelToken, openAzure, TENANT, type Azure } from './azure.ts';
import { activityOf, openDesk, type Channel, type TestDesk } from './desk.ts';
import { agentAt, customerAt, tabToken, type Customer } from './people.ts';

let desk: TestDesk;
let azure: Azure;
let lea: Customer;
beforeAll(async () => {
  desk = await openDesk();
  azure = desk.azure;
  lea = await customerAt(desk);
  await agentAt(desk, 'Jonas Weber', 1);
  await desk.settled();
});
afterAll(() => desk.close());

const HOUR_S = 3_600;
const FRAMEWORK = 'https://api.botframework.com';
const seconds = (): number => Math.floor(Date.now() / 1_000);

/** What somebody may put into `Authorization` who is no channel, or not this one. */
const headers: Readonly<Record<string, (channel: Channel) => Promise<string | undefined>>> = {
  'an unsigned one': () => Promise.resolve(undefined),
  'one with a token that is none': () => Promise.resolve('Bearer letmein'),
  'one with three words for a token': () => Promise.resolve('Bearer a.b.c'),
  'one under another scheme': async (channel) => `Basic ${await channelToken(azure, channel)}`,
  'a forged one': async (channel) => `Bearer ${await channelToken(azure, channel, {}, 'stranger')}`,
  'one signed with nothing': (channel) =>
    Promise.resolve(
      `Bearer ${new UnsecuredJWT({ iss: 'https://api.botframework.com', aud: BOT, serviceurl: azure.serviceUrl(channel), exp: seconds() + 600 }).encode()}`,
    ),
  'one signed with the channel’s public key as if it were a secret': async (channel) => {
    const keys = (await (await fetch(`${azure.origin}/keys`)).json()) as {
      keys: readonly { kid: string; n: string }[];
    };
    const { n = '' } = keys.keys.find(({ kid }) => kid === channel) ?? {};
    return `Bearer ${await new SignJWT({
      iss: FRAMEWORK,
      aud: BOT,
      serviceurl: azure.serviceUrl(channel),
      exp: seconds() + 600,
    })
      .setProtectedHeader({ alg: 'HS256', kid: channel })
      .sign(createSecretKey(n, 'base64url'))}`;
  },
  'one whose key nobody has heard of': async (channel) => {
    const [, payload, signature] = (await channelToken(azure, channel)).split('.');
    const head = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'unheard-of' })).toString('base64url');
    return `Bearer ${head}.${payload}.${signature}`;
  },
  'one for another bot': async (channel) => `Bearer ${await channelToken(azure, channel, { aud: TENANT })}`,
  'one of another issuer': async (channel) =>
    `Bearer ${await channelToken(azure, channel, { iss: 'https://api.example.com' })}`,
  'one that the other channel signed': async (channel) =>
    `Bearer ${await channelToken(azure, channel, {}, channel === 'msteams' ? 'directline' : 'msteams')}`,
  'one that is to be answered elsewhere': async (channel) =>
    `Bearer ${await channelToken(azure, channel, { serviceurl: 'https://smba.example.com/' })}`,
  'one that does not say where it is to be answered': async (channel) =>
    `Bearer ${await channelToken(azure, channel, { serviceurl: undefined })}`,
  'an expired one': async (channel) =>
    `Bearer ${await channelToken(azure, channel, { nbf: seconds() - 2 * HOUR_S, exp: seconds() - HOUR_S })}`,
  'one not yet good': async (channel) =>
    `Bearer ${await channelToken(azure, channel, { nbf: seconds() + HOUR_S, exp: seconds() + 2 * HOUR_S })}`,
  'one with an agent’s token': async () => `Bearer ${await tabToken(desk, { oid: 'x', name: 'x' })}`,
  'one that says it is another bot’s': async () =>
    `Bearer ${await azure.sign('entra', { iss: `https://sts.windows.net/${TENANT}/`, aud: BOT, appid: TENANT, ver: '1.0' })}`,
};

const message = (): Readonly<Record<string, unknown>> =>
  activityOf(azure, 'directline', {
    type: 'message',
    text: 'agent',
    from: { id: lea.userId },
    conversation: { id: lea.conversation },
  });
const press = (): Readonly<Record<string, unknown>> =>
  activityOf(azure, 'msteams', {
    type: 'invoke',
    name: 'adaptiveCard/action',
    from: { id: '29:x', aadObjectId: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001', name: 'Jonas Weber' },
    conversation: { id: '19:x', conversationType: 'personal', tenantId: TENANT },
    channelData: { tenant: { id: TENANT } },
    value: { action: { type: 'Action.Execute', verb: 'reconnect/accept', data: { sid: 'x', epoch: 1 } } },
  });

const activities = [
  ['Direct Line', 'directline', message],
  ['Teams', 'msteams', press],
] as const;

describe.each(activities)('T14: an activity of %s', (_, channel, activity) => {
  test.each(Object.entries(headers))('%s is refused, and nothing comes of it', async (_name, header) => {
    const authorization = await header(channel);
    const before = { writes: desk.writes(), delivered: azure.delivered.length };
    const answer = await desk.ask('POST', '/api/messages', activity(), {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect([answer.status, answer.body]).toEqual([
      401,
      { error: { code: 'not_permitted', message: 'The activity is not signed by a channel we know.' } },
    ]);
    expect({ writes: desk.writes(), delivered: azure.delivered.length }).toEqual(before);
    expect(desk.logged()).not.toMatch(/turn\.|act\.refused/u);
  });
});

test.each(['emulator', 'AseChannel', 'webchat'])(
  'nobody comes in by calling their channel %s',
  async (channelId) => {
    const before = desk.writes();
    const answer = await desk.ask('POST', '/api/messages', { ...message(), channelId });
    expect([answer.status, desk.writes()]).toEqual([401, before]);
  },
);

test('while the channels’ keys cannot be fetched an activity is not taken for forged: it is to be sent again', async () => {
  const away = await openAzure();
  const other = await openDesk({ ToBotFromChannelOpenIdMetadataUrl: `${away.origin}/openid` }, desk);
  await away.close();
  const answer = await other.from('directline', message());
  expect(answer.status).toBe(500);
  await other.close();
});

test.each([
  ['nobody', () => Promise.resolve(undefined)],
  ['a token for another app', () => tabToken(desk, { aud: TENANT, oid: 'x' })],
  ['a token of another tenant', () => tabToken(desk, { tid: BOT, oid: 'x' })],
  ['a token of another issuer', () => tabToken(desk, { iss: 'https://login.example.com/v2.0', oid: 'x' })],
  ['a token for something else of the app', () => tabToken(desk, { scp: 'User.Read', oid: 'x' })],
])('the tab’s doors are shut to %s', async (_, token) => {
  const bearer = await token();
  const answer = await desk.ask('GET', '/api/agent/me', undefined, bearer === undefined ? {} : { bearer });
  expect(answer.status).toBe(401);
});

test.each(activities)(
  'the same activity of %s, signed as it should be, is taken',
  async (_, channel, activity) => {
    expect((await desk.from(channel, activity())).status).toBe(200);
  },
);

test('a token that was good once is good for no other channel, and no other place to answer at', async () => {
  const bearer = await channelToken(azure, 'directline');
  const status = async (more: Readonly<Record<string, unknown>>): Promise<number> =>
    (await desk.ask('POST', '/api/messages', { ...message(), ...more }, { bearer })).status;
  expect([await status({}), await status({})]).toEqual([200, 200]);
  expect(await status({ channelId: 'msteams' })).toBe(401);
  expect(await status({ serviceUrl: 'https://smba.example.com/' })).toBe(401);
});
