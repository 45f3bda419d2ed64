import { afterEach, beforeEach, expect, test } from 'vitest';
import { sessionIdOf } from '../../src/session/ids.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let other: TestHouse;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  other = await town.open();
});
afterEach(() => town.close());

const newAgent = (name: string): Promise<Agent> => new Agent(town, name).signsIn(house);
const owned = async (agents: readonly Agent[]): Promise<readonly string[]> =>
  (await Promise.all(agents.map((agent) => agent.slots()))).flatMap((slots) => Object.values(slots));
const step = (): Promise<unknown> => passes(town.clock, () => false, 200, 3_000).catch(() => undefined);

async function inLine(name = 'mia'): Promise<Customer> {
  const customer = new Customer(town, name);
  await customer.says(house, 'agent');
  return customer;
}

test.each([2, 20])(
  'of %i agents who accept at once over two instances one has the customer, the others are told who',
  async (n) => {
    const agents = await Promise.all(Array.from({ length: n }, (_, i) => newAgent(`Agent N${i}`)));
    const mia = await inLine();
    const { id } = await mia.session();
    const outcomes = await Promise.all(
      agents.map((agent, i) => agent.act(i % 2 ? other : house, id, 'accept')),
    );
    const session = await mia.session();
    if (session.status !== 'active') throw new Error(`The session is ${session.status}`);
    expect(outcomes.filter(({ refused }) => refused === undefined)).toHaveLength(1);
    for (const { refused } of outcomes) {
      if (refused !== undefined)
        expect(refused).toMatchObject({ kind: 'taken', by: { id: session.owner.id } });
    }
    await step();
    expect(await owned(agents)).toEqual(['owned']);
    expect((await mia.ledger()).filter((line) => line === '(joined)')).toHaveLength(1);
  },
);

test('a customer on one instance and their agent on the other talk as if there were one', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await inLine();
  const { id } = await mia.session();
  await anna.act(other, id, 'accept');
  await anna.says(other, id, 'Hello Mia');
  expect(await mia.says(house, 'Hello Anna')).toBe(200);
  await anna.act(other, id, 'suspend', { reason: 'Looking' });
  await mia.says(house, 'Take your time');
  await anna.says(other, id, 'Found it');
  await passes(town.clock, () => mia.sees().includes('Found it'));
  expect((await mia.session()).status).toBe('active');
  expect((await mia.ledger()).slice(3)).toEqual([
    '(joined)',
    'agent: Hello Mia',
    'customer: Hello Anna',
    '(suspended)',
    'customer: Take your time',
    '(resumed)',
    'agent: Found it',
  ]);
  expect(mia.sees()).not.toContain('Take your time');
});

test('a place blocked by an instance that crashed lapses after thirty seconds, and leaves nothing behind', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await inLine();
  const { id } = await mia.session();
  await house.house.agents.reserve(anna.ref.id, id);
  const used = async () => (await house.house.agents.states())[0]?.used;
  await step();
  expect(await used()).toBe(1);
  town.clock.advance(31_000);
  await until(used).toBe(0);
  const ben = await inLine('ben');
  await anna.act(house, (await ben.session()).id, 'accept');
  await until(() => anna.slots()).toEqual({ [(await ben.session()).id]: 'owned' });
});

test('a place that a crash left wrong is put right by the reader', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await step();
  const read = await house.stores.agents.agent(anna.ref.id);
  await house.stores.agents.replace({ ...read!.value, slots: {} }, read!.etag);
  await mia.says(house, 'hello');
  await anna.act(house, id, 'suspend');
  await anna.act(house, id, 'resume');
  await until(() => anna.slots()).toEqual({ [id]: 'owned' });
});

test('whoever settles late does not give back what was taken since, nor take what was given back', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const before = await mia.session();
  await anna.act(house, id, 'close');
  await until(() => anna.slots()).toEqual({});
  await other.house.agents.settle(before);
  expect(await anna.slots()).toEqual({});
});

test('Close gives the place back at once', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await talking(town, house, anna);
  await until(() => anna.slots().then(Object.values)).toEqual(['owned']);
  await anna.act(other, (await mia.session()).id, 'close');
  await until(() => anna.slots()).toEqual({});
});

test('take back opens one follow-up with its agent, however often it is pressed', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'close');
  await Promise.all([
    anna.act(house, id, 'takeBack'),
    anna.act(other, id, 'takeBack'),
    anna.act(house, id, 'takeBack'),
  ]);
  await until(async () => (await mia.session()).status).toBe('active');
  expect(await mia.sessions()).toHaveLength(2);
  expect((await mia.session()).follows).toBe(id);
  expect(await mia.says(other, 'still here')).toBe(200);
  expect(await mia.ledger()).toContain('customer: still here');
});

test('a take back whose instance died halfway is finished by pressing it again', async () => {
  const anna = await newAgent('Anna Bell');
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'close');
  const followUp = sessionIdOf(mia.id, 'followup-1');
  await house.house.sessions.ask(id, {
    actor: anna.ref.id,
    command: () => ({ type: 'takeBack', agent: anna.ref, followUp }),
  });
  await anna.act(other, id, 'takeBack');
  expect(await mia.session()).toMatchObject({ id: followUp, status: 'active' });
});

