import { notImplemented } from './wire.ts';

/** One path of a composite index and its direction. */
export interface OrderedPath {
  readonly path: string;
  readonly order: 'ascending' | 'descending';
}

/** What the database must know of a container; the app's own description (`adapters/cosmos/containers.ts`) fits. */
export interface ContainerDefinition {
  readonly id: string;
  /** A single path, as in `/customer`. */
  readonly partitionKey: string;
  /** Seconds; -1: documents live for ever unless they say otherwise; absent: a document's `ttl` means nothing. */
  readonly defaultTtl?: number;
  /** The paths that are indexed; absent: all are, as in the service's default policy. */
  readonly indexed?: readonly string[];
  /** ORDER BY over several properties needs one of these, whole, in its directions or all reversed. */
  readonly composite?: readonly (readonly OrderedPath[])[];
}

/** `/a/b` → `["a", "b"]`. Refuses wildcards and array paths, which no index here can serve. */
export function segmentsOf(path: string): readonly string[] {
  const segments = path.split('/').slice(1);
  if (!path.startsWith('/') || segments.some((segment) => !/^[A-Za-z_]\w*$/.test(segment)))
    throw notImplemented(`the path ${path}`);
  return segments;
}

/** The orders SQLite gets an index for: the composite ones, and each single path that does not start one of those. */
export function indexesOf(container: ContainerDefinition): readonly (readonly OrderedPath[])[] {
  const composite = container.composite ?? [];
  const single = (container.indexed ?? []).filter(
    (path) => !composite.some((index) => index[0]?.path === path),
  );
  return [...composite, ...single.map((path) => [{ path, order: 'ascending' as const }])];
}

/** Whether the container's indexes serve this order, forwards or backwards; the service refuses any other. */
export function orderIsIndexed(container: ContainerDefinition, order: readonly OrderedPath[]): boolean {
  if (order.length > 1)
    return (container.composite ?? []).some(
      (index) => same(index, order) || same(index, order.map(reversed)),
    );
  return order.every(({ path }) => isIndexed(container, path));
}

const isIndexed = (container: ContainerDefinition, path: string): boolean =>
  container.indexed === undefined || container.indexed.includes(path) || path === '/id' || path === '/_ts';

const same = (a: readonly OrderedPath[], b: readonly OrderedPath[]): boolean =>
  a.length === b.length && a.every((one, i) => one.path === b[i]?.path && one.order === b[i].order);

const reversed = (one: OrderedPath): OrderedPath => ({
  path: one.path,
  order: one.order === 'ascending' ? 'descending' : 'ascending',
});
