import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Activity } from 'botbuilder';
import { channelAuthentication } from '../../src/adapters/botframework/channel-authentication.ts';
import { readConfig } from '../../src/config.ts';
import { BOT, channelToken, openAzure, TENANT, type Azure } from './azure.ts';
import { activityOf, environment } from './desk.ts';

let azure: Azure;
beforeAll(async () => {
  azure = await openAzure();
});
afterAll(() => azure.close());

function authentication() {
  const store = { endpoint: 'http://127.0.0.1:1', key: 'a2V5' };
  const { channels } = readConfig(
    { ...environment(azure, store), AZURE_AUTHORITY_HOST: azure.origin },
    () => '',
  );
  const bot = { MicrosoftAppId: BOT, MicrosoftAppType: 'UserAssignedMSI', MicrosoftAppTenantId: TENANT };
  return channelAuthentication(bot, channels, () => true).authentication;
}

test('a bot answers every turn of a channel by the client of the first, and no other channel’s', async () => {
  const auth = authentication();
  const header = `Bearer ${await channelToken(azure, 'directline')}`;
  const clientOf = async (channel: 'directline' | 'msteams', authHeader: string) => {
    const activity = activityOf(azure, channel, { type: 'message' }) as unknown as Activity;
    const { connectorFactory, audience } = await auth.authenticateRequest(activity, authHeader);
    return connectorFactory?.create(activity.serviceUrl, audience);
  };
  const first = await clientOf('directline', header);
  expect(first).toBeDefined();
  expect(await clientOf('directline', header)).toBe(first);
  expect(await clientOf('msteams', `Bearer ${await channelToken(azure, 'msteams')}`)).not.toBe(first);
});

test('what the bot sends unasked goes by a client of its own, so that ending it ends nothing else', async () => {
  const auth = authentication();
  const activity = activityOf(azure, 'directline', { type: 'message' }) as unknown as Activity;
  const { claimsIdentity } = await auth.authenticateRequest(
    activity,
    `Bearer ${await channelToken(azure, 'directline')}`,
  );
  const factory = auth.createConnectorFactory(claimsIdentity);
  const [one, other] = [
    await factory.create(activity.serviceUrl, ''),
    await factory.create(activity.serviceUrl, ''),
  ];
  expect(one).not.toBe(other);
});

test('a bot that signs its users in asks for their tokens by one client', async () => {
  const auth = authentication();
  const { claimsIdentity } = await auth.authenticateRequest(
    activityOf(azure, 'directline', { type: 'message' }) as unknown as Activity,
    `Bearer ${await channelToken(azure, 'directline')}`,
  );
  const client = await auth.createUserTokenClient(claimsIdentity);
  expect(await auth.createUserTokenClient(claimsIdentity)).toBe(client);
});
