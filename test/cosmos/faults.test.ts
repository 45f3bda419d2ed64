import type { Container } from '@azure/cosmos';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, newCustomer, ownAccount, statusOf, type OwnAccount } from './account.ts';

let account: OwnAccount;
let sessions: Container;
let customer: string;
beforeEach(async () => {
  account = await ownAccount();
  sessions = account.container('sessions');
  customer = newCustomer();
  await sessions.items.create({ id: 'a', customer, n: 0 });
  account.server.counters.reset();
});
afterEach(() => account.close());

const item = () => sessions.item('a', customer);

/** Polls until it holds: what a hanging request does can be seen no other way. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setImmediate(resolve));
  expect(holds()).toBe(true);
}

describe('an injected answer', () => {
  it('of 429 twice is waited out by the SDK', async () => {
    account.server.faults.add({
      operation: 'replace',
      count: 2,
      fault: { kind: 'status', status: 429, retryAfterMs: 1 },
    });
    expect(await statusOf(item().replace({ id: 'a', customer }))).toBe(200);
    expect(account.server.counters.requests('replace')).toBe(3);
  });

  it('of 429 for ever is given up by the SDK after ten requests', async () => {
    account.server.faults.add({ operation: 'read', fault: { kind: 'status', status: 429, retryAfterMs: 1 } });
    expect(await statusOf(item().read())).toBe(429);
    expect(account.server.counters.requests('read')).toBe(10);
  });

  it.each([401, 449, 408, 410, 502, 503, 504, 500] as const)(
    'of %i reaches the caller, and nothing was done',
    async (status) => {
      account.server.faults.add({ operation: 'patch', count: 10, fault: { kind: 'status', status } });
      expect(await statusOf(item().patch([{ op: 'incr', path: '/n', value: 1 }]))).toBe(status);
      expect((await item().read()).resource).toMatchObject({ n: 0 });
    },
  );

  it('of 207 tells of each step of a batch, and none of them was done', async () => {
    account.server.faults.add({
      operation: 'batch',
      count: 1,
      fault: { kind: 'partial', status: 449, at: 1 },
    });
    const { result } = await sessions.items.batch(
      ['b', 'c', 'd'].map((id) => ({ operationType: 'Create', resourceBody: { id, customer } })),
      customer,
    );
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 449, 424]);
    expect(await statusOf(sessions.item('b', customer).read())).toBe(404);
  });

  it('of 408 may come although the work was done', async () => {
    account.server.faults.add({
      operation: 'patch',
      count: 1,
      fault: { kind: 'status', status: 408, committed: true },
    });
    expect(await statusOf(item().patch([{ op: 'incr', path: '/n', value: 1 }]))).toBe(408);
    expect((await item().read()).resource).toMatchObject({ n: 1 });
  });

  it('of 404 for a session that is not available can be told from a missing document', async () => {
    account.server.faults.add({ operation: 'read', fault: { kind: 'status', status: 404, substatus: 1002 } });
    const read = await item().read();
    expect([read.statusCode, read.substatus]).toEqual([404, 1002]);
  });
});

describe('a connection that breaks', () => {
  it('before the commit leaves nothing done', async () => {
    account.server.faults.add({ operation: 'batch', fault: { kind: 'drop', committed: false } });
    const batch = sessions.items.batch(
      [{ operationType: 'Create', resourceBody: { id: 'b', customer } }],
      customer,
    );
    await expect(batch).rejects.toThrow();
    expect(await statusOf(sessions.item('b', customer).read())).toBe(404);
  });

  it('after the commit has everything done', async () => {
    account.server.faults.add({ operation: 'batch', fault: { kind: 'drop', committed: true } });
    const batch = sessions.items.batch(
      [{ operationType: 'Create', resourceBody: { id: 'b', customer } }],
      customer,
    );
    await expect(batch).rejects.toThrow();
    expect(await statusOf(sessions.item('b', customer).read())).toBe(200);
  });
});

describe('time', () => {
  it('passes on the given clock before a delayed answer', async () => {
    account.server.faults.add({ operation: 'read', fault: { kind: 'delay', ms: 20_000 } });
    let answered = false;
    const read = item()
      .read()
      .then(() => (answered = true));
    await until(() => account.server.faults.struck() === 1);
    account.clock.advance(19_000);
    expect(answered).toBe(false);
    account.clock.advance(1_000);
    await read;
  });

  it('never comes for a hanging request, but its caller can give up', async () => {
    account.server.faults.add({ operation: 'read', fault: { kind: 'hang' } });
    const giveUp = new AbortController();
    const read = item().read({ abortSignal: giveUp.signal });
    await until(() => account.server.faults.struck() === 1);
    giveUp.abort();
    await expect(read).rejects.toThrow();
  });
});

describe('a stale replica', () => {
  const write = async (times: number) => {
    for (let i = 0; i < times; i++) await item().patch([{ op: 'incr', path: '/n', value: 1 }]);
  };

  it('answers reads, queries and the feed as it was some writes ago', async () => {
    await write(3);
    account.server.faults.add({ fault: { kind: 'stale', writes: 2 } });
    expect((await item().read()).resource).toMatchObject({ n: 1 });
    const { resources } = await sessions.items
      .query('SELECT VALUE c.n FROM c', { partitionKey: customer })
      .fetchAll();
    expect(resources).toEqual([1]);
  });

  it('has not heard of a document just created, and still has one just deleted', async () => {
    await sessions.items.create({ id: 'new', customer });
    const rule = account.server.faults.add({ operation: 'read', fault: { kind: 'stale', writes: 1 } });
    expect(await statusOf(sessions.item('new', customer).read())).toBe(404);
    await item().delete();
    expect((await item().read()).resource).toMatchObject({ n: 0 });
    rule();
    expect(await statusOf(item().read())).toBe(404);
  });

  it('does not bend writes: they are judged on what is', async () => {
    const { etag } = await item().read();
    await write(1);
    account.server.faults.add({ fault: { kind: 'stale', writes: 1 } });
    const stale = item().replace(
      { id: 'a', customer },
      { accessCondition: { type: 'IfMatch', condition: etag } },
    );
    expect(await statusOf(stale)).toBe(412);
  });

  it('does not serve a client whose session token is newer', async () => {
    const client = clientOf({
      endpoint: account.server.endpoint,
      key: account.server.key,
      consistencyLevel: 'Session',
    });
    const own = client.database('reconnect').container('sessions').item('a', customer);
    await own.patch([{ op: 'incr', path: '/n', value: 1 }]);
    account.server.faults.add({ fault: { kind: 'stale', writes: 1 } });
    expect((await own.read()).resource).toMatchObject({ n: 1 });
    expect((await item().read()).resource).toMatchObject({ n: 0 });
    client.dispose();
  });
});

describe('a rule', () => {
  it('strikes only its operation and container, after those it skips', async () => {
    account.server.faults.add({
      operation: ['read', 'delete'],
      container: 'sessions',
      skip: 1,
      fault: { kind: 'status', status: 500 },
    });
    expect(await statusOf(account.container('agents').item('x', 'x').read())).toBe(404);
    expect(await statusOf(item().read())).toBe(200);
    expect(await statusOf(item().read())).toBe(500);
    expect(await statusOf(item().replace({ id: 'a', customer }))).toBe(200);
  });

  it('strikes by chance, with the chance it is given', async () => {
    const chances = [0.9, 0.1];
    const own = await ownAccount({ random: () => chances.shift() ?? 1 });
    own.server.faults.add({ operation: 'read', probability: 0.5, fault: { kind: 'status', status: 500 } });
    const read = () => statusOf(own.container('sessions').item('a', 'p').read());
    expect([await read(), await read(), await read()]).toEqual([404, 500, 404]);
    await own.close();
  });
});

describe('over HTTP', () => {
  it('faults can be set and counters read, when the server was started so', async () => {
    const own = await ownAccount({ control: true });
    const control = (method: string, path: string, body?: unknown) =>
      fetch(`${own.server.endpoint}/_control/${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect(
      (
        await control('POST', 'faults', {
          operation: 'read',
          count: 1,
          fault: { kind: 'status', status: 500 },
        })
      ).status,
    ).toBe(200);
    expect(await statusOf(own.container('sessions').item('a', 'p').read())).toBe(500);
    expect(await (await control('GET', 'counters')).json()).toMatchObject({ billed: 1, struck: 1 });
    expect((await control('POST', 'faults', { fault: { kind: 'nonsense' } })).status).toBe(400);
    await own.close();
  });

  it('they cannot, otherwise', async () => {
    expect((await fetch(`${account.server.endpoint}/_control/counters`)).status).not.toBe(200);
  });
});

it('counters tell requests and bytes by operation and container', async () => {
  await item().replace({ id: 'a', customer });
  await sessions.items.query('SELECT * FROM c', { partitionKey: customer }).fetchAll();
  const [replace] = account.server.counters.all().filter((one) => one.operation === 'replace');
  expect(replace).toMatchObject({ container: 'sessions', requests: 1 });
  expect(replace?.requestBytes).toBeGreaterThan(40);
  expect(account.server.counters.billed()).toBe(2);
});
