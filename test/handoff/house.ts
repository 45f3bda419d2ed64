import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { once } from 'node:events';
import { expect } from 'vitest';
import { SessionState } from '../../src/adapters/botframework/session-state.ts';
import { TurnAdapter } from '../../src/adapters/botframework/turn-adapter.ts';
import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import type { OnInteraction } from '../../src/handoff/interaction-hook.ts';
import type { OnErasure } from '../../src/handoff/privacy/erasures.ts';
import type { FileParts } from '../../src/handoff/files.ts';
import type { Log } from '../../src/handoff/ports.ts';
import type { Telemetry } from '../../src/handoff/telemetry.ts';
import { reconnect, type Reconnect } from '../../src/reconnect.ts';
import { createServer } from '../../src/server/server.ts';
import { messageRoutes } from '../../src/server/messages.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { embeddedStore, type EmbeddedStore } from '../store/embedded.ts';
import { testBot, type TestBot } from './bot.ts';
import { openConnector, type Connector } from './connector.ts';

/** One instance of the product behind a real server. */
export interface TestHouse {
  readonly origin: string;
  readonly reconnect: Reconnect;
  readonly house: Reconnect['house'];
  readonly stores: CosmosStores;
  readonly bot: TestBot;
  /** Dies: nothing is finished and nothing is heard of it again. */
  readonly stop: () => Promise<void>;
}

