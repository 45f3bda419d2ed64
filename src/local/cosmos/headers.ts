import { badRequest, notImplemented, type WireRequest } from './wire.ts';

/** Request headers that change nothing in an answer here, or whose meaning is kept elsewhere in this folder. */
const known = new Set([
  'x-ms-date',
  'x-ms-version',
  'x-ms-useragent',
  'x-ms-client-request-id',
  'x-ms-activity-id',
  'x-ms-cosmos-correlated-activityid',
  'x-ms-cosmos-sdk-supportedcapabilities',
  'x-ms-cosmos-allow-tentative-writes',
  'x-ms-documentdb-responsecontinuationtokenlimitinkb',
  'x-ms-documentdb-query-enablecrosspartition',
  'x-ms-documentdb-query-parallelizecrosspartitionquery',
  'x-ms-documentdb-partitionkey',
  'x-ms-documentdb-partitionkeyrangeid',
  'x-ms-documentdb-isquery',
  'x-ms-documentdb-is-upsert',
  'x-ms-documentdb-populatequerymetrics',
  'x-ms-documentdb-populatequotainfo',
  'x-ms-cosmos-is-query-plan-request',
  'x-ms-cosmos-supported-query-features',
  'x-ms-cosmos-query-version',
  'x-ms-cosmos-is-batch-request',
  'x-ms-cosmos-batch-atomic',
  'x-ms-cosmos-batch-continue-on-error',
  'x-ms-max-item-count',
  'x-ms-continuation',
  'x-ms-session-token',
  'x-ms-consistency-level',
]);

/** Refuses any Cosmos DB header this database knows nothing of: it might change what the request means. */
export function checkHeaders(request: WireRequest): void {
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith('x-ms-') && !known.has(name)) throw notImplemented(`the header ${name}: ${value}`);
  }
  const level = request.headers['x-ms-consistency-level'];
  if (level !== undefined && !['Session', 'ConsistentPrefix', 'Eventual'].includes(level))
    throw badRequest(
      `ConsistencyLevel ${level} specified in the request is stronger than the account's, Session.`,
    );
  const range = request.headers['x-ms-documentdb-partitionkeyrangeid'];
  if (range !== undefined && range !== '0') throw badRequest(`There is no partition key range ${range}.`);
}

/** Whether a boolean header is set; the SDK writes `true` and `True`. */
export const flag = (request: WireRequest, name: string): boolean =>
  request.headers[name]?.toLowerCase() === 'true';

/** `x-ms-max-item-count`; the service's default is 100, and -1 means as many as fit. */
export function pageSizeOf(request: WireRequest): number {
  const header = request.headers['x-ms-max-item-count'];
  if (header === undefined) return 100;
  const size = Number(header);
  if (!Number.isInteger(size) || size === 0 || size < -1)
    throw badRequest(`x-ms-max-item-count cannot be ${header}.`);
  return size;
}

/** The sequence number a session token asks the answer to be no older than; 0 without one. */
export function sessionLsn(request: WireRequest): number {
  const token = request.headers['x-ms-session-token'];
  const lsn = token === undefined ? 0 : Number(/#(\d+)/.exec(token)?.[1]);
  if (Number.isNaN(lsn)) throw badRequest(`The session token ${String(token)} cannot be read.`);
  return lsn;
}
