import { afterEach, beforeEach, expect, test } from 'vitest';
import type { InboxList, Row } from '../../src/handoff/inbox.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, type Customer } from './people.ts';
import { drops, later, withAgent } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let ben: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  ben = await new Agent(town, 'Ben Okoro').signsIn(house);
});
afterEach(() => town.close());

/** Anna's customer asks something while their page goes on showing the chat. */
async function waiting(): Promise<Customer> {
  const mia = await withAgent(town, house, anna);
  await mia.says(house, 'Are you there?');
  return mia;
}
/** Time passes while the customer's page beats as pages do. */
async function waits(mia: Customer, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= MINUTE) {
    await later(town, house, Math.min(left, MINUTE));
    await mia.beats(house);
  }
}
const queue = async (agent: Agent): Promise<readonly Row[]> => list(`queue:support`, 'queue', agent);
const list = async (view: `queue:${string}` | `agent:${string}`, which: InboxList, _: Agent) =>
  (await house.stores.inbox.page(view, which, 50)).rows;
const told = async (mia: Customer): Promise<readonly string[]> =>
  (await mia.ledger()).filter((line) => line.startsWith('('));
const saysAway = (agent: Agent) => house.house.agents.setPresence(agent.ref.id, { status: 'away' });

test('row 36, P15: a customer whose agent falls silent is told, and at three minutes others may take over', async () => {
  const mia = await waiting();
  await waits(mia, 100_000);
  await until(() => told(mia)).toEqual(expect.arrayContaining(['(agentSilent)']));
  await until(() => mia.sees().at(-1)).toContain('Anna is not answering');
  await waits(mia, 100_000);
  await until(() => told(mia)).toEqual(expect.arrayContaining(['(offeredOn)']));
  await until(async () => (await queue(ben)).map(({ status, owner }) => [status, owner?.name])).toEqual([
    ['active', 'Anna Bell'],
  ]);
  expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });

  const { id, epoch } = await mia.session();
  expect((await ben.act(house, id, 'accept')).refused).toBeUndefined();
  expect(await mia.session()).toMatchObject({ owner: ben.ref, epoch: epoch + 1 });
  await until(() => ben.slots()).toEqual({ [id]: 'owned' });
  await until(() => anna.slots()).toEqual({});
  await until(() => mia.sees().at(-1)).toBe('Ben is here.');
  expect((await anna.says(house, id, 'Sorry!')).refused).toEqual({ kind: 'notYours' });
});

test('N14: an agent who acts again before anybody took over keeps the chat, and the customer is told', async () => {
  const mia = await waiting();
  await waits(mia, 4 * MINUTE);
  await until(() => told(mia)).toContain('(offeredOn)');
  const { id } = await mia.session();
  await anna.says(house, id, 'Here I am');
  expect(await mia.session()).not.toHaveProperty('offeredOnAt');
  await until(() => mia.sees().slice(-2)).toEqual(['Anna is back.', 'Here I am']);
  await until(() => queue(ben)).toEqual([]);
  expect((await ben.act(house, id, 'accept')).refused).toMatchObject({ kind: 'taken' });
});

test('N14: an agent whose tab comes back before anybody took over keeps the chat', async () => {
  const mia = await waiting();
  await waits(mia, 4 * MINUTE);
  await until(() => told(mia)).toContain('(offeredOn)');
  const closed = house.house.agents.opened(anna.ref.id);
  await passes(town.clock, async () => (await told(mia)).includes('(agentBack)'));
  expect(await mia.session()).not.toHaveProperty('agentSilentAt');
  closed();
});

test('an agent whose tab is open is there, however long they think, and it costs no write', async () => {
  const mia = await waiting();
  const closed = house.house.agents.opened(anna.ref.id);
  await later(town, house, 10_000);
  const before = await house.stores.agents.agent(anna.ref.id);
  await waits(mia, 5 * MINUTE);
  expect(await told(mia)).not.toContain('(agentSilent)');
  expect((await house.stores.agents.agent(anna.ref.id))?.etag).toBe(before?.etag);
  closed();
  await later(town, house, 6_000);
  await waits(mia, 4 * MINUTE);
  await until(() => told(mia)).toContain('(agentSilent)');
});

