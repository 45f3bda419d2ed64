import type { AddressInfo } from 'node:net';
import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { blobFiles } from './adapters/blob/files.ts';
import type { Bot } from './adapters/botframework/bot-line.ts';
import {
  channelAuthentication,
  type ChannelAuthentication,
} from './adapters/botframework/channel-authentication.ts';
import { channelsAt } from './adapters/botframework/channel-hosts.ts';
import { FrontDesk } from './adapters/botframework/front-desk.ts';
import { SessionState } from './adapters/botframework/session-state.ts';
import { TurnAdapter } from './adapters/botframework/turn-adapter.ts';
import { cosmosStores } from './adapters/cosmos/client.ts';
import { directLineAttachments } from './adapters/directline/attachments.ts';
import { directLineTokens } from './adapters/directline/tokens.ts';
import { graphPresence } from './adapters/teams/presence.ts';
import { tabLink } from './adapters/teams/tab-link.ts';
import type { OpenTelemetry } from './adapters/telemetry/open.ts';
import { botOf } from './bot-module.ts';
import { overridesFor } from './cards/overrides.ts';
import { words, type Wording } from './cards/wording.ts';
import type { Clock } from './clock.ts';
import { sleep } from './clock.ts';
import type { Config } from './config.ts';
import { whereOf } from './handoff/errors.ts';
import type { Log } from './handoff/ports.ts';
import { reconnect, type ReconnectOptions } from './reconnect.ts';
import { agentIdentities } from './server/agent-identity.ts';
import { budgetOfAddresses, budgets } from './server/budgets.ts';
import { crossOrigin, originsOf } from './server/cors.ts';
import { customerIdentities } from './server/customer-identity.ts';
import { drain } from './server/drain.ts';
import { houseRoutes } from './server/house-routes.ts';
import type { Assets } from './server/pages.ts';
import { createServer } from './server/server.ts';
import type { Settings } from './settings/settings.ts';

/** A running house in production. */
export interface Production {
  readonly port: number;
  /**
   * Takes no more work, finishes what was begun, gives up leases and streams, and ends. Takes as long as a turn may;
   * whoever cannot wait ends the process.
   */
  readonly stop: () => Promise<void>;
}

/** How long work that was begun is waited for; a turn takes 10 s at most. */
const UNDER_WAY_MS = 12_000;
/** How long a token of the bot may take before it counts as not to be had. */
const TOKEN_MS = 4_000;
const GRAPH = 'https://graph.microsoft.com/.default';

