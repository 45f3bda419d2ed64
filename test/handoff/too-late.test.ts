import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { referenceOf } from '../../src/handoff/reference.ts';
import { readSessionId, type SessionId } from '../../src/session/ids.ts';
import { HOUR, MINUTE, openTown, passes, soon, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';
import { buttons, card, drops, later, opens, presses, withAgent } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

/** Anna's customer who fell silent, was noticed gone, and did not come back in time. */
async function tooLate(widget = 'support'): Promise<Customer> {
  const mia = await withAgent(town, house, anna, { widget });
  await drops(town, house, mia);
  await later(town, house, 21 * MINUTE);
  await until(async () => (await mia.session()).status).toBe('expired');
  await opens(mia, house, widget);
  return mia;
}
const storedOf = async (sid: SessionId) => (await town.store.stores.sessions.header(sid))?.value.session;
const tell = (customer: Customer) => house.house.customers.tooLate.tell(customer.id);
const follows = async (customer: Customer) => (await customer.session()).follows;

describe('A28, A29, A33, N10: a customer who comes back too late', () => {
  test('is told once when and why it ended, with a reference, and is offered both ways on', async () => {
    const mia = await tooLate();
    const { id } = await mia.session();
    await mia.joins(house);
    expect(card(mia)).toMatch(
      /Your chat with Anna ended at \{\{TIME\([^)]*\)\}\}: it had been quiet for too long\./u,
    );
    expect(card(mia)).toContain(`Reference ${referenceOf(id)}.`);
    expect(Object.keys(buttons(mia))).toEqual(['New chat with my history', 'New chat']);
    const before = mia.sent().length;
    await opens(mia, house, 'support');
    await mia.joins(house);
    expect(mia.sent()).toHaveLength(0);
    expect(before).toBe(1);
  });

  test('takes the history along into a new chat with one tap', async () => {
    const mia = await tooLate();
    const { id } = await mia.session();
    await mia.joins(house);
    expect(await presses(mia, house, buttons(mia)['New chat with my history'])).toBe(200);
    expect(await follows(mia)).toBe(id);
    expect((await mia.session()).id).not.toBe(id);
    await mia.says(house, 'agent');
    expect(await follows(mia)).toBe(id);
    expect(await mia.sessions()).toHaveLength(2);
  });

  test('or begins a new one that knows nothing of it', async () => {
    const mia = await tooLate();
    await mia.joins(house);
    expect(await presses(mia, house, buttons(mia)['New chat'])).toBe(200);
    await mia.says(house, 'agent');
    expect(await mia.sessions()).toHaveLength(2);
    expect(await follows(mia)).toBeUndefined();
  });

  test('and just writes: the line is kept, and begins a new chat that is announced', async () => {
    const mia = await tooLate();
    expect(await mia.says(house, 'Hello again')).toBe(200);
    expect(mia.sees()).toContain('What you have just written begins a new chat.');
    expect(await mia.ledger()).toContain('customer: Hello again');
    expect(await mia.sessions()).toHaveLength(2);
  });

  test('row 55: is told although no sweep has noticed the end yet', async () => {
    const mia = await withAgent(town, house, anna);
    const { id } = await mia.session();
    await drops(town, house, mia);
    await house.stop();
    const quiet = await town.open({ running: false });
    town.clock.advance(HOUR);
    await opens(mia, quiet);
    await mia.joins(quiet);
    expect(card(mia)).toContain(referenceOf(id));
  });

  test('is sent where the widget says, once, and only after having been cut off', async () => {
    const mia = await tooLate('redirect');
    expect(await tell(mia)).toMatchObject({ why: 'away', redirect: 'https://www.example.com/sorry' });
    expect(await tell(mia)).toBeUndefined();
    const ben = await withAgent(town, house, anna, { widget: 'redirect' });
    await house.house.customers.act(ben.id, ben.thread, 'suspend');
    await later(town, house, 25 * HOUR);
    await until(async () => (await ben.session()).status).toBe('expired');
    const ended = await tell(ben);
    expect(ended).toMatchObject({ why: 'setAside' });
    expect(ended).not.toHaveProperty('redirect');
  });

  test('is told nothing more after a day', async () => {
    const mia = await tooLate();
    town.clock.advance(25 * HOUR);
    expect(await tell(mia)).toBeUndefined();
  });
});

test('B27: a suspended chat that expired before it was resumed becomes a new one, announced with the old reference', async () => {
  const mia = await withAgent(town, house, anna);
  const { id } = await mia.session();
  await house.house.customers.act(mia.id, mia.thread, 'suspend');
  await later(town, house, 25 * HOUR);
  await until(async () => (await mia.session()).status).toBe('expired');
  await opens(mia, house, 'support');
  await mia.says(house, 'Here I am');
  expect(card(mia)).toContain('it had been set aside for too long');
  expect(card(mia)).toContain(referenceOf(id));
  expect((await mia.session()).id).not.toBe(id);
});

