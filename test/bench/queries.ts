import type { Container } from '@azure/cosmos';
import { ownAccount } from '../cosmos/account.ts';
import { median, spread, timed, type Measure } from './measure.ts';

const SIZES = [10_000, 100_000] as const;
const TURNS = 200;
const WARM = 30;
const PER_PARTITION = 50;
const PARTITION = 'p7';

/** A query for twenty documents of one partition against a point read, as the SDK sees them, in turns. */
export async function queryToRead(): Promise<readonly Measure[]> {
  const account = await ownAccount();
  try {
    const measures: Measure[] = [];
    const container = account.container('sessions');
    let from = 0;
    for (const size of SIZES) {
      await fill(container, from, size);
      from = size;
      measures.push({
        name: `embedded-query-to-read-${size / 1_000}k`,
        unit: 'ratio',
        ...(await ratio(container)),
      });
    }
    return measures;
  } finally {
    await account.close();
  }
}

async function ratio(container: Container): Promise<Pick<Measure, 'ours' | 'spread'>> {
  const reads: number[] = [];
  const queries: number[] = [];
  for (let turn = 0; turn < WARM + TURNS; turn += 1) {
    const read = await timed(() => one(container));
    const query = await timed(() => twenty(container));
    if (turn < WARM) continue;
    reads.push(read);
    queries.push(query);
  }
  const tenths = Array.from({ length: 10 }, (_, i) => {
    const part = [(i * TURNS) / 10, ((i + 1) * TURNS) / 10] as const;
    return median(queries.slice(...part)) / median(reads.slice(...part));
  });
  return { ours: median(queries) / median(reads), spread: spread(tenths) };
}

async function one(container: Container): Promise<void> {
  const { statusCode } = await container.item('d360', PARTITION).read();
  if (statusCode !== 200) throw new Error(`The read was answered ${statusCode}`);
}

async function twenty(container: Container): Promise<void> {
  const { resources } = await container.items
    .query({ query: 'SELECT * FROM c ORDER BY c.seq' }, { partitionKey: PARTITION, maxItemCount: 20 })
    .fetchNext();
  if (resources.length !== 20) throw new Error(`The query gave ${resources.length} documents, not 20`);
}

/** Documents of about 1 KB, fifty to a partition, written as any client would. */
async function fill(container: Container, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += PER_PARTITION) {
    const customer = `p${first / PER_PARTITION}`;
    const { code } = await container.items.batch(
      Array.from({ length: PER_PARTITION }, (_, i) => ({
        operationType: 'Create' as const,
        resourceBody: {
          id: `d${first + i}`,
          customer,
          kind: 'entry',
          sid: 's',
          seq: first + i,
          text: 'x'.repeat(900),
        },
      })),
      customer,
      { contentResponseOnWriteEnabled: false },
    );
    if (code !== 200) throw new Error(`The documents were not written: ${code}`);
  }
}
