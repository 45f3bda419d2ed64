import { notImplemented } from '../wire.ts';
import { constantValue, type Parameters } from './filter.ts';
import { isCount, type Constant, type Order, type Path, type Projection, type Query } from './syntax.ts';

/**
 * Answers the SDK's question how to run a query over all partitions. The SDK sends `rewrittenQuery` to each of them
 * (here one) and merges: sorted rows by `orderByItems`, counts by adding.
 */
export function planOf(query: Query, parameters: Parameters): Record<string, unknown> {
  const window = query.window;
  const counts = isCount(query.select.of);
  return {
    partitionedQueryExecutionInfoVersion: 2,
    queryInfo: {
      distinctType: 'None',
      top: numberOrNull(query.top, parameters),
      offset: numberOrNull(window?.offset, parameters),
      limit: numberOrNull(window?.limit, parameters),
      orderBy: query.orderBy.map((one) => (one.descending ? 'Descending' : 'Ascending')),
      orderByExpressions: query.orderBy.map((one) => pathText(query, one.path)),
      groupByExpressions: [],
      groupByAliases: [],
      aggregates: counts ? ['Count'] : [],
      groupByAliasToAggregateType: {},
      rewrittenQuery: needsPlan(query) ? rewritten(query, parameters) : '',
      hasSelectValue: query.select.kind === 'value',
      hasNonStreamingOrderBy: false,
    },
    queryRanges: [{ min: '', max: 'FF', isMinInclusive: true, isMaxInclusive: false }],
  };
}

/** Whether the service would not run this over several partitions without a plan. */
export const needsPlan = (query: Query): boolean =>
  query.orderBy.length > 0 ||
  query.top !== undefined ||
  query.window !== undefined ||
  isCount(query.select.of);

function rewritten(query: Query, parameters: Parameters): string {
  const { alias } = query;
  const counts = isCount(query.select.of);
  if (counts && query.select.of.kind !== 'count')
    throw notImplemented('COUNT inside an object over several partitions');
  const ordered = query.orderBy.length > 0;
  const select = counts ? 'VALUE [{"item": COUNT(1)}]' : ordered ? orderedSelect(query) : plainSelect(query);
  const filters = [
    ordered ? '({documentdb-formattableorderbyquery-filter})' : [],
    query.whereText === undefined ? [] : `(${query.whereText})`,
  ].flat();
  const where = filters.length === 0 ? '' : ` WHERE ${filters.join(' AND ')}`;
  const order = ordered ? ` ORDER BY ${query.orderBy.map((one) => orderText(query, one)).join(', ')}` : '';
  return `SELECT ${limit(query, parameters, 'TOP')}${select} FROM ${alias}${where}${order}${limit(query, parameters, 'OFFSET')}`;
}

/** Each partition must give all rows the window may need from it; the SDK does the skipping. */
function limit(query: Query, parameters: Parameters, kind: 'TOP' | 'OFFSET'): string {
  if (kind === 'TOP') return query.top === undefined ? '' : `TOP ${countOf(query.top, parameters)} `;
  if (query.window === undefined) return '';
  return ` OFFSET 0 LIMIT ${countOf(query.window.offset, parameters) + countOf(query.window.limit, parameters)}`;
}

function orderedSelect(query: Query): string {
  const items = query.orderBy.map((one) => `{"item": ${pathText(query, one.path)}}`).join(', ');
  return `${query.alias}._rid, [${items}] AS orderByItems, ${projectionText(query, query.select.of)} AS payload`;
}

const plainSelect = (query: Query): string =>
  query.select.kind === 'star' ? '*' : `VALUE ${projectionText(query, query.select.of)}`;

function projectionText(query: Query, of: Projection): string {
  switch (of.kind) {
    case 'path':
      return pathText(query, of.path);
    case 'literal':
      return JSON.stringify(of.value);
    case 'array':
      return `[${of.items.map((one) => projectionText(query, one)).join(', ')}]`;
    case 'object':
      return `{${of.fields.map(([name, one]) => `${JSON.stringify(name)}: ${projectionText(query, one)}`).join(', ')}}`;
    case 'count':
      return 'COUNT(1)';
  }
}

const pathText = (query: Query, path: Path): string =>
  query.alias + path.map((one) => `[${JSON.stringify(one)}]`).join('');

const orderText = (query: Query, order: Order): string =>
  `${pathText(query, order.path)} ${order.descending ? 'DESC' : 'ASC'}`;

/** A TOP, OFFSET or LIMIT. */
export function countOf(constant: Constant, parameters: Parameters): number {
  const value = constantValue(constant, parameters);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw notImplemented(`TOP, OFFSET or LIMIT of ${JSON.stringify(value)}`);
  return value;
}

const numberOrNull = (constant: Constant | undefined, parameters: Parameters): number | null =>
  constant === undefined ? null : countOf(constant, parameters);
