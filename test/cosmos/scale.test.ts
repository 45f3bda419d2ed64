import { expect, it } from 'vitest';
import { readAsked, pageSql, type QueryScope } from '../../src/local/cosmos/query.ts';
import { readToken, tokenAfter, writeToken } from '../../src/local/cosmos/sql/resume.ts';
import { ownAccount, type OwnAccount } from './account.ts';

/** Fills the container with documents of about 1 KB, fifty to a partition, past the protocol but through the table. */
function seed(account: OwnAccount, from: number, to: number): void {
  const { storage } = account.server;
  const table = storage.table('sessions')!;
  storage.atomically(() => {
    for (let i = from; i < to; i++) {
      const customer = `p${Math.floor(i / 50)}`;
      const document = { id: `d${i}`, customer, kind: 'entry', sid: 's', seq: i, text: 'x'.repeat(900) };
      const body = JSON.stringify({ ...document, _etag: `"${i}"`, _ts: 0 });
      table.insert({
        rid: i + 1,
        lsn: i + 1,
        partition: JSON.stringify(customer),
        id: document.id,
        etag: `"${i}"`,
        body,
        ts: 0,
        expires: 9e12,
      });
    }
  });
}

/** A seek in an index, and no sorting afterwards. */
const indexed: unknown = expect.stringMatching(
  /^SEARCH docs:sessions USING (INTEGER PRIMARY KEY|INDEX [^;]*)$/,
);

const queries = [
  'SELECT * FROM c',
  'SELECT * FROM c ORDER BY c.seq',
  'SELECT * FROM c ORDER BY c.seq DESC',
  'SELECT * FROM c ORDER BY c.sid, c.seq',
  'SELECT * FROM c ORDER BY c.sid DESC, c.seq DESC',
  "SELECT * FROM c WHERE c.sid = 's' ORDER BY c.sid, c.seq",
  "SELECT * FROM c WHERE c.sid = 's' AND c.seq > 350 ORDER BY c.sid, c.seq",
  "SELECT * FROM c WHERE c.kind = 'entry'",
  "SELECT * FROM c WHERE STARTSWITH(c.id, 'd')",
];

/** How SQLite would run the first and a later page of a query, in one partition or over all. */
function plansOf(account: OwnAccount, text: string, partition: string | undefined): readonly string[] {
  const { storage } = account.server;
  const asked = readAsked(JSON.stringify({ query: text }));
  const scope: QueryScope = {
    storage,
    table: storage.table('sessions')!,
    partition,
    now: 1,
    pageSize: 20,
    continuation: undefined,
  };
  const after = writeToken(tokenAfter(asked.query, 1, '{"sid":"s","seq":360}', 'm', Infinity));
  return [undefined, readToken(after, 'm')].map((token) => {
    const sql = pageSql(asked, scope, token, 20);
    return storage
      .rows(`EXPLAIN QUERY PLAN ${sql.text}`, sql.values)

      .map((row) => String(row['detail']))
      .join('; ');
  });
}

/** Median times in ms of a point read and of a query for 20 documents, measured in turns. */
async function measured(account: OwnAccount): Promise<{ readonly read: number; readonly query: number }> {
  const sessions = account.container('sessions');
  const times: { read: number[]; query: number[] } = { read: [], query: [] };
  const timed = async (into: number[], work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    into.push(performance.now() - from);
  };
  const page = () =>
    sessions.items
      .query({ query: 'SELECT * FROM c ORDER BY c.seq' }, { partitionKey: 'p7', maxItemCount: 20 })
      .fetchNext();
  // What is timed is what was asked for, and not the way to a 404.
  expect((await sessions.item('d360', 'p7').read()).statusCode).toBe(200);
  expect((await page()).resources).toHaveLength(20);
  for (let i = 0; i < 220; i++) {
    await timed(times.read, () => sessions.item('d360', 'p7').read());
    await timed(times.query, page);
  }
  const median = (all: number[]) => all.slice(20).sort((a, b) => a - b)[100] ?? NaN;
  return { read: median(times.read), query: median(times.query) };
}

it('twenty documents of one partition are found by seeking, without scan or sort, among 10,000 and 100,000', async () => {
  const account = await ownAccount();
  for (const [from, to] of [
    [0, 10_000],
    [10_000, 100_000],
  ] as const) {
    seed(account, from, to);
    const cost = await measured(account);
    console.log(
      `${to} documents: read ${cost.read.toFixed(2)} ms, query ${cost.query.toFixed(2)} ms, ratio ${(cost.query / cost.read).toFixed(2)}`,
    );
    for (const query of queries) {
      for (const plan of plansOf(account, query, '"p7"'))
        expect({ query, plan }).toEqual({ query, plan: indexed });
    }
  }
  await account.close();
});

it('what is asked of all partitions by an indexed property is found by seeking, too', async () => {
  const account = await ownAccount();
  seed(account, 0, 100);
  const plans = plansOf(account, "SELECT * FROM c WHERE c.kind = 'entry' AND c.seq <= 3", undefined);
  expect(plans[0]).toMatch(/^SEARCH docs:sessions USING INDEX docs:sessions:\/(seq|kind) of all /);
  await account.close();
});
