import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PromptAnswer } from '../../src/cards/views.ts';
import { HOUR, MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

/** The clock jumps, and the sweep looks once on each instance that runs. */
async function later(ms: number): Promise<void> {
  await house.house.caughtUp();
  town.clock.advance(ms);
  await passes(town.clock, () => false, 500, 3_000).catch(() => undefined);
}

/** Mia talked to Anna and was noticed gone. */
async function disconnected(name = 'mia', widget?: string): Promise<Customer> {
  const mia = new Customer(town, name);
  await mia.beats(house, widget === undefined ? {} : { widget });
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  await mia.beats(house);
  await later(3 * MINUTE);
  await until(async () => (await mia.session()).status).toBe('disconnected');
  return mia;
}

const answer = async (
  customer: Customer,
  choice: PromptAnswer['choice'],
  more: Partial<PromptAnswer> = {},
) => {
  const prompt = await house.house.customers.prompt(customer.id, customer.thread);
  if (prompt === undefined) throw new Error('There is nothing to answer');
  const { sid, epoch, nonce } = prompt;
  return house.house.customers.answer(customer.id, customer.thread, { sid, epoch, nonce, choice, ...more });
};
const elsewhere = (customer: Customer): void =>
  void (customer.conversation = `${customer.conversation}-again`);
const place = async (): Promise<readonly string[]> => Object.values(await anna.slots());

test('a customer who falls silent is noticed gone, and the place of their agent is held', async () => {
  const mia = await disconnected();
  expect(await mia.session()).toMatchObject({ status: 'disconnected', was: 'held', cause: 'silent' });
  await until(place).toEqual(['held']);
});

test('who returns within the window is straight back with their agent', async () => {
  const mia = await disconnected();
  elsewhere(mia);
  const { state, transcript } = await answer(mia, 'agent');
  expect(state).toMatchObject({ status: 'active', agent: 'Anna' });
  expect(transcript.map(({ text }) => text)).toContain('agent');
  await until(place).toEqual(['owned']);
});

test('who returns within the window while the agent is away waits for them; they may then be helped by anyone', async () => {
  const mia = await disconnected();
  await house.house.agents.setPresence(anna.ref.id, { status: 'away' });
  elsewhere(mia);
  expect((await answer(mia, 'agent')).state.status).toBe('resuming');
  await later(11 * MINUTE);
  await until(() => mia.session()).toMatchObject({ status: 'queued' });
  await until(place).toEqual([]);
});

describe('who returns after the window', () => {
  async function offered(): Promise<Customer> {
    const mia = await disconnected();
    await later(11 * MINUTE);
    await until(() => mia.session()).toMatchObject({ status: 'disconnected', was: 'offered' });
    await until(place).toEqual([]);
    elsewhere(mia);
    expect((await answer(mia, 'agent')).state.status).toBe('resuming');
    return mia;
  }
  test('is offered to the agent, who accepts', async () => {
    const mia = await offered();
    await anna.act(house, (await mia.session()).id, 'accept');
    expect((await mia.session()).status).toBe('active');
  });
  test('goes to the queue at their earlier place when the agent declines', async () => {
    const mia = await offered();
    const { queuedAt } = await mia.session();
    await anna.act(house, (await mia.session()).id, 'decline');
    expect(await mia.session()).toMatchObject({ status: 'queued', queuedAt, declinedBy: [anna.ref.id] });
  });
  test('goes to the queue at their earlier place when the agent is silent', async () => {
    const mia = await offered();
    const { queuedAt } = await mia.session();
    await later(61_000);
    await until(() => mia.session()).toMatchObject({ status: 'queued', queuedAt });
  });
});

test('A33: past the limit it is over: no prompt any more, and the next line opens a new session', async () => {
  const mia = await disconnected();
  await later(21 * MINUTE);
  await until(async () => (await mia.session()).status).toBe('expired');
  elsewhere(mia);
  expect(await house.house.customers.prompt(mia.id, mia.thread)).toBeUndefined();
  expect(await mia.says(house, 'hello?')).toBe(200);
  expect(await mia.sessions()).toHaveLength(2);
});

test('a click a moment too late finds the expiry before any sweep has', async () => {
  const mia = await disconnected();
  elsewhere(mia);
  const prompt = await house.house.customers.prompt(mia.id, mia.thread);
  const free = await house.house.pauseSweep();
  town.clock.advance(30 * MINUTE);
  const { refused, state } = await house.house.customers.answer(mia.id, mia.thread, {
    sid: prompt!.sid,
    epoch: prompt!.epoch,
    nonce: prompt!.nonce,
    choice: 'agent',
  });
  expect(refused).toMatchObject({ kind: 'over', status: 'expired' });
  expect(state).toMatchObject({ status: 'expired', ended: { why: 'away', agent: 'Anna' } });
  free();
});

test('two deadlines missed while nothing ran take effect in their order, at their own moments', async () => {
  const mia = await disconnected();
  const { id } = await mia.session();
  await house.house.caughtUp();
  await house.stop();
  town.clock.advance(HOUR);
  const next = await town.open();
  await passes(town.clock, async () => (await mia.session()).status === 'expired', 500, 90_000);
  const events = (await town.store.stores.sessions.audit(id)).flatMap((one) => one.events);
  const types = events.map(({ type }) => type);
  expect(types.indexOf('holdEnded')).toBeGreaterThan(0);
  expect(types.indexOf('expired')).toBeGreaterThan(types.indexOf('holdEnded'));
  const at = (type: string): number => events.find((event) => event.type === type)?.at ?? 0;
  expect(at('expired') - at('holdEnded')).toBe(10 * MINUTE);
  await next.stop();
});

test('row 49: a wait in line, an inactivity and a suspension each come to their end by the clock alone', async () => {
  const mia = new Customer(town, 'mia');
  const ben = await talking(town, house, anna, 'ben');
  const eve = await talking(town, house, anna, 'eve');
  await mia.says(house, 'agent');
  await anna.says(house, (await ben.session()).id, 'Anything else?');
  await anna.act(house, (await eve.session()).id, 'suspend');
  await eve.beats(house);
  await later(21 * MINUTE);
  await until(() => mia.ledger()).toContain('(queueLimit)');
  await until(() => ben.session()).toMatchObject({ status: 'expired', was: 'active' });
  await until(() => eve.session()).toMatchObject({ status: 'suspended' });
  await later(25 * HOUR);
  await until(() => eve.session()).toMatchObject({ status: 'expired', was: 'suspended' });
});

test.each(['message', 'comment'] as const)(
  'a suspended session resumes with any act of its agent: %s',
  async (act) => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await anna.act(house, id, 'suspend', { reason: 'Looking it up' });
    expect((await mia.session()).status).toBe('suspended');
    await anna.act(house, id, 'editSuspension', { reason: 'Still looking' });
    expect((await mia.session()).status).toBe('suspended');
    await anna.act(house, id, act, { text: 'Found it' });
    expect((await mia.session()).status).toBe('active');
    expect(await mia.ledger()).toContain('agent: Found it');
    await passes(town.clock, () => false, 300, 2_000).catch(() => undefined);
    expect(mia.sees().includes('Found it')).toBe(act === 'message');
  },
);

