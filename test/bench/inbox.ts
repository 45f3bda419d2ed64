import { mkdtempSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTAINERS } from '../../src/adapters/cosmos/containers.ts';
import { pageSql, readAsked, runQuery } from '../../src/local/cosmos/query.ts';
import { openStorage } from '../../src/local/cosmos/storage.ts';
import { openTable } from '../../src/local/cosmos/table.ts';
import { readAgentId } from '../../src/session/ids.ts';
import { TENANT } from '../production/azure.ts';
import { mean, median, middle, spread, timed, type Measure } from './measure.ts';
import { closedRows, seed } from './seed.ts';
import { tabOf } from './town/tab.ts';
import { good, openTown } from './town/town.ts';

const FEW = 100;
const MANY = 1_000_000;
const PAGES = 200;
const WARM = 30;
/** How many rows the tab asks for at a time. */
const PAGE = 50;

/** A page of an agent's list with a hundred rows, and with a million in the same partition, as the tab asks for it. */
export async function inboxPage(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const few = await pagesOf(folder, FEW);
    const many = await pagesOf(folder, MANY);
    const took = { few: [] as number[], many: [] as number[] };
    for (let i = 0; i < WARM + PAGES; i += 1) {
      const [a, b] = [await timed(few.page), await timed(many.page)];
      if (i < WARM) continue;
      took.few.push(a);
      took.many.push(b);
    }
    const [requests, units] = [await many.asked(), { few: await few.asked(), many: await many.asked() }];
    await Promise.all([few.close(), many.close()]);
    const touched = { few: touchedBy(few.file), many: touchedBy(many.file) };
    const price = (of: 'few' | 'many') =>
      mean(units[of].map(({ charge }) => charge)) + touched[of] - PAGE - 1;
    const tenths = Array.from({ length: 10 }, (_, i) => {
      const part = [(i * PAGES) / 10, ((i + 1) * PAGES) / 10] as const;
      return median(took.many.slice(...part)) / median(took.few.slice(...part));
    });
    const ru = price('many') / price('few');
    return [
      {
        ...{ name: 'inbox-page-latency', unit: '1 M : 100', most: 1.5, spread: spread(tenths) },
        ours: median(took.many) / median(took.few),
      },
      { name: 'inbox-page-ru', unit: '1 M : 100', ours: ru, most: 1.1, spread: [ru, ru] },
      { ...middle('inbox-page-requests', 'requests', [requests.length]), most: 1 },
      middle('inbox-page-units', 'RU', [price('many')]),
      middle('inbox-page-ms', 'ms', took.many, { floor: took.few }),
      middle('inbox-rows-touched', 'rows', [touched.many], { floor: [touched.few] }),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function pagesOf(folder: string, rows: number) {
  const file = join(folder, `${rows}.db`);
  const agent = readAgentId(`${TENANT}:b3a0c6f2-5d1e-4a7b-8c11-000000000001`);
  if (agent === undefined) throw new Error('No agent');
  seed(file, 'inbox', closedRows(agent, rows, Date.now()));
  askAll(file);
  const town = await openTown({ file });
  const tab = await tabOf(town.house, 1);
  const page = async (): Promise<void> => {
    const { body } = good(await tab.agent.tab('GET', '/api/inbox/closed'));
    if ((body['rows'] as unknown[]).length !== PAGE) throw new Error('The page is not full');
  };
  return {
    ...{ file, page, close: town.close },
    /** What one page asks of the list, told apart from what time asks. */
    asked: async () => {
      await page();
      await town.takeRequests();
      await page();
      return (await town.takeRequests()).filter(
        ({ container, operation, charge }) => container === 'inbox' && operation === 'query' && charge > 3,
      );
    },
  };
}

/** Asks once what the sweep asks of all partitions: the store then has its index for that, and not at the first tick. */
function askAll(file: string): void {
  const storage = openStorage(file, CONTAINERS);
  const table = storage.table('inbox');
  if (table === undefined) throw new Error('There is no inbox');
  const asked = readAsked(JSON.stringify({ query: `SELECT * FROM c WHERE c.kind = 'due' AND c.dueAt <= 0` }));
  runQuery(asked, {
    ...{ storage, table, now: 0, pageSize: 1 },
    partition: undefined,
    continuation: undefined,
  });
  storage.close();
}

/** How many rows the store looks at for one page, whether or not it gives them. */
function touchedBy(file: string): number {
  const db = new DatabaseSync(file);
  const definition = CONTAINERS.find(({ id }) => id === 'inbox');
  if (definition === undefined) throw new Error('There is no inbox');
  const prepare = (sql: string): StatementSync => db.prepare(sql);
  const table = openTable(db, prepare, definition);
  const body = JSON.stringify({
    query: `SELECT * FROM c WHERE c.kind = 'row' AND c.list = @list ORDER BY c.list DESC, c.at DESC`,
    parameters: [{ name: '@list', value: 'closed' }],
  });
  const partition = JSON.stringify(`agent:${TENANT}:b3a0c6f2-5d1e-4a7b-8c11-000000000001`);
  const scope = { table, partition, now: 0, pageSize: PAGE, continuation: undefined };
  const { text, values } = pageSql(
    readAsked(body),
    { ...scope, storage: undefined as never },
    undefined,
    PAGE,
  );
  let touched = 0;
  db.function('touched', (rid) => {
    touched += 1;
    return Number(rid) > 0 ? 1 : 0;
  });
  db.prepare(text.replace('WHERE ', 'WHERE touched(rid) AND ')).all(...values);
  db.close();
  return touched;
}
