import type { CosmosClientOptions } from '@azure/cosmos';

type HttpClient = NonNullable<CosmosClientOptions['httpClient']>;
type Request = Parameters<HttpClient['sendRequest']>[0];
type Response = Awaited<ReturnType<HttpClient['sendRequest']>>;

/** How far one partition range of a container was seen to have come. */
interface Token {
  readonly version: number;
  readonly lsn: number;
  /** As the store wrote it. */
  readonly text: string;
}

const HEADER = 'x-ms-session-token';

/**
 * Session consistency for whatever goes to the store by this way, through the SDK or past it: a read asks for at least
 * what any earlier answer had seen, also one that refused (409, 412), so that reading again after a lost race is fresh.
 * The SDK keeps tokens too, but only of its own requests. Another instance's writes are not known here: its copy is a
 * hint, and the etag decides.
 *
 * Source: *Manage consistency levels in Azure Cosmos DB*, session tokens; the token is `range:version#lsn#…`, where a
 * higher version, then a higher global LSN, has seen more.
 */
export function withSessionTokens(inner: HttpClient): HttpClient {
  const seen = new Map<string, Map<string, Token>>();
  return {
    sendRequest: async (request) => {
      const container = containerOf(request);
      if (container === undefined) return inner.sendRequest(request);
      const ranges = seen.get(container) ?? new Map<string, Token>();
      seen.set(container, ranges);
      if (ranges.size > 0 && isRead(request))
        request.headers.set(HEADER, [...ranges].map(([range, { text }]) => `${range}:${text}`).join());
      const response = await inner.sendRequest(request);
      if (hasSeen(response)) for (const part of tokensIn(response)) advance(ranges, part);
      return response;
    },
  };
}

/** The SDK's and ours: `{origin}/dbs/{database}/colls/{container}/docs…`; of all else there are no tokens. */
const containerOf = ({ url }: Request): string | undefined => /\/colls\/([^/?]+)\/docs/u.exec(url)?.[1];

const isRead = ({ method, headers }: Request): boolean =>
  method === 'GET' || headers.has('x-ms-documentdb-isquery') || headers.has('x-ms-documentdb-query');

/** Whether what was answered was looked up: 404/1002 says that it was not. */
const hasSeen = ({ status, headers }: Response): boolean =>
  status < 400 ||
  status === 409 ||
  status === 412 ||
  (status === 404 && headers.get('x-ms-substatus') !== '1002');

const tokensIn = ({ headers }: Response): readonly string[] => (headers.get(HEADER) ?? '').split(',');

function advance(ranges: Map<string, Token>, part: string): void {
  const [, range, text, version, lsn] = /^([^:]+):((-?\d+)#(\d+)(?:#.*)?)$/u.exec(part) ?? [];
  if (range === undefined || text === undefined) return;
  const next = { version: Number(version), lsn: Number(lsn), text };
  const known = ranges.get(range);
  const isFurther =
    known === undefined ||
    next.version > known.version ||
    (next.version === known.version && next.lsn > known.lsn);
  if (isFurther) ranges.set(range, next);
}
