import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { ContainerDefinition } from './container.ts';
import { openTable, type Mark, type Table } from './table.ts';

/** An open file. All calls are synchronous: one request is one uninterrupted step, hence linearizable. */
export interface Storage {
  readonly table: (container: string) => Table | undefined;
  readonly tables: readonly Table[];
  /** Runs a statement, prepared once per text, and gives all its rows. */
  readonly rows: (sql: string, values: readonly SQLInputValue[]) => readonly Record<string, unknown>[];
  /** The same row by row, for those who stop early; slower for a few rows. */
  readonly stream: (sql: string, values: readonly SQLInputValue[]) => Iterable<Record<string, unknown>>;
  /** Runs `work` in one transaction: committed when it returns, undone when it throws. Within another it joins it. */
  readonly atomically: <T>(work: () => T) => T;
  /** Runs `work` as of `writes` writes ago in that table; nothing it does stays. */
  readonly before: <T>(table: Table, writes: number, work: () => T) => T;
  /** A value kept in the file, made by `initial` the first time. */
  readonly setting: (name: string, initial: () => string) => string;
  readonly close: () => void;
}

/**
 * Opens the file (or `:memory:`) and makes the containers' tables and indexes where they are missing.
 *
 * The write-ahead log with synchronous=NORMAL loses nothing when the process is killed, which is what this database
 * promises; only a loss of power may cost the last moments. The exclusive lock refuses a second process on one file:
 * two would hand out the same sequence numbers.
 */
export function openStorage(file: string, containers: readonly ContainerDefinition[]): Storage {
  const db = openFile(file);
  db.exec(`CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS container (name TEXT PRIMARY KEY, number INTEGER NOT NULL, lsn INTEGER NOT NULL);`);
  const prepare = statementCache(db);
  const tables = containers.map((definition) => openTable(db, prepare, definition));
  const byName = new Map(tables.map((table) => [table.definition.id, table]));
  const transaction = <T>(work: () => T, end: 'COMMIT' | 'ROLLBACK'): T => {
    prepare('BEGIN IMMEDIATE').run();
    try {
      const result = work();
      prepare(end).run();
      return result;
    } catch (error) {
      if (db.isTransaction) prepare('ROLLBACK').run();
      throw error;
    }
  };
  return {
    tables,
    table: (container) => byName.get(container),
    rows: (sql, values) => prepare(sql).all(...values),
    stream: (sql, values) => prepare(sql).iterate(...values),
    atomically: (work) => {
      if (db.isTransaction) return work();
      const marks: [Table, Mark][] = tables.map((table) => [table, table.mark()]);
      try {
        return transaction(work, 'COMMIT');
      } catch (error) {
        for (const [table, mark] of marks) table.reset(mark);
        throw error;
      }
    },
    before: (table, writes, work) =>
      transaction(() => {
        table.undo(writes);
        return work();
      }, 'ROLLBACK'),
    setting: (name, initial) => {
      prepare('INSERT OR IGNORE INTO setting VALUES (?, ?)').run(name, initial());
      return String(prepare('SELECT value FROM setting WHERE name = ?').get(name)?.['value']);
    },
    close: () => db.close(),
  };
}

function openFile(file: string): DatabaseSync {
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    return db;
  } catch (cause) {
    db.close();
    throw new Error(`The database file ${file} cannot be opened; is another process using it?`, { cause });
  }
}

function statementCache(db: DatabaseSync): (sql: string) => StatementSync {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    // The app's queries are few; a caller who builds endless texts must not fill the memory.
    if (statements.size >= 500) statements.clear();
    const made = db.prepare(sql);
    statements.set(sql, made);
    return made;
  };
}
