import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cosmosStores, type CosmosStores } from '../adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../adapters/cosmos/containers.ts';
import { movableClock, type Clock } from '../clock.ts';
import type { FileStore, Log } from '../handoff/ports.ts';
import type { Retention } from '../session/retention.ts';
import { localFiles } from './blob/files.ts';
import { startCosmos, type CosmosServer } from './cosmos/server.ts';
import { keep } from './keep.ts';

/** The store and the files of a local house. */
export interface LocalStores {
  readonly stores: CosmosStores;
  readonly files: FileStore;
  readonly peppers: readonly string[];
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

/**
 * Opens what a local house keeps in its folder. While the house runs only it may open the file: then `store` is its
 * endpoint, as it prints it.
 */
export async function openLocal(
  options: { readonly folder: string; readonly store?: string; readonly retention: Retention },
  log: Log,
): Promise<LocalStores> {
  const { folder } = options;
  if (!existsSync(join(folder, 'house.json'))) throw new Error(`${folder} is no folder of a local house`);
  const { kept } = keep(folder, 'customer');
  const clock = movableClock(undefined, kept.clockAheadMs);
  const cosmos = options.store === undefined ? await openFile(folder, kept.cosmosKey, clock) : undefined;
  const endpoint = options.store ?? cosmos?.endpoint ?? '';
  const stores = cosmosStores({
    endpoint,
    key: kept.cosmosKey,
    database: DATABASE,
    clock,
    log,
    retention: options.retention,
  });
  const files = localFiles({
    folder: join(folder, 'blobs'),
    key: createHmac('sha256', kept.pepper).update('blobs').digest('base64'),
  });
  return {
    stores,
    files: files.store,
    peppers: [kept.pepper],
    clock,
    close: async () => {
      stores.dispose();
      await files.close();
      await cosmos?.close();
    },
  };
}

async function openFile(folder: string, key: string, clock: Clock): Promise<CosmosServer> {
  try {
    return await startCosmos({
      ...{ port: 0, file: join(folder, 'cosmos.db'), key, clock, containers: CONTAINERS, database: DATABASE },
    });
  } catch (cause) {
    throw new Error(
      `The store in ${folder} cannot be opened. Where its house is running, add --store with the address that it printed.`,
      { cause },
    );
  }
}
