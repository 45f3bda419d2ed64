import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { digest, VERSION } from '../../src/adapters/cosmos/documents.ts';
import { movableClock, systemClock } from '../../src/clock.ts';
import { BUDGETS } from '../../src/server/budgets.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Customer } from '../production/people.ts';
import { until, type Answer, type Asking } from '../server/house.ts';

/** Two instances over one store, on a clock that stands still unless it is moved: windows end when the test says so. */
let desks: readonly [TestDesk, TestDesk];
beforeAll(async () => {
  // The SDK prints every activity that nobody has signed.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const startedAt = Date.now();
  const clock = movableClock({ ...systemClock, now: () => startedAt });
  const first = await openDesk({}, undefined, undefined, clock);
  desks = [first, await openDesk({}, first)];
});
afterAll(async () => {
  for (const desk of [...desks].reverse()) await desk.close();
  vi.restoreAllMocks();
});

/** Asks so often, a few at a time, of both in turn. */
async function flood(times: number, one: (desk: TestDesk, n: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; n < times; n += 20)
    answers.push(
      ...(await Promise.all(Array.from({ length: 20 }, (_, i) => one(desks[(n + i) % 2 ? 1 : 0], n + i)))),
    );
  return answers;
}
const refused = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 429);
const most = ({ free, shared }: { readonly free: number; readonly shared: number }) => 2 * free + shared;
const types = ({ userId, conversation }: Customer) => ({
  ...{ type: 'typing', from: { id: userId }, conversation: { id: conversation } },
});
const from = (address: string): Asking => ({ headers: { 'x-forwarded-for': `198.51.100.7, ${address}` } });

describe('T32: a customer who floods the chat', () => {
  test('T32: is told to wait by all instances together, is heard again afterwards, and nobody else notices', async () => {
    const [desk] = desks;
    const [mallory, lea] = [await customerAt(desk), await customerAt(desk)];
    const jonas = await agentAt(desk, 'Jonas Weber', 1);
    await lea.say('agent');
    const sid = await rowIn(jonas, 'queue', lea);
    await jonas.act(sid, { act: 'accept' });

    const answers = await flood(360, (to) => to.from('directline', types(mallory)));
    const over = refused(answers);
    expect(answers.length - over.length).toBeLessThanOrEqual(most(BUDGETS.line));
    expect(over.length).toBeGreaterThanOrEqual(360 - most(BUDGETS.line));
    expect(over[0]?.body).toMatchObject({ error: { code: 'too_many' } });
    expect(Number(over[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await mallory.say('let me in')).status).toBe(429);

    expect((await lea.say('Where is my parcel?')).status).toBe(200);
    expect((await jonas.act(sid, { act: 'message', text: 'On its way.' })).status).toBe(200);
    await until(() => lea.reads().includes('On its way.'), 'Lea is answered');

    desk.clock.advance(BUDGETS.line.windowMs);
    expect((await mallory.say('let me in')).status).toBe(200);
  });

  test('T32: cannot have somebody else refused: who is not the channel spends nothing', async () => {
    const [desk] = desks;
    const lea = await customerAt(desk);
    const forged = await flood(320, (to) =>
      to.ask('POST', '/api/messages', {
        ...types(lea),
        ...{ channelId: 'directline', id: 'x', serviceUrl: desk.azure.serviceUrl('directline') },
      }),
    );
    expect(new Set(forged.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await lea.say('hello')).status).toBe(200);
  });

  test('T32: asks for tokens no more than a browser needs them', async () => {
    const lea = await customerAt(desks[0]);
    const before = desks[0].azure.tokenRequests.length;
    const answers = await flood(140, (to) => to.ask('POST', '/api/directline/token', {}, lea.asking));
    expect(refused(answers).length).toBeGreaterThanOrEqual(140 - most(BUDGETS.token));
    expect(desks[0].azure.tokenRequests.length - before).toBeLessThanOrEqual(most(BUDGETS.token));
  });
});

describe('T32: an address that floods the house', () => {
  test('T32: with what no channel has signed is not even looked at after so many, and channels are', async () => {
    const lea = await customerAt(desks[0]);
    const forged = { ...types(lea), channelId: 'directline', id: 'x' };
    const signed = { ...forged, serviceUrl: desks[0].azure.serviceUrl('directline') };
    const answers = await flood(220, (to) =>
      to.ask('POST', '/api/messages', signed, { ...from('203.0.113.5'), bearer: 'a.b.c' }),
    );
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(most(BUDGETS.forged));
    expect(refused(answers).length).toBeGreaterThanOrEqual(220 - most(BUDGETS.forged));
    expect((await lea.say('hello')).status).toBe(200);
  });

  test('T32: begins no more chats than an office would, and other addresses begin theirs', async () => {
    const answers = await flood(320, (to) =>
      to.ask('POST', '/api/directline/token', {}, from('203.0.113.9')),
    );
    const over = refused(answers).length;
    expect(over).toBeGreaterThanOrEqual(320 - most(BUDGETS.newFromAddress));
    const before = desks[0].writes();
    const late = await desks[1].ask('POST', '/api/directline/token', {}, from('203.0.113.9'));
    expect([late.status, desks[1].writes()]).toEqual([429, before]);
    const other = await desks[1].ask('POST', '/api/directline/token', {}, from('203.0.113.10'));
    expect(other.status).toBe(200);
  });

  test('T32: is not heard whatever it says in X-Forwarded-For before our own proxy’s word', async () => {
    const asked = (n: number) => ({ 'x-forwarded-for': `192.0.2.${n % 250}, 203.0.113.77` });
    const answers = await flood(2_000, (to, n) =>
      to.ask('GET', '/api/widgets/chat', undefined, { headers: asked(n) }),
    );
    expect(refused(answers).length).toBeGreaterThanOrEqual(2_000 - most(BUDGETS.address));
    expect((await desks[0].ask('GET', '/api/widgets/chat', undefined, from('203.0.113.78'))).status).toBe(
      200,
    );
  });
});

test('T32: past all the new browsers a minute can bring, whoever is known still gets in', async () => {
  const [desk] = desks;
  const lea = await customerAt(desk);
  const { windowMs, free, shared } = BUDGETS.new;
  desk.clock.advance(windowMs);
  await counted(desk, 'new|', windowMs, shared - 5);
  const answers = await flood(2 * free + 20, (to, n) =>
    to.ask('POST', '/api/directline/token', {}, from(`10.${n}.0.1`)),
  );
  expect(refused(answers).length).toBeGreaterThanOrEqual(15);
  expect((await lea.again()).opened.status).toBe(200);
});

/** Has other instances count so much by now. */
async function counted(
  { cosmos, clock }: TestDesk,
  name: string,
  windowMs: number,
  n: number,
): Promise<void> {
  const client = new CosmosClient({ endpoint: cosmos.endpoint, key: cosmos.key });
  const id = `rate:${digest(name)}:${Math.floor(clock.now() / windowMs)}`;
  await client
    .database(DATABASE)
    .container('lookups')
    .items.create({ id, kind: 'rate', v: VERSION, ttl: 600, body: { n } });
  client.dispose();
}
