import { CosmosClient, type OperationInput } from '@azure/cosmos';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answered, failureOf } from '../../src/adapters/cosmos/answers.ts';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { sender } from '../../src/adapters/cosmos/sender.ts';
import { shortWay } from '../../src/adapters/cosmos/short-way.ts';
import type { PageOptions, Wire } from '../../src/adapters/cosmos/wire.ts';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import type { Fault } from '../../src/local/cosmos/faults.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';

let server: CosmosServer;
let clock: MovableClock;
let client: CosmosClient;
let logged: unknown[];
/** Which way each request came: the SDK tells what it is able to, and we do not. */
let came: ('sdk' | 'short')[];
let sdk: Wire;
let short: Wire;

beforeEach(async () => {
  clock = movableClock();
  [came, logged] = [[], []];
  server = await startCosmos({
    ...{ port: 0, file: ':memory:', clock, containers: CONTAINERS, database: DATABASE },
    observe: ({ operation, request: { headers } }) => {
      if (operation === 'metadata') return;
      came.push('x-ms-cosmos-sdk-supportedcapabilities' in headers ? 'sdk' : 'short');
    },
  });
  const { endpoint, key } = server;
  client = new CosmosClient({
    ...{ endpoint, key },
    connectionPolicy: {
      ...{ enableEndpointDiscovery: false, enablePartitionLevelFailover: false },
      retryOptions: { maxRetryAttemptCount: 0, fixedRetryIntervalInMilliseconds: 0, maxWaitTimeInSeconds: 0 },
    },
  });
  const container = client.database(DATABASE).container('sessions');
  const send = sender({ endpoint, key, clock, placeNow: () => client.getWriteEndpoint() });
  const log = (event: string, fields?: object) => void logged.push({ event, ...fields });
  [sdk, short] = [container, shortWay(send, clock, log)(container)];
});
afterEach(async () => {
  client.dispose();
  await server.close();
});

type Request = (wire: Wire, partition: string) => Promise<unknown>;

/** What a request comes to for the house: an answer, or what is to be thought of its failure. */
const comesTo = async (request: Promise<unknown>): Promise<unknown> =>
  request.then(strip, (error: unknown) => ({ failed: failureOf(error) }));

/** Without what differs from one document to the next: etags, and what the store adds. */
const strip = (said: unknown): unknown =>
  JSON.parse(
    JSON.stringify(said, (name, value: unknown) =>
      name.startsWith('_') || name === 'etag' || name === 'eTag' || name === 'customer' ? undefined : value,
    ),
  );

const set = (value: unknown) => [{ op: 'set' as const, path: '/n', value }];
const over = (condition: string) => ({ accessCondition: { type: 'IfMatch', condition } });
const etagOf = async (wire: Wire, id: string, partition: string) =>
  (await wire.item(id, partition).read({})).etag;
const batch = (wire: Wire, partition: string, steps: OperationInput[]) =>
  wire.items.batch(steps, partition, { contentResponseOnWriteEnabled: false });

const page = (wire: Wire, query: string, options: PageOptions) =>
  wire.items.query<unknown>({ query, parameters: [] }, options).fetchNext();

