import { expect, test } from 'vitest';
import { openTown, soon, until } from '../handoff/house.ts';
import { Agent } from '../handoff/people.ts';
import { openTabs } from './tabs.ts';

test('row 35: what a supervisor says of an agent’s capacity is told to their open tab, on whichever instance', async () => {
  const town = await openTown();
  const [house, other] = [await town.open(), await town.open()];
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const sue = new Agent(town, 'Sue Park');
  const roles = new Map([
    [anna, ['Chat.Agent']],
    [sue, ['Chat.Supervisor']],
  ]);
  const [here, there] = [await openTabs(house, roles), await openTabs(other, roles)];
  await here.get(sue, '/api/roster');
  const heard = [await here.listens(anna), await there.listens(anna)];
  const isTold = (events: readonly string[]) => events.some((one) => /^event: me\n.*"capacity":9/u.test(one));

  const path = `/api/agents/${encodeURIComponent(anna.ref.id)}/capacity`;
  expect((await here.put(sue, path, { capacity: 9 })).status).toBe(200);
  await until(() => isTold(heard[0] ?? [])).toBe(true);
  await soon(until(() => isTold(heard[1] ?? [])).toBe(true), town.clock);
  for (const tabs of [here, there]) tabs.close();
  await town.close();
});
