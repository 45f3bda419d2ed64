/**
 * What the app relies on in Cosmos DB, through the real SDK. `COSMOS_CONTRACT_ENDPOINT` and `COSMOS_CONTRACT_KEY` point
 * it at a real account whose containers the template has made; otherwise it starts an embedded one.
 */
import type { Container } from '@azure/cosmos';
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

describe('a document', () => {
  it('that is created comes back with 201 and what was put in', async () => {
    const customer = newCustomer();
    const created = await sessions.items.create({
      id: 'a',
      customer,
      text: 'Grüße, 漢字 🎉',
      list: [1, null, { deep: true }],
    });
    expect(created.statusCode).toBe(201);
    const read = await sessions.item('a', customer).read();
    expect(read.statusCode).toBe(200);
    expect(read.resource).toMatchObject({ text: 'Grüße, 漢字 🎉', list: [1, null, { deep: true }] });
  });

  it('carries etag, time, resource id and self link', async () => {
    const { resource } = await stored();
    expect(Object.keys(resource)).toEqual(expect.arrayContaining(['_etag', '_ts', '_rid', '_self']));
    expect(Number.isInteger(resource._ts)).toBe(true);
  });

  it('has an etag in quotes, the same in header and body', async () => {
    const { etag, resource } = await stored();
    expect(etag).toMatch(/^".+"$/);
    expect(resource._etag).toBe(etag);
  });

  it('gets a new etag with every write, even one that changes nothing', async () => {
    const { etag, customer, item } = await stored();
    const again = await item.replace({ id: 'a', customer });
    expect(again.etag).not.toBe(etag);
  });

  it('does not let the caller set system properties', async () => {
    const { resource } = await stored({ _etag: '"mine"', _ts: 1, _rid: 'mine' });
    expect(resource._etag).not.toBe('"mine"');
    expect(resource._ts).toBeGreaterThan(1);
    expect(resource._rid).not.toBe('mine');
  });

  it('that is created twice is refused with 409 and stays as it was', async () => {
    const { customer, item } = await stored({ n: 1 });
    expect(await statusOf(sessions.items.create({ id: 'a', customer, n: 2 }))).toBe(409);
    expect((await item.read()).resource).toMatchObject({ n: 1 });
  });

  it('may have the same id in another partition', async () => {
    await stored();
    expect(await statusOf(sessions.items.create({ id: 'a', customer: newCustomer() }))).toBe(201);
  });

  it('that is missing reads as 404 without an exception and without sub-status', async () => {
    const read = await sessions.item('none', newCustomer()).read();
    expect([read.statusCode, read.resource]).toEqual([404, undefined]);
    expect(read.substatus ?? 0).toBe(0);
  });

  it('is not found in another partition', async () => {
    await stored();
    expect(await statusOf(sessions.item('a', newCustomer()).read())).toBe(404);
  });

  it.each(['a b', 'é漢', 'a:b', 'a+b', 'a%20b', '"q"', "it's", 'a&b=c', 'a|b', 'x'.repeat(250)])(
    'may be called %s',
    async (id) => {
      const customer = newCustomer();
      await sessions.items.create({ id, customer });
      expect((await sessions.item(id, customer).read()).resource).toMatchObject({ id });
      expect(await statusOf(sessions.item(id, customer).delete())).toBe(204);
    },
  );

  it.each(['a/b', 'a\\b', 'a?b', 'a#b'])('may not be called %s', async (id) => {
    expect(
      await statusOf(sessions.items.create({ id, customer: newCustomer() }).catch(refusedByClient)),
    ).toBe(400);
  });

  it('without an id is refused', async () => {
    const call = sessions.items.create({ customer: newCustomer() }, { disableAutomaticIdGeneration: true });
    expect(await statusOf(call)).toBe(400);
  });

  it('of more than 2 MB is refused with 413', async () => {
    const call = sessions.items.create({ id: 'big', customer: newCustomer(), text: 'x'.repeat(2_200_000) });
    expect(await statusOf(call)).toBe(413);
  });

  it('of 1.5 MB is stored', async () => {
    const call = sessions.items.create({ id: 'big', customer: newCustomer(), text: 'x'.repeat(1_500_000) });
    expect(await statusOf(call)).toBe(201);
  });
});

/** The SDK itself refuses some ids before it sends anything. */
const refusedByClient = (error: { code?: number }): { statusCode: number } => ({
  statusCode: error.code ?? 400,
});

describe('a partition', () => {
  it('keeps the number 1 and the text "1" apart', async () => {
    const id = newCustomer();
    await sessions.items.create({ id, customer: 1 });
    await sessions.items.create({ id, customer: '1' });
    expect((await sessions.item(id, 1).read()).resource).toMatchObject({ customer: 1 });
    expect((await sessions.item(id, '1').read()).resource).toMatchObject({ customer: '1' });
    await Promise.all([sessions.item(id, 1).delete(), sessions.item(id, '1').delete()]);
  });

  it('is a document’s for good: a replace that moves it is refused', async () => {
    const { item } = await stored();
    expect(await statusOf(item.replace({ id: 'a', customer: newCustomer() }))).toBe(400);
  });

  it('may be the document’s own id', async () => {
    const lookups = account.container('lookups');
    const id = newCustomer();
    await lookups.items.create({ id, kind: 'lease' });
    expect((await lookups.item(id, id).read()).resource).toMatchObject({ kind: 'lease' });
  });
});

