import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import type { Log } from '../../src/handoff/ports.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';

/** An event as it was logged. */
export type Logged = Readonly<Record<string, string | number | boolean | undefined>> & {
  readonly event: string;
};

/** The real store adapter against an empty embedded server of its own. */
export interface EmbeddedStore {
  /** Warm: the SDK has its metadata, and the counters are at zero. */
  readonly stores: CosmosStores;
  readonly cosmos: CosmosServer;
  readonly clock: MovableClock;
  readonly logged: readonly Logged[];
  /** Another instance of the house on the same data, warm; closed with the rest. */
  readonly another: () => Promise<CosmosStores>;
  readonly close: () => Promise<void>;
}

/** Starts one over HTTP on a free port, in memory. */
export async function embeddedStore(clock: MovableClock = movableClock()): Promise<EmbeddedStore> {
  const cosmos = await startCosmos({
    port: 0,
    file: ':memory:',
    clock,
    containers: CONTAINERS,
    database: DATABASE,
  });
  const logged: Logged[] = [];
  const log: Log = (event, fields) => logged.push({ event, ...fields });
  const open: CosmosStores[] = [];
  const another = async () => {
    const stores = cosmosStores({
      endpoint: cosmos.endpoint,
      key: cosmos.key,
      database: DATABASE,
      clock,
      log,
    });
    open.push(stores);
    if (!(await stores.ready())) throw new Error('The embedded store is not ready');
    cosmos.counters.reset();
    return stores;
  };
  return {
    stores: await another(),
    cosmos,
    clock,
    logged,
    another,
    close: async () => {
      for (const stores of open) stores.dispose();
      await cosmos.close();
    },
  };
}
