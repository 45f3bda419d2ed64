import { test } from 'vitest';
import { openTown, passes } from '../handoff/house.ts';
import { Agent, talking } from '../handoff/people.ts';
import { openTabs } from './tabs.ts';

test('an agent’s tab shows the place a closed chat gave back, however late that was written and wherever', async () => {
  const town = await openTown();
  const [house, other] = [await town.open(), await town.open()];
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const roles = new Map([[anna, ['Chat.Agent']]]);
  const tabs = [await openTabs(house, roles), await openTabs(other, roles)];
  const mia = await talking(town, house, anna);
  const told = await Promise.all(tabs.map((tab) => tab.listens(anna)));
  const bothShow = (used: number) =>
    passes(
      town.clock,
      () =>
        told.every((events) =>
          events.findLast((one) => one.startsWith('event: me'))?.includes(`"used":${used}`),
        ),
      100,
      600_000,
    );

  const free = town.store.cosmos.faults.add({
    fault: { kind: 'status', status: 503 },
    container: 'agents',
    operation: 'replace',
  });
  await anna.act(house, (await mia.session()).id, 'close');
  await bothShow(1);
  free();
  await bothShow(0);

  for (const tab of tabs) tab.close();
  await town.close();
});
