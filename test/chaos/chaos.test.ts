import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildPrograms, type Programs } from './build.ts';
import { chaos } from './run.ts';

let programs: Programs;
beforeAll(async () => {
  programs = await buildPrograms();
});
afterAll(() => programs.remove());

// A slice of `npm run chaos`. What the seed chooses is done in this order; what meets what is up to the machine.
test('I1, I3, I4, I5, I6, I8, I9: nobody loses a line or an agent while instances die, hang and lose their store', async () => {
  const { violations, acknowledged, kills } = await chaos({
    ...{ programs, seed: 20, instances: 3, customers: 4, agents: 2, paceMs: 200, compared: false },
    harm: { kind: 'deeds', deeds: 5 },
  });
  expect(violations).toEqual([]);
  expect([acknowledged > 0, kills > 0]).toEqual([true, true]);
}, 400_000);