test('tabs of an instance that died count as closed', async () => {
  const dead = await town.open({ running: false });
  const mia = await waiting();
  dead.house.agents.opened(anna.ref.id);
  await passes(town.clock, async () => (await noted()) !== undefined);
  async function noted() {
    return (await house.stores.agents.agent(anna.ref.id))?.value.tabs;
  }
  const { aliveAt } = await house.house.agents.noticed(anna.ref.id);
  expect(town.clock.now() - aliveAt).toBeLessThan(1_000);
  await dead.stop();
  // Whoever stops in peace says so; this one is found with its tab still noted.
  const read = await house.stores.agents.agent(anna.ref.id);
  await house.stores.agents.replace({ ...read!.value, tabs: { gone: town.clock.now() } }, read!.etag);
  await waits(mia, 4 * MINUTE);
  await until(() => told(mia)).toContain('(agentSilent)');
});

test('row 72, P1: an agent who is away is not waited for: a customer who writes to them is offered on at once', async () => {
  const mia = await waiting();
  await saysAway(anna);
  await passes(town.clock, async () => (await told(mia)).includes('(offeredOn)'), 100, 10_000);
  await until(() => mia.sees().some((text) => text.includes('Anna has had to step away'))).toBe(true);
});

test('row 29, P1: the question to an agent who goes away moves on at once, with the earlier place', async () => {
  const mia = await withAgent(town, house, anna);
  const { queuedAt } = await mia.session();
  await drops(town, house, mia);
  await later(town, house, 11 * MINUTE);
  await mia.says(house, 'back again');
  expect((await mia.session()).status).toBe('resuming');
  await saysAway(anna);
  const ms = await passes(town.clock, async () => (await mia.session()).status === 'queued', 100, 10_000);
  expect(ms).toBeLessThan(60_000);
  expect(await mia.session()).toMatchObject({ queuedAt, moved: { why: 'agentAway', from: anna.ref } });
  await until(async () => (await queue(ben)).map(({ moved }) => moved?.from?.name)).toEqual(['Anna Bell']);
});

test('an agent whose permission is revoked is not waited for', async () => {
  const mia = await waiting();
  await house.house.agents.admit({ ...anna.ref, roles: [] });
  await passes(town.clock, async () => (await told(mia)).includes('(offeredOn)'), 100, 10_000);
  const { id } = await mia.session();
  expect((await ben.act(house, id, 'accept')).refused).toBeUndefined();
});

test('row 74, P24: an agent whose Teams refuses our cards is not waited for, until a sign of life', async () => {
  await anna.opensTeams(house);
  const mia = await waiting();
  const { id } = await mia.session();
  town.connector.trouble(403, 20, anna.chat);
  await anna.act(house, id, 'suspend');
  const isBlocked = async () => (await house.stores.agents.agent(anna.ref.id))?.value.blockedAt !== undefined;
  await passes(town.clock, isBlocked);
  expect(await house.house.agents.isHere(anna.ref)).toBe(false);

  const closed = house.house.agents.opened(anna.ref.id);
  await passes(town.clock, () => house.house.agents.isHere(anna.ref));
  closed();
  await passes(town.clock, async () => !(await isBlocked()));
});

test('no customer waits on an absent agent longer than offerTimeout', async () => {
  const offerTimeout = house.house.widget('support').rules.offerTimeoutMs;
  for (const leaves of [
    () => saysAway(anna),
    () => house.house.agents.admit({ ...anna.ref, roles: [] }),
    () => house.house.agents.blocked(anna.ref.id),
    // Only their silence tells.
    () => Promise.resolve(),
  ]) {
    await house.house.agents.admit({ ...anna.ref, roles: ['Chat.Agent'] });
    await house.house.agents.setPresence(anna.ref.id, { status: 'available' });
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    await later(town, house, 11 * MINUTE);
    await mia.says(house, 'back again');
    expect((await mia.session()).status).toBe('resuming');
    await leaves();
    const isIn = async (): Promise<boolean> => (await mia.session()).status === 'queued';
    await passes(town.clock, isIn, 1_000, 2 * offerTimeout);
    const session = await mia.session();
    const askedMs = session.status === 'queued' ? session.moved?.askedMs : undefined;
    expect(askedMs).toBeLessThanOrEqual(offerTimeout);
    await ben.act(house, (await mia.session()).id, 'accept');
  }
});
