import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

/** Codes of the notices that this customer's page was brought, oldest first. */
const told = (customer: Customer): readonly unknown[] =>
  customer.sent().map(({ activity }) => {
    const data = activity['channelData'] as { reconnect?: { code?: string } } | undefined;
    return data?.reconnect?.code;
  });

describe('a customer who is still on the page', () => {
  test('is told there that the agent has ended the chat', async () => {
    const mia = await talking(town, house, anna);
    await anna.act(house, (await mia.session()).id, 'close');
    await until(() => told(mia)).toContain('closed');
  });

  test('is told there that time has ended it', async () => {
    const mia = await talking(town, house, anna);
    await anna.says(house, (await mia.session()).id, 'Are you still there?');
    await house.house.caughtUp();
    town.clock.advance(21 * MINUTE);
    await passes(town.clock, () => told(mia).includes('expired'), 500);
    expect((await mia.session()).status).toBe('expired');
  });

  test.each(['customer', 'agent'] as const)('is told there at once when the %s sets it aside', async (by) => {
    const mia = await talking(town, house, anna);
    if (by === 'customer') await house.house.customers.act(mia.id, mia.thread, 'suspend');
    else await anna.act(house, (await mia.session()).id, 'suspend');
    await until(() => told(mia)).toContain('suspended');
    expect((await mia.session()).status).toBe('suspended');
  });
});

test('what is told after the customer has set the chat aside waits for them, and nothing is told twice', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await house.house.customers.act(mia.id, mia.thread, 'suspend');
  await anna.act(house, id, 'editSuspension', { reason: 'A look in the stores' });
  await until(() => told(mia)).toContain('suspended');
  await passes(town.clock, () => false, 500, 8_000).catch(() => undefined);
  expect(told(mia)).not.toContain('suspensionEdited');
  await house.house.customers.heal(id, mia.thread);
  await until(() => told(mia)).toContain('suspensionEdited');
  expect(told(mia).filter((code) => code === 'suspended')).toHaveLength(1);
});

test('a customer who was gone when the agent set the chat aside is told on return, not before', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  await anna.act(house, id, 'suspend');
  await passes(town.clock, () => false, 500, 8_000).catch(() => undefined);
  expect(told(mia)).not.toContain('suspended');
});
