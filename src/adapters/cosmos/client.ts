import { CosmosClient, type Container, type CosmosClientOptions } from '@azure/cosmos';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { randomInt } from 'node:crypto';
import type { Clock } from '../../clock.ts';
import { HandoffError } from '../../handoff/errors.ts';
import type { HoldingsStore } from '../../handoff/privacy/holdings.ts';
import type {
  AgentStore,
  InboxStore,
  InteractionStore,
  Leases,
  Log,
  Lookups,
  SessionStore,
  Shelves,
} from '../../handoff/ports.ts';
import type { Telemetry } from '../../handoff/telemetry.ts';
import { cosmosAgents } from './agents.ts';
import { cosmosBotState, type BotStorage } from './bot-state.ts';
import { RETENTION, type Retention } from '../../session/retention.ts';
import { callsTo } from './calls.ts';
import { CONTAINERS } from './containers.ts';
import { cosmosFeed } from './feed.ts';
import { cosmosHoldings } from './holdings.ts';
import { keeping } from './keeping.ts';
import { cosmosInbox } from './inbox.ts';
import { cosmosInteractions } from './interactions.ts';
import { cosmosLeases } from './leases.ts';
import { cosmosLookups } from './lookups.ts';
import { observedHttpClient } from './observed.ts';
import { persistence } from './retry.ts';
import { sender } from './sender.ts';
import { cosmosSessions } from './sessions.ts';
import { cosmosShelves } from './shelves.ts';
import { withSessionTokens } from './session-tokens.ts';
import { shortWay } from './short-way.ts';
import type { Wire } from './wire.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;

/** Where the store is and how to get in; `key` only for the embedded one, `credential` (Entra) for an account. */
export interface CosmosOptions {
  readonly endpoint: string;
  readonly key?: string;
  readonly credential?: NonNullable<CosmosClientOptions['aadCredentials']>;
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How long what a session leaves is kept: the settings' `retention`; ours where it is left out. */
  readonly retention?: Retention;
  /** Carries requests elsewhere than over the network: how simulations run the SDK against an engine in their process. */
  readonly httpClient?: NonNullable<CosmosClientOptions['httpClient']>;
  /** Leaves every request to the SDK; otherwise all but the feed's go a shorter way, at half the cost. */
  readonly sdkAlone?: boolean;
  /** Hears every request; left out, none is. */
  readonly telemetry?: Telemetry;
  /** 0 ≤ n < 1; for pauses between attempts and the marks of writes. */
  readonly random?: () => number;
}

/** The four containers as the house sees them. */
export interface CosmosStores {
  readonly sessions: SessionStore;
  readonly agents: AgentStore;
  readonly inbox: InboxStore;
  readonly interactions: InteractionStore;
  readonly leases: Leases;
  readonly lookups: Lookups;
  readonly shelves: Shelves;
  readonly holdings: HoldingsStore;
  readonly retention: Retention;
  /** For a bot's `SessionState`: its own state, in the partition of its customer. */
  readonly botState: BotStorage;
  /** Whether the store answers now; the first success has also fetched the metadata the SDK would ask for later. */
  readonly ready: () => Promise<boolean>;
  readonly dispose: () => void;
}

/**
 * Connects to the store; make one per process. Nothing is sent before the first call.
 *
 * @example
 * const stores = cosmosStores({ endpoint, credential, database: 'reconnect', clock: systemClock, log });
 * if (!(await stores.ready())) log('store.notReady');
 */
export function cosmosStores(options: CosmosOptions): CosmosStores {
  const { clock, log, retention = RETENTION, random = () => randomInt(2 ** 32) / 2 ** 32 } = options;
  const httpClient = httpClientOf(options);
  const client = new CosmosClient(clientOptions(options, httpClient));
  const database = client.database(options.database);
  const persist = persistence(clock, random, log);
  const part = () => Math.floor(random() * 2 ** 32).toString(36);
  const unique = () => `${part()}${part()}`;
  const wire = options.sdkAlone === true ? (sdk: Container): Wire => sdk : short(client, options, httpClient);
  const calls = (id: string) => callsTo(wire(database.container(id)), persist, unique);
  const lookups = calls('lookups');
  const kept = keeping(retention, clock);
  let warm = false;
  return {
    sessions: {
      ...cosmosSessions(calls('sessions'), kept),
      news: cosmosFeed(database.container('sessions'), persist, log),
    },
    agents: cosmosAgents(calls('agents')),
    inbox: cosmosInbox(calls('inbox'), kept),
    interactions: cosmosInteractions({ sessions: calls('sessions'), inbox: calls('inbox'), lookups }, kept),
    leases: cosmosLeases(lookups),
    lookups: cosmosLookups(lookups, clock),
    shelves: cosmosShelves(lookups),
    holdings: cosmosHoldings({ sessions: calls('sessions'), inbox: calls('inbox'), lookups }, kept),
    retention,
    botState: cosmosBotState(calls('sessions')),
    ready: async () => {
      try {
        if (!warm) {
          await Promise.all(
            CONTAINERS.map(({ id }) =>
              persist(`${id}.metadata`, (abortSignal) => database.container(id).read({ abortSignal })),
            ),
          );
        }
        await lookups.read('ready', 'ready');
        warm = true;
        return true;
      } catch (error) {
        if (error instanceof HandoffError) return false;
        throw error;
      }
    },
    dispose: () => client.dispose(),
  };
}

function short(
  client: CosmosClient,
  { endpoint, key, credential, clock, log }: CosmosOptions,
  httpClient: HttpClient,
): (sdk: Container) => Wire {
  const send = sender({
    ...{ endpoint, clock, placeNow: () => client.getWriteEndpoint() },
    ...(key !== undefined && { key }),
    ...(key === undefined && credential !== undefined && { credential }),
    httpClient,
  });
  return shortWay(send, clock, log);
}

/** The one way to the store: both who go by it share what it has seen. */
function httpClientOf({ telemetry, httpClient = createDefaultHttpClient() }: CosmosOptions): HttpClient {
  const told = withSessionTokens(httpClient);
  return telemetry === undefined ? told : observedHttpClient(telemetry, told);
}

function clientOptions(options: CosmosOptions, httpClient: HttpClient): CosmosClientOptions {
  const { endpoint, key, credential } = options;
  return {
    endpoint,
    ...(key !== undefined && { key }),
    ...(credential !== undefined && { aadCredentials: credential }),
    httpClient,
    connectionPolicy: {
      // The embedded server is one endpoint, over plain http; an account has regions to discover.
      enableEndpointDiscovery: endpoint.startsWith('https:'),
      enablePartitionLevelFailover: false,
      requestTimeout: 5000,
      // All repeating is ours: within one deadline, and with an eye on writes that may have landed.
      retryOptions: { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 },
    },
  };
}
