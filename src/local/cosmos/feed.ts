import { limits } from './document.ts';
import type { Storage } from './storage.ts';
import type { Table } from './table.ts';
import { badRequest } from './wire.ts';

/** A question to the change feed: what was written after a point, in one partition or all. */
export interface FeedRequest {
  readonly partition: string | undefined;
  /** `undefined`: from the beginning; `*`: from now on; else the etag of an earlier answer. */
  readonly ifNoneMatch: string | undefined;
  /** Only documents last written at or after this moment (an HTTP date, so whole seconds). */
  readonly since: string | undefined;
  readonly pageSize: number;
  readonly now: number;
}

/** A page of the feed; no documents means nothing has happened since. `etag` is where the next one starts. */
export interface FeedPage {
  readonly documents: readonly string[];
  readonly etag: string;
}

/** Reads the latest versions in the order they were written. Deletes leave no trace, and of many writes only the last. */
export function readFeed(storage: Storage, table: Table, request: FeedRequest): FeedPage {
  const from = startOf(table, request);
  const since = request.since === undefined ? 0 : secondsOf(request.since);
  const inPartition = request.partition === undefined ? '' : ' AND partition = ?';
  const sql = `SELECT lsn, body FROM ${table.name} WHERE lsn > ?${inPartition} AND ts >= ? AND expires > ? ORDER BY lsn LIMIT ?`;
  const values = [
    from,
    ...(request.partition === undefined ? [] : [request.partition]),
    since,
    request.now,
    request.pageSize,
  ];
  const documents: string[] = [];
  let at = from;
  let bytes = 0;
  for (const row of storage.stream(sql, values)) {
    const body = String(row['body']);
    bytes += Buffer.byteLength(body) + 1;
    if (documents.length > 0 && bytes > limits.responseBytes) break;
    at = Number(row['lsn']);
    documents.push(`${body.slice(0, -1)},"_lsn":${at}}`);
  }
  return { documents, etag: `"${at}"` };
}

function startOf(table: Table, request: FeedRequest): number {
  if (request.ifNoneMatch === undefined) return 0;
  if (request.ifNoneMatch === '*') return table.lsn();
  const lsn = /^"(\d+)"$/.exec(request.ifNoneMatch)?.[1];
  if (lsn === undefined) throw badRequest('The If-None-Match of a change feed is an etag it gave, or *.');
  return Number(lsn);
}

function secondsOf(date: string): number {
  const at = Date.parse(date);
  if (Number.isNaN(at)) throw badRequest(`If-Modified-Since is no date: ${date}`);
  return Math.floor(at / 1000);
}
