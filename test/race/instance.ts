/**
 * Production as a process of its own that can be looked into: as `src/main.ts`, with Entra where `TAB_AUTHORITY` says (the
 * SDK's managed identities want https there), a clock that counts who waits on it and can be moved, and ears for its parent.
 */
import { subscribe } from 'node:diagnostics_channel';
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { getHeapSpaceStatistics, queryObjects, writeHeapSnapshot } from 'node:v8';
import { movableClock, systemClock, type Clock } from '../../src/clock.ts';
import { readConfig } from '../../src/config.ts';
import { sourceAssets } from '../../src/local/assets.ts';
import { startProduction } from '../../src/production.ts';

/** What its parent may ask of it; only `measure` has an answer worth reading, an `Inside`. */
export type Order =
  | { readonly kind: 'measure' }
  | { readonly kind: 'advance'; readonly ms: number }
  /** Ends connections that nobody asks over; not while somebody is about to. */
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'snapshot'; readonly file: string }
  | { readonly kind: 'stop' };

/** What is in it after garbage was collected; to look takes most of a second. */
export interface Inside {
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly externalBytes: number;
  /** What of the heap is used, by V8's spaces. */
  readonly spaces: Readonly<Record<string, number>>;
  /** How many objects, arrays, closures … there are: what is remembered, however the code that does it is compiled. */
  readonly objects: number;
  /** Who waits on its clock. */
  readonly timers: number;
  /** What keeps its event loop busy, by kind. */
  readonly handles: Readonly<Record<string, number>>;
}

let timers = 0;
/** The same clock; each wake and each cancel is counted once. */
const counted = (clock: Clock): Clock => ({
  now: clock.now,
  after: (ms, wake) => {
    timers += 1;
    let waits = true;
    const done = (): void => {
      if (waits) timers -= 1;
      waits = false;
    };
    const cancel = clock.after(ms, () => {
      done();
      wake();
    });
    return () => {
      done();
      cancel();
    };
  },
});

/** Either way, pools keep as many connections as were ever busy at once, for a minute or more. */
const connections = new Set<Socket>();
const noteConnection = (opened: unknown): void => {
  const socket: unknown = typeof opened === 'object' && opened !== null && Reflect.get(opened, 'socket');
  if (!(socket instanceof Socket)) return;
  connections.add(socket);
  socket.once('close', () => connections.delete(socket));
};
subscribe('net.client.socket', noteConnection);
subscribe('net.server.socket', noteConnection);
const disconnect = (): void => {
  // What Node's client and server set to null while nothing is asked and answered over it.
  for (const socket of connections) if (Reflect.get(socket, '_httpMessage') === null) socket.destroy();
};

/** Node keeps a thousand parsers of HTTP, as many as there ever were connections at once, for those to come: here none. */
const parsers: unknown = Reflect.get(process.getBuiltinModule('_http_common') ?? {}, 'parsers');
if (typeof parsers === 'object' && parsers !== null) Reflect.set(parsers, 'max', 0);

const { TAB_AUTHORITY, ...environment } = process.env;
const clock = movableClock(systemClock);
const production = await startProduction(
  readConfig({ ...environment, AZURE_AUTHORITY_HOST: TAB_AUTHORITY }, (path) => readFileSync(path, 'utf8')),
  {
    clock: counted(clock),
    log: (event, fields) => console.log(JSON.stringify({ event, ...fields })),
    assets: sourceAssets(),
  },
);
process.on('message', (order: Order) => void obey(order).then((answer) => process.send?.(answer)));
console.log(JSON.stringify({ event: 'house.started', port: production.port }));

async function obey(order: Order): Promise<Inside | 'done'> {
  if (order.kind === 'measure') return inside();
  if (order.kind === 'advance') clock.advance(order.ms);
  if (order.kind === 'disconnect') disconnect();
  if (order.kind === 'snapshot') writeHeapSnapshot(order.file);
  if (order.kind === 'stop') {
    await production.stop();
    process.exit(0);
  }
  return 'done';
}

async function inside(): Promise<Inside> {
  // Node keeps what the first 250 requests by fetch took, for whoever asks, and of no more.
  performance.clearResourceTimings();
  globalThis.gc?.();
  // What a finaliser lets go of is collected the second time, by itself.
  await setImmediate();
  const objects = Number(queryObjects(Object));
  const { heapUsed, rss, external } = process.memoryUsage();
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const spaces = Object.fromEntries(
    getHeapSpaceStatistics().map((one) => [one.space_name, one.space_used_size]),
  );
  return { heapBytes: heapUsed, rssBytes: rss, externalBytes: external, spaces, objects, timers, handles };
}
