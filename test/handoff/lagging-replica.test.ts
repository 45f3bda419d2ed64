import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';
import { movableClock } from '../../src/clock.ts';
import { openTown, passes, soon, until, type Town } from './house.ts';
import { Agent, talking } from './people.ts';

let town: Town;
beforeEach(async () => {
  // Time passes only where it is moved: who carries must not change because a machine is slow.
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
});
afterEach(() => town.close());

/** A replica that has what was said last, and not yet what was said before it; how often it was asked. */
const lagging = (missing: { seq: number; asked: number }) => (stores: CosmosStores) => ({
  ...stores,
  sessions: {
    ...stores.sessions,
    entries: async (...of: Parameters<CosmosStores['sessions']['entries']>) => {
      const entries = await stores.sessions.entries(...of);
      if (entries.some(({ seq }) => seq === missing.seq)) missing.asked += 1;
      return entries.filter(({ seq }) => seq !== missing.seq);
    },
  },
});

test('I5: a line waits for the one before it, also where a replica does not have that one yet', async () => {
  const dying = await town.open({ dying: true });
  const missing = { seq: 0, asked: 0 };
  const house = await town.open({ through: lagging(missing) });
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const mia = await soon(talking(town, house, anna), town.clock);
  const { id } = await mia.session();
  await anna.says(house, id, 'line 1');
  await until(() => mia.sees()).toContain('line 1');
  // It carries: what another writes now is its to bring.
  missing.seq = (await mia.header()).seq + 1;
  await anna.says(dying, id, 'line 2');
  await anna.says(dying, id, 'line 3');

  await passes(town.clock, () => missing.asked > 1 || mia.sees().includes('line 3'));
  expect(mia.sees()).not.toContain('line 3');
  missing.seq = 0;
  await passes(town.clock, () => mia.sees().includes('line 3'));
  expect(mia.sees().slice(-3)).toEqual(['line 1', 'line 2', 'line 3']);
});
