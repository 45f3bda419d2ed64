/**
 * The one description of the four containers: the ARM template's test, the embedded server and the docs read it.
 * The running app never creates a container (its data-plane role cannot).
 */
export interface ContainerSpec {
  /** Container id, unique in the database. */
  readonly id: string;
  /** Path of the partition key, `/customer`. */
  readonly partitionKey: string;
  /** `-1`: only items that carry a `ttl` expire. TTL is garbage collection, never expiry (design 5). */
  readonly defaultTtl: -1;
  /** Paths that are indexed; everything else is excluded, so that a write costs what its key costs. */
  readonly indexed: readonly string[];
  /** Composite indexes, for ORDER BY over more than one path. */
  readonly composite: readonly (readonly {
    readonly path: string;
    readonly order: 'ascending' | 'descending';
  }[])[];
}

/** Name of the database when `COSMOS_DATABASE` is not set. */
export const DATABASE = 'reconnect';

export const CONTAINERS: readonly ContainerSpec[] = [
  {
    id: 'sessions',
    partitionKey: '/customer',
    defaultTtl: -1,
    indexed: ['/kind', '/sid', '/seq', '/ver'],
    composite: [
      [
        { path: '/sid', order: 'ascending' },
        { path: '/seq', order: 'ascending' },
      ],
      [
        { path: '/sid', order: 'ascending' },
        { path: '/ver', order: 'ascending' },
      ],
    ],
  },
  { id: 'agents', partitionKey: '/agent', defaultTtl: -1, indexed: ['/kind'], composite: [] },
  {
    id: 'inbox',
    partitionKey: '/view',
    defaultTtl: -1,
    indexed: ['/kind', '/list', '/at', '/dueAt'],
    composite: [
      [
        { path: '/list', order: 'ascending' },
        { path: '/at', order: 'ascending' },
      ],
    ],
  },
  { id: 'lookups', partitionKey: '/id', defaultTtl: -1, indexed: ['/kind'], composite: [] },
];
