import { createHash } from 'node:crypto';
import { orderIsIndexed } from './container.ts';
import { isObject, limits, parseJson } from './document.ts';
import { filterSql, type Parameters, type Sql } from './sql/filter.ts';
import { parseQuery } from './sql/parse.ts';
import { countOf, needsPlan, planOf } from './sql/plan.ts';
import { projectCount, projector } from './sql/projection.ts';
import { readToken, resumeSql, tokenAfter, writeToken, type Token } from './sql/resume.ts';
import { isCount, type Query } from './sql/syntax.ts';
import type { Storage } from './storage.ts';
import type { Table } from './table.ts';
import { badRequest, CosmosError, notImplemented } from './wire.ts';

/** A query as it was asked. */
export interface Asked {
  readonly text: string;
  readonly query: Query;
  readonly parameters: Parameters;
}

/** Where and how much of it to answer. */
export interface QueryScope {
  readonly storage: Storage;
  readonly table: Table;
  /** The one partition asked for; `undefined`: all. */
  readonly partition: string | undefined;
  /** In seconds. */
  readonly now: number;
  /** Documents at most; -1: as many as fit into a response. */
  readonly pageSize: number;
  readonly continuation: string | undefined;
}

/** One page: documents as JSON texts, and where the next begins, if there is more. */
export interface Page {
  readonly documents: readonly string[];
  readonly continuation: string | undefined;
  readonly charge: number;
}

const parsed = new Map<string, Query>();

/** Reads a query request's body. */
export function readAsked(body: string): Asked {
  const asked = parseJson(body);
  if (!isObject(asked) || typeof asked['query'] !== 'string')
    throw badRequest('A query request needs a query.');
  const text = asked['query'];
  let query = parsed.get(text);
  if (query === undefined) {
    query = parseQuery(text);
    if (parsed.size >= 200) parsed.clear();
    parsed.set(text, query);
  }
  return { text, query, parameters: readParameters(asked['parameters'] ?? []) };
}

function readParameters(given: unknown): Parameters {
  if (!Array.isArray(given)) throw badRequest('The parameters of a query are a list.');
  return new Map(
    given.map((one: unknown) => {
      if (!isObject(one) || typeof one['name'] !== 'string') throw badRequest('A parameter needs a name.');
      return [one['name'], one['value']];
    }),
  );
}

/** The plan the SDK wants before, or instead of, running a query over all partitions. */
export const answerPlan = (asked: Asked): string => JSON.stringify(planOf(asked.query, asked.parameters));

/** Refuses what the service's gateway does not spread over partitions; the SDK then asks for the plan and does it. */
export function checkDirect(asked: Asked): void {
  if (!needsPlan(asked.query)) return;
  throw new CosmosError(
    400,
    "Cross partition query only supports 'VALUE <AggregateFunc>' for aggregates; TOP, ORDER BY and OFFSET need a plan.",
    { substatus: 1004, info: { additionalErrorInfo: answerPlan(asked) } },
  );
}

/** Runs one page of a query. Throws 400 for an order without an index, as the service does. */
export function runQuery(asked: Asked, scope: QueryScope): Page {
  const { query } = asked;
  if (isCount(query.select.of)) return runCount(asked, scope);
  const order = query.orderBy.map(({ path, descending }) => ({
    path: `/${path.join('/')}`,
    order: descending ? ('descending' as const) : ('ascending' as const),
  }));
  if (!orderIsIndexed(scope.table.definition, order)) {
    const kind = order.length > 1 ? 'composite index' : 'index';
    throw badRequest(`The order by query does not have a corresponding ${kind} that it can be served from.`);
  }
  const mark = createHash('sha256').update(asked.text).digest('base64url').slice(0, 12);
  const token = scope.continuation === undefined ? undefined : readToken(scope.continuation, mark);
  const left = Math.min(token?.left ?? Infinity, total(asked));
  const size = Math.min(scope.pageSize < 0 ? Infinity : scope.pageSize, left);
  const sql = pageSql(asked, scope, token, size);
  return collect(asked, scope, sql, size, left, mark);
}

