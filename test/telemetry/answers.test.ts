import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer } from '../handoff/people.ts';
import { answers, drops, opens, withAgent } from '../handoff/returning.ts';
import { ear, type Ear } from './ear.ts';

let town: Town;
let house: TestHouse;
let other: TestHouse;
let anna: Agent;
let heard: Ear;

beforeAll(async () => {
  town = await openTown();
  heard = ear();
  house = await town.open({ telemetry: heard.telemetry });
  other = await town.open({ telemetry: heard.telemetry });
  anna = await new Agent(town, 'Anna Bell').signsIn(house, 50);
});
afterAll(() => town.close());

/** They come back through the prompt in another page. */
async function comesBack(customer: Customer): Promise<void> {
  await drops(town, house, customer);
  await opens(customer, house);
  await customer.joins(house);
  await answers(customer, house, 'agent');
}

const afterReturn = { 'reconnect.after': 'return', 'reconnect.way': 'prompt' };

describe('what people waited for is counted, whichever instance they met', () => {
  test('N17: from the return to the agent’s first line, and that the transcript was before them', async () => {
    const mia = await withAgent(town, house, anna);
    await anna.says(house, (await mia.session()).id, 'Hello');
    const handoffs = await heard.count('reconnect.answer.duration', { 'reconnect.after': 'handoff' });
    expect(handoffs).toBe(1);
    await comesBack(mia);
    town.clock.advance(20_000);
    const { id } = await mia.session();
    // Answered in the tab of another instance than the one they came back to.
    const said = { act: 'message', id: 'said-in-the-tab', text: 'Here I am', from: 'tab' } as const;
    await other.house.desk.act(anna.ref, id, said);
    const [answer, ...more] = await heard.of('reconnect.answer.duration', afterReturn);
    expect(more).toEqual([]);
    expect(answer).toMatchObject({ count: 1, by: { 'reconnect.transcript_opened': 'true' } });
    expect(answer?.sum).toBeGreaterThanOrEqual(20);
    // The next line answers nothing that was waited for since the return.
    await anna.says(house, id, 'Still here');
    expect(await heard.count('reconnect.answer.duration', afterReturn)).toBe(1);
  });

  test('N17: an agent who answers on the card alone has not read what was said', async () => {
    const mia = await withAgent(town, house, anna);
    await comesBack(mia);
    const unread = { ...afterReturn, 'reconnect.transcript_opened': 'false' };
    const before = await heard.count('reconnect.answer.duration', unread);
    const { id, epoch } = await mia.session();
    await anna.presses(house, 'message', { sid: id, epoch, text: 'From the card' });
    await until(async () => (await mia.ledger()).includes('agent: From the card')).toBe(true);
    expect(await heard.count('reconnect.answer.duration', unread)).toBe(before + 1);
  });

  test('N17: and one who opened the chat first has', async () => {
    const mia = await withAgent(town, house, anna);
    await comesBack(mia);
    const read = { ...afterReturn, 'reconnect.transcript_opened': 'true' };
    const before = await heard.count('reconnect.answer.duration', read);
    const { id, epoch } = await mia.session();
    house.house.desk.reads(anna.ref, id);
    await anna.presses(house, 'message', { sid: id, epoch, text: 'Read it all' });
    await until(async () => (await mia.ledger()).includes('agent: Read it all')).toBe(true);
    expect(await heard.count('reconnect.answer.duration', read)).toBe(before + 1);
  });

  test('N17: a question that the bot asks again after a return is counted by its id', async () => {
    const mia = new Customer(town);
    await mia.beats(house, { widget: 'support' });
    await mia.says(house, 'ask name');
    await mia.says(house, 'ask parcel');
    await opens(mia, house, 'support');
    await mia.joins(house);
    // The name they have given; the parcel they were still being asked for.
    await mia.says(house, 'ask name');
    await mia.says(house, 'ask name');
    const repeated = (await heard.of('reconnect.bot.questions.repeated')).map(({ by, count }) => [by, count]);
    expect(repeated).toEqual([[{ 'reconnect.question': 'name', 'reconnect.asked_before': 'answered' }, 1]]);
    expect(await heard.count('reconnect.bot.questions', { 'reconnect.question': 'name' })).toBe(3);
  });

  test('row 94: a line that was accepted after a wait counts that wait, and each of its ends once', async () => {
    const stream = { 'reconnect.stream': 'support' };
    const accepted = { ...stream, 'reconnect.outcome': 'accepted' };
    const left = { ...stream, 'reconnect.outcome': 'gone' };
    const before = await heard.of('reconnect.queue.duration', accepted);
    const mia = new Customer(town);
    await mia.beats(house);
    await mia.says(house, 'agent');
    await mia.beats(house);
    town.clock.advance(30_000);
    await anna.act(other, (await mia.session()).id, 'accept');
    const sum = (all: typeof before): number => all.reduce((total, one) => total + one.sum, 0);
    const grown = sum(await heard.of('reconnect.queue.duration', accepted)) - sum(before);
    expect(grown).toBeGreaterThanOrEqual(30);
    const lea = new Customer(town);
    await lea.beats(house);
    await lea.says(house, 'agent');
    await drops(town, house, lea);
    expect(await heard.count('reconnect.queue.duration', left)).toBe(1);
  });

  test('row 94: the line’s length is told once a minute by one instance', async () => {
    const waiting = new Customer(town);
    await waiting.beats(house);
    await waiting.says(house, 'agent');
    await house.house.caughtUp();
    await passes(
      town.clock,
      async () => (await heard.count('reconnect.queue.length')) > 0,
      1_000,
      3 * MINUTE,
    );
    const lengths = await heard.of('reconnect.queue.length');
    expect(lengths.map(({ by }) => by)).toContainEqual({ 'reconnect.stream': 'support' });
  });
});
