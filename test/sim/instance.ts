import { CloudAdapter, type Activity, type TurnContext } from 'botbuilder';
import { SessionState } from '../../src/adapters/botframework/session-state.ts';
import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import type { House } from '../../src/handoff/house.ts';
import { reconnect } from '../../src/reconnect.ts';
import { readSettings } from '../../src/settings/settings.ts';
import type { CosmosEngine } from '../../src/local/cosmos/engine.ts';
import type { Rules } from '../../src/session/rules.ts';
import { testBot } from '../handoff/bot.ts';
import { channelLine, type Channel } from './channel.ts';
import type { Chance } from './chance.ts';
import type { Weather } from './faults.ts';
import { fileLine, type KeptFiles } from './file-line.ts';
import { storeLine, type Traffic } from './store-line.ts';
import type { Body, World } from './world.ts';

/** One whole instance of the product, on the true time of a world: the real store adapter, CloudAdapter and middleware. */
export interface Instance extends Body {
  readonly house: House;
  readonly stores: CosmosStores;
  /** Takes an activity from a channel, and gives what it answers to an invoke; rejects where it would answer 5xx. */
  readonly take: (activity: Readonly<Record<string, unknown>>) => Promise<unknown>;
  /** Whoever waits for an answer of this instance, to be told when it dies. */
  readonly awaited: Set<() => void>;
}

/** What instances stand in. */
export interface Surroundings {
  readonly world: World;
  readonly engine: CosmosEngine;
  readonly channel: Channel;
  /** What lies in the file store. */
  readonly files: KeptFiles;
  readonly weather: Weather;
  readonly chance: Chance;
  readonly traffic: Traffic;
  /** Stands between a house and its store: how what is wrong on purpose gets in. */
  readonly through: (stores: CosmosStores) => CosmosStores;
}

/** Short lives, so that minutes are enough for every deadline. */
export const SETTINGS = readSettings({
  company: 'Northwind',
  workStreams: {
    support: { autoCloseAfterInactivity: '5 min' },
    sales: { autoCloseAfterInactivity: '5 min' },
  },
  widgets: {
    support: {
      title: 'Support',
      workStream: 'support',
      promptAudience: 'anyone',
      portalUrl: 'https://www.example.com/support',
      previousAgentWindow: '1 min',
      suspendLimit: '10 min',
    },
  },
});

/** Runs the real CloudAdapter behind a rim of our own. */
class Adapter extends CloudAdapter {
  async take(
    activity: Readonly<Record<string, unknown>>,
    run: (context: TurnContext) => Promise<void>,
  ): Promise<unknown> {
    // Read as the framework's own route does, after its check of who sent it.
    return this.processActivity('', { ...activity } as unknown as Activity, run);
  }
}

/** Opens one and starts it. It comes back once it is ready to serve; a store in trouble keeps it waiting. */
export async function openInstance(name: string, around: Surroundings): Promise<Instance> {
  const { world, engine, channel, weather, traffic } = around;
  const body: Body = { name, alive: true, frozenUntil: 0, frozenForMs: 0, skewMs: 0 };
  const clock = world.clockOf(body);
  const chance = around.chance.fork(name);
  const log = (event: string, fields: object = {}): void =>
    world.note(`${name} ${event} ${JSON.stringify(fields)}`);
  const opened = cosmosStores({
    endpoint: 'http://cosmos.sim',
    key: engine.key,
    database: DATABASE,
    clock,
    log,
    retention: SETTINGS.retention,
    random: chance.fork('store').next,
    httpClient: storeLine({ engine, world, body, chance: chance.fork('line'), weather, traffic }),
  });
  while (!(await opened.ready()));
  const stores = around.through(opened);
  const adapter = new Adapter(
    channelLine({ channel, world, body, chance: chance.fork('channel'), weather, traffic }),
  );
  const bot = testBot(new SessionState(stores.botState));
  const made = reconnect({
    adapter,
    bot: bot.handler,
    appId: 'sim',
    stores,
    files: fileLine({ kept: around.files, world, body, chance: chance.fork('files'), weather, traffic }),
    settings: SETTINGS,
    pepper: 'a pepper of at least thirty-two characters',
    clock,
    log,
  });
  adapter.use(made);
  made.house.start();
  return Object.assign(body, {
    house: made.house,
    stores,
    take: (activity: Readonly<Record<string, unknown>>) =>
      adapter.take(activity, (context) => bot.handler.run(context)),
    awaited: new Set<() => void>(),
  });
}

/** It dies: nothing is finished, and whoever waits for it hears that the connection broke. */
export function kill(instance: Instance): void {
  instance.alive = false;
  for (const hear of instance.awaited) hear();
  instance.awaited.clear();
}

/** What came of asking an instance for something, as far as who asked can tell. */
export type Came<T> =
  | { readonly came: 'ok'; readonly value: T }
  | { readonly came: 'failed'; readonly reason: unknown }
  /** No answer: it may have taken effect. */
  | { readonly came: 'unknown' };

/** What a channel waits for an answer before it gives up. */
const PATIENCE_MS = 15_000;

/** Asks an instance over the network; always settles. */
export function ask<T>(
  world: World,
  instance: Instance,
  chance: Chance,
  work: (instance: Instance) => Promise<T>,
): Promise<Came<T>> {
  const [there, back] = [1 + chance.below(8), 1 + chance.below(8)];
  return new Promise((resolve) => {
    const end = (came: Came<T>): void => {
      instance.awaited.delete(broken);
      resolve(came);
    };
    const broken = (): void => end({ came: 'unknown' });
    if (!instance.alive) return void world.after(there, () => end({ came: 'failed', reason: 'refused' }));
    instance.awaited.add(broken);
    world.after(PATIENCE_MS, broken);
    world.after(
      there,
      () => {
        work(instance).then(
          (value) => world.after(back, () => end({ came: 'ok', value }), instance),
          (reason: unknown) => world.after(back, () => end({ came: 'failed', reason }), instance),
        );
      },
      instance,
    );
  });
}

/** The rules those settings come to. */
export function rulesFor(widget: string): Rules {
  const { rules } = SETTINGS.widgets.find(({ id }) => id === widget) ?? SETTINGS.widgets[0] ?? {};
  if (rules === undefined) throw new RangeError('The settings have no widget');
  return rules;
}
