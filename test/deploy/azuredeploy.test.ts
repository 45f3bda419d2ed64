import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { FILES_CONTAINER } from '../../src/adapters/blob/files.ts';
import { readConfig } from '../../src/config.ts';
import { TENANT, type Given } from './arm.ts';
import { table, text } from './functions.ts';
import {
  APP_ID,
  BOT_ID,
  deployed,
  DIRECT_LINE,
  environmentOf,
  EXAMPLE,
  LEAST,
  PEPPER,
  settingsOf,
} from './template.ts';

const noFile = (path: string): string => {
  throw new Error(path);
};
const configOf = (given: Given) => readConfig(environmentOf(deployed(given)), noFile);

describe('row 87: what is deployed is what the app reads', () => {
  test('a managed identity: the app starts with it, and keeps no password', () => {
    const config = configOf(LEAST);
    expect(config).toMatchObject({
      bot: { kind: 'UserAssignedMSI', appId: BOT_ID, tenant: TENANT },
      identity: BOT_ID,
      pepper: PEPPER,
      directLine: { secret: DIRECT_LINE },
      store: { endpoint: 'https://contoso.documents.azure.com:443', database: DATABASE },
      blobAccountUrl: 'https://contoso.blob.core.windows.net',
      teamsAppId: APP_ID,
      teamsPresence: false,
    });
    expect(config.publicUrl).toMatch(/^https:\/\/reconnect-\w{13}\.azurewebsites\.net$/u);
    expect(config.tab.audience).toBe(`api://${new URL(config.publicUrl).host}/${APP_ID}`);
    expect(settingsOf(deployed(LEAST))).not.toHaveProperty('MicrosoftAppPassword');
  });

  test('an app registration with its secret: the app starts with that', () => {
    const given = { ...LEAST, botType: 'SingleTenant', botPassword: 'Zk~8Q~a-client-secret' };
    expect(configOf(given)).toMatchObject({
      bot: { kind: 'SingleTenant', appId: APP_ID, password: 'Zk~8Q~a-client-secret' },
      identity: BOT_ID,
    });
    expect(deployed(given).resources['bot']?.properties['msaAppMSIResourceId']).toBeNull();
  });

  test('everything else that can be said reaches the app', () => {
    const config = configOf({
      ...LEAST,
      publicHost: 'chat.contoso.com',
      teamsAppId: '3f2504e0-4f89-41d3-9a0c-0305e82c3399',
      teamsPresence: true,
      previousPepper: `${PEPPER}before`,
      botModule: './my-bot.js',
      directLineKey: 'key2',
      telemetrySharePercent: 5,
    });
    expect(config).toMatchObject({
      publicUrl: 'https://chat.contoso.com',
      tab: { audience: `api://chat.contoso.com/${APP_ID}` },
      teamsAppId: '3f2504e0-4f89-41d3-9a0c-0305e82c3399',
      teamsPresence: true,
      previousPepper: `${PEPPER}before`,
      botModule: './my-bot.js',
      directLine: { secret: `${DIRECT_LINE}2` },
    });
    expect(config.telemetry).toContain('InstrumentationKey=');
  });

  test('every name it sets is one that the configuration reads, or the platform', () => {
    const { RECONNECT_PEPPER_PREVIOUS: _, ...all } = settingsOf(
      deployed({ ...LEAST, botType: 'SingleTenant', previousPepper: PEPPER, botModule: './b.js' }),
    );
    const folder = fileURLToPath(new URL('../../src/', import.meta.url));
    const config = ['config.ts', ...readdirSync(join(folder, 'config')).map((name) => `config/${name}`)]
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join();
    const platform = /^(?:WEBSITES?_|SCM_|NODE_ENV$)/u;
    const own = Object.keys(all).filter((name) => !platform.test(name));
    expect(own.filter((name) => !config.includes(`'${name}'`))).toEqual([]);
    // Left to the platform, to tests, to other clouds, or in place of what is set.
    const left = [
      ...['PORT', 'COSMOS_KEY', 'SETTINGS_FILE', 'DIRECT_LINE_DOMAIN', 'AZURE_AUTHORITY_HOST'],
      ...[
        'NODE_TLS_REJECT_UNAUTHORIZED',
        'RECONNECT_PEPPER_PREVIOUS',
        'WEBSITE_INSTANCE_ID',
        'CHANNEL_HOSTS',
      ],
    ];
    const read = [...config.matchAll(/'([A-Z][A-Z_]{3,}|MicrosoftApp\w+)'/gu)].map(([, name = '']) => name);
    expect([...new Set(read)].filter((name) => ![...own, ...left].includes(name))).toEqual([]);
  });

  test('the example that comes with it is a desk with two widgets', () => {
    const { settings } = configOf({ ...EXAMPLE, pepper: PEPPER });
    expect(settings.widgets.map(({ id, workStream }) => [id, workStream])).toEqual([
      ['support', 'support'],
      ['sales', 'sales'],
    ]);
    expect(settings.widgets[1]?.rules).toMatchObject({ autoCloseMs: 40 * 60_000, offerTimeoutMs: 90_000 });
    expect(settings.workStreams['support']?.hours?.timeZone).toBe('Europe/Berlin');
  });

  test('Direct Line trusts the house and every page a widget stands on, and wants its own user ids', () => {
    const { resources, outputs } = deployed({ ...EXAMPLE, sites: ['https://shop.contoso.com'] });
    expect(resources['directLine']?.properties).toEqual({
      channelName: 'DirectLineChannel',
      properties: {
        sites: [
          {
            siteName: 'Default Site',
            isEnabled: true,
            isV1Enabled: false,
            isV3Enabled: true,
            isSecureSiteEnabled: true,
            isBlockUserUploadEnabled: false,
            trustedOrigins: [outputs['houseUrl'], 'https://shop.contoso.com', 'https://www.contoso.com'],
          },
        ],
      },
    });
  });

  test('channels bring what is said to the route that takes it', () => {
    const { resources, outputs } = deployed();
    expect(resources['bot']?.properties).toMatchObject({
      endpoint: outputs['messagingEndpoint'],
      msaAppId: BOT_ID,
      msaAppTenantId: TENANT,
      msaAppType: 'UserAssignedMSI',
    });
    expect(new URL(String(outputs['messagingEndpoint'])).pathname).toBe('/api/messages');
  });
});