/** One store, one clock, one channel; houses over them. */
export interface Town {
  readonly clock: MovableClock;
  readonly store: EmbeddedStore;
  readonly connector: Connector;
  readonly logged: readonly string[];
  /** Opens a house; a `dying` one is never woken by any clock, and never ends what it began. */
  readonly open: (options?: {
    readonly running?: boolean;
    readonly dying?: boolean;
    readonly settings?: unknown;
    readonly onInteraction?: OnInteraction;
    readonly onErasure?: OnErasure;
    readonly files?: FileParts;
    readonly telemetry?: Telemetry;
    /** Stands between the house and its store. */
    readonly through?: (stores: CosmosStores) => CosmosStores;
  }) => Promise<TestHouse>;
  readonly close: () => Promise<void>;
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

export const SETTINGS = {
  company: 'Northwind',
  workStreams: { support: { autoCloseAfterInactivity: '20 min' } },
  widgets: {
    support: { title: 'Support', workStream: 'support', promptAudience: 'anyone' },
    portal: {
      title: 'Portal',
      workStream: 'support',
      promptAudience: 'anyone',
      portalUrl: 'https://www.example.com/support',
    },
    worded: {
      title: 'Worded',
      language: 'ar',
      workStream: 'support',
      promptAudience: 'anyone',
      portalUrl: 'https://www.example.com/worded',
      wording: {
        en: {
          'card.active': 'All yours: {customer}',
          'act.link': 'Hand out a link',
          'agent.joined': '{agent} has picked it up.',
          'refused.agent.already.active': 'It is running already.',
        },
      },
    },
    strict: { title: 'Strict', workStream: 'support', promptAudience: 'authenticated' },
    nobody: { title: 'Nobody', workStream: 'support', promptAudience: 'nobody' },
    off: {
      title: 'Off',
      workStream: 'support',
      promptAudience: 'anyone',
      portalUrl: 'https://www.example.com/off',
      reconnect: { enabled: false },
    },
    unasked: {
      title: 'Unasked',
      workStream: 'support',
      promptAudience: 'anyone',
      closedWindow: 'noPrompt',
    },
    keep: { title: 'Keep', workStream: 'support', promptAudience: 'anyone', startFresh: 'keep' },
    close: { title: 'Close', workStream: 'support', promptAudience: 'anyone', startFresh: 'close' },
    direct: { title: 'Direct', workStream: 'support', promptAudience: 'anyone', promptMode: 'direct' },
    wait: { title: 'Wait', workStream: 'support', promptAudience: 'anyone', suspendedReturn: 'wait' },
    redirect: {
      title: 'Redirect',
      workStream: 'support',
      promptAudience: 'anyone',
      redirectUrl: 'https://www.example.com/sorry',
      redirectHosts: ['www.example.com'],
    },
    preview: {
      title: 'Preview',
      workStream: 'support',
      promptAudience: 'anyone',
      portalUrl: 'https://www.example.com/preview',
      reconnect: { preview: true, previewAgents: ['contoso:anna-bell'] },
    },
    recommended: { title: 'Recommended', workStream: 'support', preset: 'recommended' },
    seeda: { title: 'Seed A', workStream: 'support', preset: 'seedA' },
    seedb: { title: 'Seed B', workStream: 'support', preset: 'seedB' },
  },
};

export async function openTown(clock: MovableClock = movableClock()): Promise<Town> {
  const store = await embeddedStore(clock);
  const connector = await openConnector(clock.now);
  const logged: string[] = [];
  const closing: (() => Promise<void>)[] = [];
  let first = true;

  const open: Town['open'] = async (options = {}) => {
    const {
      running = true,
      dying = false,
      settings = SETTINGS,
      onInteraction,
      onErasure,
      files,
      telemetry,
      through = (stores: CosmosStores) => stores,
    } = options;
    const stores = through(first ? store.stores : await store.another());
    first = false;
    const log: Log = (event, fields) => logged.push(`${event} ${JSON.stringify(fields ?? {})}`);
    const adapter = new TurnAdapter(new ConfigurationBotFrameworkAuthentication({}));
    const bot = testBot(new SessionState(stores.botState));
    const made = reconnect({
      adapter,
      bot: bot.handler,
      appId: '',
      stores,
      settings: readSettings(settings),
      pepper: 'a pepper of at least thirty-two characters',
      clock: dying ? { now: clock.now, after: () => () => undefined } : clock,
      log,
      linkTo: (sid) => `https://teams.example/inbox/${sid}`,
      ...(onInteraction && { onInteraction }),
      ...(onErasure && { onErasure }),
      ...(files && { files }),
      ...(telemetry && { telemetry }),
    });
    adapter.use(made);
    const server = createServer(log, telemetry);
    messageRoutes(server, { adapter, bot: bot.handler, log });
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
    const address: unknown = server.address();
    const port = typeof address === 'object' && address !== null ? Number(Reflect.get(address, 'port')) : 0;
    if (running && !dying) made.house.start();
    let open = true;
    const stop = async (): Promise<void> => {
      if (!open) return;
      open = false;
      server.server.closeAllConnections();
      server.close();
      if (!dying) await soon(made.house.stop(), clock);
    };
    closing.push(stop);
    return { origin: `http://127.0.0.1:${port}`, reconnect: made, house: made.house, stores, bot, stop };
  };

  return {
    clock,
    store,
    connector,
    logged,
    open,
    close: async () => {
      store.cosmos.faults.clear();
      connector.calm();
      for (const stop of closing) await stop();
      await connector.close();
      await store.close();
    },
  };
}

/** Awaits something while the clock runs ahead in small steps, so that deadlines and pauses pass. */
export async function soon<T>(work: Promise<T>, clock: MovableClock, stepMs = 100): Promise<T> {
  const state = { over: false };
  const end = (): void => void (state.over = true);
  work.then(end, end);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (state.over) return work;
    clock.advance(stepMs);
  }
}

/** Looks until it is so; the clock stands but for real time. */
export const until = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 60_000, interval: 15 });

/** Looks until it is so while the clock runs ahead. Gives the clock's ms it took. */
export async function passes(
  clock: MovableClock,
  look: () => boolean | Promise<boolean>,
  stepMs = 100,
  limitMs = 60_000,
): Promise<number> {
  const from = clock.now();
  while (!(await look())) {
    if (clock.now() - from > limitMs) throw new Error(`It did not come about within ${limitMs} ms`);
    clock.advance(stepMs);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return clock.now() - from;
}
