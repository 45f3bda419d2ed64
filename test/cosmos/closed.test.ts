/** What the embedded Cosmos DB refuses because it does not do it, and what it does with time and keys. */
import { ChangeFeedStartFrom, type Container, type OperationInput, type PatchOperation } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, newCustomer, ownAccount, startingAt, statusOf, type OwnAccount } from './account.ts';

let account: OwnAccount;
let sessions: Container;
beforeAll(async () => {
  account = await ownAccount();
  sessions = account.container('sessions');
});
afterAll(() => account.close());

/** Status and message of a refusal. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error = await call.then(
    () => new Error('not refused'),
    (thrown: unknown) =>
      thrown as Error & { code?: number; body?: { message?: string }; cause?: { code: number } },
  );
  const { code, cause, message, body } = error as {
    code?: number;
    cause?: { code: number };
    message: string;
    body?: { message?: string };
  };
  return `${code ?? cause?.code ?? ''} ${body?.message ?? message}`;
}

describe('a query that is not understood is refused by the name of what is not', () => {
  it.each([
    ['SELECT DISTINCT c.x FROM c', 'DISTINCT'],
    ['SELECT c.kind, COUNT(1) FROM c GROUP BY c.kind', 'COUNT without VALUE'],
    ['SELECT VALUE COUNT(1) FROM c GROUP BY c.kind', 'GROUP'],
    ['SELECT VALUE SUM(c.n) FROM c', 'SUM'],
    ['SELECT * FROM c JOIN t IN c.tags', 'JOIN'],
    ["SELECT * FROM c WHERE c.x LIKE 'a%'", 'LIKE'],
    ["SELECT * FROM c WHERE LOWER(c.x) = 'a'", 'LOWER'],
    ['SELECT * FROM c WHERE c.x + 1 = 2', '+'],
    ['SELECT * FROM c WHERE c.a = c.b', 'two properties'],
    ["SELECT * FROM c WHERE STARTSWITH(c.x, 'a', true)", 'without regard to case'],
    ["SELECT * FROM c WHERE ARRAY_CONTAINS(c.x, 'a', true)", 'partial match'],
    ['SELECT * FROM c WHERE c.x > null', '> with null'],
    ['SELECT * FROM c WHERE EXISTS (SELECT VALUE 1)', 'EXISTS'],
    ['SELECT * FROM c -- a comment', 'comments'],
    ['SELECT * FROM c WHERE c["a\\"b"] = 1', 'property name'],
    ['SELECT * FROM c WHERE c.x = @missing', '@missing'],
    ['SELECT * FROM c WHERE d.x = 1', 'd'],
    ['SELECT * FROM', 'too soon'],
    ['SELEC * FROM c', 'SELECT'],
    ['SELECT * FROM c ORDER BY c.text', 'index'],
  ])('%s', async (query, named) => {
    const refusal = await refusalOf(sessions.items.query(query, { partitionKey: 'p' }).fetchAll());
    expect(refusal).toMatch(/^400 /);
    expect(refusal).toContain(named);
  });

  it('and so is a comparison with an object', async () => {
    const query = { query: 'SELECT * FROM c WHERE c.x = @x', parameters: [{ name: '@x', value: { a: 1 } }] };
    expect(await refusalOf(sessions.items.query(query, { partitionKey: 'p' }).fetchAll())).toContain(
      'comparison with {"a":1}',
    );
  });
});

describe('a request that is not understood is refused', () => {
  it.each(['x-ms-documentdb-pre-trigger-include', 'x-ms-indexing-directive', 'x-ms-cosmos-something-new'])(
    'for the header %s',
    async (header) => {
      const call = sessions.items.create(
        { id: 'a', customer: newCustomer() },
        { initialHeaders: { [header]: 'x' } },
      );
      expect(await refusalOf(call)).toContain(
        `400 The embedded Cosmos DB does not implement the header ${header}`,
      );
    },
  );

  it('for a consistency stronger than the account’s', async () => {
    expect(await refusalOf(sessions.item('a', 'p').read({ consistencyLevel: 'Strong' }))).toContain(
      '400 ConsistencyLevel Strong',
    );
  });

  it('when an upsert says If-None-Match, which would not keep it from overwriting', async () => {
    const options = { accessCondition: { type: 'IfNoneMatch', condition: '*' } };
    expect(await refusalOf(sessions.items.upsert({ id: 'a', customer: 'p' }, options))).toContain(
      'If-None-Match',
    );
    expect(await statusOf(sessions.items.create({ id: 'a', customer: newCustomer() }, options))).toBe(201);
  });

  it.each<PatchOperation>([
    { op: 'move', from: '/a', path: '/b' } as unknown as PatchOperation,
    { op: 'swap', path: '/b', value: 1 } as unknown as PatchOperation,
  ])('for the patch operation $op', async (operation) => {
    const customer = newCustomer();
    await sessions.items.create({ id: 'a', customer, a: 1 });
    expect(await refusalOf(sessions.item('a', customer).patch([operation]))).toContain(
      `patch operation ${operation.op}`,
    );
  });

  it.each<[string, OperationInput]>([
    ['Execute', { operationType: 'Execute', id: 'a' } as unknown as OperationInput],
    [
      'ifMatch with Create',
      { operationType: 'Create', ifMatch: '"x"', resourceBody: { id: 'a', customer: 'p' } },
    ],
    [
      'ifNoneMatch with Upsert',
      {
        operationType: 'Upsert',
        ifNoneMatch: '*',
        resourceBody: { id: 'a', customer: 'p' },
      },
    ],
  ])('for %s in a batch', async (named, operation) => {
    expect(await refusalOf(sessions.items.batch([operation], 'p'))).toContain(named);
  });

  it('for bulk requests', async () => {
    const bulk = await sessions.items
      .executeBulkOperations([
        { operationType: 'Create', partitionKey: 'p', resourceBody: { id: 'a', customer: 'p' } },
      ])
      .catch((error: unknown) => [{ error }]);
    expect(
      JSON.stringify(bulk, (_, value: unknown) => (value instanceof Error ? value.message : value)),
    ).toContain('bulk');
  });

  it('for stored procedures', async () => {
    expect(await refusalOf(sessions.scripts.storedProcedures.readAll().fetchAll())).toContain(
      'does not implement',
    );
  });

  it('without a partition key, or with one that is not the document’s', async () => {
    const headers = (value: string) => ({ initialHeaders: { 'x-ms-documentdb-partitionkey': value } });
    expect(await refusalOf(sessions.items.create({ id: 'a', customer: 'p' }, headers('["q"]')))).toContain(
      "doesn't match",
    );
    expect(await refusalOf(sessions.item('a', 'p').read(headers('["p","q"]')))).toContain('400');
  });
});

describe('what does not exist is 404', () => {
  it('a container, a database', async () => {
    expect(await statusOf(account.container('none').items.create({ id: 'a' }))).toBe(404);
    expect(await statusOf(account.client.database('none').read())).toBe(404);
  });
});

describe('a key', () => {
  it('that is wrong is refused with 401', async () => {
    const client = clientOf({
      endpoint: account.server.endpoint,
      key: Buffer.from('wrong').toString('base64'),
    });
    expect(
      await statusOf(
        client.databases
          .readAll()
          .fetchAll()
          .then(() => ({ code: 200 })),
      ),
    ).toBe(401);
    client.dispose();
  });

  it('is asked for everywhere', async () => {
    for (const path of ['/', '/dbs/reconnect', '/dbs/reconnect/colls/sessions/docs/a']) {
      expect((await fetch(account.server.endpoint + path)).status).toBe(401);
    }
  });

  it('signs one path and one verb only', async () => {
    let signed: Record<string, string> = {};
    const spy = await ownAccount({
      key: account.server.key,
      observe: (seen) => void (signed = { ...seen.request.headers }),
    });
    await spy.container('sessions').item('a', 'p').read();
    const send = (method: string, id: string) =>
      fetch(`${account.server.endpoint}/dbs/reconnect/colls/sessions/docs/${id}`, {
        method,
        headers: {
          authorization: signed['authorization']!,
          'x-ms-date': signed['x-ms-date']!,
          'x-ms-documentdb-partitionkey': '["p"]',
        },
      });
    expect([
      (await send('GET', 'a')).status,
      (await send('GET', 'b')).status,
      (await send('DELETE', 'a')).status,
    ]).toEqual([404, 401, 401]);
    await spy.close();
  });
});

describe('a document with a ttl', () => {
  it('is hidden from reads, queries and the feed the moment it ends, and its id is free', async () => {
    const customer = newCustomer();
    await sessions.items.create({ id: 'short', customer, ttl: 60 });
    await sessions.items.create({ id: 'long', customer });
    const ids = async () =>
      (await sessions.items.query<string>('SELECT VALUE c.id FROM c', { partitionKey: customer }).fetchAll())
        .resources;
    account.clock.advance(58_000);
    expect(await ids()).toEqual(['short', 'long']);
    account.clock.advance(2_000);
    expect(await ids()).toEqual(['long']);
    expect(await statusOf(sessions.item('short', customer).read())).toBe(404);
    expect(await statusOf(sessions.item('short', customer).replace({ id: 'short', customer }))).toBe(404);
    expect(await statusOf(sessions.items.create({ id: 'short', customer }))).toBe(201);
  });

  it('counts from its last write', async () => {
    const customer = newCustomer();
    await sessions.items.create({ id: 'a', customer, ttl: 60 });
    account.clock.advance(50_000);
    await sessions.item('a', customer).patch([{ op: 'set', path: '/x', value: 1 }]);
    account.clock.advance(50_000);
    expect(await statusOf(sessions.item('a', customer).read())).toBe(200);
    account.clock.advance(10_000);
    expect(await statusOf(sessions.item('a', customer).read())).toBe(404);
  });

  it.each<unknown>([0, -2, 1.5, 'x'])('of %s is refused', async (ttl) => {
    const document: Record<string, unknown> = { id: 'a', customer: newCustomer(), ttl };
    expect(await statusOf(sessions.items.create(document))).toBe(400);
  });

  it('is deleted from the file by and by', async () => {
    const customer = newCustomer();
    await sessions.items.create({ id: 'a', customer, ttl: 1 });
    account.clock.advance(2_000);
    for (let i = 0; i < 64; i++) await sessions.items.create({ id: `d${i}`, customer });
    const rows = account.server.storage.rows(
      'SELECT COUNT(*) AS n FROM "docs:sessions" WHERE id = ? AND partition = ?',
      ['a', JSON.stringify(customer)],
    );
    expect(rows[0]?.['n']).toBe(0);
  });

  it('follows the container’s default when it has none of its own', async () => {
    const own = await ownAccount({
      containers: [
        { id: 'short', partitionKey: '/p', defaultTtl: 10 },
        { id: 'none', partitionKey: '/p' },
      ],
    });
    const [short, none] = [own.container('short'), own.container('none')];
    await short.items.create({ id: 'default', p: 1 });
    await short.items.create({ id: 'kept', p: 1, ttl: -1 });
    await none.items.create({ id: 'ignored', p: 1, ttl: 1 });
    own.clock.advance(11_000);
    const statuses = [short.item('default', 1), short.item('kept', 1), none.item('ignored', 1)].map((item) =>
      statusOf(item.read()),
    );
    expect(await Promise.all(statuses)).toEqual([404, 200, 200]);
    await own.close();
  });
});

it('the change feed from a moment tells what was written since', async () => {
  const customer = newCustomer();
  await sessions.items.create({ id: 'old', customer });
  account.clock.advance(10_000);
  const moment = new Date(account.clock.now());
  await sessions.items.create({ id: 'new', customer });
  const feed = sessions.items.getChangeFeedIterator<{ id: string }>({
    changeFeedStartFrom: startingAt(ChangeFeedStartFrom.Time(moment, customer)),
  });
  expect((await feed.readNext()).result.map((one) => one.id)).toEqual(['new']);
  expect((await feed.readNext()).statusCode).toBe(304);
});
