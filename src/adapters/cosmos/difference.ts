import type { PatchOperation } from '@azure/cosmos';
import { isDeepStrictEqual } from 'node:util';

/** What the service takes in one patch (its partial-document-update page); one is left for the mark of the write. */
const MOST = 9;

type Members = Readonly<Record<string, unknown>>;

/**
 * What makes one document of another, as operations of a patch; `undefined` where a patch may not have so many, or could
 * not name a member. Members of the document and of `roots` are changed one by one; what lies within one is set whole,
 * unless it differs in a single thing. Both are taken as the JSON they become: what is `undefined` is not there.
 *
 * @param roots paths of objects of which few of many members change at a time
 */
export function differences(
  before: Members,
  after: Members,
  roots: readonly string[],
): readonly PatchOperation[] | undefined {
  const operations = between('', before, after, roots);
  return operations.every(isSayable) && operations.length <= MOST ? operations : undefined;
}

/** Names that mean nothing else in a path: `/`, `~` and numbers do, and `~` stands for those here. */
const NAME = /^[a-z]\w*$/iu;
const isSayable = ({ path }: PatchOperation): boolean => !path.includes('~');

const between = (
  path: string,
  before: Members,
  after: Members,
  roots: readonly string[],
): readonly PatchOperation[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
    ofMember(`${path}/${NAME.test(name) ? name : '~'}`, own(before, name), own(after, name), roots),
  );

/** Documents are read with whatever names they have, `__proto__` and `constructor` among them. */
const own = (members: Members, name: string): unknown =>
  Object.hasOwn(members, name) ? members[name] : undefined;

function ofMember(
  path: string,
  before: unknown,
  after: unknown,
  roots: readonly string[],
): readonly PatchOperation[] {
  // Most are the very same: what a line does not change is carried over.
  if (before === after) return [];
  if (after === undefined) return [{ op: 'remove', path }];
  const whole: PatchOperation = { op: 'set', path, value: after };
  if (!isObject(before) || !isObject(after)) return isDeepStrictEqual(before, after) ? [] : [whole];
  const within = between(path, before, after, roots);
  if (within.length === 0 || roots.includes(path)) return within;
  return within.length < 2 && within.every(isSayable) ? within : [whole];
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
