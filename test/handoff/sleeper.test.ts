import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, passes, until, type TestHouse, type Town } from './house.ts';
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

const seen = (customer: Customer, conversation?: string): readonly string[] =>
  customer.sees(conversation).filter((text) => text.startsWith('line'));
/** Time passes and nothing more comes. */
const quiet = (ms = 12_000): Promise<unknown> =>
  passes(town.clock, () => false, 500, ms).catch(() => undefined);

/**
 * Another instance carries a line to her, and falls asleep over reading what to bring: that is the first thing it hears on
 * waking.
 */
async function fallsAsleep(mia: Customer): Promise<{ readonly wake: () => void }> {
  const { id } = await mia.session();
  await quiet(8_000);
  let wake = (): void => undefined;
  let reads = 0;
  const sleeper = await town.open({
    running: false,
    through: (stores) => ({
      ...stores,
      sessions: {
        ...stores.sessions,
        entries: async (sid, page) => {
          const entries = await stores.sessions.entries(sid, page);
          const isFirst = page.upTo !== undefined && (reads += 1) === 1;
          if (isFirst) await new Promise<void>((resolve) => (wake = resolve));
          return entries;
        },
      },
    }),
  });
  town.clock.advance(10);
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'silent', at: town.clock.now() }),
  });
  await anna.says(house, id, 'line 1');
  await quiet(6_000);
  await sleeper.house.customers.heal(id, mia.thread);
  await until(() => reads).toBe(1);
  return { wake };
}

test('an instance that slept while its customer came back elsewhere brings nothing to where they were', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const old = mia.conversation;
  const { wake } = await fallsAsleep(mia);
  town.clock.advance(30_000);
  mia.conversation = 'elsewhere';
  await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
  wake();
  await anna.says(house, id, 'line 2');
  await passes(town.clock, () => seen(mia).length > 0);
  await quiet();
  expect(seen(mia, old)).toEqual([]);
  expect(seen(mia)).toEqual(['line 2']);
});

test('I5: an instance that slept for longer than it had claimed does not say again what another has said', async () => {
  const mia = await talking(town, house, anna);
  const { wake } = await fallsAsleep(mia);
  await passes(town.clock, () => seen(mia).length > 0, 500);
  wake();
  await quiet();
  expect(seen(mia)).toEqual(['line 1']);
});
