import type { OpenTelemetry } from '../../src/adapters/telemetry/open.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { readConfig } from '../../src/config.ts';
import { sourceAssets } from '../../src/local/assets.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';
import { startProduction, type Production } from '../../src/production.ts';
import { ask, until, type Answer, type Asking } from '../server/house.ts';
import { BOT, channelToken, openAzure, TAB, TENANT, type Azure } from './azure.ts';

/** Production over an embedded store and an Azure of this machine. */
export interface TestDesk {
  readonly azure: Azure;
  readonly cosmos: CosmosServer;
  readonly clock: MovableClock;
  readonly production: Production;
  readonly origin: string;
  readonly logged: () => string;
  readonly ask: (method: string, path: string, body?: unknown, asking?: Asking) => Promise<Answer>;
  /** How many documents were ever written. Leases are renewed all the time: not counted. */
  readonly writes: () => number;
  /** What an activity is answered that this channel sends, signed by it. */
  readonly from: (channel: Channel, activity: Readonly<Record<string, unknown>>) => Promise<Answer>;
  /** Settles when nothing that was begun writes any more: rows and marks of delivery come late. */
  readonly settled: () => Promise<void>;
  readonly close: () => Promise<void>;
}
export type Channel = 'directline' | 'msteams';

export const PUBLIC = 'https://chat.contoso.com';
export const PEPPER = 'q7Xn2Vb9Lw4Kd8Tz1Rm6Yc3Hf5Jp0Gs-';

/** A desk where anybody known is asked whether they want to go on. */
export const SETTINGS = {
  company: 'Contoso',
  workStreams: { support: { autoCloseAfterInactivity: '20 min' } },
  widgets: {
    chat: {
      ...{ title: 'Support', workStream: 'support', promptAudience: 'anyone' },
      portalUrl: 'https://www.contoso.com/support',
      files: { enabled: false },
    },
  },
};

/** An environment for a trial of production over that store and that Azure. */
export const environment = (azure: Azure, cosmos: Pick<CosmosServer, 'endpoint' | 'key'>) => ({
  PORT: '0',
  PUBLIC_URL: PUBLIC,
  COSMOS_ENDPOINT: cosmos.endpoint,
  COSMOS_KEY: cosmos.key,
  MicrosoftAppId: BOT,
  MicrosoftAppType: 'UserAssignedMSI',
  MicrosoftAppTenantId: TENANT,
  ToBotFromChannelOpenIdMetadataUrl: `${azure.origin}/openid`,
  ToBotFromEmulatorOpenIdMetadataUrl: `${azure.origin}/openid`,
  DIRECT_LINE_DOMAIN: `${azure.origin}/v3/directline`,
  DIRECT_LINE_SECRET: 'the.secret.of.direct.line',
  RECONNECT_PEPPER: PEPPER,
  TAB_AUDIENCE: `api://chat.contoso.com/${TAB}`,
  SETTINGS_JSON: JSON.stringify(SETTINGS),
});

/** What App Service tells an app of where its identities are. */
export const identityOf = (azure: Azure) => ({
  IDENTITY_ENDPOINT: `${azure.origin}/msi/token`,
  IDENTITY_HEADER: 'app-service',
});

/** An embedded store of its own, in memory. */
export const openStore = (clock: MovableClock = movableClock()): Promise<CosmosServer> =>
  startCosmos({ port: 0, file: ':memory:', clock, containers: CONTAINERS, database: DATABASE });

export async function openDesk(
  changed: Readonly<Record<string, string>> = {},
  shared?: { readonly azure: Azure; readonly cosmos: CosmosServer; readonly clock: MovableClock },
  telemetry?: OpenTelemetry,
  own: MovableClock = movableClock(),
): Promise<TestDesk> {
  const clock = shared?.clock ?? own;
  const azure = shared?.azure ?? (await openAzure());
  const cosmos = shared?.cosmos ?? (await openStore(clock));
  Object.assign(process.env, identityOf(azure));
  let logged = '';
  const config = readConfig(
    // Not in a process of its own: there the SDK's managed identities read it too, and want https.
    { ...environment(azure, cosmos), AZURE_AUTHORITY_HOST: azure.origin, ...changed },
    () => '',
  );
  const production = await startProduction(config, {
    clock,
    log: (event, fields) => (logged += `${JSON.stringify({ event, ...fields })}\n`),
    assets: sourceAssets(),
    telemetry,
  });
  const origin = `http://127.0.0.1:${production.port}`;
  const desk: TestDesk = {
    ...{ azure, cosmos, clock, production, origin },
    logged: () => logged,
    ask: (method, path, body, asking) => ask(origin, method, path, body, asking),
    writes: () =>
      cosmos.storage.tables
        .filter(({ definition }) => definition.id !== 'lookups')
        .reduce((sum, table) => sum + table.lsn(), 0),
    from: async (channel, activity) =>
      ask(origin, 'POST', '/api/messages', activityOf(azure, channel, activity), {
        bearer: await channelToken(azure, channel),
      }),
    settled: async () => {
      clock.advance(5_000);
      let seen = { writes: -1, at: Date.now() };
      await until(() => {
        const writes = desk.writes();
        if (writes !== seen.writes) seen = { writes, at: Date.now() };
        return Date.now() - seen.at > 400;
      }, 'nobody writes any more');
    },
    close: async () => {
      await production.stop();
      if (shared !== undefined) return;
      await cosmos.close();
      await azure.close();
    },
  };
  return desk;
}

let activities = 0;

/** An activity as that channel would send it. */
export function activityOf(
  azure: Azure,
  channel: Channel,
  activity: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  activities += 1;
  return {
    id: `${channel}-${activities}`,
    channelId: channel,
    serviceUrl: azure.serviceUrl(channel),
    recipient: { id: channel === 'msteams' ? `28:${BOT}` : 'contoso-bot', name: 'Contoso' },
    ...activity,
  };
}