test('row 70: each agent has one card of a session, changed in place by whatever instance', async () => {
  const [anna, ben] = [await newAgent('Anna Bell'), await newAgent('Ben Ode')];
  await anna.opensTeams(house);
  await ben.opensTeams(other);
  const mia = await inLine();
  const { id } = await mia.session();
  await anna.act(other, id, 'accept');
  await step();
  await anna.act(house, id, 'suspend');
  await anna.act(other, id, 'resume');
  await anna.act(house, id, 'close');
  await step();
  expect(anna.cards()).toHaveLength(1);
  expect(ben.cards()).toHaveLength(1);
  expect(anna.cards()[0]?.[1]).toContain('takeBack');
  expect(ben.cards()[0]?.[1]).not.toContain('reconnect/');
});

test('a card says that the customer is back, and how long they were away', async () => {
  const anna = await newAgent('Anna Bell');
  await anna.opensTeams(house);
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await step();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  await step();
  town.clock.advance(4 * MINUTE);
  await mia.beats(other);
  await step();
  expect(anna.cards()).toHaveLength(1);
  expect(anna.cards()[0]?.[1]).toMatch(/back/u);
  expect(anna.cards()[0]?.[1]).toMatch(/4 min/u);
});

test('B1, B2, row 75: nobody without the chat permission is sent a card', async () => {
  const anna = new Agent(town, 'Anna Bell');
  await anna.opensTeams(house);
  await inLine();
  await step();
  expect(anna.cards()).toEqual([]);
  await anna.signsIn(house);
  const ben = await inLine('ben');
  await until(() => anna.cards()).toHaveLength(1);
  await step();
  town.clock.advance(25 * 60 * MINUTE);
  const cards = JSON.stringify(anna.cards());
  await ben.says(house, 'agent');
  await step();
  expect(JSON.stringify(anna.cards())).toBe(cards);
});

test('a click on a stale card changes nothing and is answered with the card as it is', async () => {
  const [anna, ben] = [await newAgent('Anna Bell'), await newAgent('Ben Ode')];
  await anna.opensTeams(house);
  const mia = await inLine();
  const { id, epoch } = await mia.session();
  await ben.act(house, id, 'accept');
  await ben.act(house, id, 'suspend');
  const ver = (await mia.session()).ver;
  const { status, body } = await anna.presses(other, 'accept', { sid: id, epoch });
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toContain('Ben');
  expect((await mia.session()).ver).toBe(ver);
  await step();
  expect(await anna.slots()).toEqual({});
  expect(await post(house, anna.activity({ value: { verb: 'reconnect/accept', sid: id, epoch } }))).toBe(200);
  expect((await mia.session()).ver).toBe(ver);
});

test('an agent who presses Close on a card from before the customer came back does not end the chat', async () => {
  const anna = await newAgent('Anna Bell');
  await anna.opensTeams(house);
  const mia = await talking(town, house, anna);
  const { id, epoch } = await mia.session();
  mia.conversation = 'elsewhere';
  await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
  const { body } = await anna.presses(house, 'close', { sid: id, epoch });
  expect((await mia.session()).status).toBe('active');
  expect(JSON.stringify(body)).toContain(`"epoch":${epoch + 1}`);
});

test('a click on a current card does it, and a second does not do it again', async () => {
  const anna = await newAgent('Anna Bell');
  await anna.opensTeams(house);
  const mia = await inLine();
  const { id, epoch } = await mia.session();
  const answers = await Promise.all([
    anna.presses(house, 'accept', { sid: id, epoch }),
    anna.presses(other, 'accept', { sid: id, epoch }),
  ]);
  for (const { body } of answers) expect(JSON.stringify(body)).toContain('reconnect/close');
  expect((await mia.session()).status).toBe('active');
  expect((await mia.ledger()).filter((line) => line === '(joined)')).toHaveLength(1);
});

test('B11, row 43: an agent resumes a chat from its card as well as from the tab', async () => {
  const anna = await newAgent('Anna Bell');
  await anna.opensTeams(house);
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  for (const from of ['card', 'tab']) {
    await anna.act(house, id, 'suspend');
    await step();
    expect(anna.cards().at(-1)?.[1]).toContain('reconnect/resume');
    if (from === 'tab') await anna.act(house, id, 'resume');
    else await anna.presses(other, 'resume', { sid: id, epoch: (await mia.session()).epoch });
    expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });
  }
});

test('a deleted or broken Teams chat does not keep a card from the others', async () => {
  const [anna, ben] = [await newAgent('Anna Bell'), await newAgent('Ben Ode')];
  await anna.opensTeams(house);
  await ben.opensTeams(house);
  town.connector.trouble(403, 1_000, anna.chat);
  await inLine();
  await until(() => ben.cards()).toHaveLength(1);
});

test('B1, row 75: a permission that was taken away does not come back by an older token', async () => {
  const anna = await newAgent('Anna Bell');
  const at = town.clock.now();
  const says = (roles: readonly string[], saidAt: number) =>
    house.house.agents.admit({ ...anna.ref, roles, saidAt }).then((record) => record.roles);
  expect(await says(['Chat.Agent'], at)).toEqual(['Chat.Agent']);
  expect(await says([], at + 1_000)).toEqual([]);
  expect(await says(['Chat.Agent'], at)).toEqual([]);
  expect(await says(['Chat.Agent'], at + 2_000)).toEqual(['Chat.Agent']);
});
