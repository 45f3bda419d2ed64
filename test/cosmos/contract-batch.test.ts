/**
 * What the app relies on in patches and batches, through the real SDK. `COSMOS_CONTRACT_ENDPOINT` and `COSMOS_CONTRACT_KEY` point
 * it at a real account whose containers the template has made; otherwise it starts an embedded one.
 */
import type { Container, OperationInput, PatchOperation } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contractAccount, newCustomer, statusOf, type Account } from './account.ts';

let account: Account;
let sessions: Container;
beforeAll(async () => {
  account = await contractAccount();
  sessions = account.container('sessions');
});
afterAll(() => account.close());

/** A stored document and its partition. */
async function stored(properties: Record<string, unknown> = {}) {
  const customer = newCustomer();
  const { resource, etag } = await sessions.items.create({ id: 'a', customer, ...properties });
  return { customer, etag, resource: resource!, item: sessions.item('a', customer) };
}

const ifMatch = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });

describe('a patch', () => {
  const patched = async (
    properties: Record<string, unknown>,
    operations: PatchOperation[],
    condition?: string,
  ) => {
    const { item } = await stored(properties);
    const status = await statusOf(
      item.patch(condition === undefined ? operations : { operations, condition }),
    );
    return { status, resource: (await item.read()).resource as unknown };
  };

  it('sets, replaces, removes, adds and increments in one step', async () => {
    const result = await patched({ n: 1, old: 1, word: 'a', list: ['x', 'z'], box: {} }, [
      { op: 'set', path: '/box/new', value: { a: 1 } },
      { op: 'replace', path: '/word', value: 'b' },
      { op: 'remove', path: '/old' },
      { op: 'add', path: '/list/1', value: 'y' },
      { op: 'add', path: '/list/-', value: 'end' },
      { op: 'incr', path: '/n', value: 2 },
    ]);
    expect(result.status).toBe(200);
    expect(result.resource).toMatchObject({
      n: 3,
      word: 'b',
      list: ['x', 'y', 'z', 'end'],
      box: { new: { a: 1 } },
    });
    expect(result.resource).not.toHaveProperty('old');
  });

  it('increments an absent number from zero', async () => {
    expect((await patched({}, [{ op: 'incr', path: '/n', value: 5 }])).resource).toMatchObject({ n: 5 });
  });

  it.each<[string, PatchOperation]>([
    ['remove what is absent', { op: 'remove', path: '/none' }],
    ['replace what is absent', { op: 'replace', path: '/none', value: 1 }],
    ['set below what is absent', { op: 'set', path: '/none/deep', value: 1 }],
    ['increment a word', { op: 'incr', path: '/word', value: 1 }],
    ['change the id', { op: 'set', path: '/id', value: 'b' }],
    ['change the partition', { op: 'set', path: '/customer', value: 'b' }],
    ['add beyond the end of an array', { op: 'add', path: '/list/5', value: 1 }],
  ])('may not %s, and then does nothing at all', async (_, operation) => {
    const result = await patched({ word: 'a', list: [] }, [
      { op: 'set', path: '/done', value: true },
      operation,
    ]);
    expect(result.status).toBe(400);
    expect(result.resource).not.toHaveProperty('done');
  });

  it('has at most ten operations', async () => {
    const many = Array.from({ length: 11 }, (_, i): PatchOperation => ({
      op: 'set',
      path: `/p${i}`,
      value: i,
    }));
    expect((await patched({}, many)).status).toBe(400);
    expect((await patched({}, many.slice(1))).status).toBe(200);
  });

  it.each([
    ["from c where c.state = 'Active'", 200],
    ["from c where c.state = 'active'", 412],
    ['from c where c.n >= 5 and c.isOpen = true', 200],
    ['from c where c.n > 5 or not is_defined(c.n)', 412],
    ['from c where not is_defined(c.none)', 200],
    ['from c where c.none = 1', 412],
  ])('under the condition %s answers %i', async (condition, status) => {
    const result = await patched(
      { state: 'Active', n: 5, isOpen: true },
      [{ op: 'set', path: '/x', value: 1 }],
      condition,
    );
    expect(result.status).toBe(status);
  });

  it('with a stale etag is refused with 412, and of a missing document with 404', async () => {
    const { etag, customer, item } = await stored();
    await item.replace({ id: 'a', customer });
    expect(await statusOf(item.patch([{ op: 'set', path: '/x', value: 1 }], ifMatch(etag)))).toBe(412);
    expect(await statusOf(sessions.item('b', customer).patch([{ op: 'set', path: '/x', value: 1 }]))).toBe(
      404,
    );
  });

  it('sent fifty times at once counts to fifty', async () => {
    const { item } = await stored({ n: 0 });
    await Promise.all(Array.from({ length: 50 }, () => item.patch([{ op: 'incr', path: '/n', value: 1 }])));
    expect((await item.read()).resource).toMatchObject({ n: 50 });
  });
});