const REQUESTS: readonly (readonly [string, Request])[] = [
  ['a document is read', (wire, p) => answered(wire.item('a', p).read({}))],
  ['none is there to be read', (wire, p) => answered(wire.item('none', p).read({}))],
  ['an id has signs of its own', (wire, p) => answered(wire.item('s:ü 1%+', p).read({}))],
  [
    'it is replaced over the version read',
    async (wire, p) =>
      answered(wire.item('a', p).replace({ id: 'a', customer: p, n: 2 }, over(await etagOf(wire, 'a', p)))),
  ],
  [
    'it is replaced over an older version',
    (wire, p) => answered(wire.item('a', p).replace({ id: 'a', customer: p, n: 2 }, over('"old"'))),
  ],
  [
    'none is there to be replaced',
    (wire, p) => answered(wire.item('none', p).replace({ id: 'none', customer: p }, {})),
  ],
  ['it is patched', (wire, p) => answered(wire.item('a', p).patch(set('ü'), {}))],
  [
    'it is patched over an older version',
    (wire, p) => answered(wire.item('a', p).patch(set(2), over('"old"'))),
  ],
  [
    'it is patched while something holds',
    (wire, p) =>
      answered(wire.item('a', p).patch({ condition: 'from c where c.n = 1', operations: set(2) }, {})),
  ],
  [
    'it is patched while something does not hold',
    (wire, p) =>
      answered(wire.item('a', p).patch({ condition: 'from c where c.n = 7', operations: set(2) }, {})),
  ],
  [
    'a number is counted up',
    (wire, p) => answered(wire.item('a', p).patch([{ op: 'incr', path: '/n', value: 1 }], {})),
  ],
  [
    'a document is created',
    async (wire, p) => [
      await answered(wire.items.create({ id: 'ü', customer: p, n: 1 }, {})),
      await answered(wire.item('ü', p).read({})),
    ],
  ],
  ['one that is there is created', (wire, p) => answered(wire.items.create({ id: 'a', customer: p }, {}))],
  [
    'a document is put where none is, and over the one that is',
    async (wire, p) => [
      await answered(wire.items.upsert({ id: 'b', customer: p, n: 1 }, {})),
      await answered(wire.items.upsert({ id: 'a', customer: p, n: 9 }, {})),
      await answered(wire.item('a', p).read({})),
    ],
  ],
  [
    'a batch is done',
    async (wire, p) =>
      (
        await batch(wire, p, [
          { operationType: 'Create', resourceBody: { id: 'b', customer: p } },
          { operationType: 'Patch', id: 'a', resourceBody: { operations: set(3) } },
        ])
      ).result,
  ],
  [
    'documents of a partition are asked for, page by page',
    async (wire, p) => {
      const first = await page(wire, 'SELECT c.id FROM c', { partitionKey: p, maxItemCount: 1 });
      const token = first.continuationToken;
      return [
        first,
        await page(wire, 'SELECT c.id FROM c', { partitionKey: p, continuationToken: token }),
      ].map(({ resources, continuationToken }) => ({ resources, isLast: !continuationToken }));
    },
  ],
  [
    'they are asked for in an order',
    async (wire, p) =>
      (await page(wire, 'SELECT c.id, c.seq FROM c ORDER BY c.seq DESC', { partitionKey: p })).resources,
  ],
  [
    'they are asked for in all partitions',
    async (wire) => (await page(wire, 'SELECT c.id, c.seq FROM c WHERE c.seq = 1', {})).resources,
  ],
  [
    'nothing of the kind is there',
    async (wire, p) =>
      (await page(wire, 'SELECT c.id FROM c WHERE c.seq = 7', { partitionKey: p })).resources,
  ],
  [
    'a batch is refused, and nothing of it done',
    async (wire, p) => {
      const said = await batch(wire, p, [
        { operationType: 'Create', resourceBody: { id: 'b', customer: p } },
        { operationType: 'Create', resourceBody: { id: 'a', customer: p } },
      ]);
      const statuses = said.result?.map(({ statusCode }) => statusCode);
      return { statuses, there: await answered(wire.item('b', p).read({})) };
    },
  ],
];

describe.each(['c1', 'agent:Zoë'])('in the partition %s', (partition) => {
  test.each(REQUESTS)('the short way tells what the SDK tells when %s', async (_, request) => {
    const fill = async (wire: Wire, p: string) => {
      await wire.items.create({ id: 'a', customer: p, n: 1, seq: 2 }, {});
      await wire.items.create({ id: 's:ü 1%+', customer: p, seq: 1 }, {});
    };
    await fill(sdk, `${partition} 1`);
    await fill(short, `${partition} 2`);
    const expected = await comesTo(request(sdk, `${partition} 1`));
    came.length = 0;
    expect(await comesTo(request(short, `${partition} 2`))).toEqual(expected);
    expect(came).not.toContain('sdk');
  });
});

const status = (code: Extract<Fault, { kind: 'status' }>['status'], substatus?: number): Fault => ({
  ...{ kind: 'status', status: code, retryAfterMs: 7 },
  ...(substatus !== undefined && { substatus }),
});
const FAULTS: readonly Fault[] = [
  status(401),
  status(403),
  status(404, 1002),
  status(404, 1003),
  status(408),
  status(410),
  status(429),
  status(449),
  status(500),
  status(502),
  status(503),
  status(504),
  { kind: 'drop', committed: false },
];

test.each(FAULTS)('a failure means what it means through the SDK: %o', async (fault) => {
  const strike = async (wire: Wire): Promise<unknown> => {
    // More than once, because the SDK itself asks some again.
    const calm = server.faults.add({ operation: 'batch', fault, count: 50 });
    const said = await comesTo(batch(wire, 'c1', [{ operationType: 'Delete', id: 'a' }]));
    calm();
    return said;
  };
  expect(await strike(short)).toEqual(await strike(sdk));
});

