import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { beforeAll, expect, test } from 'vitest';
import { azureMonitor } from '../../src/adapters/telemetry/azure.ts';
import { openTelemetry } from '../../src/adapters/telemetry/open.ts';
import { startTelemetry } from '../../src/adapters/telemetry/start.ts';
import { MEASURES } from '../../src/telemetry/measures.ts';
import { openHouse } from '../server/house.ts';
import { redeem, talking } from '../server/ways.ts';

/** An item as Application Insights takes it in. */
interface Item {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: {
    readonly baseData: {
      readonly name?: string;
      readonly message?: string;
      readonly success?: boolean;
      readonly properties?: Readonly<Record<string, unknown>>;
      readonly metrics?: readonly { readonly name: string; readonly count?: number }[];
    };
  };
}

type HttpClient = NonNullable<Parameters<typeof azureMonitor>[0]['httpClient']>;

const items: Item[] = [];
let raw = '';
/** Stands in for the ingestion endpoint, and believes nothing to be sent that is not. */
const ingestion: HttpClient = {
  sendRequest: async (request) => {
    expect(request.url).toContain('https://ingestion.example/');
    const body = typeof request.body === 'string' ? request.body : '';
    raw += body;
    const taken = JSON.parse(body) as readonly Item[];
    items.push(...taken);
    const said = { itemsReceived: taken.length, itemsAccepted: taken.length, errors: [] };
    const headers = createHttpHeaders({ 'content-type': 'application/json' });
    return Promise.resolve({ request, status: 200, headers, bodyAsText: JSON.stringify(said) });
  },
};

const KEY = 'InstrumentationKey=00000000-0000-4000-8000-000000000000';
let secrets: readonly string[];
beforeAll(async () => {
  // The exporter's word to its makers about itself would leave this machine.
  process.env['APPLICATION_INSIGHTS_NO_STATSBEAT'] = 'true';
  const monitor = azureMonitor({
    connectionString: `${KEY};IngestionEndpoint=https://ingestion.example/`,
    httpClient: ingestion,
  });
  const telemetry = openTelemetry(monitor, { instance: 'web-1', version: '1.2.3' });
  const house = await openHouse({ telemetry });
  const jwt = await house.siteToken('zebra-name');
  const talk = await talking(house, { bearer: jwt });
  await talk.chat.say('zebra-customer');
  await talk.act('message', { text: 'zebra-agent' });
  const { token, code } = await talk.give();
  await redeem(house, { token }, { bearer: jwt });
  secrets = ['zebra', token, code, jwt, talk.chat.userId];
  // What has gathered is sent when the house closes.
  await house.close();
});
const named = (kind: string): readonly Item[] => items.filter(({ name }) => name.endsWith(kind));

test('requests, dependencies, log lines and measures arrive at Application Insights, sent at the latest at the end', () => {
  expect(named('Request').map(({ tags }) => tags['ai.operation.name'])).toContain('POST /api/messages');
  const dependencies = named('RemoteDependency').map(({ data }) => data.baseData.name);
  expect(dependencies).toEqual(expect.arrayContaining(['customer turn', 'batch sessions', 'act accept']));
  expect(named('Message').map(({ data }) => data.baseData.message)).toContain('reconnect.redeemed');
  for (const { tags } of items) expect(tags['ai.cloud.role']).toBe('reconnect');
});

test('measures arrive under their names, with what they are told apart by', () => {
  const metrics = named('Metric').map(({ data }) => data.baseData);
  const names = new Set(metrics.flatMap(({ metrics: all = [] }) => all.map(({ name }) => name)));
  // What the exporter tells of the process beside ours.
  names.delete('_OTELRESOURCE_');
  for (const name of names) expect(Object.keys(MEASURES)).toContain(name);
  for (const name of ['reconnect.funnel', 'reconnect.answer.duration', 'db.client.operation.duration'])
    expect(names).toContain(name);
  const returned = metrics.find(({ properties }) => properties?.['reconnect.step'] === 'continued');
  expect(returned?.properties).toMatchObject({ 'reconnect.way': 'link', 'reconnect.widget': 'support' });
});

test('no token and no word of anybody arrives there', () => {
  expect(raw.length).toBeGreaterThan(10_000);
  expect(secrets.filter((secret) => raw.includes(secret))).toEqual([]);
});

test('a connection string that is none stops the start', async () => {
  await expect(
    startTelemetry({ connectionString: 'nothing', instance: 'a', version: '1' }),
  ).rejects.toThrow();
});

test('a connection string is enough to start', async () => {
  const telemetry = await startTelemetry({ connectionString: KEY, share: 0, instance: 'a', version: '1' });
  expect(telemetry).toBeDefined();
  await telemetry?.close();
});

test('a house that nobody asked for telemetry has none', async () => {
  expect(await startTelemetry({ instance: 'a', version: '1' })).toBeUndefined();
});
