import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { indexesOf, segmentsOf, type ContainerDefinition } from './container.ts';
import type { Naming } from './sql/filter.ts';
import { rankOf, valueOf } from './sql/values.ts';

/** A stored document. `body` is its whole JSON text, system properties included, ready to be sent; times in seconds. */
export interface Row {
  /** The sequence number of its creation: its place in unordered queries. */
  readonly rid: number;
  readonly partition: string;
  readonly id: string;
  readonly etag: string;
  /** The sequence number of its last write: its place in the change feed. */
  readonly lsn: number;
  readonly body: string;
  readonly ts: number;
  /** When it ends; {@link never} when it does not. */
  readonly expires: number;
}

/** Later than every clock, so that one comparison serves all documents. */
export const never = 9_000_000_000_000;

/** How many writes of a container can be looked back on, for the stale replica. */
const memory = 100;

/** One container's table. Every write takes the next sequence number and counts as one write. */
export interface Table {
  readonly name: string;
  readonly definition: ContainerDefinition;
  /** The number of this container in its database; part of resource ids. */
  readonly number: number;
  readonly partitionPath: readonly string[];
  /** How queries name properties: generated columns where there is an index. */
  readonly naming: Naming;
  /**
   * The same for questions to all partitions. What they ask by gets an index of its own when it is first asked by, without
   * which they would look at every document; most containers are never asked so, and their writes are spared it.
   */
  readonly namingOfAll: Naming;
  /** The sequence number of the last write. */
  readonly lsn: () => number;
  /** The document, unless it has ended by `now`, whether or not it is gone yet. */
  readonly get: (partition: string, id: string, now: number) => Row | undefined;
  readonly insert: (row: Row) => void;
  readonly update: (row: Row) => void;
  readonly remove: (row: Row) => void;
  /** Deletes some of what has ended: the service too does it by and by. */
  readonly purge: (now: number) => void;
  /** Remembers, and takes back, what the table knows outside the file; for transactions that fail. */
  readonly mark: () => Mark;
  readonly reset: (mark: Mark) => void;
  /** Undoes the last writes; only within a transaction that is rolled back. */
  readonly undo: (writes: number) => void;
}

export interface Mark {
  readonly lsn: number;
  readonly history: readonly Past[];
}

/** What a write replaced: the key, and the row before, if there was one. */
interface Past {
  readonly partition: string;
  readonly id: string;
  readonly before: Row | undefined;
}

const columns = 'rid, partition, id, etag, lsn, body, ts, expires';

/** Opens, and makes if it is new, the table of a container. */
export function openTable(
  db: DatabaseSync,
  prepare: (sql: string) => StatementSync,
  definition: ContainerDefinition,
): Table {
  const name = quoted(`docs:${definition.id}`);
  const indexed = createTable(db, definition);
  prepare('INSERT OR IGNORE INTO container SELECT ?, COUNT(*) + 1, 0 FROM container').run(definition.id);
  const kept = prepare('SELECT number, lsn FROM container WHERE name = ?').get(definition.id);
  let lsn = Number(kept?.['lsn']);
  let history: readonly Past[] = [];
  const find = db.prepare(`SELECT ${columns} FROM ${name} WHERE partition = ? AND id = ?`);
  const put = db.prepare(`INSERT INTO ${name} (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const change = db.prepare(
    `UPDATE ${name} SET etag = ?, lsn = ?, body = ?, ts = ?, expires = ? WHERE rid = ?`,
  );
  const drop = db.prepare(`DELETE FROM ${name} WHERE rid = ?`);
  const count = db.prepare('UPDATE container SET lsn = ? WHERE name = ?');
  const expired = db.prepare(
    `DELETE FROM ${name} WHERE rid IN (SELECT rid FROM ${name} WHERE expires <= ? AND expires < ${never} LIMIT 200)`,
  );
  const stored = (partition: string, id: string): Row | undefined => readRow(find.get(partition, id));
  const written = (row: Row, sequence: number, before: Row | undefined) => {
    lsn = sequence;
    count.run(lsn, definition.id);
    history = [...history.slice(1 - memory), { partition: row.partition, id: row.id, before }];
  };
  const naming: Naming = (path) => {
    const key = `/${path.join('/')}`;
    return indexed.has(key)
      ? { rank: quoted(`rank:${key}`), value: quoted(`value:${key}`) }
      : { rank: rankOf(path), value: valueOf(path) };
  };
  const asked = new Set<string>();
  return {
    name,
    definition,
    number: Number(kept?.['number']),
    partitionPath: segmentsOf(definition.partitionKey),
    naming,
    namingOfAll: (path) => {
      const key = `/${path.join('/')}`;
      const names = naming(path);
      if (indexed.has(key) && !asked.has(key)) {
        const index = quoted(`docs:${definition.id}:${key} of all`);
        db.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${name} (${names.rank}, ${names.value})`);
        asked.add(key);
      }
      return names;
    },
    lsn: () => lsn,
    get: (partition, id, now) => {
      const row = stored(partition, id);
      return row !== undefined && row.expires > now ? row : undefined;
    },
    insert: (row) => {
      const dead = stored(row.partition, row.id);
      if (dead !== undefined) drop.run(dead.rid);
      put.run(...valuesOf(row));
      written(row, row.lsn, undefined);
    },
    update: (row) => {
      const before = stored(row.partition, row.id);
      change.run(row.etag, row.lsn, row.body, row.ts, row.expires, row.rid);
      written(row, row.lsn, before);
    },
    remove: (row) => {
      drop.run(row.rid);
      written(row, lsn + 1, row);
    },
    purge: (now) => void expired.run(now),
    mark: () => ({ lsn, history }),
    reset: (mark) => {
      lsn = mark.lsn;
      history = mark.history;
    },
    undo: (writes) => {
      for (const past of history.slice(-writes).reverse()) {
        const current = stored(past.partition, past.id);
        if (current !== undefined) drop.run(current.rid);
        if (past.before !== undefined) put.run(...valuesOf(past.before));
      }
    },
  };
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const valuesOf = (row: Row): SQLInputValue[] => [
  row.rid,
  row.partition,
  row.id,
  row.etag,
  row.lsn,
  row.body,
  row.ts,
  row.expires,
];

