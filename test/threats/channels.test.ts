import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { channelsAt } from '../../src/adapters/botframework/channel-hosts.ts';
import { until } from '../server/house.ts';
import { channelToken } from '../production/azure.ts';
import { activityOf, openDesk, type Channel, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent } from '../production/people.ts';
import { talking } from './people.ts';

let desk: TestDesk;
let jonas: Agent;
/** Somebody's own server, who would like to have the bot's token: on this machine, and no name of it that we know. */
let canary: Server;
let hits: string[];
let canaryUrl: string;
beforeAll(async () => {
  // The SDK prints every activity that nobody has signed.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  hits = [];
  canary = createServer((request, response) => {
    hits.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.end('{}');
  }).listen(0, '0.0.0.0');
  await once(canary, 'listening');
  const address = canary.address();
  canaryUrl = `http://0.0.0.0:${typeof address === 'object' && address !== null ? address.port : 0}/`;
  desk = await openDesk();
  jonas = await agentAt(desk, 'Jonas Weber', 1);
});
afterAll(async () => {
  await desk.close();
  canary.closeAllConnections();
  canary.close();
  vi.restoreAllMocks();
});

/** Replaces what the store holds of somebody, as who has broken into it would. */
async function planted(container: string, is: (document: string) => boolean, from: string): Promise<void> {
  const client = new CosmosClient({ endpoint: desk.cosmos.endpoint, key: desk.cosmos.key });
  const items = client.database(DATABASE).container(container);
  const table = desk.cosmos.storage.tables.find(({ definition }) => definition.id === container);
  const rows = desk.cosmos.storage
    .rows(`SELECT body FROM ${table?.name ?? ''}`, [])
    .map(({ body }) => String(body));
  const [row = ''] = rows.filter(is);
  const document = JSON.parse(row.replaceAll(from, canaryUrl)) as {
    id: string;
    customer?: string;
    agent?: string;
  };
  expect(row).toContain(from);
  await items.item(document.id, document.customer ?? document.agent).replace(document);
  client.dispose();
}

describe('T16: the bot’s token goes to channels, and to nobody who says they are one', () => {
  test.each<[Channel, object]>([
    ['directline', { type: 'message', text: 'agent' }],
    ['directline', { type: 'conversationUpdate' }],
    ['msteams', { type: 'message', text: 'hello', channelData: { tenant: { id: 'x' } } }],
  ])(
    'an activity of %s that is to be answered elsewhere is refused, however well it is signed',
    async (channel, activity) => {
      const before = desk.writes();
      for (const serviceUrl of [
        canaryUrl,
        'http://169.254.169.254/',
        'https://smba.trafficmanager.net.evil.example/',
      ]) {
        const answer = await desk.ask(
          'POST',
          '/api/messages',
          {
            ...activityOf(desk.azure, channel, {
              from: { id: `dl_${'x'.repeat(20)}` },
              conversation: { id: 'x' },
            }),
            ...activity,
            serviceUrl,
          },
          { bearer: await channelToken(desk.azure, channel, { serviceurl: serviceUrl }) },
        );
        expect(answer.status).toBe(401);
      }
      expect([hits, desk.writes()]).toEqual([[], before]);
    },
  );

  test('what the store says of where a customer is, is not believed either', async () => {
    const talk = await talking({ desk, jonas });
    await desk.settled();
    await planted(
      'sessions',
      (one) => one.includes('"kind":"header"') && one.includes(talk.sid),
      desk.azure.serviceUrl('directline'),
    );
    expect((await jonas.act(talk.sid, { act: 'message', text: 'Are you there?' })).status).toBe(200);
    await until(async () => {
      desk.clock.advance(1_000);
      const { body } = await jonas.tab('GET', `/api/sessions/${talk.sid}`);
      return (body['row'] as { status: string }).status === 'disconnected';
    }, 'it is as if the customer were gone');
    expect(hits).toEqual([]);
    // A line of theirs says where they are, signed.
    await talk.customer.say('Here I am');
    await until(() => talk.customer.reads().includes('Are you there?'), 'they read it where they are');
  });

  test('nor of where an agent is', async () => {
    await desk.settled();
    await planted('agents', (one) => one.includes('Jonas Weber'), desk.azure.serviceUrl('msteams'));
    const customer = await customerAt(desk);
    await customer.say('agent');
    const sid = await rowIn(jonas, 'queue', customer);
    await desk.settled();
    expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
    await until(() => customer.reads().includes('Jonas'), 'the customer reads who is here');
    await desk.settled();
    expect(hits).toEqual([]);
  });

  test.each([
    ['https://directline.botframework.com/', true],
    ['https://europe.directline.botframework.com/', true],
    ['https://webchat.botframework.com/', true],
    ['https://smba.trafficmanager.net/emea/', true],
    ['https://smba.infra.gcc.teams.microsoft.com/gcc/', true],
    ['https://smba.infra.gov.teams.microsoft.us/gov/', true],
    ['https://directline.botframework.azure.us/', true],
    ['https://bots.contoso.com/api/skills', true],
    ['http://directline.botframework.com/', false],
    ['https://botframework.com.evil.example/', false],
    ['https://evilbotframework.com/', false],
    ['https://evil.trafficmanager.net/', false],
    ['https://directline.botframework.com@evil.example/', false],
    ['https://directline.botframework.com:8443/', false],
    ['https://a.bots.contoso.com/', false],
    ['https://localhost/', false],
    ['http://127.0.0.1:3978/', false],
    ['//evil.example', false],
  ])('in production %s is one: %s', (serviceUrl, isOne) => {
    const isChannel = channelsAt({ more: ['bots.contoso.com'], isTrial: false });
    expect(isChannel(serviceUrl)).toBe(isOne);
  });
});