/** The statement behind a page, for those who want to see its plan. */
export function pageSql(asked: Asked, scope: QueryScope, token: Token | undefined, size: number): Sql {
  const { query, parameters } = asked;
  const { table } = scope;
  const conditions = [...scopeSql(scope)];
  if (query.where !== undefined) conditions.push(filterSql(query.where, parameters, namingIn(scope)));
  if (token !== undefined) conditions.push(resumeSql(query, token, table.naming));
  const keys = query.orderBy.flatMap(({ path, descending }) => {
    const names = table.naming(path);
    return [names.rank, names.value].map((name) => `${name}${descending ? ' DESC' : ''}`);
  });
  const ties = query.orderBy[0]?.descending === true ? 'rid DESC' : 'rid';
  const offset =
    token === undefined && query.window !== undefined ? countOf(query.window.offset, parameters) : 0;
  // One more than wanted tells whether there is another page.
  const count = Number.isFinite(size) ? size + 1 : -1;
  return {
    text:
      `SELECT rid, body FROM ${table.name} WHERE ${conditions.map((one) => one.text).join(' AND ')} ` +
      `ORDER BY ${[...keys, ties].join(', ')} LIMIT ? OFFSET ?`,
    values: [...conditions.flatMap((one) => one.values), count, offset],
  };
}

const namingIn = ({ partition, table }: QueryScope) =>
  partition === undefined ? table.namingOfAll : table.naming;

function scopeSql(scope: QueryScope): readonly Sql[] {
  const alive = { text: 'expires > ?', values: [scope.now] };
  return scope.partition === undefined
    ? [alive]
    : [{ text: 'partition = ?', values: [scope.partition] }, alive];
}

function total(asked: Asked): number {
  const { top, window } = asked.query;
  const most = [top, window?.limit].map((one) =>
    one === undefined ? Infinity : countOf(one, asked.parameters),
  );
  return Math.min(...most);
}

function collect(asked: Asked, scope: QueryScope, sql: Sql, size: number, left: number, mark: string): Page {
  const project = projector(asked.query);
  const documents: string[] = [];
  let taken = 0;
  let sent = 0;
  let read = 0;
  let last: { readonly rid: number; readonly body: string } | undefined;
  let continuation: string | undefined;
  const { rows, stream } = scope.storage;
  for (const row of (size <= 100 ? rows : stream)(sql.text, sql.values)) {
    const body = String(row['body']);
    if (last !== undefined && (taken >= size || sent + body.length > limits.responseBytes)) {
      if (left > taken)
        continuation = writeToken(tokenAfter(asked.query, last.rid, last.body, mark, left - taken));
      break;
    }
    if (taken >= size) break;
    const document = project(body);
    if (document !== undefined) documents.push(document);
    taken++;
    sent += document === undefined ? 0 : Buffer.byteLength(document) + 1;
    read += body.length;
    last = { rid: Number(row['rid']), body };
  }
  return { documents, continuation, charge: queryCharge(read) };
}

/** A count is one page with one number. */
function runCount(asked: Asked, scope: QueryScope): Page {
  const { query, parameters } = asked;
  if (query.orderBy.length > 0 || query.top !== undefined || query.window !== undefined)
    throw notImplemented('COUNT with ORDER BY, TOP or OFFSET');
  const conditions = [...scopeSql(scope)];
  if (query.where !== undefined) conditions.push(filterSql(query.where, parameters, namingIn(scope)));
  const where = conditions.map((one) => one.text).join(' AND ');
  const values = conditions.flatMap((one) => one.values);
  const [row] = scope.storage.rows(
    `SELECT COUNT(*) AS count FROM ${scope.table.name} WHERE ${where}`,
    values,
  );
  return {
    documents: [projectCount(query, Number(row?.['count']))],
    continuation: undefined,
    charge: queryCharge(0),
  };
}

/** Request units of a query: what running it costs, and what it read. An estimate. */
const queryCharge = (bytes: number): number => Math.round((2.3 + (bytes / 1024) * 0.3) * 100) / 100;
