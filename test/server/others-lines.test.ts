import { expect, test } from 'vitest';
import { openTown, until } from '../handoff/house.ts';
import { Agent, talking } from '../handoff/people.ts';
import { openTabs } from './tabs.ts';

/** What a tab was told of a session's row, in order. */
const rowsOf = (told: readonly string[], sid: string) =>
  told
    .filter((one) => one.startsWith('event: row\n'))
    .map((one) => JSON.parse(one.split('\ndata: ')[1] ?? '') as Record<string, unknown>)
    .filter((row) => row['sid'] === sid);

test('a tab hears that another agent’s chat is not its own when that is decided, and not with every line', async () => {
  const town = await openTown();
  const house = await town.open();
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const ben = await new Agent(town, 'Ben Cho').signsIn(house);
  const tabs = await openTabs(house, new Map([anna, ben].map((one) => [one, ['Chat.Agent']])));
  const mia = await talking(town, house, anna);
  const {
    session: { id, ver },
    seq,
  } = await mia.header();
  const [annas, bens] = [await tabs.listens(anna), await tabs.listens(ben)];

  for (const text of ['one', 'two', 'three']) await mia.says(house, text);
  await anna.act(house, id, 'close');
  await until(() => rowsOf(bens, id).at(-1)?.['ver']).toBe(ver + 1);
  await until(() => rowsOf(annas, id).at(-1)?.['list']).toBe('closed');
  expect(rowsOf(bens, id)).toMatchObject([
    { ver, row: null },
    { ver: ver + 1, row: null },
  ]);
  // The feed may have brought what stood there before.
  const lines = rowsOf(annas, id).filter((row) => row['ver'] === ver && Number(row['seq']) > seq);
  expect(new Set(lines.map((row) => row['seq'])).size).toBe(3);

  tabs.close();
  await town.close();
});
