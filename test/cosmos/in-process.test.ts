import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Container } from '@azure/cosmos';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import { cosmosEngine, type CosmosEngine } from '../../src/local/cosmos/engine.ts';
import { engineHttpClient } from '../../src/local/cosmos/http-client.ts';
import { clientOf, statusOf } from './account.ts';

let clock: MovableClock;
let engine: CosmosEngine;
let sessions: Container;
beforeEach(() => {
  clock = movableClock({ now: () => Date.UTC(2030, 0, 1), after: () => () => undefined });
  engine = cosmosEngine({ file: ':memory:', clock, database: DATABASE, containers: CONTAINERS });
  const client = clientOf({
    endpoint: 'http://cosmos.local',
    key: engine.key,
    httpClient: engineHttpClient(engine),
  });
  sessions = client.database(DATABASE).container('sessions');
});
afterEach(() => engine.close());

it('the real SDK runs without a socket, on the given clock alone', async () => {
  const { resource } = await sessions.items.create({ id: 'a', customer: 'p', ttl: 60 });
  expect(resource).toMatchObject({ _ts: Date.UTC(2030, 0, 1) / 1000 });
  clock.advance(60_000);
  expect(await statusOf(sessions.item('a', 'p').read())).toBe(404);
});

it('queries, batches and pages work as over HTTP', async () => {
  const creates = Array.from({ length: 5 }, (_, seq) => ({
    operationType: 'Create' as const,
    resourceBody: { id: `d${seq}`, customer: 'p', seq },
  }));
  expect((await sessions.items.batch(creates, 'p')).code).toBe(200);
  const iterator = sessions.items.query<number>('SELECT VALUE c.seq FROM c ORDER BY c.seq DESC', {
    partitionKey: 'p',
    maxItemCount: 2,
  });
  const pages: number[][] = [];
  while (iterator.hasMoreResults()) pages.push((await iterator.fetchNext()).resources);
  expect(pages).toEqual([[4, 3], [2, 1], [0]]);
});

it('a dropped connection looks as it does on a network', async () => {
  engine.faults.add({ operation: 'create', fault: { kind: 'drop', committed: true } });
  await expect(sessions.items.create({ id: 'a', customer: 'p' })).rejects.toMatchObject({
    code: 'ECONNRESET',
  });
  expect(await statusOf(sessions.item('a', 'p').read())).toBe(200);
});

it('a delayed answer comes when the clock is moved', async () => {
  engine.faults.add({ operation: 'read', fault: { kind: 'delay', ms: 60_000 } });
  const read = sessions.item('a', 'p').read();
  while (engine.faults.struck() === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(60_000);
  expect(await statusOf(read)).toBe(404);
});

it('a hanging request ends when its caller gives up, or the database closes', async () => {
  engine.faults.add({ operation: 'read', fault: { kind: 'hang' } });
  const giveUp = new AbortController();
  const given = sessions.item('a', 'p').read({ abortSignal: giveUp.signal });
  const left = sessions.item('b', 'p').read();
  while (engine.faults.struck() < 2) await new Promise((resolve) => setImmediate(resolve));
  giveUp.abort();
  await expect(given).rejects.toThrow();
  engine.close();
  await expect(left).rejects.toThrow();
});
