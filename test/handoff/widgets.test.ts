import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, openTown, until, type Town } from './house.ts';
import { Agent } from './people.ts';
import { answers, drops, later, opens, promptOf, withAgent } from './returning.ts';

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.close());

const shop = (support: string) => ({
  company: 'Northwind',
  workStreams: {
    support: { autoCloseAfterInactivity: support },
    sales: { autoCloseAfterInactivity: '40 min' },
  },
  widgets: {
    support: { title: 'Support', workStream: 'support', promptAudience: 'anyone' },
    sales: {
      title: 'Sales',
      workStream: 'sales',
      promptAudience: 'anyone',
      previousAgentWindow: '30 min',
    },
    quiet: { title: 'Quiet', workStream: 'support', promptAudience: 'nobody' },
  },
});

test('A1, A15, row 50: who talked to support and who talked to a salesperson come back as their own widget is set', async () => {
  const house = await town.open({ settings: shop('20 min') });
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const sam = await new Agent(town, 'Sam Sales').signsIn(house);
  const [mia, asked] = [await withAgent(town, house, anna), await withAgent(town, house, anna)];
  const unasked = await withAgent(town, house, anna, { widget: 'quiet' });
  const buyer = await withAgent(town, house, sam, { widget: 'sales' });
  await drops(town, house, mia);
  for (const one of [asked, unasked, buyer])
    await until(async () => (await one.session()).status).toBe('disconnected');
  await opens(asked, house, 'support');
  await opens(unasked, house, 'quiet');
  expect([await promptOf(asked, house), await promptOf(unasked, house)]).toMatchObject([
    { agent: 'Anna' },
    undefined,
  ]);

  // Past what support gives, and within what sales gives.
  await later(town, house, 21 * MINUTE);
  await until(async () => (await mia.session()).status).toBe('expired');
  await opens(buyer, house, 'sales');
  expect((await answers(buyer, house, 'agent')).state).toMatchObject({ status: 'active', agent: 'Sam' });
});

test('row 56: who was gone when the time limit was cut down comes back as late as was promised', async () => {
  const before = await town.open({ settings: shop('60 min') });
  const anna = await new Agent(town, 'Anna Bell').signsIn(before);
  const mia = await withAgent(town, before, anna);
  await drops(town, before, mia);
  await before.stop();

  const house = await town.open({ settings: shop('5 min') });
  await later(town, house, 9 * MINUTE);
  expect(await mia.session()).toMatchObject({ status: 'disconnected', was: 'held' });
  await later(town, house, 40 * MINUTE);
  expect((await mia.session()).status).toBe('disconnected');
  await opens(mia, house, 'support');
  expect((await answers(mia, house, 'agent')).state).toMatchObject({ status: 'resuming', agent: 'Anna' });
});