describe('a customer who starts fresh', () => {
  test.each([
    ['support', 'release', [], 'disconnected'],
    ['keep', 'keep', ['held'], 'disconnected'],
    ['close', 'close', [], 'closed'],
  ] as const)('in widget %s (%s) leaves the old session so', async (widget, _, slots, status) => {
    const mia = await disconnected('mia', widget);
    const { id } = await mia.session();
    elsewhere(mia);
    await answer(mia, 'fresh');
    await until(place).toEqual(slots);
    expect((await town.store.stores.sessions.header(id))?.value.session.status).toBe(status);
    expect(await house.house.customers.prompt(mia.id, mia.thread)).toBeUndefined();
    expect(await mia.says(house, 'something else')).toBe(200);
    expect(await mia.sessions()).toHaveLength(2);
    expect(await mia.ledger()).toContain('customer: something else');
  });
});

describe('a prompt', () => {
  test('costs few reads', async () => {
    const mia = await disconnected();
    elsewhere(mia);
    await house.stop();
    const quiet = await town.open({ running: false });
    await quiet.house.agents.states();
    town.store.cosmos.counters.reset();
    expect(await quiet.house.customers.prompt(mia.id, mia.thread)).toMatchObject({
      agent: 'Anna',
      agentIs: 'here',
    });
    // Which sessions, the one that is meant, and who waits in line.
    expect(town.store.cosmos.counters.billed()).toBe(3);
  });

  test('is refused with another’s nonce, conversation, customer or epoch', async () => {
    const mia = await disconnected();
    const ben = await disconnected('ben');
    elsewhere(mia);
    elsewhere(ben);
    const prompt = await house.house.customers.prompt(mia.id, mia.thread);
    const given: PromptAnswer = {
      sid: prompt!.sid,
      epoch: prompt!.epoch,
      nonce: prompt!.nonce,
      choice: 'agent',
    };
    const { customers } = house.house;
    const notFound = { code: 'not_found' };
    await expect(customers.answer(mia.id, ben.thread, given)).rejects.toMatchObject(notFound);
    await expect(customers.answer(ben.id, mia.thread, given)).rejects.toMatchObject(notFound);
    await expect(
      customers.answer(mia.id, mia.thread, { ...given, epoch: given.epoch + 1 }),
    ).rejects.toMatchObject(notFound);
    await expect(customers.answer(mia.id, mia.thread, { ...given, nonce: '' })).rejects.toMatchObject(
      notFound,
    );
    await expect(
      customers.answer(mia.id, mia.thread, { ...given, sid: (await ben.session()).id }),
    ).rejects.toMatchObject(notFound);
    expect((await mia.session()).status).toBe('disconnected');
  });

  test('row 22: that is clicked twice gives the same answer twice, and one return', async () => {
    const mia = await disconnected();
    const other = await town.open();
    elsewhere(mia);
    const prompt = await house.house.customers.prompt(mia.id, mia.thread);
    const given: PromptAnswer = {
      sid: prompt!.sid,
      epoch: prompt!.epoch,
      nonce: prompt!.nonce,
      choice: 'agent',
    };
    const [one, two, three] = await Promise.all([
      house.house.customers.answer(mia.id, mia.thread, given),
      other.house.customers.answer(mia.id, mia.thread, given),
      house.house.customers.answer(mia.id, mia.thread, given),
    ]);
    const four = await other.house.customers.answer(mia.id, mia.thread, given);
    for (const each of [one, two, three, four]) {
      expect(each.state.status).toBe('active');
      expect(each.transcript.map(({ id }) => id)).toEqual(
        expect.arrayContaining(one.transcript.map(({ id }) => id)),
      );
    }
    expect((await mia.ledger()).filter((line) => line === '(customerBack)')).toHaveLength(1);
  });

  test.each([
    ['support', 'anonymous', true],
    ['strict', 'anonymous', false],
    ['strict', 'signed in', true],
    ['nobody', 'signed in', false],
    ['off', 'signed in', false],
  ] as const)('in widget %s to a customer who is %s: %s', async (widget, who, shown) => {
    const mia = new Customer(town);
    if (who === 'signed in')
      await house.house.customers.know(mia.id, { kind: 'signedIn', issuer: 'site', name: 'Mia' });
    await mia.beats(house, { widget });
    await mia.says(house, 'agent');
    await anna.act(house, (await mia.session()).id, 'accept');
    elsewhere(mia);
    expect((await house.house.customers.prompt(mia.id, mia.thread)) !== undefined).toBe(shown);
  });

  test.each([
    ['unasked', 'closed the window', { leaving: true }, false],
    ['unasked', 'fell silent', {}, true],
    ['support', 'closed the window', { leaving: true }, true],
  ] as const)('in widget %s to a customer who %s: %o, %s', async (widget, _, how, shown) => {
    const mia = new Customer(town);
    await mia.beats(house, { widget });
    await mia.says(house, 'agent');
    await anna.act(house, (await mia.session()).id, 'accept');
    town.clock.advance(1_000);
    await mia.beats(house, how);
    await later(3 * MINUTE);
    await until(async () => (await mia.session()).status).toBe('disconnected');
    elsewhere(mia);
    expect((await house.house.customers.prompt(mia.id, mia.thread)) !== undefined).toBe(shown);
  });

  test('that nobody may be shown is no reason to lose the line: where returning is off, it opens a new chat', async () => {
    const mia = await disconnected('mia', 'off');
    elsewhere(mia);
    expect(await mia.joins(house)).toBe(200);
    expect(await mia.says(house, 'Hello again')).toBe(200);
    expect(await mia.sessions()).toHaveLength(2);
    expect(await mia.ledger()).toContain('customer: Hello again');
  });

  test('means the explicitly suspended session first, then the latest in progress', async () => {
    const mia = await talking(town, house, anna);
    const first = (await mia.session()).id;
    elsewhere(mia);
    await answer(mia, 'fresh');
    await mia.says(house, 'agent');
    const second = (await mia.session()).id;
    await anna.act(house, second, 'accept');
    elsewhere(mia);
    const meant = async () => (await house.house.customers.prompt(mia.id, mia.thread))?.sid;
    expect(second).not.toBe(first);
    expect(await meant()).toBe(second);
    await anna.act(house, first, 'suspend');
    expect(await meant()).toBe(first);
  });

  test('holds a line back, says so, and takes it once the customer has chosen', async () => {
    const mia = await disconnected();
    elsewhere(mia);
    const line = mia.activity({ text: 'Hello again', channelData: { clientActivityID: 'again' } });
    expect(await post(house, line)).toBe(200);
    expect(await mia.ledger()).not.toContain('customer: Hello again');
    await answer(mia, 'agent');
    expect(await post(house, line)).toBe(200);
    expect(await mia.ledger()).toContain('customer: Hello again');
  });
});

test('who was with the bot comes back without a question, with a stock Web Chat too', async () => {
  const mia = new Customer(town);
  await mia.says(house, 'hello');
  elsewhere(mia);
  await mia.joins(house);
  await mia.says(house, 'me again');
  expect(await mia.sessions()).toHaveLength(1);
  expect(await mia.ledger()).toContain('customer: me again');
});

test('who stood in line gets their place back', async () => {
  const mia = new Customer(town);
  await mia.beats(house);
  await mia.says(house, 'agent');
  const { queuedAt } = await mia.session();
  await later(3 * MINUTE + 1_000);
  await until(() => mia.session()).toMatchObject({ status: 'disconnected', was: 'queued' });
  const ben = new Customer(town, 'ben');
  await ben.says(house, 'agent');
  elsewhere(mia);
  const { state, transcript } = await answer(mia, 'agent');
  expect(state).toMatchObject({ status: 'queued', place: 1 });
  expect(transcript.at(-1)?.text).toContain('1st');
  expect((await mia.session()).queuedAt).toBe(queuedAt);
});
