import { DatabaseSync } from 'node:sqlite';
import type { Row, View } from '../../src/handoff/inbox.ts';
import { VERSION } from '../../src/adapters/cosmos/documents.ts';
import { CONTAINERS } from '../../src/adapters/cosmos/containers.ts';
import { sessionIdOf, type AgentId, type CustomerId } from '../../src/session/ids.ts';
import { openStorage } from '../../src/local/cosmos/storage.ts';
import { never } from '../../src/local/cosmos/table.ts';

/** A document as it goes into its container, and the partition it lies in. */
export interface Seeded {
  readonly partition: string;
  readonly document: Readonly<Record<string, unknown>> & { readonly id: string };
}

/**
 * Writes documents straight into a store's file, new or empty, which no process may have open: a million of them through
 * the door would take an hour. Their indexes are built once at the end, and they are no news to who follows the change feed.
 */
export function seed(file: string, container: string, documents: Iterable<Seeded>): void {
  openStorage(file, CONTAINERS).close();
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;');
  const table = `docs:${container}`;
  const indexes = db
    .prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
    .all(table);
  for (const { name } of indexes) db.exec(`DROP INDEX "${String(name)}"`);
  const put = db.prepare(
    `INSERT INTO "${table}" (rid, partition, id, etag, lsn, body, ts, expires) VALUES (?, ?, ?, ?, 0, ?, ?, ${never})`,
  );
  const now = Math.floor(Date.now() / 1_000);
  let lsn = Number(db.prepare('SELECT lsn FROM container WHERE name = ?').get(container)?.['lsn']);
  db.exec('BEGIN');
  for (const { partition, document } of documents) {
    lsn += 1;
    const etag = `"${lsn.toString(16).padStart(8, '0')}-0000-0000-0000-000000000000"`;
    const system = { _rid: `r${lsn}`, _self: `docs/r${lsn}/`, _etag: etag, _attachments: 'attachments/' };
    const body = JSON.stringify({ ...document, ...system, _ts: now });
    // The engine names a partition by the JSON of its key.
    put.run(lsn, JSON.stringify(partition), document.id, etag, body, now);
  }
  db.prepare('UPDATE container SET lsn = ? WHERE name = ?').run(lsn, container);
  for (const { sql } of indexes) db.exec(String(sql));
  db.exec('COMMIT');
  db.close();
}

/** So many ended chats of one agent, a second apart: all in one list of one view. */
export function* closedRows(agent: AgentId, count: number, until: number): Generator<Seeded> {
  const view: View = `agent:${agent}`;
  for (let i = 0; i < count; i += 1) {
    const n = i.toString(36).padStart(6, '0');
    const sid = sessionIdOf(`dl_${n}aAbBcCdDeEfFgGhHiI` as CustomerId, `01JD${n}0000000000000`.toUpperCase());
    const at = until - (count - i) * 1_000;
    const row: Row = {
      ...{ sid, ver: 7, seq: 24, epoch: 1, list: 'closed', at, status: 'closed', stream: 'support' },
      ...{ widget: 'chat', name: `Visitor ${n}`, verified: false, reason: 'A parcel that has not come' },
      previous: { id: agent, name: 'Agent 1' },
      ...{ queuedAt: at - 600_000, endedAt: at, disposition: 'solved', fromCustomer: 9 },
      lastLine: { by: 'customer', text: 'Thank you, that is all I wanted to know today.', at },
    };
    yield {
      partition: view,
      document: {
        ...{ id: sid, view, kind: 'row', v: VERSION, list: 'closed', at, ver: 7, seq: 24 },
        ...{ body: row, ttl: -1, write: `w${n}` },
      },
    };
  }
}
