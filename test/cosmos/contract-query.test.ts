/** What the app relies on in queries, pages and the change feed; on a real account when the environment names one. */
import {
  ChangeFeedStartFrom,
  type ChangeFeedPullModelIterator,
  type Container,
  type SqlParameter,
} from '@azure/cosmos';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contractAccount, newCustomer, startingAt, statusOf, type Account } from './account.ts';

let account: Account;
let sessions: Container;
beforeAll(async () => {
  account = await contractAccount();
  sessions = account.container('sessions');
});
afterAll(() => account.close());

type Stored = Record<string, unknown>;

const store = (customer: string, documents: readonly Stored[]) =>
  Promise.all(documents.map((document) => sessions.items.create({ customer, ...document })));

/** The results of a query in one partition. */
async function found(customer: string, query: string, parameters: SqlParameter[] = []): Promise<unknown[]> {
  const answer = await sessions.items
    .query<unknown>({ query, parameters }, { partitionKey: customer })
    .fetchAll();
  return answer.resources;
}

describe('a condition', () => {
  let customer: string;
  beforeAll(async () => {
    customer = newCustomer();
    await store(customer, [
      { id: 'absent' },
      { id: 'null', v: null },
      { id: 'false', v: false },
      { id: 'true', v: true },
      { id: 'one', v: 1 },
      { id: 'ten', v: 10 },
      { id: 'text', v: 'abc' },
      { id: 'digit', v: '1' },
      { id: 'Text', v: 'Abc' },
      { id: 'list', v: ['a', 1, null] },
      { id: 'object', v: { deep: 'x' } },
    ]);
  });

  it.each<[string, string[]]>([
    ['c.v = 1', ['one']],
    ["c.v = '1'", ['digit']],
    ['c.v = true', ['true']],
    ['c.v = null', ['null']],
    ['1 = c.v', ['one']],
    ['c["v"] = 1', ['one']],
    ["c.v = 'abc'", ['text']],
    ['c.v > 1', ['ten']],
    ['5 > c.v', ['one']],
    ["c.v >= 'Abc'", ['Text', 'text']],
    ['c.v BETWEEN 1 AND 10', ['one', 'ten']],
    ["c.v IN (1, 'abc', null)", ['null', 'one', 'text']],
    ["c.v NOT IN (1, 'abc', null, false, true, 10, '1', 'Abc')", ['list', 'object']],
    ['NOT IS_DEFINED(c.v)', ['absent']],
    ['IS_DEFINED(c.v.deep)', ['object']],
    ["c.v.deep = 'x'", ['object']],
    ["c.v[0] = 'a'", ['list']],
    ['IS_NULL(c.v)', ['null']],
    ['IS_STRING(c.v)', ['Text', 'digit', 'text']],
    ['IS_BOOL(c.v) OR IS_NUMBER(c.v)', ['false', 'one', 'ten', 'true']],
    ["STARTSWITH(c.v, 'a')", ['text']],
    ["CONTAINS(c.v, 'bc')", ['Text', 'text']],
    ["STARTSWITH(c.v, '')", ['Text', 'digit', 'text']],
    ["ARRAY_CONTAINS(c.v, 'a')", ['list']],
    ['ARRAY_CONTAINS(c.v, null)', ['list']],
    ["ARRAY_CONTAINS(c.v, 'b')", []],
    ['c.v', ['true']],
    ['NOT c.v', ['false']],
    ['NOT (c.v = 1)', ['Text', 'digit', 'false', 'list', 'null', 'object', 'ten', 'text', 'true']],
    ['NOT (c.v > 1)', ['one']],
    ["c.v = 1 OR c.v = 'abc' AND c.id = 'none'", ['one']],
    ["(c.v = 1 OR c.v = 'abc') AND NOT c.id = 'text'", ['one']],
    ['c.none = 1 OR c.v = 10', ['ten']],
    ['true', ['Text', 'absent', 'digit', 'false', 'list', 'null', 'object', 'one', 'ten', 'text', 'true']],
    ['false', []],
  ])('%s finds %j', async (condition, ids) => {
    expect((await found(customer, `SELECT VALUE c.id FROM c WHERE ${condition}`)).sort()).toEqual(ids);
  });

  it('takes its values from parameters, whose text is never part of the query', async () => {
    const attack = "' OR 1=1 --";
    expect(await found(customer, 'SELECT * FROM c WHERE c.v = @v', [{ name: '@v', value: attack }])).toEqual(
      [],
    );
    const ids = await found(customer, 'SELECT VALUE c.id FROM c WHERE c.v = @v', [{ name: '@v', value: 10 }]);
    expect(ids).toEqual(['ten']);
  });

  it('finds a property’s value in a list that is a parameter', async () => {
    const parameters = [{ name: '@ids', value: ['one', 'ten', 'zero'] }];
    const ids = await found(
      customer,
      'SELECT VALUE c.id FROM c WHERE ARRAY_CONTAINS(@ids, c.id)',
      parameters,
    );
    expect(ids.sort()).toEqual(['one', 'ten']);
  });

  it('sees its own partition only, whatever it asks', async () => {
    expect(await found(newCustomer(), 'SELECT * FROM c WHERE c.v = 1 OR true')).toEqual([]);
  });
});

