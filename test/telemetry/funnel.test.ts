import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeasureName } from '../../src/telemetry/measures.ts';
import { MINUTE, openTown, until, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer } from '../handoff/people.ts';
import { answers, drops, later, opens, withAgent } from '../handoff/returning.ts';
import { ear, type Ear } from './ear.ts';

let town: Town;
let house: TestHouse;
let heard: Ear;
let anna: Agent;
let omar: Agent;

beforeAll(async () => {
  town = await openTown();
  heard = ear();
  house = await town.open({ telemetry: heard.telemetry });
  anna = await new Agent(town, 'Anna Bell').signsIn(house, 50);
  omar = await new Agent(town, 'Omar Dane').signsIn(house, 50);
});
afterAll(() => town.close());

/** By how much measures have grown once this was done. */
async function growth(
  measures: Readonly<Record<string, readonly [MeasureName, Readonly<Record<string, unknown>>?]>>,
  run: () => Promise<void>,
): Promise<Readonly<Record<string, number>>> {
  const before = await read(measures);
  await run();
  // What is noted beside a turn is noted by then.
  await house.house.caughtUp();
  const after = await read(measures);
  return Object.fromEntries(
    Object.keys(measures).map((key) => [
      key,
      Math.round(1e3 * ((after[key] ?? 0) - (before[key] ?? 0))) / 1e3,
    ]),
  );
}
async function read(measures: Parameters<typeof growth>[0]): Promise<Record<string, number>> {
  const read: Record<string, number> = {};
  for (const [key, what] of Object.entries(measures)) read[key] = await heard.sum(...what);
  return read;
}

const step = (name: string, way?: string) =>
  [
    'reconnect.funnel',
    {
      'reconnect.step': name,
      'reconnect.widget': 'support',
      ...(way !== undefined && { 'reconnect.way': way }),
    },
  ] as const;
const sameAgent = (is: boolean) => ['reconnect.reunions', { 'reconnect.same_agent': String(is) }] as const;
const held = (cameBack: boolean) =>
  ['reconnect.hold.duration', { 'reconnect.came_back': String(cameBack) }] as const;

/** Everything that the ways back are counted by. */
const FUNNEL = {
  offered: step('offered', 'prompt'),
  continued: step('continued', 'prompt'),
  healed: step('continued', 'heal'),
  anyone: step('anyone', 'prompt'),
  fresh: step('fresh'),
  notMe: step('not_me'),
  tooLate: step('too_late'),
  same: sameAgent(true),
  other: sameAgent(false),
};
const nothing = Object.fromEntries(Object.keys(FUNNEL).map((key) => [key, 0]));

/** They open another page, and are shown the prompt. */
async function asked(customer: Customer): Promise<void> {
  await opens(customer, house);
  await customer.joins(house);
}

describe('the ways back are counted', () => {
  test('row 94: a customer who is asked and continues has the same agent again', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    const grown = await growth({ ...FUNNEL, held: held(true), wasted: held(false) }, async () => {
      await asked(mia);
      // A reload shows the prompt again, which is no second offer.
      await mia.joins(house);
      await answers(mia, house, 'agent');
      await mia.joins(house);
    });
    const { held: heldFor, ...rest } = grown;
    expect(rest).toEqual({ ...nothing, offered: 1, continued: 1, same: 1, wasted: 0 });
    expect(heldFor).toBeGreaterThan(0);
  });

  test('row 94: one who prefers anyone has another agent', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    const grown = await growth(
      { ...FUNNEL, reason: ['reconnect.ladder.steps', { 'reconnect.reason': 'customerChoseAnyone' }] },
      async () => {
        await asked(mia);
        await answers(mia, house, 'anyone');
        await omar.act(house, (await mia.session()).id, 'accept');
      },
    );
    expect(grown).toEqual({ ...nothing, offered: 1, anyone: 1, other: 1, reason: 1 });
  });

  test('row 94: one who starts fresh, and one who says that it was somebody else, come back to nobody', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    const fresh = await growth(FUNNEL, async () => {
      await asked(mia);
      await answers(mia, house, 'fresh');
    });
    expect(fresh).toEqual({ ...nothing, offered: 1, fresh: 1 });
    const lea = await withAgent(town, house, anna);
    await drops(town, house, lea);
    const notMe = await growth(FUNNEL, async () => {
      await asked(lea);
      await answers(lea, house, 'notMe');
    });
    expect(notMe).toEqual({ ...nothing, offered: 1, notMe: 1 });
  });

  test('row 94: a page that heals is no offer, and a reload of one that never left is no return', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    const healed = await growth(FUNNEL, async () => {
      await mia.beats(house);
      await mia.beats(house);
      await mia.says(house, 'Still here');
    });
    expect(healed).toEqual({ ...nothing, healed: 1, same: 1 });
  });

  test('row 94: one who only ever had the bot has come back to nobody', async () => {
    const mia = new Customer(town);
    await mia.beats(house, { widget: 'support' });
    await mia.says(house, 'Hello');
    const grown = await growth(FUNNEL, async () => {
      await opens(mia, house, 'support');
      await mia.joins(house);
      await mia.says(house, 'Hello again');
    });
    expect(await mia.sessions()).toHaveLength(1);
    expect(grown).toEqual(nothing);
  });

  test('row 94: one who comes too late is told so once', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    await later(town, house, 21 * MINUTE);
    await until(async () => (await mia.session()).status).toBe('expired');
    const late = await growth(FUNNEL, async () => {
      await asked(mia);
      await opens(mia, house);
      await mia.joins(house);
    });
    expect(late).toEqual({ ...nothing, tooLate: 1 });
  });

  test('row 94: the minutes of a hold that nobody came back to were wasted', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    const grown = await growth({ used: held(true), wasted: held(false) }, async () => {
      await later(town, house, 11 * MINUTE);
      await until(() => mia.session()).toMatchObject({ was: 'offered' });
    });
    expect(grown).toEqual({ used: 0, wasted: 600 });
  });
});
