import {
  CosmosClient,
  type ChangeFeedStartFrom,
  type Container,
  type CosmosClientOptions,
} from '@azure/cosmos';
import { randomUUID } from 'node:crypto';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import type { CosmosServerOptions } from '../../src/local/cosmos/server.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';

/** A Cosmos DB account to test against, with the app's containers. */
export interface Account {
  readonly container: (id: string) => Container;
  readonly close: () => Promise<void>;
}

/** The account named in the environment, or an embedded one of our own. */
export async function contractAccount(): Promise<Account> {
  const endpoint = process.env['COSMOS_CONTRACT_ENDPOINT'];
  const key = process.env['COSMOS_CONTRACT_KEY'];
  if (endpoint === undefined || key === undefined) return ownAccount();
  const client = clientOf({ endpoint, key });
  const database = client.database(process.env['COSMOS_DATABASE'] ?? DATABASE);
  return {
    container: (id) => database.container(id),
    close: () => {
      client.dispose();
      return Promise.resolve();
    },
  };
}

export interface OwnAccount extends Account {
  readonly server: CosmosServer;
  readonly client: CosmosClient;
  readonly clock: MovableClock;
}

/** An embedded account in memory, whose clock and faults the test holds. */
export async function ownAccount(options: Partial<CosmosServerOptions> = {}): Promise<OwnAccount> {
  const clock = movableClock();
  const server = await startCosmos({
    port: 0,
    file: ':memory:',
    clock,
    database: DATABASE,
    containers: CONTAINERS,
    ...options,
  });
  const client = clientOf({ endpoint: server.endpoint, key: server.key });
  return {
    server,
    client,
    clock,
    container: (id) => client.database(DATABASE).container(id),
    close: async () => {
      client.dispose();
      await server.close();
    },
  };
}

export const clientOf = (options: CosmosClientOptions): CosmosClient =>
  new CosmosClient({ connectionPolicy: { enableEndpointDiscovery: false }, ...options });

/** A partition nobody else uses, so that tests, and runs on a real account, do not meet. */
export const newCustomer = (): string => `dl_${randomUUID()}`;

/** The status an SDK call ends with, thrown or not. */
export async function statusOf(
  call: Promise<{ readonly statusCode?: number; readonly code?: number }>,
): Promise<number | undefined> {
  try {
    const response = await call;
    return response.statusCode ?? response.code;
  } catch (error) {
    const { code, cause } = error as { code?: number; cause?: { code?: number } };
    return code ?? cause?.code;
  }
}

/** A starting point of the change feed as the SDK's own options want it: its starting points do not extend its class. */
export const startingAt = (start: object): ChangeFeedStartFrom => start;
