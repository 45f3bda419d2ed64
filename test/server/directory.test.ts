import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, talking } from '../handoff/people.ts';
import { openTabs, type Tabs } from './tabs.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let ben: Agent;
let sue: Agent;
let tabs: Tabs;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  ben = await new Agent(town, 'Ben Ode').signsIn(house);
  sue = new Agent(town, 'Sue Park');
  tabs = await openTabs(
    house,
    new Map([
      [anna, ['Chat.Agent']],
      [ben, ['Chat.Agent']],
      [sue, ['Chat.Supervisor']],
    ]),
  );
});
afterEach(async () => {
  tabs.close();
  await town.close();
});

test('row 77: an agent finds the colleagues who may chat, how full they are, and the queues; never themselves', async () => {
  await house.house.agents.setPresence(ben.ref.id, { status: 'away' });
  await house.house.agents.noteReference(new Agent(town, 'Carl Stranger').ref.id, {
    serviceUrl: 'https://smba.example',
    conversation: 'c',
    bot: { id: 'bot' },
    user: { id: '29:carl', name: 'Carl Stranger' },
  });
  const { status, body } = await tabs.get(anna, '/api/agents');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    agents: [{ id: ben.ref.id, name: 'Ben Ode', status: 'away', here: false, capacity: 5, used: 0 }],
    streams: ['support'],
  });
});

test('a day off: what an agent has in hand is listed to them, and to a supervisor when they are not there', async () => {
  const mia = await talking(town, house, anna);
  const lea = await talking(town, house, anna, 'lea');
  const [one, two] = [await mia.session(), await lea.session()];
  await anna.act(house, two.id, 'suspend');
  await house.house.caughtUp();
  const path = `/api/agents/${encodeURIComponent(anna.ref.id)}/sessions`;
  for (const agent of [anna, sue])
    expect((await tabs.get(agent, path)).body).toMatchObject({
      rows: [
        { sid: one.id, list: 'mine' },
        { sid: two.id, list: 'suspended' },
      ],
    });
  expect((await tabs.get(ben, path)).status).toBe(404);
  const act = { id: 'day-off', act: 'transfer', to: `agent:${ben.ref.id}` };
  expect((await tabs.post(sue, `/api/sessions/${two.id}/acts`, act)).status).toBe(200);
});

test('a chat that has changed hands since the list was read stays where it is, and how it stands is told', async () => {
  const mia = await talking(town, house, anna);
  const { id, epoch } = await mia.session();
  await anna.act(house, id, 'transfer', { to: `agent:${ben.ref.id}` });
  await ben.act(house, id, 'accept');
  const { ver } = await mia.session();
  const handsOn = (ifEpoch: unknown) =>
    tabs.post(sue, `/api/sessions/${id}/acts`, {
      ...{ id: `late ${String(ifEpoch)}`, act: 'transfer', to: 'queue:support', ifEpoch },
    });
  expect(await handsOn(epoch)).toMatchObject({
    status: 409,
    body: { error: { code: 'changed' }, row: { owner: { id: ben.ref.id } } },
  });
  expect(await handsOn('last week')).toMatchObject({ status: 400, body: { error: { code: 'bad_input' } } });
  expect((await mia.session()).ver).toBe(ver);
  expect((await handsOn((await mia.session()).epoch)).status).toBe(200);
});

test('a chat handed to a queue while its customer is away is in line, and its last agent’s no more', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  const act = { id: 'on', act: 'transfer', to: 'queue:support' };
  expect((await tabs.post(sue, `/api/sessions/${id}/acts`, act)).body).toMatchObject({
    row: { status: 'disconnected', inLine: true },
  });
});
