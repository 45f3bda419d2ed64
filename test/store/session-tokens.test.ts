import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import { CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { sender } from '../../src/adapters/cosmos/sender.ts';
import { withSessionTokens } from '../../src/adapters/cosmos/session-tokens.ts';
import { shortWay } from '../../src/adapters/cosmos/short-way.ts';
import type { Wire } from '../../src/adapters/cosmos/wire.ts';
import { movableClock } from '../../src/clock.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';

/** An instance's two ways to the store. */
interface Instance {
  readonly sdk: Wire;
  readonly short: Wire;
  readonly close: () => void;
}

let server: CosmosServer;
let here: Instance;
let there: Instance;

function open(): Instance {
  const { endpoint, key } = server;
  const clock = movableClock();
  const httpClient = withSessionTokens(createDefaultHttpClient());
  const client = new CosmosClient({
    ...{ endpoint, key, httpClient },
    connectionPolicy: {
      ...{ enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
      retryOptions: { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 },
    },
  });
  const sdk = client.database(DATABASE).container('sessions');
  const send = sender({ endpoint, key, clock, httpClient, placeNow: () => client.getWriteEndpoint() });
  return { sdk, short: shortWay(send, clock, () => undefined)(sdk), close: () => client.dispose() };
}

const read = async (wire: Wire): Promise<unknown> => (await wire.item('a', 'mia').read({})).resource;
const asked = async (wire: Wire): Promise<readonly unknown[]> =>
  (await wire.items.query({ query: 'SELECT c.n FROM c' }, { partitionKey: 'mia' }).fetchNext()).resources;
const written = (n: number) => ({ id: 'a', customer: 'mia', n });

beforeEach(async () => {
  server = await startCosmos({
    ...{ port: 0, file: ':memory:', clock: movableClock(), containers: CONTAINERS, database: DATABASE },
  });
  [here, there] = [open(), open()];
  await there.sdk.items.create(written(1), {});
  // From now on whoever does not say what they have seen is answered by a replica that is one write behind.
  server.faults.add({ fault: { kind: 'stale', writes: 1 } });
});
afterEach(async () => {
  for (const instance of [here, there]) instance.close();
  await server.close();
});

test('an instance that has seen nothing may be told what was before', async () => {
  await there.short.item('a', 'mia').replace(written(2), {});
  expect(await read(here.short)).toMatchObject({ n: 1 });
});

test.each(['sdk', 'short'] as const)('what was written past the SDK is read by the %s', async (way) => {
  await here.short.item('a', 'mia').replace(written(2), {});
  expect(await read(here[way])).toMatchObject({ n: 2 });
});

test('what was written past the SDK is found by a query', async () => {
  await here.short.item('a', 'mia').replace(written(2), {});
  expect(await asked(here.short)).toEqual([{ n: 2 }]);
});

test('what the SDK has written is read past it', async () => {
  await here.sdk.items.upsert(written(2), {});
  expect(await read(here.short)).toMatchObject({ n: 2 });
});

test('whoever lost a race reads what has won it', async () => {
  await there.short.item('a', 'mia').replace(written(2), {});
  const lost = here.short
    .item('a', 'mia')
    .replace(written(3), { accessCondition: { type: 'IfMatch', condition: '"old"' } });
  await expect(lost).rejects.toMatchObject({ code: 412 });
  expect(await read(here.short)).toMatchObject({ n: 2 });
});

test('a later look does not make it forget what it has seen', async () => {
  await here.short.item('a', 'mia').replace(written(2), {});
  server.faults.clear();
  await read(here.short);
  server.faults.add({ fault: { kind: 'stale', writes: 1 } });
  expect(await read(here.short)).toMatchObject({ n: 2 });
});
