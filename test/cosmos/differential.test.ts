/**
 * Vercel's server is an independent reading of the same protocol: in what it gets right, ours must tell the same.
 * Left out is what it is known to get wrong: partitions of queries, batches, TTL, the change feed, pages.
 */
import type { Container } from '@azure/cosmos';
import { createHttpServer } from '@vercel/cosmosdb-server';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, ownAccount, type OwnAccount } from './account.ts';

const definition = {
  id: 'things',
  partitionKey: '/pk',
  composite: [
    [
      { path: '/mod', order: 'ascending' as const },
      { path: '/n', order: 'descending' as const },
    ],
  ],
};

let ours: OwnAccount;
let containers: { readonly ours: Container; readonly theirs: Container };
const other = createHttpServer({ keepAlive: true });
beforeAll(async () => {
  ours = await ownAccount({ containers: [definition] });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const client = clientOf({ endpoint, key: 'bm9uZQ==' });
  const { database } = await client.databases.create({ id: 'reconnect' });
  const { container: theirs } = await database.containers.create({
    id: definition.id,
    partitionKey: { paths: [definition.partitionKey] },
    indexingPolicy: { compositeIndexes: definition.composite },
  });
  containers = { ours: ours.container('things'), theirs };
  for (const container of Object.values(containers)) await seed(container);
});
afterAll(async () => {
  other.closeAllConnections();
  other.close();
  await ours.close();
});

async function seed(container: Container): Promise<void> {
  for (let n = 0; n < 30; n++) {
    const opt = n % 6 === 0 ? { opt: n } : {};
    await container.items.create({
      id: `q${n}`,
      pk: `k${n % 3}`,
      n,
      mod: n % 4,
      odd: n % 2 === 1,
      name: n % 2 ? `beta${n}` : `Alpha${n}`,
      tags: ['all', `t${n % 4}`],
      box: { deep: n },
      none: null,
      ...opt,
    });
  }
}

/** What a step tells its caller, without what differs by nature: etags, times, resource ids, wording. */
async function told(
  step: Promise<{ statusCode?: number; code?: number | undefined; resource?: unknown }>,
): Promise<unknown> {
  try {
    const { statusCode, code, resource } = await step;
    return { status: statusCode ?? code, resource: visible(resource) };
  } catch (error) {
    return { status: (error as { code?: number }).code };
  }
}

function visible(resource: unknown): unknown {
  if (typeof resource !== 'object' || resource === null) return resource ?? undefined;
  return Object.fromEntries(Object.entries(resource).filter(([name]) => !name.startsWith('_')));
}

/** Does the same to both, and expects both to tell the same. */
async function alike(steps: (container: Container) => Promise<unknown>): Promise<void> {
  expect(await steps(containers.ours)).toEqual(await steps(containers.theirs));
}