// Without the broken connection: the SDK would try a read again for ten seconds, behind its own deadline.
const ANSWERS = FAULTS.filter(({ kind }) => kind === 'status');

test.each(ANSWERS)('a query that fails means what it means through the SDK: %o', async (fault) => {
  const strike = async (wire: Wire): Promise<unknown> => {
    const calm = server.faults.add({ operation: 'query', fault, count: 50 });
    const said = await comesTo(page(wire, 'SELECT c.id FROM c', { partitionKey: 'c1' }));
    calm();
    return said;
  };
  expect(await strike(short)).toEqual(await strike(sdk));
});

test('a query whose connection breaks has not been answered', async () => {
  server.faults.add({ operation: 'query', fault: { kind: 'drop', committed: false }, count: 1 });
  expect(await comesTo(page(short, 'SELECT c.id FROM c', { partitionKey: 'c1' }))).toMatchObject({
    failed: { status: undefined, transient: true },
  });
});

test('a page is gone on from by either way', async () => {
  for (const id of ['a', 'b', 'c']) await sdk.items.create({ id, customer: 'c1' }, {});
  const ids = async (wire: Wire, continuationToken?: string) => {
    const options = { partitionKey: 'c1', maxItemCount: 1, ...(continuationToken && { continuationToken }) };
    return page(wire, 'SELECT c.id FROM c', options);
  };
  const first = await ids(short);
  const second = await ids(sdk, first.continuationToken);
  const third = await ids(short, second.continuationToken);
  expect([first, second, third].flatMap(({ resources }) => resources)).toEqual([
    { id: 'a' },
    { id: 'b' },
    { id: 'c' },
  ]);
});

test('what has to be asked of each range apart is left to the SDK, and all else stays', async () => {
  for (const [seq, id] of ['a', 'b'].entries()) await sdk.items.create({ id, customer: id, seq }, {});
  came.length = 0;
  const { resources } = await page(short, 'SELECT c.id FROM c ORDER BY c.seq DESC', {});
  expect(resources).toEqual([{ id: 'b' }, { id: 'a' }]);
  expect(came).toContain('sdk');
  came.length = 0;
  await page(short, 'SELECT c.id FROM c', { partitionKey: 'a' });
  expect([came, logged]).toEqual([['short'], []]);
});

test('after a failure everything goes through the SDK for a minute, and then the short way again', async () => {
  server.faults.add({ operation: 'read', fault: status(503), count: 1 });
  const read = () => comesTo(answered(short.item('a', 'c1').read({})));
  expect(await read()).toMatchObject({ failed: { status: 503, transient: true } });
  expect(await read()).toEqual({ status: 'missing' });
  clock.advance(60_000);
  await read();
  expect(came).toEqual(['short', 'sdk', 'short']);
  expect(logged).toEqual([{ event: 'store.aside', why: 503 }]);
});

test('what is refused for a reason that is not ours to judge is asked through the SDK at once', async () => {
  server.faults.add({ operation: 'read', fault: status(401), count: 1 });
  expect(await answered(short.item('a', 'c1').read({}))).toEqual({ status: 'missing' });
  expect(came).toEqual(['short', 'sdk']);
});

test('what the store gave up, and may have done all the same, is not asked a second time', async () => {
  server.faults.add({ operation: 'batch', fault: status(408), count: 1 });
  const deleted = batch(short, 'c1', [{ operationType: 'Delete', id: 'a' }]);
  expect(await comesTo(deleted)).toMatchObject({ failed: { status: 408, doubtful: true } });
  expect(came).toEqual(['short']);
});

test('who has to wait a little stays on the short way', async () => {
  server.faults.add({ operation: 'read', fault: status(429), count: 1 });
  const read = () => comesTo(answered(short.item('a', 'c1').read({})));
  expect(await read()).toMatchObject({ failed: { status: 429, retryAfterMs: 7 } });
  await read();
  expect(came).toEqual(['short', 'short']);
});

test('who gives up is not kept waiting', async () => {
  server.faults.add({ operation: 'read', fault: { kind: 'hang' }, count: 1 });
  const giveUp = new AbortController();
  const read = comesTo(answered(short.item('a', 'c1').read({ abortSignal: giveUp.signal })));
  await expect.poll(() => server.faults.struck()).toBe(1);
  giveUp.abort();
  expect(await read).toMatchObject({ failed: { status: undefined, doubtful: true } });
});
