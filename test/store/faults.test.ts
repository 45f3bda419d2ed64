import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fault, Operation } from '../../src/local/cosmos/faults.ts';
import { embeddedStore, type EmbeddedStore } from './embedded.ts';
import {
  agent,
  agentId,
  audited,
  conversation,
  header,
  message,
  mia,
  NOON,
  opening,
  row,
  said,
  session,
} from './samples.ts';

let store: EmbeddedStore;
beforeEach(async () => {
  store = await embeddedStore();
});
afterEach(() => store.close());

const sid = session(mia);

async function opened(): Promise<string> {
  const done = await store.stores.sessions.commit(opening(sid));
  if (done.outcome !== 'committed') throw new Error('not opened');
  return done.etag;
}

const strike = (operation: Operation, fault: Fault, count = 1) =>
  store.cosmos.faults.add({ operation, fault, count });

/** Lets the clock run until the promise settles; the seconds it took. */
async function secondsUntil(settled: Promise<unknown>): Promise<number> {
  const state = { over: false };
  const end = () => (state.over = true);
  settled.then(end, end);
  let seconds = 0;
  while (!state.over && seconds < 100) {
    store.clock.advance(1000);
    seconds += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return seconds;
}

const refusals: readonly (readonly [string, Fault])[] = [
  ['429', { kind: 'status', status: 429, retryAfterMs: 5 }],
  ['449', { kind: 'status', status: 449 }],
  ['408', { kind: 'status', status: 408 }],
  ['410', { kind: 'status', status: 410 }],
  ['500', { kind: 'status', status: 500 }],
  ['502', { kind: 'status', status: 502 }],
  ['503', { kind: 'status', status: 503 }],
  ['504', { kind: 'status', status: 504 }],
  ['403/3, since another region is made the first', { kind: 'status', status: 403, substatus: 3 }],
  ['a dropped connection', { kind: 'drop', committed: false }],
];
const echoes: readonly (readonly [string, Fault])[] = [
  ['408 after the write', { kind: 'status', status: 408, committed: true }],
  ['503 after the write', { kind: 'status', status: 503, committed: true }],
  ['a connection dropped after the write', { kind: 'drop', committed: true }],
];

describe.each([...refusals, ...echoes])('a store that answers once with %s', (_name, fault) => {
  test('still has a message said once, and its answer is true', async () => {
    const etag = await opened();
    strike('batch', fault);
    const done = await store.stores.sessions.commit({ ...message(sid, etag, 1), audit: audited(sid, 2) });
    expect(store.cosmos.faults.struck()).toBe(1);
    expect(done).toEqual({ outcome: 'committed', etag: (await store.stores.sessions.header(sid))?.etag });
    expect(await store.stores.sessions.entries(sid, {})).toEqual([said(sid, 1)]);
  });

  test('still opens a session once, with etags that hold', async () => {
    strike('batch', fault);
    const done = await store.stores.sessions.commit(opening(sid));
    expect(done).toEqual({
      outcome: 'committed',
      etag: (await store.stores.sessions.header(sid))?.etag,
      indexEtag: (await store.stores.sessions.index(mia))?.etag,
    });
  });

  test('still marks, changes agents, files and beats once', async () => {
    const etag = await opened();
    const { sessions, agents, inbox, leases } = store.stores;
    strike('patch', fault);
    const marked = await sessions.mark(sid, etag, { delivered: 1 });
    expect(marked).toBe((await sessions.header(sid))?.etag);
    strike('create', fault);
    const anna = agentId('anna');
    const created = await agents.create(agent(anna));
    expect(created).toBe((await agents.agent(anna))?.etag);
    strike('replace', fault);
    const replaced = await agents.replace(agent(anna, { capacity: 5 }), created || '');
    expect(await agents.agent(anna)).toEqual({ value: agent(anna, { capacity: 5 }), etag: replaced });
    strike('create', fault);
    await inbox.put('queue:sales', sid, 1, 0, row(sid));
    strike('patch', fault);
    await inbox.put('queue:sales', sid, 2, 0, row(sid, { ver: 2 }));
    expect((await inbox.page('queue:sales', 'queue', 5)).rows).toEqual([row(sid, { ver: 2 })]);
    strike('create', fault);
    expect(await leases.take('feed', 'one', 0, 10)).toEqual({});
    strike('replace', fault);
    expect(await leases.save('feed', 'one', 'page')).toBe(true);
    strike('upsert', fault);
    await sessions.beat(mia, { conversation: conversation('c'), beatAt: NOON, phone: false });
    expect(store.cosmos.faults.struck()).toBe(8);
  });
});

describe('a batch that resolves with 207', () => {
  test.each([429, 449, 408, 410, 500, 503, 0] as const)(
    'and a step that failed with %i (0: none says why) has not been written, and is sent again',
    async (status) => {
      const etag = await opened();
      strike('batch', { kind: 'partial', status, at: 1 });
      const done = await store.stores.sessions.commit(message(sid, etag, 1));
      expect(store.cosmos.faults.struck()).toBe(1);
      expect(done).toEqual({ outcome: 'committed', etag: (await store.stores.sessions.header(sid))?.etag });
      expect(await store.stores.sessions.entries(sid, {})).toEqual([said(sid, 1)]);
    },
  );

  test('and a step that is not allowed fails the call, and is not taken for written', async () => {
    const etag = await opened();
    strike('batch', { kind: 'partial', status: 403 });
    await expect(store.stores.sessions.commit(message(sid, etag, 1))).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('does not take our identity: it answered 403') as string,
    });
    expect(await store.stores.sessions.entries(sid, {})).toEqual([]);
  });
});

