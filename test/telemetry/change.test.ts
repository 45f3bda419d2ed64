import { expect, test } from 'vitest';
import { MINUTE, openTown, until } from '../handoff/house.ts';
import { Agent } from '../handoff/people.ts';
import { answers, drops, later, opens, withAgent } from '../handoff/returning.ts';
import { ear } from './ear.ts';

test('row 94: a return that many instances hear of is counted by the one that committed it', async () => {
  const town = await openTown();
  const ears = [ear(), ear(), ear()];
  const houses = await Promise.all(ears.map(({ telemetry }) => town.open({ telemetry })));
  const [first, second] = houses;
  if (first === undefined || second === undefined) throw new Error('Two are needed');
  try {
    const anna = await new Agent(town, 'Anna Bell').signsIn(first);
    const mia = await withAgent(town, first, anna);
    await drops(town, first, mia);
    await opens(mia, first);
    await mia.joins(first);
    const prompt = await first.house.customers.prompt(mia.id, mia.thread);
    if (prompt === undefined) throw new Error('They were asked nothing');
    // Three clicks at once, on three instances: one wins, the others find it done.
    await Promise.all(houses.map((one) => answers(mia, one, 'agent', prompt)));
    await later(town, second, MINUTE / 2);
    const counts = await Promise.all(
      ears.map(({ count }) => count('reconnect.funnel', { 'reconnect.step': 'continued' })),
    );
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(1);
    const lags = await Promise.all(ears.map(({ count }) => count('reconnect.feed.lag')));
    await until(() => lags.filter((n) => n > 0).length).toBe(1);
  } finally {
    await town.close();
  }
});
