import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, passes, soon, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let mia: Customer;
beforeEach(async () => {
  // Time passes only where it is moved: a mark must not come due because a machine is slow.
  town = await openTown(movableClock({ now: () => Date.UTC(2030, 0, 7, 9), after: () => () => undefined }));
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  mia = await soon(talking(town, house, anna), town.clock);
  await soon(house.house.caughtUp(), town.clock, 25);
});
afterEach(() => town.close());

test('I5: a line that its channel took long for is marked before anybody else may carry on, and say it again', async () => {
  const before = town.connector.attempts();
  town.connector.trouble('late', 1, mia.conversation);
  await anna.says(house, (await mia.session()).id, 'Here it is');
  await until(() => town.connector.attempts()).toBeGreaterThan(before);
  // The claim that it is carried under ends a second from here.
  town.clock.advance(3_500);
  town.connector.calm();
  await until(() => mia.sees()).toContain('Here it is');
  const { owed } = await mia.header();
  await until(async () => {
    town.clock.advance(0);
    return (await mia.header()).delivered;
  }).toBe(owed);
});

test('I5: a line is marked before its claim ends, however fast others write in the meantime', async () => {
  const other = await town.open();
  await anna.says(house, (await mia.session()).id, 'Here it is');
  await until(() => mia.sees()).toContain('Here it is');
  const { owed, carrier } = await mia.header();
  // Between its reading and its writing somebody else has always been faster.
  const { faults } = town.store.cosmos;
  const lost = 5;
  const struck = faults.struck();
  faults.add({ operation: 'patch', container: 'sessions', count: lost, fault: { kind: 'delay', ms: 100 } });
  town.clock.advance(2_000);
  for (let n = 1; faults.struck() < struck + lost; n += 1) {
    await mia.says(other, `Quickly, ${n}`);
    town.clock.advance(25);
  }
  await passes(town.clock, async () => (await mia.header()).delivered >= owed, 25);
  expect(town.clock.now()).toBeLessThan(carrier?.until ?? 0);
});