/** Composes the house over Azure: nothing of the local one, and no door besides the product's own. */
export async function startProduction(
  config: Config,
  given: {
    readonly clock: Clock;
    readonly log: Log;
    readonly assets: Assets;
    readonly telemetry?: OpenTelemetry | undefined;
  },
): Promise<Production> {
  const { settings, publicUrl, pepper, previousPepper } = config;
  const peppers = { pepper, ...(previousPepper !== undefined && { previousPepper }) };
  const { clock, assets, telemetry } = given;
  const log = telemetry?.hearing(given.log) ?? given.log;
  const heard = telemetry === undefined ? {} : { telemetry };
  const credential = credentialOf(config);
  const stores = cosmosStores({
    endpoint: config.store.endpoint,
    ...(config.store.key === undefined ? { credential } : { key: config.store.key }),
    database: config.store.database,
    ...{ clock, log, retention: config.settings.retention },
    ...heard,
  });
  const channels = channelsOf(config, clock);
  const adapter = new TurnAdapter(channels.authentication);
  const bot = await botFor(config, new SessionState(stores.botState), log);
  const middleware = reconnect({
    ...{ adapter, bot, stores, settings, clock, log },
    ...peppers,
    appId: config.bot.appId,
    linkTo: (sid) => tabLink(config.teamsAppId, sid),
    ...filesOf(config, credential),
    ...presenceOf(config, credential, clock),
    ...heard,
  });
  adapter.use(middleware);
  const { house } = middleware;

  const server = createServer(log, telemetry);
  const work = drain(server);
  const origins = originsOf(settings);
  const bounds = budgets(stores.lookups, clock);
  crossOrigin(server, origins);
  budgetOfAddresses(server, { budgets: bounds, log });
  houseRoutes(server, {
    ...{ house, adapter, bot, settings, log, assets, budgets: bounds },
    greet: middleware.greet,
    customers: customerIdentities({
      store: stores.sessions,
      sessions: house.sessions,
      ...{ ...peppers, clock },
      issuers: settings.signIn,
      secure: true,
      budgets: bounds,
    }),
    agents: agentIdentities({
      issuer: config.tab.issuer,
      audience: config.tab.audience,
      tenant: config.tab.tenant,
      keys: { jwksUrl: config.tab.jwksUrl },
      clock,
    }),
    tokens: directLineTokens({ ...config.directLine, trustedOrigins: [...new Set([publicUrl, ...origins])] }),
    domain: config.directLine.domain,
    behindProxy: true,
    directLine: config.directLine.domain,
    framedBy: [],
    checks: {
      store: stores.ready,
      identity: () => inTime(clock, channels.canSpeak()),
      // They were read before anything started; a house without them does not run.
      settings: () => Promise.resolve(settings.widgets.length > 0),
    },
    isStopping: work.isStopping,
  });
  house.start();
  const port = await listening(server, config.port);

  return {
    port,
    stop: async () => {
      log('house.stopping');
      await Promise.race([work.stop(), sleep(clock, UNDER_WAY_MS)]);
      await house.stop().catch((reason: unknown) => log('house.unstopped', { reason: whereOf(reason) }));
      server.server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      stores.dispose();
      log('house.stopped');
      await telemetry?.close();
    },
  };
}

/** The user-assigned identity where one is named; else whatever identity this machine has. */
const credentialOf = ({ identity }: Config): TokenCredential =>
  identity === undefined
    ? new DefaultAzureCredential()
    : new ManagedIdentityCredential({ clientId: identity });

const channelsOf = ({ bot, channels, channelHosts, isTrial }: Config, clock: Clock): ChannelAuthentication =>
  channelAuthentication(
    {
      MicrosoftAppId: bot.appId,
      MicrosoftAppType: bot.kind,
      MicrosoftAppTenantId: bot.tenant,
      ...(bot.kind === 'SingleTenant' && { MicrosoftAppPassword: bot.password }),
    },
    channels,
    channelsAt({ more: channelHosts, isTrial }),
    clock,
  );

const botFor = async ({ botModule, settings }: Config, state: SessionState, log: Log): Promise<Bot> =>
  botModule === undefined
    ? new FrontDesk({ company: settings.company, wordsFor: (locale) => wordsIn(settings, locale) })
    : botOf(botModule, { state, log });

/** Words in a page's language, with what the first widget in it says its own way. */
function wordsIn({ widgets }: Settings, locale: string | undefined): Wording {
  const language = locale ?? widgets[0]?.language ?? 'en';
  const widget = widgets.find((one) => language.toLowerCase().startsWith(one.language.toLowerCase()));
  return words(language, overridesFor(language, widget?.wording));
}

const filesOf = (
  { blobAccountUrl, publicUrl }: Config,
  credential: TokenCredential,
): Pick<ReconnectOptions, 'files'> =>
  blobAccountUrl === undefined
    ? {}
    : {
        files: {
          store: blobFiles({ accountUrl: blobAccountUrl, credential }),
          fetch: directLineAttachments(),
          servedAt: publicUrl,
        },
      };

const presenceOf = (
  { teamsPresence }: Config,
  credential: TokenCredential,
  clock: Clock,
): Pick<ReconnectOptions, 'teamsPresence'> =>
  teamsPresence
    ? {
        teamsPresence: graphPresence({
          fetch,
          token: async () => (await credential.getToken(GRAPH))?.token ?? '',
          clock,
        }),
      }
    : {};

const inTime = (clock: Clock, asked: Promise<boolean>): Promise<boolean> =>
  Promise.race([asked, sleep(clock, TOKEN_MS).then(() => false)]);

function listening(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      const address: AddressInfo | string | null = server.server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
