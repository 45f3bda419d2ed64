import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowFor } from '../../src/handoff/rows.ts';
import { HOUR, MINUTE, openTown, passes, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

let town: Town;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.close());

/** Closed now, and open from eight hours on for two hours, every day. */
const closedNow = (): unknown => {
  const opens = (new Date(town.clock.now()).getUTCHours() + 8) % 24;
  const spans = opens === 23 ? '0:00-1:00, 23:00-24:00' : `${opens}:00-${opens + 2}:00`;
  const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
  const hours = { timeZone: 'UTC', week: Object.fromEntries(days.map((day) => [day, spans])) };
  return { ...SETTINGS, workStreams: { support: { ...SETTINGS.workStreams.support, hours } } };
};

const state = async (house: TestHouse, customer: Customer) =>
  house.house.customers.state((await customer.session()).id);
const act = (house: TestHouse, customer: Customer, what: 'leaveMessage' | 'backInLine') =>
  house.house.customers.act(customer.id, customer.thread, what);
const inLine = async (house: TestHouse): Promise<Customer> => {
  const mia = new Customer(town);
  await mia.beats(house);
  await mia.says(house, 'agent');
  return mia;
};

describe('N3: outside hours', () => {
  let house: TestHouse;
  let anna: Agent;
  beforeEach(async () => {
    house = await town.open({ settings: closedNow() });
    anna = await new Agent(town, 'Anna Bell').signsIn(house);
  });

  test('a customer who asks for a person is told when we open, on the page too, and may leave a message', async () => {
    const mia = await inLine(house);
    expect(await mia.ledger()).toEqual(expect.arrayContaining(['(queued)', '(outsideHours)']));
    await until(() => mia.sees().join(' ')).toContain('We open again: ');
    const told = await state(house, mia);
    expect(told).toMatchObject({ status: 'queued', mayLeaveMessage: true });
    expect(told.opensAt).toBeGreaterThan(town.clock.now() + 7 * HOUR);
  });

  test('P25: a message waits in the queue with its customer gone, is answered in the morning, and held until they return', async () => {
    const mia = await inLine(house);
    const { opensAt = 0 } = await state(house, mia);
    await act(house, mia, 'leaveMessage');
    await mia.says(house, 'My parcel is late');
    const { id } = await mia.session();
    expect(await mia.ledger()).not.toContain('bot: You said: My parcel is late');
    await mia.beats(house, { leaving: true });
    await house.house.caughtUp();
    town.clock.advance(opensAt - town.clock.now() + MINUTE);
    await house.house.caughtUp();
    expect(await mia.session()).toMatchObject({
      status: 'queued',
      message: { leftAt: expect.any(Number) as number },
    });
    expect(rowFor(await mia.header(), anna.ref.id)).toMatchObject({
      list: 'queue',
      messageUntil: expect.any(Number) as number,
    });

    await anna.act(house, id, 'accept');
    expect(await mia.session()).toMatchObject({ status: 'disconnected', cause: 'leftMessage' });
    await anna.says(house, id, 'It leaves tonight');
    await house.house.caughtUp();
    expect(mia.sees()).not.toContain('It leaves tonight');

    mia.conversation = 'mia-next-morning';
    const back = await house.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
    expect(back.state).toMatchObject({ status: 'active', agent: 'Anna' });
    expect(back.transcript.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['My parcel is late', 'It leaves tonight']),
    );
  });

  test('a message whose customer still has the page open becomes a chat when an agent takes it', async () => {
    const mia = await inLine(house);
    await act(house, mia, 'leaveMessage');
    await anna.act(house, (await mia.session()).id, 'accept');
    expect((await mia.session()).status).toBe('active');
  });

  test('a message that nobody answers ends after opening and the limit, with a reference', async () => {
    const mia = await inLine(house);
    await act(house, mia, 'leaveMessage');
    await house.house.caughtUp();
    const { messageUntil = 0 } = await state(house, mia);
    town.clock.advance(messageUntil - town.clock.now() - MINUTE);
    await house.house.caughtUp();
    expect((await mia.session()).status).toBe('queued');
    await passes(town.clock, async () => (await mia.session()).status === 'expired', 1_000, 5 * MINUTE);
    const ended = await state(house, mia);
    expect(ended.ended).toMatchObject({
      why: 'unanswered',
      reference: expect.stringMatching(/^\w+-\w+$/u) as string,
    });
  });

  test('a customer who wants to wait after all stands in line again, at their place', async () => {
    const mia = await inLine(house);
    const { queuedAt } = await mia.session();
    await act(house, mia, 'leaveMessage');
    expect(await state(house, mia)).not.toHaveProperty('mayLeaveMessage');
    await act(house, mia, 'backInLine');
    expect(await mia.session()).toMatchObject({ status: 'queued', queuedAt });
    expect(await state(house, mia)).toMatchObject({ mayLeaveMessage: true });
  });

  test('a stock Web Chat is offered it with the line that tells why, and takes it up with the card', async () => {
    const mia = await inLine(house);
    await until(() => JSON.stringify(mia.sent().map(({ activity }) => activity['attachments']))).toContain(
      'Leave a message',
    );
    await mia.says(house, '', { value: { reconnect: { leaveMessage: true } } });
    expect(await mia.ledger()).toContain('(messageLeft)');
    expect(await state(house, mia)).toHaveProperty('messageUntil');
  });
});

test('row 36: where nobody is on, the customer is told at once and need not wait for the limit', async () => {
  const house = await town.open();
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  await house.house.agents.setPresence(anna.ref.id, { status: 'away' });
  const mia = await inLine(house);
  await until(async () => (await state(house, mia)).mayLeaveMessage).toBe(true);
  await until(() => mia.sees().join(' ')).toContain('Nobody is here right now');
});

test('with somebody on, a message may be left only after the limit', async () => {
  const house = await town.open();
  await new Agent(town, 'Anna Bell').signsIn(house);
  const mia = await inLine(house);
  const { refused } = await act(house, mia, 'leaveMessage');
  expect(refused).toEqual({ kind: 'notNow', status: 'queued' });
  await house.house.caughtUp();
  for (let minute = 0; minute < 10; minute += 1) {
    await mia.beats(house);
    town.clock.advance(MINUTE);
  }
  await passes(town.clock, async () => (await state(house, mia)).mayLeaveMessage === true, 500, 5 * MINUTE);
});
