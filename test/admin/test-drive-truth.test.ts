import { afterEach, beforeEach, expect, test } from 'vitest';
import { drive } from '../../src/admin/drive/drive.ts';
import type { Written } from '../../src/admin/drive/options.ts';
import { readPlan } from '../../src/admin/drive/plan.ts';
import { lineOf } from '../../src/cards/line.ts';
import { words } from '../../src/cards/wording.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { MINUTE, openTown, SETTINGS, until, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, type Customer } from '../handoff/people.ts';
import { answers, drops, later, opens, withAgent } from '../handoff/returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let mia: Customer;
let start: number;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  start = town.clock.now();
  mia = await withAgent(town, house, anna, { widget: 'recommended', name: 'Mia' });
  await anna.says(house, (await mia.session()).id, 'How can I help?');
  await house.house.customers.seen(mia.id, mia.thread, (await mia.header()).seq);
});
afterEach(() => town.close());

/** Times of day to the minute, and numbers of its own, are another chat's. */
const told = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => text.replace(/[0-9A-Z]{5}-[0-9A-Z]{5}/u, '#').replace(/\d+:\d\d [AP]M/u, 'then'));

const inTheHouse = async (): Promise<readonly string[]> => {
  const entries = await town.store.stores.sessions.entries((await mia.session()).id, {});
  return told(
    entries.flatMap((entry) => {
      const line = lineOf(entry, 'agent', words('en'), { timeZone: 'UTC', customer: 'Mia' });
      return line?.kind === 'notice' ? [line.text] : [];
    }),
  );
};
const inTheDrive = async (written: Written): Promise<readonly string[]> => {
  const plan = readPlan({ widget: 'recommended', start: new Date(start).toISOString(), ...written });
  const { rows } = await drive(readSettings(SETTINGS), plan);
  return told(
    rows.flatMap(({ agent }) => agent.flatMap(({ kind, text }) => (kind === 'reads' ? [text] : []))),
  );
};

test('N13: what a test drive shows of a late return is what the house does: asked, passed, in line', async () => {
  await drops(town, house, mia);
  await later(town, house, 11.5 * MINUTE);
  await opens(mia, house, 'recommended');
  await answers(mia, house, 'agent');
  await anna.act(house, (await mia.session()).id, 'decline');
  const shown = await inTheDrive({ drop: '0s', return: '14.5min', asked: 'no:0s' });
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.slice(0, (await inTheHouse()).length)).toEqual(await inTheHouse());
});

test('N13: and of a customer who never comes back: held, freed, warned, ended', async () => {
  await drops(town, house, mia);
  for (const minutes of [10.5, 8, 3]) await later(town, house, minutes * MINUTE);
  await until(async () => (await mia.session()).status).toBe('expired');
  expect(await inTheDrive({ drop: '0s' })).toEqual(await inTheHouse());
});
