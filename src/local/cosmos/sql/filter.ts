import type { SQLInputValue } from 'node:sqlite';
import { badRequest, notImplemented } from '../wire.ts';
import type { Comparison, Condition, Constant, Path } from './syntax.ts';
import { bound, jsonPath, rank, rankOf, rankOfScalar, valueOf, type Scalar } from './values.ts';

/** A piece of SQL and the values of its `?`, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SQLInputValue[];
}

/** The SQL names of a property's rank and value: indexed columns where there are some. */
export type Naming = (path: Path) => { readonly rank: string; readonly value: string };

export type Parameters = ReadonlyMap<string, unknown>;

/** Names no column: every property is looked up in the document. */
export const inDocument: Naming = (path) => ({ rank: rankOf(path), value: valueOf(path) });

/**
 * Turns a condition into SQL whose NULL is Cosmos DB's `undefined`; AND, OR and NOT then agree in both languages.
 *
 * Below an AND or OR, where only "true" counts, the plain form is used, because SQLite finds indexes for it; below a
 * NOT the exact form, which keeps undefined apart from false. Values of two types are unequal, and in no order. (The
 * documentation calls their inequality undefined; `c.x != null` finds everything else on the service, so we do too.)
 */
export function filterSql(condition: Condition, parameters: Parameters, naming: Naming, exact = false): Sql {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const parts = condition.all.map((one) => filterSql(one, parameters, naming, exact));
      return joined(parts, condition.kind === 'and' ? ' AND ' : ' OR ');
    }
    case 'not': {
      const inner = filterSql(condition.of, parameters, naming, true);
      return { text: `NOT ${inner.text}`, values: inner.values };
    }
    case 'constant':
      return { text: condition.value ? '1' : '0', values: [] };
    case 'compare':
      return compare(naming(condition.path), condition.by, scalarOf(condition.to, parameters), exact);
    case 'in':
      return among(
        naming(condition.path),
        condition.list.map((one) => scalarOf(one, parameters)),
        exact,
      );
    case 'listContains':
      return among(naming(condition.path), listOf(condition.list, parameters), exact);
    case 'is': {
      const { rank: ranked } = naming(condition.path);
      return {
        text: condition.type === 'defined' ? `(${ranked} <> 0)` : `(${ranked} = ${rank[condition.type]})`,
        values: [],
      };
    }
    case 'truth': {
      const { rank: ranked, value } = naming(condition.path);
      return { text: `(CASE WHEN ${ranked} = ${rank.boolean} THEN ${value} END)`, values: [] };
    }
    case 'startsWith':
    case 'contains':
      return textTest(naming(condition.path), condition.kind, scalarOf(condition.text, parameters), exact);
    case 'arrayContains':
      return arrayContains(condition.path, scalarOf(condition.item, parameters), naming, exact);
  }
}

type Names = ReturnType<Naming>;

const joined = (parts: readonly Sql[], by: string): Sql => ({
  text: `(${parts.map((one) => one.text).join(by)})`,
  values: parts.flatMap((one) => one.values),
});

/** `test` where the property has the wanted rank; elsewhere `otherwise`, and undefined where there is no property. */
function typed(names: Names, wanted: number, test: Sql, exact: boolean, otherwise: '0' | 'NULL'): Sql {
  if (!exact) return { text: `(${names.rank} = ${wanted} AND ${test.text})`, values: test.values };
  return {
    text: `(CASE ${names.rank} WHEN ${wanted} THEN ${test.text} WHEN 0 THEN NULL ELSE ${otherwise} END)`,
    values: test.values,
  };
}

function compare(names: Names, by: Comparison, to: Scalar, exact: boolean): Sql {
  const wanted = rankOfScalar(to);
  if (by === '!=') {
    const same = compare(names, '=', to, true);
    return { text: `(NOT ${same.text})`, values: same.values };
  }
  if (to === null && by !== '=') throw notImplemented(`${by} with null`);
  return typed(
    names,
    wanted,
    { text: `${names.value} ${by} ?`, values: [bound(to)] },
    exact,
    by === '=' ? '0' : 'NULL',
  );
}

function among(names: Names, list: readonly Scalar[], exact: boolean): Sql {
  if (list.length === 0) return { text: `(CASE WHEN ${names.rank} = 0 THEN NULL ELSE 0 END)`, values: [] };
  return joined(
    list.map((one) => compare(names, '=', one, exact)),
    ' OR ',
  );
}

function textTest(names: Names, kind: 'startsWith' | 'contains', text: Scalar, exact: boolean): Sql {
  if (typeof text !== 'string') throw badRequest(`${kind} needs a string, not ${JSON.stringify(text)}.`);
  if (kind === 'contains')
    return typed(names, rank.string, { text: `instr(${names.value}, ?) > 0`, values: [text] }, exact, 'NULL');
  // The two bounds let SQLite seek; the prefix test is the truth.
  const test = `(${names.value} >= ? AND ${names.value} < ? || char(1114111) AND substr(${names.value}, 1, length(?)) = ?)`;
  return typed(names, rank.string, { text: test, values: [text, text, text, text] }, exact, 'NULL');
}

function arrayContains(path: Path, item: Scalar, naming: Naming, exact: boolean): Sql {
  const type =
    item === null
      ? 'null'
      : typeof item === 'string'
        ? 'text'
        : typeof item === 'boolean'
          ? String(item)
          : 'number';
  const typeTest = type === 'number' ? "type IN ('integer', 'real')" : `type = '${type}'`;
  const same = type === 'text' || type === 'number' ? ' AND value = ?' : '';
  const array = `json_each(body, ${jsonPath(path)})`;
  const test = `EXISTS (SELECT 1 FROM ${array} WHERE ${typeTest}${same})`;
  return typed(
    naming(path),
    rank.array,
    { text: test, values: same === '' ? [] : [bound(item)] },
    exact,
    '0',
  );
}

/** The value a constant has in this request. */
export function constantValue(constant: Constant, parameters: Parameters): unknown {
  if (constant.kind === 'literal') return constant.value;
  const value = parameters.get(constant.name);
  if (value === undefined) throw badRequest(`The parameter ${constant.name} has no value.`);
  return value;
}

function scalarOf(constant: Constant, parameters: Parameters): Scalar {
  const value = constantValue(constant, parameters);
  if (isScalar(value)) return value;
  throw notImplemented(`a comparison with ${JSON.stringify(value)}`);
}

function listOf(constant: Constant, parameters: Parameters): readonly Scalar[] {
  const value = constantValue(constant, parameters);
  if (Array.isArray(value) && value.every(isScalar)) return value;
  throw notImplemented(`ARRAY_CONTAINS in ${JSON.stringify(value)}`);
}

const isScalar = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
