import { containerRid, databaseRid } from './items.ts';
import type { Route } from './route.ts';
import type { Storage } from './storage.ts';
import type { Table } from './table.ts';
import { CosmosError, type WireRequest } from './wire.ts';

/**
 * Answers what the SDK asks about account, database and containers. Everything else is refused with 403: the app's
 * role is a data-plane one, which creates, changes and deletes none of these.
 */
export function answerMetadata(
  route: Route,
  request: WireRequest,
  storage: Storage,
  database: string,
): string {
  if (request.method !== 'GET')
    throw new CosmosError(
      403,
      `A data-plane role may not ${request.method} ${request.path}: containers are created by the deployment.`,
    );
  switch (route.kind) {
    case 'account':
      return JSON.stringify(account(request));
    case 'databases':
      return JSON.stringify({ _rid: '', Databases: [databaseOf(database)], _count: 1 });
    case 'database':
      return JSON.stringify(databaseOf(database));
    case 'containers':
      return JSON.stringify({
        _rid: databaseRid,
        DocumentCollections: storage.tables.map(containerOf),
        _count: storage.tables.length,
      });
    case 'container':
      return JSON.stringify(containerOf(tableOf(storage, route.container)));
    case 'ranges':
      return JSON.stringify(rangesOf(tableOf(storage, route.container)));
    case 'documents':
    case 'document':
      throw new CosmosError(400, `${request.method} means nothing here.`);
  }
}

/** The table of a container, or 404. */
export function tableOf(storage: Storage, container: string): Table {
  const table = storage.table(container);
  if (table === undefined)
    throw new CosmosError(404, `Owner resource does not exist: the container ${container}.`, {
      substatus: 1003,
    });
  return table;
}

function account(request: WireRequest): Record<string, unknown> {
  const host = request.headers['host'] ?? 'localhost';
  const here = [{ name: 'Here', databaseAccountEndpoint: `http://${host}/` }];
  return {
    id: 'embedded',
    _rid: 'embedded',
    _self: '',
    media: '//media/',
    addresses: '//addresses/',
    _dbs: '//dbs/',
    writableLocations: here,
    readableLocations: here,
    enableMultipleWriteLocations: false,
    userConsistencyPolicy: { defaultConsistencyLevel: 'Session' },
    queryEngineConfiguration: '{}',
  };
}

const databaseOf = (id: string): Record<string, unknown> => ({
  id,
  _rid: databaseRid,
  _self: `dbs/${databaseRid}/`,
  _colls: 'colls/',
  _users: 'users/',
  _etag: '"embedded"',
  _ts: 0,
});

function containerOf(table: Table): Record<string, unknown> {
  const { definition } = table;
  const rid = containerRid(table);
  const all = definition.indexed === undefined;
  return {
    id: definition.id,
    partitionKey: { paths: [definition.partitionKey], kind: 'Hash', version: 2 },
    ...(definition.defaultTtl === undefined ? {} : { defaultTtl: definition.defaultTtl }),
    indexingPolicy: {
      indexingMode: 'consistent',
      automatic: true,
      includedPaths: all ? [{ path: '/*' }] : definition.indexed.map((path) => ({ path: `${path}/?` })),
      excludedPaths: [{ path: all ? '/"_etag"/?' : '/*' }],
      compositeIndexes: definition.composite ?? [],
    },
    _rid: rid,
    _self: `dbs/${databaseRid}/colls/${rid}/`,
    _docs: 'docs/',
    _etag: '"embedded"',
    _ts: 0,
  };
}

/** One range of partitions: all of them. */
const rangesOf = (table: Table): Record<string, unknown> => ({
  _rid: containerRid(table),
  PartitionKeyRanges: [
    {
      id: '0',
      _rid: containerRid(table),
      minInclusive: '',
      maxExclusive: 'FF',
      ridPrefix: 0,
      throughputFraction: 1,
      status: 'online',
      parents: [],
      _self: `dbs/${databaseRid}/colls/${containerRid(table)}/pkranges/0/`,
      _etag: '"embedded"',
      _ts: 0,
    },
  ],
  _count: 1,
});
