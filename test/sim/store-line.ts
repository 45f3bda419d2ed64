import type { CosmosClientOptions } from '@azure/cosmos';
import type { CosmosEngine } from '../../src/local/cosmos/engine.ts';
import { engineHttpClient } from '../../src/local/cosmos/http-client.ts';
import { operationOf, routeOf } from '../../src/local/cosmos/route.ts';
import type { Chance } from './chance.ts';
import { storeTrouble, type StoreTrouble, type Weather } from './faults.ts';
import type { Body, World } from './world.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;

/** What an instance and the outside have to do with each other, as it happens. */
export interface Traffic {
  /** Something of this instance has just taken effect at the store or in a channel; whether it leaves anything there. */
  readonly arrived: (of: Body, what: string, leaves: boolean) => void;
  /** Something went wrong. */
  readonly struck: (what: string) => void;
  /** For so long this instance's store may have failed it, ms. */
  readonly failed: (of: Body, ms: number) => void;
}

const SOON_MS = 6;
/** So long the house waits for its store at most. */
const DEADLINE_MS = 5_000;

/**
 * The line of one instance to the store, where the SDK's HTTP client goes. A request takes a while to get there and its
 * answer a while to come back, by chance, so requests overtake each other; what goes wrong on it is chosen by chance too.
 * What a dead instance has on its way is lost half of the time, and arrives all the same the other half.
 */
export function storeLine(given: {
  readonly engine: CosmosEngine;
  readonly world: World;
  readonly body: Body;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly traffic: Traffic;
}): HttpClient {
  const { engine, world, body, chance, weather, traffic } = given;
  const network = engineHttpClient(engine);
  return {
    sendRequest: (request) =>
      new Promise((resolve, reject) => {
        if (!body.alive) return;
        const { abortSignal, ...sent } = request;
        abortSignal?.addEventListener('abort', () =>
          reject(Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' })),
        );
        const trouble = storeTrouble(chance, weather);
        const [there, back] = [1 + chance.below(SOON_MS), 1 + chance.below(SOON_MS)];
        const outlives = chance.hits(0.5);
        const late = trouble?.kind === 'slow' ? trouble.ms : 0;
        const early = chance.hits(0.5);
        if (trouble !== undefined) {
          traffic.struck(`store ${trouble.kind === 'answer' ? trouble.fault.kind : trouble.kind}`);
          traffic.failed(body, lastsMs(trouble));
        }
        const arrive = (): void => {
          if (!body.alive && !outlives) return;
          const calm =
            trouble?.kind === 'answer' ? engine.faults.add({ fault: trouble.fault, count: 1 }) : undefined;
          const answer = network.sendRequest(sent);
          calm?.();
          const { pathname: path } = new URL(request.url);
          traffic.arrived(body, `${request.method} ${path}`, isWrite(path, request));
          answer.then(
            (one) => world.after(back + (early ? 0 : late), () => resolve({ ...one, request }), body),
            (reason: unknown) =>
              world.after(
                back,
                () => reject(reason instanceof Error ? reason : new Error(String(reason))),
                body,
              ),
          );
        };
        // What was given up, or sent twice on the way, comes in once more when nobody expects it.
        if (trouble?.kind === 'echo')
          world.after(there + trouble.ms, () => void network.sendRequest(sent).catch(() => undefined));
        // A silent one is never heard of; whether it was lost on the way there or back is chance.
        if (trouble?.kind === 'silent') {
          if (early) world.after(there, () => void network.sendRequest(sent).catch(() => undefined));
          return;
        }
        world.after(there + (early ? late : 0), arrive);
      }),
  };
}

const lastsMs = (trouble: StoreTrouble): number => {
  if (trouble.kind === 'slow' || trouble.kind === 'echo') return trouble.ms;
  return trouble.kind === 'silent' ? DEADLINE_MS : 0;
};

/** Whether a request changes what is stored; who only keeps a lease changes nothing that matters. */
function isWrite(path: string, { method, headers }: Parameters<HttpClient['sendRequest']>[0]): boolean {
  const asked = { method, path, headers: headers.toJSON(), body: '' };
  const operation = operationOf(routeOf(path), asked);
  return !READS.has(operation) && !path.includes('/lease:');
}

const READS: ReadonlySet<string> = new Set(['read', 'query', 'feed', 'plan', 'metadata']);
