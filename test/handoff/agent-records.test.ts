import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, passes, soon, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
/** How often this instance asked the store for an agent's record, or wrote one. */
let asked: { reads: number; writes: number };

beforeEach(async () => {
  asked = { reads: 0, writes: 0 };
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
  house = await town.open({
    running: false,
    through: ({ agents, ...stores }) => ({
      ...stores,
      agents: {
        ...agents,
        agent: (id) => {
          asked.reads += 1;
          return agents.agent(id);
        },
        replace: (...of) => {
          asked.writes += 1;
          return agents.replace(...of);
        },
      },
    }),
  });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  asked = { reads: 0, writes: 0 };
});
afterEach(() => town.close());

/** A customer who asked for a person. */
async function waiting(): Promise<Customer> {
  const mia = new Customer(town);
  await soon(mia.says(house, 'agent'), town.clock);
  asked = { reads: 0, writes: 0 };
  return mia;
}
const slots = async (): Promise<string> => Object.values(await anna.slots()).join();
/** Without the clock moving: a moment later their record is read anew in any case. */
const at = (states: string) => passes(town.clock, async () => (await slots()) === states, 1);

test('an agent who takes a customer and ends the chat is asked for once at each, and written twice and once', async () => {
  const { id } = await (await waiting()).session();
  await anna.act(house, id, 'accept');
  await at('owned');
  expect(asked).toEqual({ reads: 1, writes: 2 });
  await anna.act(house, id, 'close');
  await at('');
  expect(asked).toEqual({ reads: 2, writes: 3 });
});

test('an agent who takes a customer on a card is asked for once, and once for where their chat is', async () => {
  await anna.opensTeams(house);
  const { id, epoch } = await (await waiting()).session();
  await anna.presses(house, 'accept', { sid: id, epoch });
  await at('owned');
  expect(asked).toEqual({ reads: 2, writes: 2 });
});

test('I9: what a supervisor changes on another instance while an agent takes a customer stays, and so does the place', async () => {
  const other = await town.open({ running: false });
  const { id } = await (await waiting()).session();
  await house.house.agents.record(anna.ref.id);
  await other.house.agents.setCapacity(anna.ref.id, 3);
  await house.house.agents.reserve(anna.ref.id, id);
  expect(await house.house.agents.record(anna.ref.id)).toMatchObject({
    capacity: 3,
    slots: { [id]: { state: 'pending' } },
  });
});

test('I9: a place that was given up on another instance a moment ago is blocked anew, whatever is remembered of it', async () => {
  const other = await town.open({ running: false });
  const mia = await waiting();
  const session = await mia.session();
  await house.house.agents.reserve(anna.ref.id, session.id);
  await other.house.agents.settle({ ...session, agents: [anna.ref] });
  expect(await slots()).toBe('');
  await house.house.agents.reserve(anna.ref.id, session.id);
  expect(await slots()).toBe('pending');
});