describe.each<readonly [string, Fault]>([
  ['401', { kind: 'status', status: 401 }],
  ['403', { kind: 'status', status: 403, substatus: 5300 }],
])('a store that does not take our identity (%s)', (status, fault) => {
  test('fails every call at once and says so; nobody is taken for somebody unknown', async () => {
    const etag = await opened();
    const { sessions, agents, inbox, lookups } = store.stores;
    store.cosmos.faults.add({ fault });
    const calls = [
      sessions.header(sid),
      sessions.index(mia),
      sessions.commit(message(sid, etag, 1)),
      sessions.mark(sid, etag, { delivered: 1 }),
      sessions.hasDevice(mia, 'hash'),
      sessions.key(mia, 'hash'),
      agents.agent(agentId('anna')),
      agents.create(agent(agentId('anna'))),
      inbox.page('queue:sales', 'queue', 5),
      lookups.code('hash'),
    ];
    for (const one of await Promise.allSettled(calls))
      expect(one).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'store_unavailable',
          message: expect.stringContaining(`our identity: it answered ${status}`) as string,
        },
      });
    expect(store.logged.filter(({ event }) => event === 'store.retry')).toEqual([]);
  });
});

test('a container that is not there is no absence: no customer is new by it', async () => {
  await opened();
  store.cosmos.faults.add({ operation: 'read', fault: { kind: 'status', status: 404, substatus: 1003 } });
  for (const read of [store.stores.sessions.header(sid), store.stores.sessions.index(mia)])
    await expect(read).rejects.toMatchObject({ code: 'store_unavailable' });
});

test('a write region that moves away for four seconds fails no call', async () => {
  const etag = await opened();
  store.cosmos.faults.add({ operation: 'batch', fault: { kind: 'status', status: 403, substatus: 3 } });
  const done = store.stores.sessions.commit(message(sid, etag, 1));
  await expect.poll(() => store.cosmos.faults.struck()).toBeGreaterThan(0);
  for (let passed = 0; passed < 4_000; passed += 500) store.clock.advance(500);
  store.cosmos.faults.clear();
  store.clock.advance(800);
  expect((await done).outcome).toBe('committed');
});

test('metadata that is throttled holds up a first call, and no more', async () => {
  await opened();
  store.cosmos.faults.add({
    operation: 'metadata',
    count: 3,
    fault: { kind: 'status', status: 429, retryAfterMs: 5 },
  });
  const other = await store.another();
  expect(store.cosmos.faults.struck()).toBe(3);
  expect((await other.sessions.header(sid))?.value.session.id).toBe(sid);
});

test('a write in doubt that somebody has written over since is still known as ours, with an etag that matches nothing', async () => {
  const etag = await opened();
  const other = await store.another();
  strike('batch', { kind: 'drop', committed: true });
  // The second attempt of the first message is held up until another has been said.
  const gate = strike('batch', { kind: 'delay', ms: 1500 });
  const first = store.stores.sessions.commit(message(sid, etag, 1));
  await expect.poll(() => store.cosmos.faults.struck()).toBe(2);
  gate();
  const read = await other.sessions.header(sid);
  const second = await other.sessions.commit(message(sid, read?.etag ?? '', 2));
  expect(second.outcome).toBe('committed');
  store.clock.advance(1500);
  const done = await first;
  expect(done.outcome).toBe('committed');
  const over = done.outcome === 'committed' ? done.etag : '';
  expect(await store.stores.sessions.commit(message(sid, over, 3))).toEqual({ outcome: 'conflict' });
  expect((await other.sessions.entries(sid, {})).map((entry) => entry.seq)).toEqual([1, 2]);
});