function readRow(row: Record<string, unknown> | undefined): Row | undefined {
  if (row === undefined) return undefined;
  return {
    rid: Number(row['rid']),
    partition: String(row['partition']),
    id: String(row['id']),
    etag: String(row['etag']),
    lsn: Number(row['lsn']),
    body: String(row['body']),
    ts: Number(row['ts']),
    expires: Number(row['expires']),
  };
}

/** Makes table, columns and indexes that are missing; returns the indexed paths. */
function createTable(db: DatabaseSync, definition: ContainerDefinition): ReadonlySet<string> {
  const table = `docs:${definition.id}`;
  const index = (suffix: string, on: string) =>
    db.exec(`CREATE INDEX IF NOT EXISTS ${quoted(`${table}:${suffix}`)} ON ${quoted(table)} ${on}`);
  db.exec(`CREATE TABLE IF NOT EXISTS ${quoted(table)} (rid INTEGER PRIMARY KEY, partition TEXT NOT NULL,
    id TEXT NOT NULL, etag TEXT NOT NULL, lsn INTEGER NOT NULL, body TEXT NOT NULL, ts INTEGER NOT NULL,
    expires INTEGER NOT NULL, UNIQUE (partition, id))`);
  index('partition', '(partition)');
  index('lsn', '(lsn)');
  index('expires', `(expires) WHERE expires < ${never}`);
  const paths = new Set(indexesOf(definition).flatMap((order) => order.map((one) => one.path)));
  const known = new Set(
    db
      .prepare(`PRAGMA table_xinfo(${quoted(table)})`)
      .all()
      .map((column) => String(column['name'])),
  );
  for (const path of paths) {
    // Generated columns, because SQLite seeks with row comparisons on columns only, not on expressions.
    const column = (kind: string, type: string, as: string) => {
      const name = `${kind}:${path}`;
      if (!known.has(name))
        db.exec(`ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(name)} ${type} AS (${as}) VIRTUAL`);
    };
    column('rank', 'INTEGER', rankOf(segmentsOf(path)));
    column('value', 'BLOB', valueOf(segmentsOf(path)));
  }
  for (const order of indexesOf(definition)) {
    // Turned round if it starts downwards, so that ties in creation order always run with the first property.
    const turned = order[0]?.order === 'descending';
    const fields = order.map(({ path, order: direction }) => {
      const way = (direction === 'descending') === turned ? '' : ' DESC';
      return `${quoted(`rank:${path}`)}${way}, ${quoted(`value:${path}`)}${way}`;
    });
    index(order.map((one) => `${one.path} ${one.order}`).join(), `(partition, ${fields.join(', ')})`);
  }
  return paths;
}