describe('row 87: the store that is deployed is the store of the code', () => {
  const { resources } = deployed();

  test('the containers, their partition keys, their time to live and what is indexed', () => {
    const containers = Object.values(resources)
      .filter(({ type }) => type.endsWith('/sqlDatabases/containers'))
      .map(({ name, properties }) => {
        expect(name.split('/').slice(1)).toEqual([DATABASE, table(properties['resource'])['id']]);
        return properties['resource'];
      });
    expect(containers).toEqual(
      CONTAINERS.map(({ id, partitionKey, defaultTtl, indexed, composite }) => ({
        id,
        partitionKey: { paths: [partitionKey], kind: 'Hash', version: 2 },
        defaultTtl,
        indexingPolicy: {
          indexingMode: 'consistent',
          automatic: true,
          includedPaths: indexed.map((path) => ({ path: `${path}/?` })),
          excludedPaths: [{ path: '/*' }],
          compositeIndexes: composite,
        },
      })),
    );
  });

  test('the app waits for all of them', () => {
    expect(resources['app']?.dependsOn).toEqual(
      expect.arrayContaining([...CONTAINERS.map(({ id }) => id), 'cosmosRole', 'filesRole', 'vaultRole']),
    );
  });

  test('the container of files', () => {
    expect(resources['files']?.name.split('/').at(-1)).toBe(FILES_CONTAINER);
    expect(resources['filesRole']?.scope).toContain(`/blobServices/default/containers/${FILES_CONTAINER}`);
  });

  test('T38, T39: nobody gets in by a key, and the app no further than its own database', () => {
    expect(resources['cosmos']?.properties).toMatchObject({
      disableLocalAuth: true,
      enableMultipleWriteLocations: false,
      backupPolicy: { type: 'Continuous' },
      capabilities: [],
    });
    expect(resources['cosmosRole']?.properties['scope']).toMatch(
      /\/databaseAccounts\/[^/]+\/dbs\/reconnect$/u,
    );
    expect(resources['storage']?.properties).toMatchObject({
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
    });
  });

  test('throughput is shared by its containers, or the account is serverless and has none', () => {
    const serverless = deployed({ ...LEAST, cosmosCapacity: 'Serverless' }).resources;
    expect(serverless['cosmos']?.properties['capabilities']).toEqual([{ name: 'EnableServerless' }]);
    expect(serverless['database']?.properties['options']).toEqual({});
    expect(resources['database']?.properties['options']).toEqual({
      autoscaleSettings: { maxThroughput: 1000 },
    });
  });

  test('after a restore the app reads the restored account, by the same right', () => {
    const restored = deployed({ ...LEAST, cosmosAccount: 'desk-restored' }).resources;
    expect(restored['cosmos']?.name).toBe('desk-restored');
    expect(restored['cosmosRole']?.properties['scope']).toMatch(/\/desk-restored\/dbs\/reconnect$/u);
  });
});

test('row 94: the workbook is deployed as it stands beside the template: npm run template', () => {
  const { workbook } = deployed().resources;
  const file = new URL('../../deploymentTemplates/workbook.json', import.meta.url);
  expect(JSON.parse(text(workbook?.properties['serializedData']))).toEqual(
    JSON.parse(readFileSync(file, 'utf8')),
  );
  expect(workbook?.properties['sourceId']).toMatch(/\/components\/reconnect-insights$/u);
});
