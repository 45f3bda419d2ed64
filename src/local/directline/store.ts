import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type Activity, readStoredActivity } from './activity.ts';

export interface StoredConversation {
  readonly id: string;
  /** Absent when the conversation was started without saying whose it is. */
  readonly user: string | undefined;
  readonly userName: string | undefined;
  /** The number of the last activity; the watermark of somebody who has seen all. */
  readonly lastNumber: number;
  readonly touchedAt: number;
}

export interface StoredFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly at: number;
}

const conversationRow = z.object({
  id: z.string(),
  user: z.string().nullable(),
  userName: z.string().nullable(),
  lastNumber: z.number(),
  touchedAt: z.number(),
});
const activityRow = z.object({ json: z.string() });
const countRow = z.object({ lastNumber: z.number() });
const fileRow = z.object({
  name: z.string(),
  type: z.string(),
  bytes: z.instanceof(Uint8Array),
  at: z.number(),
});

export type Store = ReturnType<typeof openStore>;

/** Opens (and creates) the SQLite file with conversations, activities and files; `:memory:` for none. */
export function openStore(file: string) {
  const db = new DatabaseSync(file);
  db.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA busy_timeout = 5000;
    CREATE TABLE IF NOT EXISTS directline_conversations (
      id TEXT PRIMARY KEY, user TEXT, userName TEXT, lastNumber INTEGER NOT NULL, touchedAt REAL NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS directline_activities (
      conversation TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, at REAL NOT NULL, json TEXT NOT NULL,
      PRIMARY KEY (conversation, number), UNIQUE (conversation, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS directline_files (
      id TEXT PRIMARY KEY, conversation TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes BLOB NOT NULL,
      at REAL NOT NULL
    ) STRICT;
  `);

  const find = db.prepare(
    'SELECT id, user, userName, lastNumber, touchedAt FROM directline_conversations WHERE id = ?',
  );
  const create = db.prepare('INSERT OR IGNORE INTO directline_conversations VALUES (?, ?, ?, 0, ?)');
  const name = db.prepare('UPDATE directline_conversations SET user = ? WHERE id = ? AND user IS NULL');
  const count = db.prepare(
    'UPDATE directline_conversations SET lastNumber = lastNumber + 1, touchedAt = ? WHERE id = ? RETURNING lastNumber',
  );
  const insert = db.prepare('INSERT INTO directline_activities VALUES (?, ?, ?, ?, ?)');
  const replace = db.prepare(
    'UPDATE directline_activities SET number = ?, json = ? WHERE conversation = ? AND id = ?',
  );
  const remove = db.prepare('DELETE FROM directline_activities WHERE conversation = ? AND id = ?');
  const after = db.prepare(
    'SELECT json FROM directline_activities WHERE conversation = ? AND number > ? AND at >= ? ORDER BY number',
  );
  const removeAll = db.prepare('DELETE FROM directline_activities WHERE conversation = ?');
  const removeFiles = db.prepare('DELETE FROM directline_files WHERE conversation = ?');
  const age = db.prepare('UPDATE directline_conversations SET touchedAt = 0 WHERE id = ?');
  const keep = db.prepare('INSERT INTO directline_files VALUES (?, ?, ?, ?, ?, ?)');
  const findFile = db.prepare('SELECT name, type, bytes, at FROM directline_files WHERE id = ?');

  return {
    conversation: (id: string): StoredConversation | undefined => {
      const row = find.get(id);
      if (row === undefined) return undefined;
      const { user, userName, ...rest } = conversationRow.parse(row);
      return { ...rest, user: user ?? undefined, userName: userName ?? undefined };
    },

    /** True when the conversation is new. */
    createConversation: (
      id: string,
      user: string | undefined,
      userName: string | undefined,
      at: number,
    ): boolean => create.run(id, user ?? null, userName ?? null, at).changes === 1,

    /** Notes whose conversation it is, if nobody has been noted yet. */
    nameUser: (id: string, user: string): void => void name.run(user, id),

    /** Takes the next activity number; the conversation counts as used at that moment. */
    nextNumber: (id: string, at: number): number => countRow.parse(count.get(at, id)).lastNumber,

    insertActivity: (conversation: string, number: number, activity: Activity, at: number): void =>
      void insert.run(conversation, number, activity.id, at, JSON.stringify(activity)),

    /** Replaces an activity and moves it to a new number, so that every reader sees it again; false when there is none. */
    replaceActivity: (conversation: string, number: number, activity: Activity): boolean =>
      replace.run(number, JSON.stringify(activity), conversation, activity.id).changes === 1,

    removeActivity: (conversation: string, id: string): boolean => remove.run(conversation, id).changes === 1,

    /** The activities numbered above `number` and not older than `since`. */
    activitiesAfter: (conversation: string, number: number, since: number): readonly Activity[] =>
      after.all(conversation, number, since).map((row) => readStoredActivity(activityRow.parse(row).json)),

    keepFile: (id: string, conversation: string, kept: StoredFile): void =>
      void keep.run(id, conversation, kept.name, kept.type, kept.bytes, kept.at),

    file: (id: string): StoredFile | undefined => {
      const row = findFile.get(id);
      return row === undefined ? undefined : fileRow.parse(row);
    },

    /** Empties a conversation and marks it as untouched since the epoch, so that its id cannot start afresh. */
    forget: (conversation: string): void => {
      removeAll.run(conversation);
      removeFiles.run(conversation);
      age.run(conversation);
    },

    /** Deletes activities and files from before `since`. Conversations stay: a used id is never a new one. */
    purge: (since: number): void => {
      db.prepare('DELETE FROM directline_activities WHERE at < ?').run(since);
      db.prepare('DELETE FROM directline_files WHERE at < ?').run(since);
    },

    close: () => db.close(),
  };
}
