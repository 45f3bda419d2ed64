import { badRequest, notImplemented } from '../wire.ts';
import { parseCondition } from './condition.ts';
import { cursorOver, type Cursor } from './cursor.ts';
import type { Order, Projection, Query } from './syntax.ts';

/** Reads a query's text. Refuses with 400 what is no query, and by its name what this database does not do. */
export function parseQuery(text: string): Query {
  const cursor = cursorOver(text);
  cursor.need('SELECT');
  if (cursor.peek('DISTINCT')) throw notImplemented('DISTINCT');
  const top = cursor.take('TOP') ? cursor.constant() : undefined;
  const selectStart = cursor.position();
  const alias = readAlias(cursor);
  const afterFrom = cursor.position();
  cursor.moveTo(selectStart);
  const select = readSelect(cursor);
  cursor.moveTo(afterFrom);
  const whereStart = cursor.offset();
  const where = cursor.take('WHERE') ? parseCondition(cursor) : undefined;
  const whereText =
    where === undefined
      ? undefined
      : text
          .slice(whereStart, cursor.offset())
          .replace(/^\s*where/i, '')
          .trim();
  const orderBy = readOrder(cursor);
  const window = readWindow(cursor);
  cursor.finish();
  return { alias, select, where, whereText, orderBy, top, window };
}

/** Reads a patch's condition: `from c where …`. */
export function parsePatchCondition(text: string): Query['where'] {
  const cursor = cursorOver(text);
  readAlias(cursor);
  cursor.need('WHERE');
  const condition = parseCondition(cursor);
  cursor.finish();
  return condition;
}

/** Finds FROM, wherever it is: what stands before it can only be read when the alias is known. */
function readAlias(cursor: Cursor): string {
  cursor.skipTo('FROM');
  let alias = cursor.word();
  if (cursor.take('AS')) alias = cursor.word();
  else if (cursor.peekWord() && !cursor.peek('WHERE', 'ORDER', 'OFFSET', 'GROUP', 'JOIN', 'IN'))
    alias = cursor.word();
  cursor.setAlias(alias);
  return alias;
}

function readSelect(cursor: Cursor): Query['select'] {
  if (cursor.take('*')) return { kind: 'star', of: { kind: 'path', path: [] } };
  const value = cursor.take('VALUE');
  const fields: [string, Projection][] = [];
  do {
    const of = readProjection(cursor);
    if (value) {
      if (!cursor.peek('FROM')) throw cursor.unexpected();
      return { kind: 'value', of };
    }
    if (of.kind === 'count') throw notImplemented('COUNT without VALUE');
    fields.push([cursor.take('AS') ? cursor.name() : nameOf(of), of]);
  } while (cursor.take(','));
  if (!cursor.peek('FROM')) throw cursor.unexpected();
  return { kind: 'list', of: { kind: 'object', fields } };
}

function nameOf(of: Projection): string {
  const last = of.kind === 'path' ? of.path.at(-1) : undefined;
  if (typeof last !== 'string') throw notImplemented('a projection without a name');
  return last;
}

function readProjection(cursor: Cursor): Projection {
  if (cursor.take('{')) {
    const fields: [string, Projection][] = [];
    do {
      const name = cursor.name();
      cursor.need(':');
      fields.push([name, readProjection(cursor)]);
    } while (cursor.take(','));
    cursor.need('}');
    return { kind: 'object', fields };
  }
  if (cursor.take('[')) {
    const items = [readProjection(cursor)];
    while (cursor.take(',')) items.push(readProjection(cursor));
    cursor.need(']');
    return { kind: 'array', items };
  }
  if (cursor.take('COUNT')) {
    cursor.need('(');
    if (!cursor.take('1')) throw notImplemented('COUNT of anything but 1');
    cursor.need(')');
    return { kind: 'count' };
  }
  const literal = cursor.takeLiteral();
  return literal === undefined ? { kind: 'path', path: cursor.path() } : { kind: 'literal', value: literal };
}

function readOrder(cursor: Cursor): readonly Order[] {
  if (!cursor.take('ORDER')) return [];
  cursor.need('BY');
  const order: Order[] = [];
  do {
    const path = cursor.path();
    if (path.length === 0 || path.some((one) => typeof one === 'number'))
      throw badRequest(
        'Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.',
      );
    const descending = cursor.take('DESC');
    if (!descending) cursor.take('ASC');
    order.push({ path, descending });
  } while (cursor.take(','));
  return order;
}

function readWindow(cursor: Cursor): Query['window'] {
  if (!cursor.take('OFFSET')) return undefined;
  const offset = cursor.constant();
  cursor.need('LIMIT');
  return { offset, limit: cursor.constant() };
}
