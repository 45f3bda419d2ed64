import { CosmosClient } from '@azure/cosmos';
import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { cosmosEngine } from '../../src/local/cosmos/engine.ts';
import { engineHttpClient } from '../../src/local/cosmos/http-client.ts';
import { openChannel, type Channel } from './channel.ts';
import { chanceOf, type Chance } from './chance.ts';
import type { Disturbed, Documents } from './evidence.ts';
import type { Weather } from './faults.ts';
import type { KeptFiles } from './file-line.ts';
import { kill, openInstance, type Instance } from './instance.ts';
import { settled, takeFrom } from './takeover.ts';
import { makeWorld, type Body, type World } from './world.ts';

/** A run's world with everything in it: one store, one channel, some instances. */
export interface Stage {
  readonly world: World;
  readonly chance: Chance;
  readonly channel: Channel;
  readonly weather: Weather;
  /** By their place; one that died is followed by another in the same place. */
  readonly instances: readonly Instance[];
  /** Answers at once and never fails: how a run looks at what is stored. */
  readonly truth: CosmosStores;
  readonly documents: () => Promise<Documents>;
  /** What lies in the file store. */
  readonly files: KeptFiles;
  /** What went wrong so far, by its kind. */
  readonly struck: ReadonlyMap<string, number>;
  readonly disturbed: readonly Disturbed[];
  /** How far the clocks of those that were ever off have been from the true time at most, ms. */
  readonly skews: ReadonlyMap<string, number>;
  /** Sets the clock of whoever is in a place, now and after it, so far ahead. */
  readonly skew: (place: number, ms: number) => void;
  /** Notes that for so long an instance cannot do as it would. */
  readonly disturb: (instance: string, ms: number) => void;
  /** It dies; another comes in its place after `ms`. */
  readonly replace: (place: number, ms: number) => void;
  /** The same with a clean end. */
  readonly restart: (place: number) => void;
  /** Calls back on everything that takes effect, with the instance that did it. */
  readonly onArrived: (hear: (of: Body, what: string, leaves: boolean) => void) => void;
  readonly close: () => void;
}

/** Builds it; the instances are there and serve. Takes over the process's time until `close`. */
export async function openStage(given: {
  readonly seed: number;
  readonly instances: number;
  /** Makes a house's store wrong on purpose. */
  readonly through?: (stores: CosmosStores) => CosmosStores;
}): Promise<Stage> {
  const { through = (stores: CosmosStores) => stores } = given;
  const chance = chanceOf(given.seed);
  const world = makeWorld(settled, chance.fork('world'));
  takeFrom({ now: world.now, after: (ms, wake) => world.after(ms, wake), chance: chance.fork('process') });
  const truthful = { now: world.now, after: world.after };
  const engine = cosmosEngine({
    file: ':memory:',
    clock: truthful,
    database: DATABASE,
    containers: CONTAINERS,
    key: 'c2ltdWxhdGlvbg==',
    random: chance.fork('engine').next,
  });
  const opening = { endpoint: 'http://cosmos.sim', key: engine.key, httpClient: engineHttpClient(engine) };
  const truth = cosmosStores({ ...opening, database: DATABASE, clock: truthful, log: () => undefined });
  const client = new CosmosClient({ ...opening, connectionPolicy: { enableEndpointDiscovery: false } });
  const channel = openChannel();
  const weather: Weather = { store: 0, channel: 0, hangs: false };
  const files: KeptFiles = new Map();
  const struck = new Map<string, number>();
  const hearers: ((of: Body, what: string, leaves: boolean) => void)[] = [];
  const disturbed: Disturbed[] = [];
  const disturb = (instance: string, ms: number): void =>
    void disturbed.push({ instance, from: world.now(), until: world.now() + ms });
  let named = 0;
  const around = {
    ...{ world, engine, channel, files, weather, chance: chance.fork('instances'), through },
    traffic: {
      arrived: (of: Body, what: string, leaves: boolean) => {
        for (const hear of hearers) hear(of, what, leaves);
      },
      struck: (what: string) => void struck.set(what, (struck.get(what) ?? 0) + 1),
      failed: ({ name }: Body, ms: number) => disturb(name, ms),
    },
  };
  const open = (): Promise<Instance> => openInstance(`house${(named += 1)}`, around);
  const instances: Instance[] = [];
  const skews = new Map<string, number>();
  const ahead = new Map<number, number>();
  const skew: Stage['skew'] = (at, ms) => {
    ahead.set(at, ms);
    const instance = instances[at];
    if (instance === undefined) return;
    instance.skewMs = ms;
    skews.set(instance.name, Math.max(Math.abs(ms), skews.get(instance.name) ?? 0));
  };
  const place = async (at: number): Promise<void> => {
    instances[at] = await open();
    skew(at, ahead.get(at) ?? 0);
  };
  let ready = 0;
  for (let at = 0; at < given.instances; at += 1) void place(at).then(() => (ready += 1));
  await world.until(() => ready === given.instances, 60_000);

  return {
    ...{ world, chance, channel, files, weather, instances, truth, struck },
    documents: async () => {
      const found = new Map<string, readonly unknown[]>();
      for (const { id } of CONTAINERS) {
        const all = client.database(DATABASE).container(id).items.query<unknown>('SELECT * FROM c');
        found.set(id, (await all.fetchAll()).resources);
      }
      return found;
    },
    disturbed,
    skews,
    skew,
    disturb,
    replace: (at, ms) => {
      const before = instances[at];
      if (before?.alive !== true) return;
      disturb(before.name, Infinity);
      world.note(`${before.name} dies`);
      kill(before);
      world.after(ms, () => void place(at));
    },
    restart: (at) => {
      const before = instances[at];
      if (before?.alive !== true) return;
      disturb(before.name, Infinity);
      world.note(`${before.name} stops`);
      const isOver = (): void => {
        if (!before.alive) return;
        kill(before);
        void place(at);
      };
      before.house.stop().then(isOver, isOver);
      // The platform waits so long for a clean end.
      world.after(30_000, isOver);
    },
    onArrived: (hear) => void hearers.push(hear),
    close: () => {
      for (const instance of instances) instance.alive = false;
      truth.dispose();
      client.dispose();
      engine.close();
      takeFrom(undefined);
    },
  };
}