describe('who knows already that it is over is not told again', () => {
  test.each(['agent', 'customer'] as const)('having been on the page when the %s closed it', async (by) => {
    const mia = await withAgent(town, house, anna);
    if (by === 'agent') await anna.act(house, (await mia.session()).id, 'close');
    else await house.house.customers.act(mia.id, mia.thread, 'end');
    await opens(mia, house);
    expect(await tell(mia)).toBeUndefined();
  });

  test('but one who was gone when the agent closed it is', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    await anna.act(house, (await mia.session()).id, 'close');
    expect(await tell(mia)).toMatchObject({ why: 'agent', agent: 'Anna' });
  });

  test('and a page that still shows it is told where it stands, with the reference, each time', async () => {
    const mia = await tooLate('redirect');
    const [id] = await mia.sessions();
    const shown = (await storedOf(id!))!.conversation;
    const beat = () =>
      house.house.customers.beat(mia.id, { conversation: shown, beatAt: town.clock.now(), phone: false });
    const ended = { reference: referenceOf(id!), why: 'away' };
    const first = await beat();
    expect(first).toMatchObject({
      status: 'expired',
      ended: { ...ended, redirect: expect.any(String) as string },
    });
    const second = await beat();
    expect(second).toMatchObject({ status: 'expired', ended });
    expect(second.ended).not.toHaveProperty('redirect');
    expect(await tell(mia)).toBeUndefined();
  });
});

describe('row 97: when the store cannot tell whether there is a chat', () => {
  test('a customer who joins is told so, is offered both, and loses nothing', async () => {
    const mia = await withAgent(town, house, anna);
    const { id } = await mia.session();
    await opens(mia, house);
    const free = town.store.cosmos.faults.add({
      fault: { kind: 'status', status: 503 },
      container: 'sessions',
      operation: 'read',
    });
    expect(await soon(mia.joins(house), town.clock)).toBe(200);
    expect(card(mia)).toContain('We cannot tell right now');
    expect(Object.keys(buttons(mia))).toEqual(['Try again', 'New chat']);
    free();
    expect(await mia.sessions()).toEqual([id]);
    const { 'Try again': again, 'New chat': anew } = buttons(mia);
    await presses(mia, house, again);
    expect(Object.keys(buttons(mia))).toContain('Continue with Anna');
    await presses(mia, house, anew);
    await mia.says(house, 'hello');
    expect(await mia.sessions()).toHaveLength(2);
    expect((await storedOf(id))?.status).toBe('active');
  });
});

describe('the reference number', () => {
  const sid = readSessionId('dl_AAAAAAAAAAAAAAAAAAAAAA.first000')!;
  test('follows from the session, is read aloud safely, and is another for another', () => {
    expect(referenceOf(sid)).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/u);
    expect(referenceOf(sid)).toBe(referenceOf(sid));
    expect(referenceOf(readSessionId('dl_AAAAAAAAAAAAAAAAAAAAAA.second00')!)).not.toBe(referenceOf(sid));
  });

  test('is told to both sides with the end itself', async () => {
    const mia = await withAgent(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'close');
    await until(() => mia.sees().join('\n')).toContain(`Your reference is ${referenceOf(id)}.`);
  });
});

describe('row 66, P19: what was said can be read again', () => {
  test('while the chat runs and within a day after its end, and no longer', async () => {
    const mia = await withAgent(town, house, anna);
    const { id } = await mia.session();
    await anna.says(house, id, 'It leaves tonight.');
    const texts = async () =>
      (await house.house.customers.transcript(mia.id, mia.thread)).lines.map(({ text }) => text);
    expect(await texts()).toContain('It leaves tonight.');
    await anna.act(house, id, 'close');
    expect(await texts()).toContain('It leaves tonight.');
    const { state } = await house.house.customers.transcript(mia.id, mia.thread);
    expect(state).toMatchObject({ status: 'closed', ended: { why: 'agent' } });
    town.clock.advance(25 * HOUR);
    await expect(texts()).rejects.toMatchObject({ code: 'not_found' });
  });

  test('by nobody else', async () => {
    const mia = await withAgent(town, house, anna);
    const eve = new Customer(town, 'eve');
    await expect(house.house.customers.transcript(eve.id, mia.thread)).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('row 52: both sides are warned before an end', () => {
  const told = (mia: Customer) => mia.ledger().then((lines) => lines.includes('(endsSoon)'));
  test('row 53: of a chat in which the customer owes the answer', async () => {
    const mia = await withAgent(town, house, anna);
    await anna.says(house, (await mia.session()).id, 'Are you there?');
    // Their page is there and beats; they do not answer.
    for (let i = 0; i < 9; i += 1) {
      await later(town, house, 2 * MINUTE);
      await mia.beats(house);
    }
    await passes(town.clock, () => told(mia), 500, 2 * MINUTE);
    await until(() => mia.sees().join()).toContain('Are you still there?');
    expect((await mia.session()).status).toBe('active');
  });

  test.each(['disconnected', 'suspended'] as const)('of one that is %s', async (status) => {
    const mia = await withAgent(town, house, anna);
    if (status === 'disconnected') await drops(town, house, mia);
    else await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await later(town, house, status === 'disconnected' ? 18 * MINUTE : 24 * HOUR - 2 * MINUTE);
    await until(() => told(mia)).toBe(true);
    expect((await mia.session()).status).toBe(status);
  });
});
