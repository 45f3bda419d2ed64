import { median, pause, spread, type Measure } from './measure.ts';
import { openTown, type Chat, type Town } from './town/town.ts';

const LONG = 10_000;
const AT_ONCE = 16;
const BLOCKS = 9;
const TURNS = 60;
const SETTLE_MS = 700;

/** What the next message of a chat costs in which ten thousand were said, beside one of a chat that has just begun. */
export async function longSession(): Promise<readonly Measure[]> {
  const town = await openTown();
  try {
    const [long, short] = [await town.chat(), await town.chat()];
    for (let said = 0; said < LONG; said += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => long.say(`Line ${said + i}`)));
    await short.say('Hello');
    await pause(SETTLE_MS);
    const cost = { long: [] as Cost[], short: [] as Cost[] };
    for (let block = 0; block < BLOCKS; block += 1) {
      cost.long.push(await costOf(town, long));
      cost.short.push(await costOf(town, short));
    }
    const ratio = (of: keyof Cost) =>
      median(cost.long.map((one) => one[of])) / median(cost.short.map((one) => one[of]));
    const each = (of: keyof Cost) => cost.long.map((one, i) => one[of] / (cost.short[i]?.[of] ?? Number.NaN));
    return [
      {
        name: 'long-session-cost',
        unit: 'ratio of CPU',
        ours: ratio('cpu'),
        most: 1.1,
        spread: spread(each('cpu')),
      },
      {
        name: 'long-session-units',
        unit: 'ratio of RU',
        ours: ratio('units'),
        most: 1.1,
        spread: spread(each('units')),
      },
    ];
  } finally {
    await town.close();
  }
}

interface Cost {
  /** ms a message. */
  readonly cpu: number;
  /** Request units of its step. */
  readonly units: number;
}

async function costOf(town: Town, chat: Chat): Promise<Cost> {
  await pause(SETTLE_MS);
  await town.takeRequests();
  const before = await town.house.child.cpu();
  for (let i = 0; i < TURNS; i += 1) await chat.say(`One more, ${i}`);
  const cpu = ((await town.house.child.cpu()) - before) / TURNS;
  const steps = (await town.takeRequests()).filter(({ purpose }) => purpose === 'step');
  return { cpu, units: steps.reduce((sum, { charge }) => sum + charge, 0) / TURNS };
}
