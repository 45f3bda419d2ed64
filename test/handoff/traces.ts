import { CosmosClient } from '@azure/cosmos';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { CosmosServer } from '../../src/local/cosmos/server.ts';

/** A document as it lies in the store. */
export type Lying = Readonly<Record<string, unknown>> & { readonly id: string };

/** Every document of all containers, whoever wrote it. */
export async function everything(
  cosmos: Pick<CosmosServer, 'endpoint' | 'key'>,
): Promise<ReadonlyMap<string, readonly Lying[]>> {
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  try {
    const found = new Map<string, readonly Lying[]>();
    for (const { id } of CONTAINERS) {
      const { resources } = await client
        .database(DATABASE)
        .container(id)
        .items.query<Lying>('SELECT * FROM c')
        .fetchAll();
      found.set(id, resources);
    }
    return found;
  } finally {
    client.dispose();
  }
}

/** `container kind: text` for each document in which one of these texts stands. */
export async function tracesOf(
  texts: readonly string[],
  cosmos: Pick<CosmosServer, 'endpoint' | 'key'>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [container, documents] of await everything(cosmos))
    for (const document of documents) {
      const json = JSON.stringify(document);
      for (const text of texts)
        if (json.includes(text)) found.push(`${container} ${String(document['kind'])}: ${text}`);
    }
  return [...new Set(found)].sort();
}

/** Puts documents into an empty store as they lay in another. */
export async function putAll(
  cosmos: Pick<CosmosServer, 'endpoint' | 'key'>,
  all: ReadonlyMap<string, readonly Lying[]>,
): Promise<void> {
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  try {
    for (const [id, documents] of all)
      for (const document of documents) {
        const own = Object.fromEntries(Object.entries(document).filter(([name]) => !name.startsWith('_')));
        await client.database(DATABASE).container(id).items.create(own);
      }
  } finally {
    client.dispose();
  }
}
