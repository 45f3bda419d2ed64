import type { CosmosClientOptions } from '@azure/cosmos';
import type { CosmosEngine } from './engine.ts';
import { ConnectionDropped } from './wire.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;
type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;
type Headers = Response['headers'];

/**
 * Puts the engine where the SDK's HTTP client goes: the real SDK runs, without sockets, on the engine's clock.
 *
 * @example
 * new CosmosClient({ endpoint: 'http://cosmos.local', key: engine.key, httpClient: engineHttpClient(engine),
 *   connectionPolicy: { enableEndpointDiscovery: false } })
 */
export const engineHttpClient = (engine: CosmosEngine): HttpClient => ({
  sendRequest: async (request) => {
    const url = new URL(request.url);
    const headers = { ...request.headers.toJSON(), host: url.host };
    const body = typeof request.body === 'string' ? request.body : '';
    const answer = engine.handle({ method: request.method, path: url.pathname, headers, body });
    const { status, headers: names, body: bodyAsText } = await abortable(answer, request);
    return { request, status, headers: headersOf(names), bodyAsText } satisfies Response;
  },
});

/** Settles with the answer, or as a request does that is given up. */
function abortable<T>(answer: Promise<T>, request: Request): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () =>
      reject(Object.assign(new Error('The operation was aborted.'), { name: 'AbortError' }));
    if (request.abortSignal?.aborted === true) abort();
    request.abortSignal?.addEventListener('abort', abort);
    answer
      .then(resolve, (error: unknown) =>
        reject(error instanceof Error ? error : new ConnectionDropped(String(error))),
      )
      .finally(() => request.abortSignal?.removeEventListener('abort', abort));
  });
}

/** The few lines of headers the SDK asks for; its own class is not a dependency of ours. */
function headersOf(given: Readonly<Record<string, string>>): Headers {
  const values = new Map(Object.entries(given));
  return {
    get: (name) => values.get(name.toLowerCase()),
    has: (name) => values.has(name.toLowerCase()),
    set: (name, value) => void values.set(name.toLowerCase(), String(value)),
    delete: (name) => void values.delete(name.toLowerCase()),
    toJSON: () => Object.fromEntries(values),
    [Symbol.iterator]: () => values.entries(),
  };
}
