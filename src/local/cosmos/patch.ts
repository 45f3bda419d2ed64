import { isObject, limits, parseJson, type Json } from './document.ts';
import type { Place } from './items.ts';
import { filterSql } from './sql/filter.ts';
import { parsePatchCondition } from './sql/parse.ts';
import type { Row } from './table.ts';
import { badRequest, CosmosError, notImplemented } from './wire.ts';

/**
 * Applies a patch, `[operations]` or `{ operations, condition }`, and returns the document it makes. All or nothing.
 * Throws 412 when the condition does not hold, 400 when an operation cannot be applied or touches what may not change.
 */
export function applyPatch(place: Place, row: Row, patch: unknown): Json {
  const { operations, condition } = readPatch(patch);
  if (operations.length === 0 || operations.length > limits.patchOperations)
    throw badRequest(
      `A patch has 1 to ${limits.patchOperations} operations; this one has ${operations.length}.`,
    );
  if (condition !== undefined && !holds(place, row, condition))
    throw new CosmosError(412, 'One of the specified pre-condition is not met: the condition of the patch.');
  const document = parseJson(row.body);
  if (!isObject(document)) throw new Error(`The stored document ${row.id} is no object`);
  operations.forEach((operation, i) => applyOne(document, operation, i, place.table.partitionPath));
  return document;
}

function readPatch(patch: unknown): { operations: readonly unknown[]; condition: string | undefined } {
  if (Array.isArray(patch)) return { operations: patch, condition: undefined };
  if (!isObject(patch) || !Array.isArray(patch['operations']))
    throw badRequest('A patch needs a list of operations.');
  const condition = patch['condition'];
  if (condition !== undefined && typeof condition !== 'string')
    throw badRequest('A patch condition is a string.');
  return { operations: patch['operations'], condition };
}

function holds(place: Place, row: Row, condition: string): boolean {
  const where = parsePatchCondition(condition);
  if (where === undefined) return true;
  const filter = filterSql(where, new Map(), place.table.naming);
  const sql = `SELECT 1 FROM ${place.table.name} WHERE rid = ? AND ${filter.text}`;
  return place.storage.rows(sql, [row.rid, ...filter.values]).length > 0;
}

function applyOne(document: Json, operation: unknown, at: number, partitionPath: readonly string[]): void {
  const no = (why: string) => badRequest(`For Operation(${at + 1}): ${why}`);
  if (!isObject(operation)) throw no('it is no object.');
  const { op, path, value } = operation;
  if (typeof op !== 'string' || typeof path !== 'string' || !path.startsWith('/'))
    throw no('op and path must be strings, and the path starts with /.');
  const segments = path
    .split('/')
    .slice(1)
    .map((one) => one.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (isFixed(segments, partitionPath)) throw no(`${path} cannot be changed by a patch.`);
  const target = parentOf(document, segments, () => no(`the parent of ${path} is absent.`));
  const needValue = () => {
    if (value === undefined) throw no(`${op} needs a value.`);
    return value;
  };
  if (op === 'add' || op === 'set') put(target, needValue(), op, () => no(`${path} is outside its array.`));
  else if (op === 'replace') replace(target, needValue(), () => no(`${path} to be replaced is absent.`));
  else if (op === 'remove') remove(target, () => no(`${path} to be removed is absent.`));
  else if (op === 'incr')
    increment(target, needValue(), () => no(`incr needs numbers at ${path} and as its value.`));
  else throw notImplemented(`the patch operation ${op}`);
}

/** System properties, the id, and anything on the way to, or below, the partition key. */
function isFixed(segments: readonly string[], partitionPath: readonly string[]): boolean {
  const [first = ''] = segments;
  if (['', 'id', '_rid', '_self', '_etag', '_ts', '_attachments'].includes(first)) return true;
  const shared = Math.min(segments.length, partitionPath.length);
  return partitionPath.slice(0, shared).every((one, i) => one === segments[i]);
}

type Target =
  { readonly parent: Json; readonly key: string } | { readonly parent: unknown[]; readonly key: number };

function parentOf(document: Json, segments: readonly string[], absent: () => CosmosError): Target {
  let parent: unknown = document;
  for (const segment of segments.slice(0, -1)) parent = child(parent, segment);
  const last = segments.at(-1) ?? '';
  if (Array.isArray(parent)) {
    const key = last === '-' ? parent.length : /^(0|[1-9]\d*)$/.test(last) ? Number(last) : NaN;
    if (Number.isNaN(key)) throw absent();
    return { parent, key };
  }
  if (!isObject(parent)) throw absent();
  return { parent, key: last };
}

function child(parent: unknown, segment: string): unknown {
  if (Array.isArray(parent)) return /^\d+$/.test(segment) ? (parent[Number(segment)] as unknown) : undefined;
  return isObject(parent) && Object.hasOwn(parent, segment) ? parent[segment] : undefined;
}

const isArrayTarget = (target: Target): target is { parent: unknown[]; key: number } =>
  Array.isArray(target.parent);

function put(target: Target, value: unknown, op: 'add' | 'set', outside: () => CosmosError): void {
  if (!isArrayTarget(target)) {
    assign(target, value);
    return;
  }
  if (target.key > target.parent.length) throw outside();
  // In an array, add makes room while set overwrites: the one difference between the two.
  target.parent.splice(target.key, op === 'set' ? 1 : 0, value);
}

function replace(target: Target, value: unknown, absent: () => CosmosError): void {
  if (!present(target)) throw absent();
  assign(target, value);
}

function remove(target: Target, absent: () => CosmosError): void {
  if (!present(target)) throw absent();
  if (isArrayTarget(target)) target.parent.splice(target.key, 1);
  else Reflect.deleteProperty(target.parent, target.key);
}

function increment(target: Target, by: unknown, wrong: () => CosmosError): void {
  const current = present(target) ? valueAt(target) : 0;
  if (typeof current !== 'number' || typeof by !== 'number') throw wrong();
  assign(target, current + by);
}

const present = (target: Target): boolean =>
  isArrayTarget(target) ? target.key < target.parent.length : Object.hasOwn(target.parent, target.key);

const valueAt = (target: Target): unknown =>
  isArrayTarget(target) ? target.parent[target.key] : (target.parent as Json)[target.key];

function assign(target: Target, value: unknown): void {
  // Defined, not assigned: a property called __proto__ is a property here.
  Object.defineProperty(target.parent, target.key, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
