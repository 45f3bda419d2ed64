import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { SessionState } from '../adapters/botframework/session-state.ts';
import { TurnAdapter } from '../adapters/botframework/turn-adapter.ts';
import { cosmosStores } from '../adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../adapters/cosmos/containers.ts';
import { directLineAttachments } from '../adapters/directline/attachments.ts';
import { directLineTokens } from '../adapters/directline/tokens.ts';
import { graphPresence } from '../adapters/teams/presence.ts';
import { tabLink } from '../adapters/teams/tab-link.ts';
import type { OpenTelemetry } from '../adapters/telemetry/open.ts';
import { movableClock } from '../clock.ts';
import type { Log } from '../handoff/ports.ts';
import { reconnect } from '../reconnect.ts';
import { agentIdentities } from '../server/agent-identity.ts';
import { customerIdentities } from '../server/customer-identity.ts';
import { whereOf } from '../handoff/errors.ts';
import { houseRoutes } from '../server/house-routes.ts';
import { crossOrigin, originsOf } from '../server/cors.ts';
import { createServer } from '../server/server.ts';
import type { Settings } from '../settings/settings.ts';
import { sourceAssets } from './assets.ts';
import { ParcelBot } from './bot/parcel-bot.ts';
import { localFiles } from './blob/files.ts';
import { clockRoutes } from './clock-routes.ts';
import { startCosmos, type CosmosServer } from './cosmos/server.ts';
import { localDirectLine, type LocalDirectLine } from './directline/local-direct-line.ts';
import { driveRoutes } from './drive-routes.ts';
import { exampleRoutes } from './example-routes.ts';
import { keep } from './keep.ts';
import { AGENTS, AUDIENCE, SITE, TENANT } from './people.ts';
import { signer } from './site.ts';
import { siteRoutes } from './site-routes.ts';
import { localTeams } from './teams/teams.ts';

/** Where a local house lives and what it shares. */
export interface LocalHouseOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Its folder: databases, keys, the clock's offset. */
  readonly folder: string;
  readonly settings: Settings;
  readonly log: Log;
  /** Hears what the house does; left out, nothing is measured. */
  readonly telemetry?: OpenTelemetry;
  /** Another house's store; left out, an embedded one is started in the folder. */
  readonly cosmos?: { readonly endpoint: string; readonly key: string };
  /** Keeps its channels apart from another house's in the same folder. */
  readonly name?: string;
}