describe('a replace', () => {
  it('with the current etag succeeds', async () => {
    const { etag, customer, item } = await stored();
    expect(await statusOf(item.replace({ id: 'a', customer, n: 1 }, ifMatch(etag)))).toBe(200);
  });

  it('with a stale etag is refused with 412 and changes nothing', async () => {
    const { etag, customer, item } = await stored({ n: 0 });
    await item.replace({ id: 'a', customer, n: 1 });
    expect(await statusOf(item.replace({ id: 'a', customer, n: 2 }, ifMatch(etag)))).toBe(412);
    expect((await item.read()).resource).toMatchObject({ n: 1 });
  });

  it('with * asks only that there is a document', async () => {
    const { customer, item } = await stored();
    expect(await statusOf(item.replace({ id: 'a', customer }, ifMatch('*')))).toBe(200);
    expect(await statusOf(sessions.item('b', customer).replace({ id: 'b', customer }, ifMatch('*')))).toBe(
      404,
    );
  });

  it('with an etag without its quotes is refused', async () => {
    const { etag, customer, item } = await stored();
    expect(await statusOf(item.replace({ id: 'a', customer }, ifMatch(etag.slice(1, -1))))).toBe(412);
  });

  it('of a missing document is refused with 404', async () => {
    const customer = newCustomer();
    expect(await statusOf(sessions.item('a', customer).replace({ id: 'a', customer }))).toBe(404);
  });

  it('puts the whole document: what is left out is gone', async () => {
    const { customer, item } = await stored({ n: 1, old: true });
    await item.replace({ id: 'a', customer, n: 2 });
    expect((await item.read()).resource).not.toHaveProperty('old');
  });

  it('raced by twenty on one etag has exactly one winner', async () => {
    const { etag, customer, item } = await stored();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, (_, n) => statusOf(item.replace({ id: 'a', customer, n }, ifMatch(etag)))),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 412)).toHaveLength(19);
  });
});

describe('an upsert', () => {
  it('creates with 201 and replaces with 200', async () => {
    const customer = newCustomer();
    expect(await statusOf(sessions.items.upsert({ id: 'a', customer, n: 1 }))).toBe(201);
    expect(await statusOf(sessions.items.upsert({ id: 'a', customer, n: 2 }))).toBe(200);
  });

  it('with a stale etag is refused with 412', async () => {
    const { etag, customer, item } = await stored();
    await item.replace({ id: 'a', customer });
    expect(await statusOf(sessions.items.upsert({ id: 'a', customer }, ifMatch(etag)))).toBe(412);
  });

  it('with an etag creates a missing document: no guard at all', async () => {
    expect(
      await statusOf(sessions.items.upsert({ id: 'a', customer: newCustomer() }, ifMatch('"gone"'))),
    ).toBe(201);
  });
});

describe('a delete', () => {
  it('answers 204, and the document is gone', async () => {
    const { item } = await stored();
    expect(await statusOf(item.delete())).toBe(204);
    expect(await statusOf(item.read())).toBe(404);
  });

  it('of a missing document is refused with 404', async () => {
    expect(await statusOf(sessions.item('a', newCustomer()).delete())).toBe(404);
  });

  it('with a stale etag is refused with 412', async () => {
    const { etag, customer, item } = await stored();
    await item.replace({ id: 'a', customer });
    expect(await statusOf(item.delete(ifMatch(etag)))).toBe(412);
  });

  it('frees the id', async () => {
    const { customer, item } = await stored();
    await item.delete();
    expect(await statusOf(sessions.items.create({ id: 'a', customer }))).toBe(201);
  });
});

describe('a read', () => {
  it('with the current etag answers 304 without a body', async () => {
    const { etag, item } = await stored();
    const read = await item.read({ accessCondition: { type: 'IfNoneMatch', condition: etag } });
    expect([read.statusCode, read.resource ?? undefined]).toEqual([304, undefined]);
  });

  it('with an old etag answers the document', async () => {
    const { etag, customer, item } = await stored();
    await item.replace({ id: 'a', customer, n: 1 });
    const read = await item.read({ accessCondition: { type: 'IfNoneMatch', condition: etag } });
    expect(read.resource).toMatchObject({ n: 1 });
  });

  it('costs about one request unit, and a large document more', async () => {
    const small = await (await stored()).item.read();
    const large = await (await stored({ text: 'x'.repeat(100_000) })).item.read();
    expect(small.requestCharge).toBeGreaterThanOrEqual(1);
    expect(large.requestCharge).toBeGreaterThan(5 * small.requestCharge);
  });

  it('and every write tell a session token', async () => {
    const { item } = await stored();
    expect((await item.read()).headers['x-ms-session-token']).toMatch(/^\d+:-?\d+#\d+/);
    expect((await item.delete()).headers['x-ms-session-token']).toMatch(/^\d+:-?\d+#\d+/);
  });
});

describe('the app’s role', () => {
  it('creates neither databases nor containers', async () => {
    if (process.env['COSMOS_CONTRACT_ENDPOINT'] !== undefined) return;
    expect(await statusOf(sessions.database.containers.create({ id: 'new', partitionKey: '/id' }))).toBe(403);
  });
});
