import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ActivityJson, ChatLine } from '../../pages/teams-host/wire.ts';

export type WriteKind = 'send' | 'update' | 'delete';

/** A thread in a channel: `19:…@thread.tacv2;messageid=…`. */
export interface Thread {
  readonly id: string;
  readonly channel: string;
}

/** What one thread was sent by the bot, by kind of call. Refused calls are not counted. */
export type WriteCounts = Readonly<Record<WriteKind, number>>;

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS installed (oid TEXT PRIMARY KEY, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS threads (id TEXT PRIMARY KEY, channel TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS lines (
    id INTEGER PRIMARY KEY, conversation TEXT NOT NULL, author TEXT NOT NULL, activity TEXT NOT NULL
  );
  CREATE INDEX IF NOT EXISTS lines_by_conversation ON lines (conversation, id);
  CREATE TABLE IF NOT EXISTS writes (conversation TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL);
  CREATE INDEX IF NOT EXISTS writes_by_conversation ON writes (conversation, at);
  CREATE TABLE IF NOT EXISTS attachments (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL
  );`;

export type TeamsStore = ReturnType<typeof teamsStore>;

/**
 * Opens what the local Teams remembers: installs, threads, chat lines, counted writes and attachments, in one SQLite
 * file (made, with its folder, when it is not there; `:memory:` keeps nothing). Every call is durable when it returns.
 */
export function teamsStore(file: string) {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file);
  db.exec(schema);
  const sql = statements(db);
  let lastId = Number(sql.lastId.get()?.['last'] ?? 0);

  return {
    close: () => db.close(),
    isInstalled: (oid: string): boolean => sql.installed.get(oid) !== undefined,
    install: (oid: string, at: number): void => void sql.install.run(oid, at),

    thread: (id: string): Thread | undefined => sql.thread.get(id) as Thread | undefined,
    threads: (): Thread[] => sql.threads.all() as unknown as Thread[],
    addThread: (thread: Thread): void => void sql.addThread.run(thread.id, thread.channel),

    /** A fresh id, a time in ms as in Teams, later than every id given before. */
    nextId: (at: number): string => String((lastId = Math.max(Math.floor(at), lastId + 1))),
    add: (conversation: string, line: ChatLine): void =>
      void sql.addLine.run(Number(line.id), conversation, line.author, JSON.stringify(line.activity)),
    replace: (conversation: string, id: string, activity: ActivityJson): boolean =>
      sql.replaceLine.run(JSON.stringify(activity), Number(id), conversation).changes > 0,
    remove: (conversation: string, id: string): boolean =>
      sql.removeLine.run(Number(id), conversation).changes > 0,
    line: (conversation: string, id: string): ChatLine | undefined =>
      toLine(sql.line.get(Number(id), conversation)),
    lines: (conversation: string): ChatLine[] =>
      sql.lines.all(conversation).flatMap((row) => toLine(row) ?? []),

    countWrite: (conversation: string, kind: WriteKind, at: number): void =>
      void sql.countWrite.run(conversation, kind, at),
    /** The times in ms of the sends and updates to a thread after `since`, oldest first. */
    writesSince: (conversation: string, since: number): number[] =>
      sql.writesSince.all(conversation, since).map((row) => Number(row['at'])),
    writeCounts: (conversation: string): WriteCounts => {
      const counted = sql.writeCounts
        .all(conversation)
        .map((row) => [String(row['kind']), Number(row['n'])] as const);
      return { send: 0, update: 0, delete: 0, ...Object.fromEntries(counted) };
    },

    addAttachment: (id: string, name: string, type: string, bytes: Uint8Array): void =>
      void sql.addAttachment.run(id, name, type, bytes),
    attachment: (id: string) =>
      sql.attachment.get(id) as { name: string; type: string; bytes: Uint8Array } | undefined,
  };
}

const statements = (db: DatabaseSync) => ({
  installed: db.prepare('SELECT 1 FROM installed WHERE oid = ?'),
  install: db.prepare('INSERT OR REPLACE INTO installed VALUES (?, ?)'),
  thread: db.prepare('SELECT id, channel FROM threads WHERE id = ?'),
  threads: db.prepare('SELECT id, channel FROM threads ORDER BY id'),
  addThread: db.prepare('INSERT INTO threads VALUES (?, ?)'),
  lastId: db.prepare('SELECT max(id) AS last FROM lines'),
  addLine: db.prepare('INSERT INTO lines VALUES (?, ?, ?, ?)'),
  replaceLine: db.prepare('UPDATE lines SET activity = ? WHERE id = ? AND conversation = ?'),
  removeLine: db.prepare('DELETE FROM lines WHERE id = ? AND conversation = ?'),
  line: db.prepare('SELECT * FROM lines WHERE id = ? AND conversation = ?'),
  lines: db.prepare('SELECT * FROM lines WHERE conversation = ? ORDER BY id'),
  countWrite: db.prepare('INSERT INTO writes VALUES (?, ?, ?)'),
  writesSince: db.prepare(
    "SELECT at FROM writes WHERE conversation = ? AND at > ? AND kind <> 'delete' ORDER BY at",
  ),
  writeCounts: db.prepare('SELECT kind, count(*) AS n FROM writes WHERE conversation = ? GROUP BY kind'),
  addAttachment: db.prepare('INSERT INTO attachments VALUES (?, ?, ?, ?)'),
  attachment: db.prepare('SELECT name, type, bytes FROM attachments WHERE id = ?'),
});

const toLine = (row: Record<string, unknown> | undefined): ChatLine | undefined =>
  row && {
    id: String(row['id']),
    author: row['author'] === 'bot' ? 'bot' : 'person',
    activity: JSON.parse(String(row['activity'])) as ActivityJson,
  };