describe('a batch', () => {
  const batch = async (customer: string, operations: OperationInput[]) => {
    const response = await sessions.items.batch(operations, customer);
    return {
      code: response.code,
      statuses: response.result?.map((one) => one.statusCode),
      result: response.result,
    };
  };

  it('does all six kinds of operation', async () => {
    const { customer, etag } = await stored({ n: 1 });
    await sessions.items.create({ id: 'gone', customer });
    await sessions.items.create({ id: 'n', customer, n: 1 });
    const done = await batch(customer, [
      { operationType: 'Create', resourceBody: { id: 'b', customer } },
      { operationType: 'Upsert', resourceBody: { id: 'c', customer } },
      { operationType: 'Replace', id: 'a', ifMatch: etag, resourceBody: { id: 'a', customer, n: 2 } },
      { operationType: 'Read', id: 'a' },
      { operationType: 'Delete', id: 'gone' },
      {
        operationType: 'Patch',
        id: 'n',
        resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] },
      },
    ]);
    expect(done.code).toBe(200);
    expect(done.statuses).toEqual([201, 201, 200, 200, 204, 200]);
    expect(done.result?.[3]?.resourceBody).toMatchObject({ n: 2 });
    expect(done.result?.[2]?.eTag).toBe(done.result?.[3]?.resourceBody?.['_etag']);
  });

  it('that fails in the middle resolves with 207, its reason and 424s, and leaves nothing', async () => {
    const { customer } = await stored();
    const failed = await batch(customer, [
      { operationType: 'Create', resourceBody: { id: 'b', customer } },
      { operationType: 'Create', resourceBody: { id: 'a', customer } },
      { operationType: 'Create', resourceBody: { id: 'c', customer } },
    ]);
    expect(failed.code).toBe(207);
    expect(failed.statuses).toEqual([424, 409, 424]);
    expect(await statusOf(sessions.item('b', customer).read())).toBe(404);
  });

  it.each<[string, number, (customer: string, etag: string) => OperationInput]>([
    [
      'a stale etag on replace',
      412,
      (customer) => ({
        operationType: 'Replace',
        id: 'a',
        ifMatch: '"old"',
        resourceBody: { id: 'a', customer },
      }),
    ],
    ['a stale etag on delete', 412, () => ({ operationType: 'Delete', id: 'a', ifMatch: '"old"' })],
    [
      'a stale etag on patch',
      412,
      () => ({
        operationType: 'Patch',
        id: 'a',
        ifMatch: '"old"',
        resourceBody: { operations: [{ op: 'set', path: '/x', value: 1 }] },
      }),
    ],
    [
      'a patch condition',
      412,
      () => ({
        operationType: 'Patch',
        id: 'a',
        resourceBody: {
          condition: 'from c where c.n = 9',
          operations: [{ op: 'set', path: '/x', value: 1 }],
        },
      }),
    ],
    [
      'a missing document to replace',
      404,
      (customer) => ({ operationType: 'Replace', id: 'z', resourceBody: { id: 'z', customer } }),
    ],
    ['a missing document to read', 404, () => ({ operationType: 'Read', id: 'z' })],
    [
      'a document of another partition',
      400,
      () => ({ operationType: 'Create', resourceBody: { id: 'z', customer: 'somebody else' } }),
    ],
  ])('stopped by %s tells %i and undoes the rest', async (_, status, operation) => {
    const { customer, etag } = await stored({ n: 1 });
    const failed = await batch(customer, [
      {
        operationType: 'Patch',
        id: 'a',
        resourceBody: { operations: [{ op: 'set', path: '/touched', value: true }] },
      },
      operation(customer, etag),
    ]).catch(async (error: unknown) => ({
      code: await statusOf(Promise.reject(error as Error)),
      statuses: undefined,
    }));
    if (failed.statuses === undefined) expect(failed.code).toBe(status);
    else expect(failed.statuses).toEqual([424, status]);
    expect((await sessions.item('a', customer).read()).resource).not.toHaveProperty('touched');
  });

  it('sees its own earlier operations', async () => {
    const customer = newCustomer();
    const done = await batch(customer, [
      { operationType: 'Create', resourceBody: { id: 'a', customer, n: 1 } },
      {
        operationType: 'Patch',
        id: 'a',
        resourceBody: { operations: [{ op: 'incr', path: '/n', value: 1 }] },
      },
      { operationType: 'Read', id: 'a' },
    ]);
    expect(done.result?.[2]?.resourceBody).toMatchObject({ n: 2 });
  });

  it('takes a hundred operations', async () => {
    const customer = newCustomer();
    const done = await batch(
      customer,
      Array.from({ length: 100 }, (_, i) => ({
        operationType: 'Create' as const,
        resourceBody: { id: `d${i}`, customer },
      })),
    );
    expect(done.statuses).toEqual(Array.from({ length: 100 }, () => 201));
  });

  it('of more than 2 MB is refused with 413', async () => {
    const customer = newCustomer();
    const big = (id: string): OperationInput => ({
      operationType: 'Create',
      resourceBody: { id, customer, text: 'x'.repeat(1_100_000) },
    });
    expect(await statusOf(sessions.items.batch([big('a'), big('b')], customer))).toBe(413);
    expect(await statusOf(sessions.item('a', customer).read())).toBe(404);
  });

  it('raced by ten on one header has exactly one winner, whole', async () => {
    const { customer, etag } = await stored({ seq: 0 });
    const codes = await Promise.all(
      Array.from({ length: 10 }, async (_, n) => {
        const raced = await batch(customer, [
          { operationType: 'Replace', id: 'a', ifMatch: etag, resourceBody: { id: 'a', customer, seq: 1 } },
          { operationType: 'Create', resourceBody: { id: `by ${n}`, customer } },
        ]);
        return raced.code;
      }),
    );
    expect(codes.filter((code) => code === 200)).toHaveLength(1);
    const { resources } = await sessions.items
      .query('SELECT VALUE COUNT(1) FROM c', { partitionKey: customer })
      .fetchAll();
    expect(resources).toEqual([2]);
  });
});
