import { CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import fc from 'fast-check';
import { cosmosStores, type CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { differences } from '../../src/adapters/cosmos/difference.ts';
import { movableClock, systemClock } from '../../src/clock.ts';
import type { Header } from '../../src/handoff/header.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';
import { sessionIdOf } from '../../src/session/ids.ts';
import { commands, MIN, shapes, START } from '../session/given.ts';
import { header, message, mia, NOON, opening, session } from './samples.ts';

/** Stands where the walks begin: what ends in them is kept long enough to be looked at. */
const clock = movableClock({ ...systemClock, now: () => START });
let cosmos: CosmosServer;
let stores: CosmosStores;
let client: CosmosClient;
let sent: string[];
beforeEach(async () => {
  sent = [];
  cosmos = await startCosmos({
    ...{ port: 0, file: ':memory:', clock, containers: CONTAINERS, database: DATABASE },
    observe: ({ operation, request }) => {
      if (operation === 'batch') sent.push(request.body);
    },
  });
  const { endpoint, key } = cosmos;
  stores = cosmosStores({ endpoint, key, database: DATABASE, clock, log: () => undefined });
  client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
});
afterEach(async () => {
  client.dispose();
  stores.dispose();
  await cosmos.close();
});

/** Writes a header over another, and gives what is stored then, and its etag. */
async function over(before: Header | undefined, etag: string | undefined, after: Header) {
  const { sessions } = stores;
  const done = await sessions.commit({
    ...{ over: etag, header: after, entries: [], dedupe: [] },
    ...(before !== undefined && { before }),
  });
  const read = await sessions.header(after.session.id);
  if (done.outcome !== 'committed' || read === undefined) throw new Error(`It was not written`);
  expect(read.etag).toBe(done.etag);
  return read;
}

test('whatever becomes of a session, the store has the header that was decided, of which only what differs was sent', async () => {
  let n = 0;
  const all = fc.nat(commands(0).length - 1);
  const steps = fc.array(fc.record({ command: all, wait: fc.constantFrom(0, 1, MIN), seq: fc.nat(3) }), {
    ...{ minLength: 5, maxLength: 12 },
  });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(shapes)), steps, async (shape, path) => {
      const s = shapes[shape]?.();
      if (s === undefined) return;
      n += 1;
      const id = sessionIdOf(mia, `walk-${String(n).padStart(6, '0')}`);
      const headed = (more: Partial<Header>): Header => ({
        ...header(id),
        session: { ...s.session(), id, customer: mia },
        ...more,
      });
      let [before, seq] = [headed({}), 0];
      let read = await over(undefined, undefined, before);
      for (const { command, wait, seq: more } of path) {
        const next = commands(s.unnoticed(wait).now())[command];
        if (next !== undefined) s.does(next);
        seq += more;
        const lastLine = { by: 'agent', text: `Line ${seq}`, at: NOON + seq } as const;
        const unseen = more === 3 ? [] : [seq];
        const after = headed({ seq, ...(more > 0 && { lastLine, unseen, owed: seq }) });
        read = await over(before, read.etag, after);
        expect(read.value).toEqual(JSON.parse(JSON.stringify(after)));
        // As an instance remembers it, or as it read it.
        before = more === 2 ? after : read.value;
      }
    }),
    { seed: 7, numRuns: 25 },
  );
  const patched = sent.filter((body) => body.includes('"operationType":"Patch"'));
  expect(patched.length).toBeGreaterThan(sent.length / 4);
});

test('a line is sent without what its header says anyway', async () => {
  const { sessions } = stores;
  const id = session(mia);
  const opened = await sessions.commit(opening(id));
  if (opened.outcome !== 'committed') throw new Error('It is not there');
  const said = message(id, opened.etag, 1);
  expect((await sessions.commit({ ...said, before: header(id) })).outcome).toBe('committed');
  expect((await sessions.header(id))?.value).toEqual(said.header);
  expect(sent.at(-1)).toContain('"path":"/body/seq","value":1');
  expect(sent.at(-1)).not.toContain('openedAt');
});

test('a header that somebody else has written is not patched, and nothing of the step is written', async () => {
  const { sessions } = stores;
  const id = session(mia);
  const opened = await sessions.commit(opening(id));
  if (opened.outcome !== 'committed') throw new Error('It is not there');
  const said = message(id, opened.etag, 1);
  await sessions.commit({ ...said, before: header(id) });
  const late = { ...message(id, opened.etag, 2), before: header(id) };
  expect(await sessions.commit(late)).toEqual({ outcome: 'conflict' });
  expect((await sessions.header(id))?.value).toEqual(said.header);
  expect(await sessions.entries(id, {})).toHaveLength(1);
  expect(await sessions.commit({ ...late, dedupe: said.dedupe })).toEqual({ outcome: 'duplicate' });
});

/** A document's members, some of them named as a path could not say. */
const members = fc.dictionary(
  fc.constantFrom('a', 'b', 'list', 'box', 'a/b', 'a~1', '0', '', '__proto__'),
  fc.oneof(
    fc.constantFrom(undefined, null, 0, 1, 'x', '', true, {}, []),
    fc.dictionary(
      fc.constantFrom('c', 'd', '1', 'e/f'),
      fc.constantFrom(undefined, null, 1, 2, [1], { g: 1 }),
    ),
  ),
);

test('of any document and any other, the service makes the other, where it can be told how', async () => {
  const container = client.database(DATABASE).container('sessions');
  let told = 0;
  await fc.assert(
    fc.asyncProperty(
      members,
      members,
      fc.constantFrom([], ['/body'], ['/body', '/body/box']),
      async (a, b, roots) => {
        const changes = differences({ body: a }, { body: b }, roots);
        if (changes === undefined || changes.length === 0) return;
        told += 1;
        const id = `any-${told}`;
        await container.items.create({ id, customer: mia, body: a });
        const patched = await container.item(id, mia).patch<{ body: unknown }>([...changes]);
        expect(patched.resource?.body).toEqual(JSON.parse(JSON.stringify(b)));
      },
    ),
    { seed: 3, numRuns: 150 },
  );
  expect(told).toBeGreaterThan(50);
});
