import type { Container, RequestOptions, SqlQuerySpec } from '@azure/cosmos';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../handoff/ports.ts';
import { CONTAINERS } from './containers.ts';
import { NotSent, PLACE_MS, type Ask, type Said, type Sender } from './sender.ts';
import type { Page, PageOptions, Sent, Told, ToldOfBatch, ToldOfStep, Wire } from './wire.ts';

/** For so long the SDK asks alone, after an answer that only it knows what to do about: until the place is looked up anew. */
const ASIDE_MS = PLACE_MS;
/** Callers act upon these: missing, exists, changed, and refused for now. */
const OURS: ReadonlySet<number> = new Set([404, 409, 412, 429, 449]);
/** Given up by the store, which may have done it all the same. */
const TIMED_OUT = 408;
const BATCH = {
  ...{ 'x-ms-cosmos-is-batch-request': 'True', 'x-ms-cosmos-batch-atomic': 'True' },
  // The documents themselves would only come back as they were sent.
  prefer: 'return=minimal',
};
const UPSERT = { 'x-ms-documentdb-is-upsert': 'True' };
/** As the SDK asks first, of one partition or of all: what it finds out from a plan beside it, it needs only after a 400. */
const QUERY = {
  ...{ 'x-ms-documentdb-isquery': 'true', 'x-ms-documentdb-query-enablecrosspartition': 'true' },
  ...{ 'x-ms-documentdb-responsecontinuationtokenlimitinkb': '1' },
  'content-type': 'application/query+json',
};
/** The answer to a query that must be taken apart before it can be asked. */
const NOT_AS_ONE: ReadonlySet<number> = new Set([400]);

/** A status of 400 and above, as the SDK's own errors tell it. */
class StoreRefused extends Error {
  readonly code: number;
  readonly substatus: number;
  readonly retryAfterInMs: number;
  constructor({ status, substatus, retryAfterMs }: Said) {
    super(`The store answered ${status}/${substatus}`);
    this.name = 'StoreRefused';
    this.code = status;
    this.substatus = substatus;
    this.retryAfterInMs = retryAfterMs;
  }
}

/**
 * The way for what is asked of documents, at half of what it takes through the SDK: one request, signed and sent as the SDK would.
 * All else stays the SDK's: the feed; which region to ask, and what to do when that one is gone.
 * What is refused for a reason that is not ours to judge is asked again through the SDK at once, for nothing
 * was written; after that, and after any failure, everything is asked through it for a minute.
 */
export function shortWay(send: Sender, clock: Clock, log: Log): (sdk: Container) => Wire {
  let asideUntil = 0;
  const stepAside = (why: number | string): void => {
    log('store.aside', { why });
    asideUntil = clock.now() + ASIDE_MS;
  };

  /** `bySdkAlone` are answers after which the SDK asks another way, and nothing is wrong. */
  const take = async <T>(
    ask: Ask,
    read: (said: Said) => T,
    bySdk: () => Promise<T>,
    bySdkAlone: ReadonlySet<number> = new Set(),
  ): Promise<T> => {
    if (clock.now() < asideUntil) return bySdk();
    const said = await send(ask).catch((reason: unknown) => {
      stepAside(reason instanceof Error ? reason.name : 'unknown');
      if (reason instanceof NotSent) return undefined;
      throw reason;
    });
    if (said === undefined) return bySdk();
    const { status } = said;
    if (status < 400) return read(said);
    if (OURS.has(status)) throw new StoreRefused(said);
    if (bySdkAlone.has(status)) return bySdk();
    stepAside(status);
    if (status < 500 && status !== TIMED_OUT) return bySdk();
    throw new StoreRefused(said);
  };

  return (sdk) => {
    const collection = `dbs/${sdk.database.id}/colls/${sdk.id}`;
    const added = (body: Sent): Pick<Ask, 'method' | 'collection' | 'partition' | 'body'> => ({
      ...{ method: 'POST', collection, partition: partitionOf(sdk.id, body), body },
    });
    return {
      id: sdk.id,
      item: (id, partition) => {
        const item = () => sdk.item(id, partition);
        const of = { collection, id, partition };
        return {
          read: (options) =>
            take({ ...of, method: 'GET', ...meant(options) }, told, () => item().read(options)),
          replace: (body, options) =>
            take({ ...of, method: 'PUT', body, ...meant(options) }, told, () =>
              item().replace(body, options),
            ),
          patch: (patch, options) => {
            const body = Array.isArray(patch) ? { operations: patch } : patch;
            return take({ ...of, method: 'PATCH', body, ...meant(options) }, told, () =>
              item().patch(patch, options),
            );
          },
        };
      },
      items: {
        create: (document, options) =>
          take({ ...added(document), ...meant(options) }, told, () => sdk.items.create(document, options)),
        upsert: (document, options) =>
          take({ ...added(document), ...meant(options, UPSERT) }, told, () =>
            sdk.items.upsert(document, options),
          ),
        query: <T>(spec: SqlQuerySpec, options: PageOptions) => ({
          fetchNext: () =>
            take<Page<T>>(
              { collection, method: 'POST', body: spec, ...aboutPage(options) },
              pageIn,
              () => sdk.items.query<T>(spec, options).fetchNext(),
              NOT_AS_ONE,
            ),
        }),
        batch: (steps, partition, options) =>
          take<ToldOfBatch>(
            { collection, partition, method: 'POST', body: steps, ...meant(options, BATCH) },
            ({ body }) => ({ result: Array.isArray(body) ? (body as ToldOfStep[]) : [] }),
            () => sdk.items.batch(steps, partition, options),
          ),
      },
    };
  };
}

const PARTITION_KEYS = new Map(CONTAINERS.map(({ id, partitionKey }) => [id, partitionKey.slice(1)]));

/** What a document's partition is called: it says so itself. */
function partitionOf(container: string, document: Sent): string {
  const key: unknown = document[PARTITION_KEYS.get(container) ?? ''];
  if (typeof key !== 'string') throw new TypeError(`A document of ${container} names no partition`);
  return key;
}

const told = ({ status, substatus, etag, body }: Said): Told => ({
  ...{ statusCode: status, substatus, etag, resource: body },
});

/** What of a caller's options the store is told. */
function meant(
  { abortSignal, accessCondition }: RequestOptions,
  headers: Ask['headers'] = {},
): Pick<Ask, 'headers' | 'signal'> {
  const isGuarded = accessCondition?.type === 'IfMatch';
  return {
    headers: { ...headers, ...(isGuarded && { 'if-match': accessCondition.condition }) },
    ...(abortSignal !== undefined && { signal: abortSignal }),
  };
}

const aboutPage = ({
  partitionKey: partition,
  maxItemCount,
  continuationToken,
  ...options
}: PageOptions): Pick<Ask, 'partition' | 'headers' | 'signal'> => ({
  ...(partition !== undefined && { partition }),
  ...meant(options, {
    ...QUERY,
    ...(maxItemCount !== undefined && { 'x-ms-max-item-count': String(maxItemCount) }),
    ...(continuationToken !== undefined && { 'x-ms-continuation': continuationToken }),
  }),
});

function pageIn<T>({ body, continuation = '' }: Said): Page<T> {
  const found: unknown = typeof body === 'object' && body !== null && Reflect.get(body, 'Documents');
  // An answer that is none is one that was cut.
  if (!Array.isArray(found)) throw new SyntaxError('A page of a query has no documents');
  return { resources: found as readonly T[], continuationToken: continuation };
}
