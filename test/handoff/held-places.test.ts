import { afterEach, beforeEach, expect, test } from 'vitest';
import { slotsHeld } from '../../src/handoff/places.ts';
import { MINUTE, openTown, passes, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';
import { accepted, drops, later, withAgent } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({
    settings: {
      ...SETTINGS,
      agentCapacity: 2,
      workStreams: { support: { autoCloseAfterInactivity: '60 min', queueTarget: '2 min' } },
      widgets: {
        support: {
          title: 'Support',
          workStream: 'support',
          promptAudience: 'anyone',
          previousAgentWindow: '50 min',
          wrapUpSlot: '5 min',
        },
      },
    },
  });
  anna = await new Agent(town, 'Anna Bell').signsIn(house, 2);
});
afterEach(() => town.close());

test('N4: places held for who is away are given up one by one, the oldest first, when the line breaches its target', async () => {
  const mia = await withAgent(town, house, anna);
  const lea = new Customer(town, 'lea');
  await drops(town, house, mia);
  await accepted(lea, house, anna);
  await drops(town, house, lea);
  await until(async () => Object.values(await anna.slots())).toEqual(['held', 'held']);

  const tom = new Customer(town, 'tom');
  await tom.says(house, 'agent');
  await later(town, house, 2 * MINUTE + 1_000);
  await passes(town.clock, async () => Object.keys(await anna.slots()).length === 1, 200, 20_000);
  expect(await mia.session()).toMatchObject({ status: 'disconnected', was: 'offered' });
  expect(await lea.session()).toMatchObject({ status: 'disconnected', was: 'held' });
  expect((await mia.ledger()).at(-1)).toBe('(holdEnded)');

  // Nobody has taken the place that came free: the next pass gives up the other.
  await passes(town.clock, async () => Object.keys(await anna.slots()).length === 0, 1_000, 60_000);
  // Whoever returns is offered to their agent, not turned away.
  await mia.says(house, 'back again');
  expect(await mia.session()).toMatchObject({ status: 'resuming', asked: anna.ref });
});

test('row 34: a place that is kept for the wrap-up counts, and Done gives it back', async () => {
  const mia = await withAgent(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'close');
  await until(() => anna.slots()).toEqual({ [id]: 'held' });
  const [state] = await house.house.agents.states();
  expect(state).toMatchObject({ used: 1, capacity: 2 });
  expect((await anna.act(house, id, 'releaseHold')).refused).toBeUndefined();
  await until(() => anna.slots()).toEqual({});
});

test('row 34: a wrap-up nobody ends gives its place back by itself', async () => {
  const mia = await withAgent(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'close');
  await until(() => anna.slots()).toEqual({ [id]: 'held' });
  await later(town, house, 5 * MINUTE + 1_000);
  await passes(town.clock, async () => Object.keys(await anna.slots()).length === 0, 200, 20_000);
});

test('row 30, row 35: a full agent is not offered new chats, and may take one that was theirs all the same', async () => {
  const mia = await withAgent(town, house, anna);
  await drops(town, house, mia);
  await anna.act(house, (await mia.session()).id, 'releaseHold');
  for (const name of ['lea', 'tom']) await accepted(new Customer(town, name), house, anna);
  await mia.says(house, 'back again');
  expect(await mia.session()).toMatchObject({ status: 'resuming', asked: anna.ref });
  await anna.act(house, (await mia.session()).id, 'accept');
  await until(async () => (await house.house.agents.states())[0]).toMatchObject({ used: 3, capacity: 2 });
});

test('row 71: an agent reads how many places are held for customers, and until when', async () => {
  const mia = await withAgent(town, house, anna);
  await drops(town, house, mia);
  const session = await mia.session();
  if (session.status !== 'disconnected' || session.was !== 'held') throw new Error('It is not held');
  const heldUntil = session.agentHeldUntil;
  const held = async () => {
    const record = await house.house.agents.record(anna.ref.id);
    return record && slotsHeld(record, town.clock.now());
  };
  await until(held).toEqual({ held: 1, heldUntil });
  await anna.act(house, session.id, 'releaseHold');
  await until(held).toEqual({ held: 0 });
});
