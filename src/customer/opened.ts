import { DefaultAzureCredential, ManagedIdentityCredential } from '@azure/identity';
import { blobFiles } from '../adapters/blob/files.ts';
import { cosmosStores, type CosmosStores } from '../adapters/cosmos/client.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { FileStore, Log } from '../handoff/ports.ts';
import type { Settings } from '../settings/settings.ts';

/** A house's store and files, opened beside the house or without it. */
export interface Opened {
  readonly stores: CosmosStores;
  /** Absent where no files are kept. */
  readonly files: FileStore | undefined;
  readonly settings: Settings;
  /** Signed-in customers' ids are made with one of them, the first first. */
  readonly peppers: readonly string[];
  readonly clock: Clock;
  readonly close: () => Promise<void>;
}

/** Opens production's, as the house itself does. */
export function openProduction(config: Config, log: Log): Opened {
  const { store, identity, settings, blobAccountUrl, pepper, previousPepper } = config;
  const credential =
    identity === undefined
      ? new DefaultAzureCredential()
      : new ManagedIdentityCredential({ clientId: identity });
  const stores = cosmosStores({
    ...{
      endpoint: store.endpoint,
      database: store.database,
      clock: systemClock,
      log,
      retention: settings.retention,
    },
    ...(store.key === undefined ? { credential } : { key: store.key }),
  });
  return {
    stores,
    files: blobAccountUrl === undefined ? undefined : blobFiles({ accountUrl: blobAccountUrl, credential }),
    settings,
    peppers: [pepper, ...(previousPepper === undefined ? [] : [previousPepper])],
    clock: systemClock,
    close: () => {
      stores.dispose();
      return Promise.resolve();
    },
  };
}
