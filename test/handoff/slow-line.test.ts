import { afterEach, beforeEach, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { openTown, soon, until, type TestHouse, type Town } from './house.ts';
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
