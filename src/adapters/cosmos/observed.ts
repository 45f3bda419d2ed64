import type { CosmosClientOptions } from '@azure/cosmos';
import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { Came, Telemetry } from '../../handoff/telemetry.ts';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;
type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;

/** The SDK's way to the store, heard: each request by container, operation, status and charge, and never by an id. */
export const observedHttpClient = (
  { during }: Telemetry,
  inner: HttpClient = createDefaultHttpClient(),
): HttpClient => ({
  sendRequest: (request) =>
    during(
      { kind: 'store', container: containerIn(request.url), operation: operationOf(request) },
      () => inner.sendRequest(request),
      came,
    ),
});

/** Refusals are what conditional writes are made of: only what the store could not do has failed. */
const came = ({ status, headers }: Response): Came => {
  const charge = Number(headers.get('x-ms-request-charge') ?? NaN);
  const failed = status >= 500 || status === 408 || status === 429 || status === 401 || status === 403;
  return { outcome: String(status), failed, ...(Number.isFinite(charge) && { charge }) };
};

const containerIn = (url: string): string => /\/colls\/([\w-]{1,64})/u.exec(url)?.[1] ?? 'account';

function operationOf({ method, url, headers }: Request): string {
  const is = (name: string): boolean => headers.get(name)?.toLowerCase() === 'true';
  if (!url.includes('/docs')) return 'metadata';
  if (headers.has('a-im')) return 'feed';
  if (is('x-ms-cosmos-is-batch-request')) return 'batch';
  if (is('x-ms-cosmos-is-query-plan-request')) return 'plan';
  if (is('x-ms-documentdb-isquery') || is('x-ms-documentdb-query')) return 'query';
  if (is('x-ms-documentdb-is-upsert')) return 'upsert';
  return METHODS[method] ?? method.toLowerCase();
}

const METHODS: Readonly<Record<string, string>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
};