describe('a selection', () => {
  let customer: string;
  beforeAll(async () => {
    customer = newCustomer();
    await store(customer, [{ id: 'a', n: 1, box: { deep: 'x' }, tags: ['t'] }, { id: 'b' }]);
  });

  it('of named properties leaves out what a document has not', async () => {
    const rows = await found(customer, 'SELECT c.id, c.n, c.box.deep AS inner FROM c WHERE true');
    expect(rows).toEqual(expect.arrayContaining([{ id: 'a', n: 1, inner: 'x' }, { id: 'b' }]));
  });

  it('of one value leaves out documents without it', async () => {
    expect(await found(customer, 'SELECT VALUE c.n FROM c')).toEqual([1]);
    expect(await found(customer, 'SELECT VALUE c.tags FROM c')).toEqual([['t']]);
  });

  it('of an object makes it', async () => {
    const rows = await found(customer, "SELECT VALUE { id: c.id, 'list': [c.n, 2] } FROM c WHERE c.id = 'a'");
    expect(rows).toEqual([{ id: 'a', list: [1, 2] }]);
  });

  it('may call the document what it likes', async () => {
    expect(await found(customer, "SELECT VALUE doc.n FROM sessions AS doc WHERE doc.id = 'a'")).toEqual([1]);
  });

  it('counts', async () => {
    expect(await found(customer, 'SELECT VALUE COUNT(1) FROM c')).toEqual([2]);
    expect(await found(customer, 'SELECT VALUE COUNT(1) FROM c WHERE c.n = 9')).toEqual([0]);
  });

  it('may be empty', async () => {
    expect(await found(newCustomer(), 'SELECT * FROM c')).toEqual([]);
  });
});

describe('an order', () => {
  let customer: string;
  beforeAll(async () => {
    customer = newCustomer();
    const documents = [3, 1, 2, 10].map((seq) => ({
      id: `s${seq}`,
      sid: seq % 2 === 0 ? 'even' : 'odd',
      seq,
    }));
    await store(customer, documents);
  });

  it('is by value, up or down', async () => {
    expect(await found(customer, 'SELECT VALUE c.seq FROM c ORDER BY c.seq')).toEqual([1, 2, 3, 10]);
    expect(await found(customer, 'SELECT VALUE c.seq FROM c ORDER BY c.seq DESC')).toEqual([10, 3, 2, 1]);
  });

  it('over two properties follows a composite index, forwards and backwards', async () => {
    const up = await found(customer, 'SELECT VALUE c.id FROM c ORDER BY c.sid ASC, c.seq ASC');
    expect(up).toEqual(['s2', 's10', 's1', 's3']);
    expect(await found(customer, 'SELECT VALUE c.id FROM c ORDER BY c.sid DESC, c.seq DESC')).toEqual(
      up.reverse(),
    );
  });

  it.each(['c.sid ASC, c.seq DESC', 'c.seq, c.sid', 'c.kind, c.seq'])(
    'over %s has no composite index and is refused',
    async (order) => {
      expect(
        await statusOf(
          sessions.items
            .query(`SELECT * FROM c ORDER BY ${order}`, { partitionKey: customer })
            .fetchAll()
            .then(() => ({ code: 200 })),
        ),
      ).toBe(400);
    },
  );

  it('puts undefined, null, booleans, numbers and texts in this order', async () => {
    const mixed = newCustomer();
    await store(mixed, [
      { id: 'text', seq: 'a' },
      { id: 'number', seq: 5 },
      { id: 'true', seq: true },
      { id: 'false', seq: false },
      { id: 'null', seq: null },
      { id: 'absent' },
    ]);
    const ids = await found(mixed, 'SELECT VALUE c.id FROM c ORDER BY c.seq');
    expect(ids).toEqual(['absent', 'null', 'false', 'true', 'number', 'text']);
  });

  it('can be cut by TOP and by OFFSET and LIMIT', async () => {
    const two = [{ name: '@two', value: 2 }];
    expect(await found(customer, 'SELECT TOP @two VALUE c.seq FROM c ORDER BY c.seq', two)).toEqual([1, 2]);
    expect(
      await found(customer, 'SELECT VALUE c.seq FROM c ORDER BY c.seq OFFSET 1 LIMIT @two', two),
    ).toEqual([2, 3]);
  });
});

