import { notImplemented } from '../wire.ts';
import type { Cursor } from './cursor.ts';
import type { Comparison, Condition, Constant, Path, TypeTest } from './syntax.ts';

/** Reads a condition: OR of ANDs of (negated) tests, with parentheses. */
export function parseCondition(cursor: Cursor): Condition {
  const all = [conjunction(cursor)];
  while (cursor.take('OR')) all.push(conjunction(cursor));
  return one(all, 'or');
}

function conjunction(cursor: Cursor): Condition {
  const all = [negation(cursor)];
  while (cursor.take('AND')) all.push(negation(cursor));
  return one(all, 'and');
}

const one = (all: readonly Condition[], kind: 'and' | 'or'): Condition =>
  all.length === 1 && all[0] !== undefined ? all[0] : { kind, all };

function negation(cursor: Cursor): Condition {
  if (cursor.take('NOT')) return { kind: 'not', of: negation(cursor) };
  if (cursor.take('(')) {
    const inner = parseCondition(cursor);
    cursor.need(')');
    return inner;
  }
  return test(cursor);
}

const types: Readonly<Record<string, TypeTest>> = {
  IS_DEFINED: 'defined',
  IS_NULL: 'null',
  IS_BOOL: 'boolean',
  IS_NUMBER: 'number',
  IS_STRING: 'string',
  IS_ARRAY: 'array',
  IS_OBJECT: 'object',
};

function test(cursor: Cursor): Condition {
  for (const [name, type] of Object.entries(types)) {
    if (cursor.take(name)) return inParentheses(cursor, () => ({ kind: 'is', path: cursor.path(), type }));
  }
  if (cursor.take('STARTSWITH')) return textTest(cursor, 'startsWith');
  if (cursor.take('CONTAINS')) return textTest(cursor, 'contains');
  if (cursor.take('ARRAY_CONTAINS')) return arrayContains(cursor);
  const constant = cursor.takeConstant();
  if (constant !== undefined) return constantFirst(cursor, constant);
  return propertyFirst(cursor);
}

function inParentheses<T>(cursor: Cursor, read: () => T): T {
  cursor.need('(');
  const inner = read();
  cursor.need(')');
  return inner;
}

const textTest = (cursor: Cursor, kind: 'startsWith' | 'contains'): Condition =>
  inParentheses(cursor, () => {
    const path = cursor.path();
    cursor.need(',');
    const text = cursor.constant();
    if (cursor.take(',') && !cursor.take('FALSE')) throw notImplemented(`${kind} without regard to case`);
    return { kind, path, text };
  });

const arrayContains = (cursor: Cursor): Condition =>
  inParentheses(cursor, () => {
    const list = cursor.takeConstant();
    const array = list === undefined ? cursor.path() : undefined;
    cursor.need(',');
    const found: Condition =
      array === undefined || list !== undefined
        ? { kind: 'listContains', list: list ?? cursor.constant(), path: cursor.path() }
        : { kind: 'arrayContains', path: array, item: cursor.constant() };
    if (cursor.take(',') && !cursor.take('FALSE')) throw notImplemented('ARRAY_CONTAINS by partial match');
    return found;
  });

const comparisons: readonly (readonly [string, Comparison, Comparison])[] = [
  ['=', '=', '='],
  ['!=', '!=', '!='],
  ['<>', '!=', '!='],
  ['<=', '<=', '>='],
  ['>=', '>=', '<='],
  ['<', '<', '>'],
  ['>', '>', '<'],
];

function constantFirst(cursor: Cursor, constant: Constant): Condition {
  const found = comparisons.find(([mark]) => cursor.take(mark));
  if (found !== undefined) return { kind: 'compare', path: cursor.path(), by: found[2], to: constant };
  if (constant.kind === 'literal' && typeof constant.value === 'boolean')
    return { kind: 'constant', value: constant.value };
  throw cursor.unexpected();
}

function propertyFirst(cursor: Cursor): Condition {
  const path = cursor.path();
  const found = comparisons.find(([mark]) => cursor.take(mark));
  if (found !== undefined) return { kind: 'compare', path, by: found[1], to: otherSide(cursor) };
  const negated = cursor.take('NOT');
  const condition = range(cursor, path);
  if (condition === undefined && negated) throw cursor.unexpected();
  if (condition === undefined) return { kind: 'truth', path };
  return negated ? { kind: 'not', of: condition } : condition;
}

function otherSide(cursor: Cursor): Constant {
  const constant = cursor.takeConstant();
  if (constant !== undefined) return constant;
  if (cursor.peekWord()) cursor.path();
  throw notImplemented('a comparison of two properties, or with anything but a literal or a parameter');
}

function range(cursor: Cursor, path: Path): Condition | undefined {
  if (cursor.take('BETWEEN')) {
    const from = cursor.constant();
    cursor.need('AND');
    return {
      kind: 'and',
      all: [
        { kind: 'compare', path, by: '>=', to: from },
        { kind: 'compare', path, by: '<=', to: cursor.constant() },
      ],
    };
  }
  if (!cursor.take('IN')) return undefined;
  return inParentheses(cursor, () => {
    const list = [cursor.constant()];
    while (cursor.take(',')) list.push(cursor.constant());
    return { kind: 'in', path, list };
  });
}
