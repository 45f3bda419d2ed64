import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR, MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let boss: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  boss = new Agent(town, 'Mary Smith');
  await house.house.agents.admit({ ...boss.ref, roles: ['Chat.Supervisor'] });
  await anna.opensTeams(house);
  await boss.opensTeams(house);
});
afterEach(() => town.close());

/** Lines that rang in an agent's chat. */
const rang = (agent: Agent): readonly string[] =>
  town.connector.sent
    .filter(({ conversation, how }) => conversation === agent.chat && how === 'send')
    .flatMap(({ activity }) => (typeof activity['text'] === 'string' ? [activity['text']] : []));
/** Lets time pass under the sweep, while the customer's page beats and the agent is at work. */
const goesBy = async (ms: number, beat: () => Promise<unknown>): Promise<void> => {
  const end = town.clock.now() + ms;
  while (town.clock.now() < end) {
    await beat();
    await passes(town.clock, () => false, 5_000, 59_000).catch(() => undefined);
  }
};

/** Looks until it has rung, and that it did so once. */
const rings = async (agent: Agent, is: (line: string) => boolean): Promise<void> => {
  await passes(town.clock, () => rang(agent).some(is), 500, MINUTE);
  expect(rang(agent).filter(is)).toHaveLength(1);
};

test('row 73: an agent who owes an answer is rung once after five minutes, then supervisors are', async () => {
  const mia = await talking(town, house, anna);
  await mia.says(house, 'Are you there?');
  const beat = () => mia.beats(house);
  await goesBy(6 * MINUTE, beat);
  await rings(anna, (line) => line.includes('waiting for an answer'));
  expect(rang(boss)).toEqual([]);
  await passes(town.clock, async () => {
    const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 5);
    return rows[0]?.owedSince !== undefined;
  });
  await until(() => anna.cards().at(-1)?.[1]).toContain('Waits for your answer');
  await goesBy(5 * MINUTE, beat);
  await rings(boss, (line) => /waiting for an answer from Anna/u.test(line));
  await rings(anna, (line) => line.includes('waiting for an answer'));
});

test('row 73: one who answers is not shown as owing any more, on card and row', async () => {
  const mia = await talking(town, house, anna);
  await mia.says(house, 'Are you there?');
  await goesBy(6 * MINUTE, () => mia.beats(house));
  await until(() => anna.cards().at(-1)?.[1]).toContain('Waits for your answer');
  const { session, seq } = await mia.header();
  await anna.presses(house, 'message', { sid: session.id, epoch: session.epoch, after: seq, text: 'I am' });
  await until(() => anna.cards().at(-1)?.[1]).not.toContain('Waits for your answer');
  await passes(town.clock, async () => {
    const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 5);
    return rows[0]?.owedSince === undefined;
  });
});

test('N6, row 48: a promise to be back rings before it is due, and with supervisors when it is broken', async () => {
  const mia = await talking(town, house, anna);
  const backBy = town.clock.now() + HOUR;
  await anna.act(house, (await mia.session()).id, 'suspend', { backBy });
  const beat = () => mia.beats(house);
  await goesBy(51 * MINUTE, beat);
  await rings(anna, (line) => /promised .* to be back in/u.test(line));
  expect(rang(boss)).toEqual([]);
  await goesBy(11 * MINUTE, beat);
  await rings(boss, (line) => /promised .* to be back by now/u.test(line));
  await until(() => mia.sees().some((line) => line.includes('meant to be back by now'))).toBe(true);
  expect((await house.house.customers.state((await mia.session()).id)).mayChooseAnyone).toBe(true);
});

test('row 68: an end that is near rings on the agent’s side, too', async () => {
  const mia = await talking(town, house, anna);
  await anna.says(house, (await mia.session()).id, 'Anything else?');
  await goesBy(19 * MINUTE, () => mia.beats(house));
  await rings(anna, (line) => line.includes('ends'));
});
