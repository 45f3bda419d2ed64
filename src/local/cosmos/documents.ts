import { performBatch, readBatch } from './batch.ts';
import { parseJson, readPartitionHeader } from './document.ts';
import type { Operation } from './faults.ts';
import { readFeed } from './feed.ts';
import { flag, pageSizeOf } from './headers.ts';
import { containerRid, perform, type ItemOperation } from './items.ts';
import { answerPlan, checkDirect, readAsked, runQuery, type Asked } from './query.ts';
import type { Storage } from './storage.ts';
import type { Table } from './table.ts';
import { badRequest, notImplemented, type WireRequest } from './wire.ts';

/** A request about documents, with what is known of it by now; `now` in seconds. */
export interface DocumentRequest {
  readonly operation: Exclude<Operation, 'metadata'>;
  readonly id: string | undefined;
  readonly request: WireRequest;
  readonly storage: Storage;
  readonly table: Table;
  readonly database: string;
  readonly now: number;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers a request about documents. Throws its refusals. */
export function answerDocuments(asked: DocumentRequest): Answer {
  switch (asked.operation) {
    case 'plan':
      return { status: 200, body: answerPlan(readAsked(asked.request.body)), headers: {} };
    case 'query':
      return answerQuery(asked);
    case 'feed':
      return answerFeed(asked);
    case 'batch':
      return answerBatch(asked);
    default:
      return answerItem(asked, asked.operation);
  }
}

function answerItem(asked: DocumentRequest, kind: ItemOperation['kind']): Answer {
  const place = { ...asked, partition: requiredPartition(asked.request) };
  const outcome = perform(place, itemOperation(asked, kind));
  return {
    status: outcome.status,
    body: outcome.body,
    headers: {
      'x-ms-request-charge': String(outcome.charge),
      ...(outcome.etag === undefined ? {} : { etag: outcome.etag }),
    },
  };
}

function itemOperation({ request, id = '' }: DocumentRequest, kind: ItemOperation['kind']): ItemOperation {
  const ifMatch = request.headers['if-match'];
  const ifNoneMatch = request.headers['if-none-match'];
  // A create is conditional by nature; on other writes nobody documents what If-None-Match would do.
  if (ifNoneMatch !== undefined && kind !== 'read' && !(kind === 'create' && ifNoneMatch === '*'))
    throw notImplemented(`If-None-Match with ${kind}: to insert only, use create`);
  if (ifMatch !== undefined && (kind === 'read' || kind === 'create'))
    throw notImplemented(`If-Match with ${kind}`);
  switch (kind) {
    case 'read':
      return { kind, id, ifNoneMatch };
    case 'create':
      return { kind, document: parseJson(request.body) };
    case 'upsert':
      return { kind, document: parseJson(request.body), ifMatch };
    case 'replace':
      return { kind, id, document: parseJson(request.body), ifMatch };
    case 'patch':
      return { kind, id, patch: parseJson(request.body), ifMatch };
    case 'delete':
      return { kind, id, ifMatch };
  }
}

function answerBatch(asked: DocumentRequest): Answer {
  const { request } = asked;
  if (!flag(request, 'x-ms-cosmos-batch-atomic'))
    throw notImplemented('bulk requests: a batch must be atomic');
  if (flag(request, 'x-ms-cosmos-batch-continue-on-error'))
    throw notImplemented('batches that continue on errors');
  const partition = requiredPartition(request);
  const prefer = request.headers['prefer'];
  if (prefer !== undefined && prefer !== 'return=minimal') throw notImplemented(`Prefer: ${prefer}`);
  const outcome = performBatch(
    { ...asked, partition },
    readBatch(request.body, partition),
    prefer === undefined,
  );
  return {
    status: outcome.status,
    body: outcome.body,
    headers: { 'x-ms-request-charge': String(outcome.charge) },
  };
}

/** `readAll` asks for a feed without a query; it gets what this selects. */
const everything = '{"query":"SELECT * FROM c"}';

function answerQuery(asked: DocumentRequest): Answer {
  const { request } = asked;
  const question: Asked = readAsked(request.method === 'GET' ? everything : request.body);
  const partition = partitionOf(request);
  if (partition === undefined && request.headers['x-ms-documentdb-partitionkeyrangeid'] === undefined) {
    if (request.method === 'POST' && !flag(request, 'x-ms-documentdb-query-enablecrosspartition'))
      throw badRequest(
        'Cross partition query is required but disabled. Please set x-ms-documentdb-query-enablecrosspartition to true.',
      );
    checkDirect(question);
  }
  const page = runQuery(question, {
    ...asked,
    partition,
    pageSize: pageSizeOf(request),
    continuation: request.headers['x-ms-continuation'],
  });
  return {
    status: 200,
    body: listing(asked.table, page.documents),
    headers: {
      'x-ms-request-charge': String(page.charge),
      'x-ms-item-count': String(page.documents.length),
      ...(page.continuation === undefined ? {} : { 'x-ms-continuation': page.continuation }),
    },
  };
}

function answerFeed(asked: DocumentRequest): Answer {
  const { request } = asked;
  const mode = request.headers['a-im'];
  if (mode?.toLowerCase() !== 'incremental feed')
    throw notImplemented(`the change feed mode ${String(mode)}`);
  const page = readFeed(asked.storage, asked.table, {
    partition: partitionOf(request),
    ifNoneMatch: request.headers['if-none-match'],
    since: request.headers['if-modified-since'],
    pageSize: pageSizeOf(request),
    now: asked.now,
  });
  const empty = page.documents.length === 0;
  return {
    status: empty ? 304 : 200,
    body: empty ? '' : listing(asked.table, page.documents),
    headers: {
      etag: page.etag,
      'x-ms-request-charge': String(1 + page.documents.length),
      'x-ms-item-count': String(page.documents.length),
    },
  };
}

const listing = (table: Table, documents: readonly string[]): string =>
  `{"_rid":"${containerRid(table)}","Documents":[${documents.join()}],"_count":${documents.length}}`;

function partitionOf(request: WireRequest): string | undefined {
  const header = request.headers['x-ms-documentdb-partitionkey'];
  return header === undefined ? undefined : readPartitionHeader(header);
}

function requiredPartition(request: WireRequest): string {
  const partition = partitionOf(request);
  if (partition === undefined) throw badRequest('PartitionKey value must be supplied for this operation.');
  return partition;
}
