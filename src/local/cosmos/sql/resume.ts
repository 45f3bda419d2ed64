import { isObject } from '../document.ts';
import { badRequest } from '../wire.ts';
import type { Naming, Sql } from './filter.ts';
import { valueAt } from './projection.ts';
import type { Query } from './syntax.ts';
import { bound, rank, rankOfScalar } from './values.ts';

/**
 * Where a page ended: the order keys of its last document (rank and value for each) and its place in creation order.
 * It names no position, so documents that come or go between pages neither repeat nor hide others.
 */
export interface Token {
  readonly keys: readonly (string | number)[];
  readonly rid: number;
  /** Tells the query: a token of another one is refused. */
  readonly mark: string;
  /** How many documents TOP or LIMIT still allow. */
  readonly left: number;
}

export function tokenAfter(query: Query, rid: number, body: string, mark: string, left: number): Token {
  const document: unknown = query.orderBy.length === 0 ? undefined : JSON.parse(body);
  return { keys: query.orderBy.flatMap(({ path }) => keyOf(valueAt(document, path))), rid, mark, left };
}

/** Rank and value exactly as the columns have them. */
function keyOf(value: unknown): readonly [number, string | number] {
  if (value === undefined) return [rank.undefined, 0];
  if (Array.isArray(value)) return [rank.array, JSON.stringify(value)];
  if (isObject(value)) return [rank.object, JSON.stringify(value)];
  const scalar =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  return [rankOfScalar(scalar), bound(scalar)];
}

export const writeToken = (token: Token): string =>
  Buffer.from(
    JSON.stringify([token.mark, token.rid, Number.isFinite(token.left) ? token.left : null, ...token.keys]),
  ).toString('base64url');

/** Reads a continuation token back. Throws 400 for one that is none of ours, or of another query. */
export function readToken(text: string, mark: string): Token {
  const wrong = () => badRequest('The continuation token is not one of this query.');
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    throw wrong();
  }
  if (!Array.isArray(parts)) throw wrong();
  const [ofQuery, rid, left, ...keys] = parts as unknown[];
  if (ofQuery !== mark || typeof rid !== 'number' || !keys.every(isKey)) throw wrong();
  return { keys, rid, mark, left: typeof left === 'number' ? left : Infinity };
}

const isKey = (key: unknown): key is string | number => typeof key === 'string' || typeof key === 'number';

/** The condition that leaves out what earlier pages had. */
export function resumeSql(query: Query, token: Token, naming: Naming): Sql {
  const names = query.orderBy.flatMap(({ path }) => Object.values(naming(path)));
  const down = query.orderBy.flatMap(({ descending }) => [descending, descending]);
  if (names.length !== token.keys.length)
    throw badRequest('The continuation token is not one of this query.');
  const columns = [...names, 'rid'];
  const ways = [...down, down[0] === true].map((descending) => (descending ? '<' : '>'));
  const values = [...token.keys, token.rid];
  if (new Set(ways).size === 1)
    return { text: `(${columns.join()}) ${ways[0] ?? '>'} (${columns.map(() => '?').join()})`, values };
  return mixed(columns, ways, values);
}

/** Directions differ: after the keys up to one that differs in its own direction, for each of them. */
function mixed(
  columns: readonly string[],
  ways: readonly string[],
  values: readonly (string | number)[],
): Sql {
  const branches = columns.map((column, i) => {
    const equal = columns.slice(0, i).map((one) => `${one} = ?`);
    return `(${[...equal, `${column} ${ways[i] ?? '>'} ?`].join(' AND ')})`;
  });
  // The first property's bound is implied by the rest; it is what SQLite seeks with.
  const [first = '', second = ''] = columns;
  return {
    text: `((${first}, ${second}) ${ways[0] ?? '>'}= (?, ?) AND (${branches.join(' OR ')}))`,
    values: [...values.slice(0, 2), ...columns.flatMap((_, i) => values.slice(0, i + 1))],
  };
}
