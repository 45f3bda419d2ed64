import { CosmosClient, type Container } from '@azure/cosmos';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { CosmosServer } from '../../src/local/cosmos/server.ts';

/** A store's documents as they are stored, beside all readers. */
export interface Raw {
  readonly container: (id: string) => Container;
  readonly all: (id: string) => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => void;
}

export function rawStore({ endpoint, key }: Pick<CosmosServer, 'endpoint' | 'key'>): Raw {
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const container = (id: string): Container => client.database(DATABASE).container(id);
  return {
    container,
    all: async (id) =>
      (await container(id).items.query<Record<string, unknown>>('SELECT * FROM c').fetchAll()).resources,
    close: () => client.dispose(),
  };
}
