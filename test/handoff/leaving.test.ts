import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking } from './people.ts';
import { later } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

test('a page that said it leaves is noticed sooner; a page that beats again never left', async () => {
  const mia = await talking(town, house, anna);
  await mia.beats(house, { leaving: true });
  await later(town, house, 5_000);
  await mia.beats(house);
  await later(town, house, 20_000);
  expect((await mia.session()).status).toBe('active');
  await mia.beats(house, { leaving: true });
  await later(town, house, 16_000);
  await until(async () => (await mia.session()).status).toBe('disconnected');
});

test('what was typed as the page was closed may come after its word of leaving, and brings nobody back', async () => {
  const mia = await talking(town, house, anna);
  await mia.beats(house, { leaving: true });
  town.clock.advance(1_000);
  await mia.says(house, 'I have to go');
  await later(town, house, 15_000);
  await until(async () => (await mia.session()).status).toBe('disconnected');
  expect(await mia.session()).toMatchObject({ cause: 'closedWindow' });
});

test('whoever writes well after their page said that it leaves is here', async () => {
  const mia = await talking(town, house, anna);
  await mia.beats(house, { leaving: true });
  await later(town, house, 6_000);
  await mia.says(house, 'Still here');
  await later(town, house, 20_000);
  expect((await mia.session()).status).toBe('active');
});

test('a page that leaves twice within a minute is noticed gone, fifteen seconds after the second time', async () => {
  const mia = await talking(town, house, anna);
  town.clock.advance(MINUTE - (town.clock.now() % MINUTE));
  await mia.beats(house, { leaving: true });
  town.clock.advance(10_000);
  await mia.beats(house, { leaving: true });
  await later(town, house, 5_500);
  expect((await mia.session()).status).toBe('active');
  await later(town, house, 8_000);
  await until(async () => (await mia.session()).status).toBe('disconnected');
});