/** A running local house. */
export interface LocalHouse {
  readonly origin: string;
  readonly cosmos: CosmosServer | undefined;
  readonly store: { readonly endpoint: string; readonly key: string };
  readonly directLine: LocalDirectLine;
  /** Starts what is otherwise started with the first file. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Runs the whole product on this machine: the embedded store, Direct Line, Teams, a sample bot and the house between
 * them, on one movable clock, in one process. Everything survives a restart in the same folder.
 */
export async function startLocalHouse(options: LocalHouseOptions): Promise<LocalHouse> {
  const { name = 'house', telemetry } = options;
  const log = telemetry?.hearing(options.log) ?? options.log;
  const heard = telemetry === undefined ? {} : { telemetry };
  const keeping = keep(options.folder, name);
  const { kept } = keeping;
  const clock = movableClock(undefined, kept.clockAheadMs);
  const cosmos =
    options.cosmos === undefined
      ? await startCosmos({
          port: 0,
          file: join(options.folder, 'cosmos.db'),
          key: kept.cosmosKey,
          clock,
          containers: CONTAINERS,
          database: DATABASE,
        })
      : undefined;
  const store = options.cosmos ?? { endpoint: cosmos?.endpoint ?? '', key: cosmos?.key ?? '' };
  const { retention } = options.settings;
  const stores = cosmosStores({ ...store, database: DATABASE, clock, log, retention, ...heard });
  if (!(await stores.ready())) throw new Error(`The store at ${store.endpoint} does not answer`);

  const server = createServer(log, telemetry);
  const port = await listening(server, options.port);
  const origin = `http://127.0.0.1:${port}`;
  const settings = deployedHere(options.settings, origin);
  crossOrigin(server, originsOf(settings));
  const [site, tab] = await Promise.all([
    signer(kept.siteKey, 'site', clock),
    signer(kept.tabKey, 'tab', clock),
  ]);

  const directLine = localDirectLine({
    file: join(options.folder, `${name}-directline.db`),
    clock,
    secret: kept.directLineKey,
    signingKey: kept.directLineKey,
    serviceUrl: `${origin}/local/connector/directline`,
    botEndpoint: `${origin}/api/messages`,
    publicOrigin: origin,
    log: ({ event, ...fields }) => log(event, plain(fields)),
  });
  const teams = localTeams({
    file: join(options.folder, `${name}-teams.db`),
    clock,
    serviceUrl: `${origin}/local/connector/teams`,
    botEndpoint: `${origin}/api/messages`,
    tenantId: TENANT,
    botId: AUDIENCE,
    people: AGENTS,
    signTabToken: (person) =>
      tab.sign(
        { oid: person.oid, tid: TENANT, name: person.name, roles: person.roles, scp: 'access_as_user' },
        { issuer: `${origin}/local/entra`, audience: AUDIENCE, subject: person.oid },
      ),
    tabUrl: '/inbox/',
    log: ({ event, ...fields }) => log(event, plain(fields)),
  });

  const files = localFiles({
    folder: join(options.folder, 'blobs'),
    key: createHmac('sha256', kept.pepper).update('blobs').digest('base64'),
  });
  const adapter = new TurnAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const bot = new ParcelBot(new SessionState(stores.botState));
  const middleware = reconnect({
    adapter,
    bot,
    appId: '',
    stores,
    settings,
    teamsPresence: graphPresence({
      fetch,
      token: () => Promise.resolve('local'),
      clock,
      endpoint: `${origin}/local/graph/v1.0`,
    }),
    files: {
      store: files.store,
      fetch: directLineAttachments([`${origin}/v3/directline/files/`]),
      servedAt: origin,
      dropsFrom: [`${origin}/local/teams/files/`],
    },
    pepper: kept.pepper,
    clock,
    log,
    ...heard,
    linkTo: (sid) => tabLink(AUDIENCE, sid),
  });
  adapter.use(middleware);
  const { house } = middleware;

  directLine.mount(server);
  teams.mount(server);
  houseRoutes(server, {
    ...{ house, adapter, bot, settings, log },
    greet: middleware.greet,
    customers: customerIdentities({
      store: stores.sessions,
      sessions: house.sessions,
      pepper: kept.pepper,
      issuers: [...settings.signIn, { issuer: `${origin}/local/site`, audience: SITE, keys: site.keys }],
      secure: false,
      clock,
    }),
    agents: agentIdentities({
      issuer: `${origin}/local/entra`,
      audience: AUDIENCE,
      tenant: TENANT,
      keys: tab.keys,
      clock,
    }),
    tokens: directLineTokens({
      domain: `${origin}/v3/directline`,
      secret: kept.directLineKey,
      trustedOrigins: [],
    }),
    domain: '/v3/directline',
    local: {
      site: siteRoutes(server, { signer: site, issuer: `${origin}/local/site`, log }),
      clock: '/local/clock',
    },
    clockUrl: '/local/clock',
    assets: sourceAssets(),
    directLine: origin,
    framedBy: [`'self'`],
    checks: { store: stores.ready },
  });
  exampleRoutes(server, { house: origin, log });
  driveRoutes(server, { settings, log });
  const stopClock = clockRoutes(server, {
    clock,
    pauseSweep: house.pauseSweep,
    kept: keeping,
    log,
  });
  house.start();

  return {
    origin,
    cosmos,
    store,
    directLine,
    warm: files.warm,
    close: async () => {
      stopClock();
      directLine.close();
      teams.close();
      await house.stop();
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      stores.dispose();
      await files.close();
      await cosmos?.close();
      await telemetry?.close();
    },
  };
}

/** Here every widget that is deployed anywhere is deployed on this very page. */
const deployedHere = (settings: Settings, origin: string): Settings => ({
  ...settings,
  // The example of a site of another origin: this machine under its other name.
  sites: [...settings.sites, origin.replace('127.0.0.1', 'localhost')],
  widgets: settings.widgets.map((widget) =>
    widget.portalUrl === undefined ? widget : { ...widget, portalUrl: `${origin}/?widget=${widget.id}` },
  ),
});

function listening(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** What a log line may hold. */
const plain = (fields: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'number' || typeof value === 'boolean'
        ? value
        : value instanceof Error
          ? whereOf(value)
          : String(value),
    ]),
  );