describe('pages', () => {
  let customer: string;
  beforeEach(async () => {
    customer = newCustomer();
    const documents = Array.from({ length: 10 }, (_, i) => ({ id: `d${i}`, sid: `s${i % 2}`, seq: i }));
    await store(customer, documents);
  });

  const page = async (query: string, continuationToken?: string) => {
    const options = {
      partitionKey: customer,
      maxItemCount: 4,
      ...(continuationToken === undefined ? {} : { continuationToken }),
    };
    return sessions.items.query<number>(query, options).fetchNext();
  };

  /** All of it, each page asked for by a new iterator, with something happening in between. */
  const allOf = async (query: string, between: () => Promise<unknown> = () => Promise.resolve()) => {
    const all: number[] = [];
    let next = await page(query);
    all.push(...next.resources);
    await between();
    while (next.continuationToken) {
      next = await page(query, next.continuationToken);
      all.push(...next.resources);
    }
    return all;
  };

  it('are no larger than asked for', async () => {
    expect((await page('SELECT * FROM c')).resources).toHaveLength(4);
  });

  it.each([
    ['SELECT VALUE c.seq FROM c', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['SELECT VALUE c.seq FROM c ORDER BY c.seq', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['SELECT VALUE c.seq FROM c ORDER BY c.seq DESC', [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['SELECT VALUE c.seq FROM c ORDER BY c.sid, c.seq', [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]],
    ['SELECT VALUE c.seq FROM c ORDER BY c.sid DESC, c.seq DESC', [9, 7, 5, 3, 1, 8, 6, 4, 2, 0]],
    ['SELECT TOP 6 VALUE c.seq FROM c ORDER BY c.seq', [0, 1, 2, 3, 4, 5]],
    ['SELECT VALUE c.seq FROM c ORDER BY c.seq OFFSET 2 LIMIT 5', [2, 3, 4, 5, 6]],
  ])('of %s, put together, are the whole', async (query, whole) => {
    const all = await allOf(query);
    expect(query.includes('ORDER') ? all : all.sort((a, b) => a - b)).toEqual(whole);
  });

  it('neither skip nor repeat when documents come and go in between', async () => {
    const all = await allOf('SELECT VALUE c.seq FROM c ORDER BY c.seq', async () => {
      await sessions.item('d0', customer).delete();
      await sessions.items.create({ id: 'early', customer, seq: -1 });
      await sessions.items.create({ id: 'late', customer, seq: 4.5 });
    });
    expect(all).toEqual([0, 1, 2, 3, 4, 4.5, 5, 6, 7, 8, 9]);
  });

  it('pass documents that are equal in order once each', async () => {
    const same = newCustomer();
    await store(
      same,
      Array.from({ length: 9 }, (_, i) => ({ id: `e${i}`, seq: 7 })),
    );
    const answer = await sessions.items
      .query<string>('SELECT VALUE c.id FROM c ORDER BY c.seq DESC', { partitionKey: same, maxItemCount: 2 })
      .fetchAll();
    expect(new Set(answer.resources).size).toBe(9);
  });

  it('of large documents stay below 4 MB', async () => {
    const large = newCustomer();
    for (let i = 0; i < 6; i++)
      await sessions.items.create({ id: `l${i}`, customer: large, text: 'x'.repeat(1_000_000) });
    const iterator = sessions.items.query<Stored>('SELECT * FROM c', {
      partitionKey: large,
      maxItemCount: -1,
    });
    const first = await iterator.fetchNext();
    expect(first.resources.length).toBeLessThan(5);
    expect(first.hasMoreResults).toBe(true);
    const all = await sessions.items.query('SELECT VALUE c.id FROM c', { partitionKey: large }).fetchAll();
    expect(all.resources).toHaveLength(6);
  });
});

describe('over all partitions', () => {
  const kind = newCustomer();
  beforeAll(async () => {
    for (let i = 0; i < 6; i++) await store(newCustomer(), [{ id: 'x', kind, seq: i }]);
  });
  const everywhere = async (query: string) =>
    (await sessions.items.query<unknown>({ query, parameters: [{ name: '@kind', value: kind }] }).fetchAll())
      .resources;

  it('a query finds', async () => {
    expect(await everywhere('SELECT * FROM c WHERE c.kind = @kind')).toHaveLength(6);
  });
  it('a count counts', async () => {
    expect(await everywhere('SELECT VALUE COUNT(1) FROM c WHERE c.kind = @kind')).toEqual([6]);
  });
  it('an order holds, and TOP and OFFSET cut it', async () => {
    const select = (more: string) =>
      `SELECT VALUE c.seq FROM c WHERE c.kind = @kind ORDER BY c.seq DESC${more}`;
    expect(await everywhere(select(''))).toEqual([5, 4, 3, 2, 1, 0]);
    expect(await everywhere(select(' OFFSET 1 LIMIT 2'))).toEqual([4, 3]);
    expect(await everywhere('SELECT TOP 2 c.seq FROM c WHERE c.kind = @kind ORDER BY c.seq')).toEqual([
      { seq: 0 },
      { seq: 1 },
    ]);
  });
});

describe('the change feed', () => {
  let customer: string;
  beforeEach(async () => {
    customer = newCustomer();
    for (let i = 0; i < 5; i++) await sessions.items.create({ id: `d${i}`, customer, n: 0 });
  });
  type Feed = ChangeFeedPullModelIterator<{ id: string; n: number }>;
  const feed = (start: object, maxItemCount = 100): Feed =>
    sessions.items.getChangeFeedIterator({ changeFeedStartFrom: startingAt(start), maxItemCount });
  const next = async (from: Feed) => {
    const answer = await from.readNext();
    return {
      status: answer.statusCode,
      ids: answer.result.map((one) => one.id),
      token: answer.continuationToken,
    };
  };

  it('of a partition tells its documents in order of writing, then 304', async () => {
    const iterator = feed(ChangeFeedStartFrom.Beginning(customer));
    expect(await next(iterator)).toMatchObject({ status: 200, ids: ['d0', 'd1', 'd2', 'd3', 'd4'] });
    expect(await next(iterator)).toMatchObject({ status: 304, ids: [] });
  });

  it('goes on from a continuation with what is new, each document once in its latest version', async () => {
    const iterator = feed(ChangeFeedStartFrom.Beginning(customer));
    const { token } = await next(iterator);
    await sessions.items.upsert({ id: 'd1', customer, n: 1 });
    await sessions.items.upsert({ id: 'd0', customer, n: 1 });
    await sessions.items.upsert({ id: 'd1', customer, n: 2 });
    expect((await next(feed(ChangeFeedStartFrom.Continuation(token)))).ids).toEqual(['d0', 'd1']);
  });

  it('gives pages no larger than asked for', async () => {
    const iterator = feed(ChangeFeedStartFrom.Beginning(customer), 2);
    expect((await next(iterator)).ids).toEqual(['d0', 'd1']);
    expect((await next(iterator)).ids).toEqual(['d2', 'd3']);
    expect((await next(iterator)).ids).toEqual(['d4']);
  });

  it('from now on tells nothing old', async () => {
    const iterator = feed(ChangeFeedStartFrom.Now(customer));
    expect((await next(iterator)).status).toBe(304);
    await sessions.items.create({ id: 'new', customer });
    expect((await next(iterator)).ids).toEqual(['new']);
  });

  it('of the whole container tells all partitions', async () => {
    const iterator = feed(ChangeFeedStartFrom.Now());
    await next(iterator);
    const others = [newCustomer(), newCustomer()];
    for (const other of others) await sessions.items.create({ id: other, customer: other });
    expect((await next(iterator)).ids).toEqual(expect.arrayContaining(others));
  });

  it('says nothing of deletes', async () => {
    await sessions.item('d2', customer).delete();
    expect((await next(feed(ChangeFeedStartFrom.Beginning(customer)))).ids).toEqual(['d0', 'd1', 'd3', 'd4']);
  });
});

it('readAll reads a whole partition', async () => {
  const customer = newCustomer();
  await store(customer, [{ id: 'a' }, { id: 'b' }]);
  const all = await sessions.items.readAll({ partitionKey: customer }).fetchAll();
  expect(all.resources.map((one) => one.id).sort()).toEqual(['a', 'b']);
});