describe('both servers agree', () => {
  it('on creating, reading, replacing, upserting and deleting', () =>
    alike(async (things) => {
      const item = things.item('a', 'p');
      return [
        await told(item.read()),
        await told(things.items.create({ id: 'a', pk: 'p', text: 'é漢 🎉', list: [1, null] })),
        await told(things.items.create({ id: 'a', pk: 'p' })),
        await told(things.items.create({ id: 'a', pk: 'q' })),
        await told(item.read()),
        await told(item.replace({ id: 'a', pk: 'p', n: 1 })),
        await told(things.items.upsert({ id: 'a', pk: 'p', n: 2 })),
        await told(things.items.upsert({ id: 'b', pk: 'p' })),
        await told(things.item('none', 'p').replace({ id: 'none', pk: 'p' })),
        await told(things.item('none', 'p').delete()),
        await told(item.delete()),
        await told(item.read()),
      ];
    }));

  it('on If-Match', () =>
    alike(async (things) => {
      const { etag, item } = await things.items.create({ id: 'm', pk: 'p', n: 0 });
      const when = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });
      return [
        await told(item.replace({ id: 'm', pk: 'p', n: 1 }, when(etag))),
        await told(item.replace({ id: 'm', pk: 'p', n: 2 }, when(etag))),
        await told(things.items.upsert({ id: 'm', pk: 'p', n: 3 }, when(etag))),
        await told(item.patch([{ op: 'set', path: '/n', value: 4 }], when(etag))),
        await told(item.delete(when(etag))),
        await told(things.items.upsert({ id: 'new', pk: 'p' }, when(etag))),
        await told(item.read()),
      ];
    }));

  it('on patches', () =>
    alike(async (things) => {
      const { item } = await things.items.create({
        id: 'p',
        pk: 'p',
        s: 's',
        tags: ['a'],
        n: 1,
        gone: 1,
        o: { x: 1 },
      });
      return [
        await told(
          item.patch([
            { op: 'set', path: '/s', value: 'S' },
            { op: 'add', path: '/tags/-', value: 'b' },
            { op: 'incr', path: '/n', value: 5 },
            { op: 'remove', path: '/gone' },
            { op: 'replace', path: '/o/x', value: 2 },
          ]),
        ),
        await told(item.patch([{ op: 'remove', path: '/none' }])),
        await told(
          item.patch([
            { op: 'set', path: '/half', value: 1 },
            { op: 'remove', path: '/none' },
          ]),
        ),
        await told(item.patch([{ op: 'set', path: '/pk', value: 'q' }])),
        await told(item.patch([{ op: 'set', path: '/id', value: 'q' }])),
        await told(
          item.patch({
            condition: 'from c where c.n > 100',
            operations: [{ op: 'set', path: '/s', value: 'no' }],
          }),
        ),
        await told(
          item.patch({
            condition: 'from c where c.n > 1',
            operations: [{ op: 'set', path: '/s', value: 'yes' }],
          }),
        ),
        await told(item.read()),
      ];
    }));

  // The partition is named in the text of each query: theirs ignores the one in the header.
  const inPartition = (condition: string) => `SELECT VALUE c.id FROM c WHERE c.pk = 'k1' AND (${condition})`;

  it.each([
    'true',
    'c.n = 4',
    'c.n != 4',
    'c.n > 10 AND c.n <= 22',
    'c.n BETWEEN 5 AND 9',
    'c.n IN (1, 4, 99)',
    'c.odd',
    'c.odd = true',
    'NOT c.odd',
    'NOT (c.n > 10)',
    'IS_DEFINED(c.opt)',
    'NOT IS_DEFINED(c.opt)',
    'c.opt != 5',
    'c.opt = null',
    'c.none = null',
    'IS_NULL(c.none)',
    'IS_STRING(c.name)',
    "STARTSWITH(c.name, 'beta')",
    "CONTAINS(c.name, 'lpha')",
    "ARRAY_CONTAINS(c.tags, 't1')",
    'c.box.deep >= 20',
    'c["box"]["deep"] < 5',
    "c.tags[1] = 't3'",
    "c.name < 'B'",
    'c.n = 1 OR c.n = 4 AND c.odd = false',
    '(c.n = 1 OR c.n = 4) AND c.odd = false',
    'c.name = 5',
    'NOT (c.opt > 3)',
  ])('on which documents are found by %s', (condition) =>
    alike(async (things) => {
      const answer = await things.items
        .query<string>(inPartition(condition), { partitionKey: 'k1' })
        .fetchAll();
      return answer.resources.sort();
    }),
  );

  it.each([
    "SELECT * FROM c WHERE c.pk = 'k1' ORDER BY c.n DESC",
    "SELECT c.id, c.box.deep AS deep, c.opt FROM c WHERE c.pk = 'k1' ORDER BY c.n",
    "SELECT VALUE c.name FROM c WHERE c.pk = 'k1' ORDER BY c.name",
    "SELECT VALUE { id: c.id, 'list': [c.n, 1] } FROM c WHERE c.pk = 'k1' ORDER BY c.n",
    "SELECT TOP 3 VALUE c.n FROM c WHERE c.pk = 'k1' ORDER BY c.n",
    "SELECT VALUE COUNT(1) FROM c WHERE c.pk = 'k1'",
    "SELECT c.mod, c.n FROM c WHERE c.pk = 'k1' ORDER BY c.mod ASC, c.n DESC",
    "SELECT * FROM c WHERE c.pk = 'k1' ORDER BY c.n ASC, c.mod ASC",
    'SELECT FROM c WHERE',
    'SELECT c.in.deep FROM c',
  ])('on %s', (query) =>
    alike(async (things) => {
      const answer = things.items.query<unknown>(query, { partitionKey: 'k1' }).fetchAll();
      return answer.then(
        ({ resources }) => resources.map(visible),
        (error: unknown) => (error as { code?: number }).code,
      );
    }),
  );
});
