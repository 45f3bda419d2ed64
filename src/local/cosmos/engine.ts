import { createSecretKey, randomBytes } from 'node:crypto';
import { sleep, type Clock } from '../../clock.ts';
import { checkSignature } from './auth.ts';
import type { ContainerDefinition } from './container.ts';
import { requestCounters, type Counters } from './counters.ts';
import { answerDocuments, type Answer } from './documents.ts';
import { parseJson } from './document.ts';
import { faultRules, type Fault, type Faults, type Operation } from './faults.ts';
import { checkHeaders, sessionLsn } from './headers.ts';
import { containerRid } from './items.ts';
import { answerMetadata, tableOf } from './metadata.ts';
import { operationOf, routeOf, type Route } from './route.ts';
import { openStorage, type Storage } from './storage.ts';
import type { Table } from './table.ts';
import { ConnectionDropped, CosmosError, errorBody, type WireRequest, type WireResponse } from './wire.ts';

export interface CosmosOptions {
  /** The one file; `:memory:` keeps nothing. */
  readonly file: string;
  readonly clock: Clock;
  /** Exactly these containers exist. */
  readonly containers: readonly ContainerDefinition[];
  readonly database: string;
  /** The account key, base64. Left out, one is made and kept in the file. */
  readonly key?: string;
  /** Chance for faults with a probability, 0 to 1. */
  readonly random?: () => number;
  /** Hears of every request, when it is answered: for tests that look at what was sent. */
  readonly observe?: (seen: Seen) => void;
}

/** A request and what came of it; `status` 0: the connection was dropped; `charge` in request units, as it was told. */
export interface Seen {
  readonly operation: Operation;
  readonly container: string;
  readonly request: WireRequest;
  readonly status: number;
  readonly charge: number;
}

/** A Cosmos DB account with one database, as a function from request to answer. */
export interface CosmosEngine {
  readonly key: string;
  /**
   * Answers one request; refusals are answers. A request takes effect whole before another is looked at. Rejects with
   * {@link ConnectionDropped} when a fault breaks the connection, and for all that still hang at `close`.
   */
  readonly handle: (request: WireRequest) => Promise<WireResponse>;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly storage: Storage;
  readonly close: () => void;
}

/** Opens the database file and returns the engine over it. Throws when the file is held by another process. */
export function cosmosEngine(options: CosmosOptions): CosmosEngine {
  const { clock } = options;
  const storage = openStorage(options.file, options.containers);
  const key = options.key ?? storage.setting('key', () => randomBytes(64).toString('base64'));
  const secret = createSecretKey(key, 'base64');
  const faults = faultRules(options.random ?? Math.random);
  const counters = requestCounters();
  const hanging = new Set<() => void>();
  let closed = false;

  const work = (route: Route, operation: Operation, request: WireRequest, stale: number): WireResponse => {
    if ('database' in route && route.database !== options.database)
      throw new CosmosError(404, `Owner resource does not exist: the database ${route.database}.`, {
        substatus: 1003,
      });
    if (operation === 'metadata') {
      const body = answerMetadata(route, request, storage, options.database);
      return answered(
        { status: 200, body, headers: { 'x-ms-request-charge': '1' } },
        undefined,
        options.database,
      );
    }
    const table = tableOf(storage, 'container' in route ? route.container : '');
    const id = route.kind === 'document' ? route.id : undefined;
    const now = Math.floor(clock.now() / 1000);
    const answer = () =>
      answerDocuments({ operation, id, request, storage, table, database: options.database, now });
    // A client that carries a session token is not served by a replica that is behind it.
    const behind = stale > 0 && isRead(operation) && sessionLsn(request) <= table.lsn() - stale;
    return answered(behind ? storage.before(table, stale, answer) : answer(), table, options.database);
  };

  const struck = async (
    request: WireRequest,
    fault: Fault | undefined,
    run: (stale: number) => WireResponse,
  ): Promise<WireResponse> => {
    if (fault === undefined) return run(0);
    if (fault.kind === 'delay') {
      await sleep(clock, fault.ms);
      return run(0);
    }
    if (fault.kind === 'hang')
      return new Promise((_, reject) => hanging.add(() => reject(new ConnectionDropped('closed'))));
    if (fault.kind === 'stale') return run(fault.writes);
    if (fault.kind === 'partial') return partial(request, fault);
    if (fault.committed === true) run(0);
    if (fault.kind === 'drop')
      throw new ConnectionDropped('The connection was dropped by an injected fault.');
    throw faultError(fault);
  };

  const handle = async (request: WireRequest): Promise<WireResponse> => {
    if (closed) throw new ConnectionDropped('The database is closed.');
    let operation: Operation = 'metadata';
    let container = '';
    let status = 0;
    let charge = 0;
    try {
      const route = routeOf(request.path);
      container = 'container' in route ? route.container : '';
      operation = operationOf(route, request);
      counters.add(container, operation, Buffer.byteLength(request.body));
      checkSignature(request, secret);
      checkHeaders(request);
      const response = await struck(request, faults.next(operation, container), (stale) =>
        work(route, operation, request, stale),
      );
      status = response.status;
      charge = Number(response.headers['x-ms-request-charge'] ?? 0);
      return response;
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error;
      status = error.status;
      return refusal(error, storage.table(container), options.database);
    } finally {
      options.observe?.({ operation, container, request, status, charge });
    }
  };

  return {
    key,
    handle,
    faults,
    counters,
    storage,
    close: () => {
      if (closed) return;
      closed = true;
      for (const release of hanging) release();
      storage.close();
    },
  };
}

/** A batch of which one step has failed, and all others by it. */
function partial(
  request: WireRequest,
  { status, at = 0 }: Extract<Fault, { kind: 'partial' }>,
): WireResponse {
  const steps: unknown = parseJson(request.body);
  const results = (Array.isArray(steps) ? steps : [undefined]).map((_, i) => ({
    statusCode: i === at && status !== 0 ? status : 424,
    requestCharge: 0,
  }));
  return { status: 207, headers: { 'content-type': 'application/json' }, body: JSON.stringify(results) };
}

const isRead = (operation: Operation): boolean => ['read', 'query', 'feed'].includes(operation);

function faultError(fault: Extract<Fault, { kind: 'status' }>): CosmosError {
  const wait = fault.retryAfterMs ?? (fault.status === 429 ? 10 : undefined);
  return new CosmosError(fault.status, `Injected fault: ${fault.status}.`, {
    substatus: fault.substatus ?? (fault.status === 429 ? 3200 : 0),
    headers: wait === undefined ? {} : { 'x-ms-retry-after-ms': String(wait) },
  });
}

function refusal(error: CosmosError, table: Table | undefined, database: string): WireResponse {
  const headers = { 'x-ms-substatus': String(error.substatus), 'x-ms-request-charge': '1', ...error.headers };
  return answered({ status: error.status, body: errorBody(error), headers }, table, database);
}

/** Adds what every answer carries. Refusals carry the session token too, so that a reader after a 412 is up to date. */
function answered(answer: Answer, table: Table | undefined, database: string): WireResponse {
  const session =
    table === undefined
      ? {}
      : {
          'x-ms-session-token': `0:-1#${table.lsn()}`,
          lsn: String(table.lsn()),
          'x-ms-alt-content-path': `dbs/${database}/colls/${table.definition.id}`,
          'x-ms-content-path': containerRid(table),
        };
  return {
    status: answer.status,
    headers: {
      'content-type': 'application/json',
      'x-ms-gatewayversion': 'embedded',
      ...session,
      ...answer.headers,
    },
    body: answer.body,
  };
}