test('a refusal after doubt that is somebody else’s stays a refusal', async () => {
  const etag = await opened();
  const other = await store.another();
  strike('batch', { kind: 'drop', committed: false });
  const gate = strike('batch', { kind: 'delay', ms: 1500 });
  const late = store.stores.sessions.commit(message(sid, etag, 1));
  await expect.poll(() => store.cosmos.faults.struck()).toBe(2);
  gate();
  await other.sessions.commit({
    over: etag,
    header: header(sid, { seq: 1 }),
    entries: [said(sid, 1, 'first')],
    dedupe: [],
  });
  store.clock.advance(1500);
  expect(await late).toEqual({ outcome: 'conflict' });
  expect(await other.sessions.entries(sid, {})).toEqual([said(sid, 1, 'first')]);
});

test('a store that hangs once is asked again in time', async () => {
  const etag = await opened();
  strike('batch', { kind: 'hang' });
  const done = store.stores.sessions.commit(message(sid, etag, 1));
  await expect.poll(() => store.cosmos.faults.struck()).toBe(1);
  store.clock.advance(1000);
  store.clock.advance(1000);
  store.clock.advance(1000);
  expect((await done).outcome).toBe('committed');
});

describe.each<readonly [string, Fault]>([
  ['hangs', { kind: 'hang' }],
  ['breaks every connection', { kind: 'drop', committed: false }],
  ['is throttled', { kind: 'status', status: 429, retryAfterMs: 400 }],
  ['is down', { kind: 'status', status: 503 }],
])('a store that %s for good', (_name, fault) => {
  test('fails every call within five seconds, says so, and has a resent message once in the end', async () => {
    const etag = await opened();
    const { sessions, agents, inbox, leases } = store.stores;
    const from = (await sessions.news(undefined)).next;
    store.cosmos.faults.add({ fault });
    const calls = [
      sessions.header(sid),
      sessions.commit(message(sid, etag, 1)),
      sessions.mark(sid, etag, { delivered: 1 }),
      sessions.entries(sid, {}),
      sessions.beat(mia, { conversation: conversation('c'), beatAt: NOON, phone: false }),
      sessions.news(from),
      agents.create(agent(agentId('anna'))),
      agents.roster(),
      inbox.put('queue:sales', sid, 1, 0, row(sid)),
      inbox.due(3, NOON),
      leases.take('feed', 'one', 0, 10),
    ];
    const all = Promise.allSettled(calls);
    expect(await secondsUntil(all)).toBeLessThanOrEqual(5);
    for (const one of await all)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'store_unavailable' } });
    const ready = store.stores.ready();
    await secondsUntil(ready);
    expect(await ready).toBe(false);
    store.cosmos.faults.clear();
    expect(await store.stores.ready()).toBe(true);
    await resend();
    expect(await sessions.entries(sid, {})).toHaveLength(1);
  });
});

/** As the house does: what was given up may land late, so a conflict is decided again. */
async function resend(): Promise<void> {
  const { sessions } = store.stores;
  for (;;) {
    const read = await sessions.header(sid);
    if (read === undefined) throw new Error('The session is gone');
    const again = message(sid, read.etag, read.value.seq + 1, 'activity-1');
    if ((await sessions.commit(again)).outcome !== 'conflict') return;
  }
}

test('a clock moved forward by an hour does not cut off a call under way', async () => {
  const etag = await opened();
  strike('batch', { kind: 'delay', ms: 500 });
  const done = store.stores.sessions.commit(message(sid, etag, 1));
  await expect.poll(() => store.cosmos.faults.struck()).toBe(1);
  store.clock.advance(60 * 60 * 1000);
  expect((await done).outcome).toBe('committed');
  expect(store.logged).toEqual([]);
});

test('a replica that is behind is no absence', async () => {
  await opened();
  strike('read', { kind: 'status', status: 404, substatus: 1002 });
  expect(await store.stores.sessions.header(sid)).toBeDefined();
});

test('what is logged of a retry has neither ids nor text of people', async () => {
  const etag = await opened();
  strike('batch', { kind: 'status', status: 449 });
  await store.stores.sessions.commit(message(sid, etag, 1));
  expect(store.logged).toEqual([{ event: 'store.retry', what: 'sessions.batch', status: 449, tries: 1 }]);
});
