import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';
import {
  accepted,
  answers,
  buttons,
  card,
  drops,
  later,
  opens,
  presses,
  promptOf,
  withAgent,
} from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let tomas: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  tomas = await new Agent(town, 'Tomas Ruiz').signsIn(house);
});
afterEach(() => town.close());

/** A customer with three chats: set aside with Tomás, then two with Anna; and a new page. */
async function withThree(name?: string): Promise<Customer> {
  const mia = await withAgent(town, house, tomas, name === undefined ? {} : { name });
  await tomas.says(house, (await mia.session()).id, 'The secret of your parcel');
  await tomas.act(house, (await mia.session()).id, 'suspend');
  for (const _ of [1, 2]) {
    await opens(mia, house, 'support');
    await answers(mia, house, 'fresh');
    await accepted(mia, house, anna);
    town.clock.advance(1_000);
  }
  await opens(mia, house, 'support');
  return mia;
}

describe('row 19, A14, B19, B22, B32: a customer with several chats', () => {
  test('is asked about one, and finds the others beside it in the order of the rule, each with agent and time', async () => {
    const mia = await withThree('Mia');
    const [third, second, first] = await mia.sessions();
    const prompt = await promptOf(mia, house);
    expect([prompt?.sid, ...(prompt?.others ?? []).map(({ sid }) => sid)]).toEqual([first, third, second]);
    expect(prompt?.others[0]).toMatchObject({ agent: 'Anna', status: 'active' });
    town.clock.advance(5 * MINUTE);
    await mia.joins(house);
    // The two with Anna read alike here.
    expect(Object.keys(buttons(mia))).toEqual([
      'Continue with Tomas',
      'Anyone, with my history',
      'Start fresh',
      'Anna · in progress · 5 minutes ago',
      'This isn’t me',
    ]);
    expect(card(mia)).toContain('Other chats (2)');
  });

  test('comes back to another one with its button, in a stock Web Chat', async () => {
    const mia = await withThree();
    const [, second] = await mia.sessions();
    const prompt = await promptOf(mia, house);
    const other = prompt?.others.find(({ sid }) => sid === second);
    expect(await presses(mia, house, { ...other, choice: 'agent' })).toBe(200);
    const { session } = (await town.store.stores.sessions.header(second!))!.value;
    expect(session).toMatchObject({ status: 'active', conversation: mia.conversation });
    expect(card(mia)).toContain('Your conversation so far');
  });

  test('who is not verified reads no line and no topic of any of them', async () => {
    const mia = await withThree();
    await mia.joins(house);
    expect(card(mia)).not.toContain('secret');
    expect(card(mia)).not.toContain('A parcel');
    const prompt = await promptOf(mia, house);
    expect(prompt).not.toHaveProperty('lastLine');
    expect(JSON.stringify(prompt?.others)).not.toMatch(/parcel/iu);
  });

  test('finds at most five of them', async () => {
    const mia = await withAgent(town, house, anna);
    for (let i = 0; i < 7; i += 1) {
      await opens(mia, house, 'support');
      await answers(mia, house, 'fresh');
      await accepted(mia, house, anna);
    }
    await opens(mia, house, 'support');
    expect((await promptOf(mia, house))?.others).toHaveLength(5);
  });

  test('of which the one meant has run out of time unnoticed is asked about the next', async () => {
    const mia = await withAgent(town, house, anna);
    const [first] = await mia.sessions();
    // Who waits for the answer does not run out of time.
    await mia.says(house, 'Where is it?');
    await opens(mia, house, 'support');
    await answers(mia, house, 'fresh');
    await accepted(mia, house, tomas);
    const [second] = await mia.sessions();
    await mia.beats(house, { leaving: true });
    await later(town, house, 16_000);
    await until(async () => (await mia.session()).status).toBe('disconnected');
    await house.stop();
    const quiet = await town.open({ running: false });
    town.clock.advance(21 * MINUTE);
    await opens(mia, quiet, 'support');
    expect(second).not.toBe(first);
    expect((await promptOf(mia, quiet))?.sid).toBe(first);
  });
});

describe('N2, row 18: the prompt tells the truth', () => {
  test.each([
    ['available', undefined, { agentIs: 'here' }],
    ['busy', undefined, { agentIs: 'busy' }],
    ['away', 45 * MINUTE, { agentIs: 'away', backAt: expect.any(Number) as number }],
    ['offline', undefined, { agentIs: 'away' }],
  ] as const)('of an agent who is %s', async (status, backIn, said) => {
    const mia = await withAgent(town, house, anna);
    await opens(mia, house);
    await house.house.agents.setPresence(anna.ref.id, {
      status,
      ...(backIn !== undefined && { backAt: town.clock.now() + backIn }),
    });
    expect(await promptOf(mia, house)).toMatchObject({ agent: 'Anna', ...said });
  });

  test('of an agent who has lost the permission: not here for anybody', async () => {
    const mia = await withAgent(town, house, anna);
    await opens(mia, house);
    await house.house.agents.admit({ ...anna.ref, roles: [] });
    expect(await promptOf(mia, house)).toMatchObject({ agentIs: 'away' });
  });

  test('of the line: how many wait for anyone, and since when; nothing when nobody does', async () => {
    const mia = await withAgent(town, house, anna);
    await opens(mia, house, 'support');
    expect(await promptOf(mia, house)).not.toHaveProperty('waiting');
    for (const name of ['ben', 'eve']) await new Customer(town, name).says(house, 'agent');
    const since = town.clock.now();
    await house.house.caughtUp();
    town.clock.advance(MINUTE);
    const prompt = await promptOf(mia, house);
    expect(prompt?.waiting?.count).toBe(2);
    expect(Math.abs((prompt?.waiting?.since ?? 0) - since)).toBeLessThan(5_000);
    await mia.joins(house);
    expect(card(mia)).toContain('For anyone, 2 people are waiting, the first for 1 minute.');
  });

  test('the last line to a verified customer, and how much time is left', async () => {
    const mia = await withAgent(town, house, anna, { name: 'Mia' });
    await anna.says(house, (await mia.session()).id, 'It leaves tonight.');
    await drops(town, house, mia);
    await opens(mia, house);
    expect(await promptOf(mia, house)).toMatchObject({
      name: 'Mia',
      lastLine: { by: 'agent', text: 'It leaves tonight.' },
      agentHeldUntil: expect.any(Number) as number,
      returnUntil: expect.any(Number) as number,
    });
  });
});

describe('“This isn’t me”, on a shared computer', () => {
  test.each([['anonymous'], ['signed in']])(
    'is there for who is %s, and leaves the chat and its hold as they are',
    async (who) => {
      const mia = await withAgent(town, house, anna, who === 'signed in' ? { name: 'Mia' } : {});
      const { id } = await mia.session();
      await drops(town, house, mia);
      await opens(mia, house, 'support');
      await mia.joins(house);
      expect(Object.keys(buttons(mia)).at(-1)).toBe('This isn’t me');
      expect(await presses(mia, house, buttons(mia)['This isn’t me'])).toBe(200);
      const { session } = (await town.store.stores.sessions.header(id))!.value;
      expect(session).toMatchObject({ status: 'disconnected', was: 'held' });
      expect(card(mia)).not.toContain('earlier chat');
      expect(await promptOf(mia, house)).toBeUndefined();
    },
  );
});

describe('row 16: where the widget says direct', () => {
  test('a customer is back at once and told so; Start fresh is still theirs', async () => {
    const mia = await withAgent(town, house, anna, { widget: 'direct' });
    const { id } = await mia.session();
    await drops(town, house, mia);
    await opens(mia, house, 'direct');
    expect(await promptOf(mia, house)).toBeUndefined();
    await mia.joins(house);
    expect(await mia.session()).toMatchObject({ id, status: 'active', conversation: mia.conversation });
    expect(card(mia)).toContain('Welcome back. You are with Anna again.');
    expect(JSON.stringify(mia.sent().at(-1)?.activity['channelData'])).toContain('"direct":true');
    expect(await presses(mia, house, buttons(mia)['Start fresh'])).toBe(200);
    await mia.says(house, 'Something else');
    expect(await mia.sessions()).toHaveLength(2);
    expect(await mia.ledger()).toContain('customer: Something else');
    expect(await mia.ledger(id)).not.toContain('customer: Something else');
  });

  test('the page’s own Start fresh leaves the chat behind in the very conversation, and nothing is lost', async () => {
    const mia = await withAgent(town, house, anna, { widget: 'direct' });
    const { id } = await mia.session();
    expect(await house.house.customers.state(id)).toMatchObject({ direct: true });
    const { state, share } = await house.house.customers.act(mia.id, mia.thread, 'fresh');
    expect([state.status, share?.earlier]).toEqual(['none', id]);
    await mia.says(house, 'Something else');
    await mia.beats(house);
    expect(await mia.sessions()).toHaveLength(2);
    expect(await mia.ledger()).toContain('customer: Something else');
    expect((await town.store.stores.sessions.header(id))!.value.session.status).toBe('disconnected');
    await anna.says(house, id, 'Are you there?');
    expect(mia.sees()).not.toContain('Are you there?');
  });

  test('a line in a new page is theirs too, and goes to the same chat', async () => {
    const mia = await withAgent(town, house, anna, { widget: 'direct' });
    await opens(mia, house, 'direct');
    expect(await mia.says(house, 'Me again')).toBe(200);
    expect(await mia.sessions()).toHaveLength(1);
    expect(await mia.ledger()).toContain('customer: Me again');
  });
});

describe('A18, row 86: the master switch and the preview', () => {
  test.each([
    ['Anna Bell', true],
    ['Tomas Ruiz', false],
  ])('in a preview that lists Anna, who talked to %s is asked: %s', async (name, asked) => {
    const agent = name === 'Anna Bell' ? anna : tomas;
    const mia = await withAgent(town, house, agent, { widget: 'preview' });
    await opens(mia, house, 'preview');
    expect((await promptOf(mia, house)) !== undefined).toBe(asked);
  });

  test('where it is off nothing is offered: no prompt, no return to the bot, no word of an ended chat', async () => {
    const mia = await withAgent(town, house, anna, { widget: 'off' });
    await opens(mia, house, 'off');
    expect(await promptOf(mia, house)).toBeUndefined();
    await anna.act(house, (await mia.session()).id, 'close');
    expect(await house.house.customers.tooLate.find(mia.id)).toBeUndefined();
    const ben = new Customer(town, 'ben');
    await ben.beats(house, { widget: 'off' });
    await ben.says(house, 'hello');
    await opens(ben, house, 'off');
    expect((await house.house.customers.meant(ben.id, ben.thread)).kind).toBe('nothing');
  });
});

describe('B8, P25: waiting in vain for an agent who has set the chat aside', () => {
  async function waiting(widget: string): Promise<Customer> {
    const mia = await withAgent(town, house, anna, { widget });
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await house.house.agents.setPresence(anna.ref.id, { status: 'away' });
    await opens(mia, house, widget);
    expect((await answers(mia, house, 'agent')).state).toMatchObject({ status: 'suspended' });
    return mia;
  }
  const stateOf = async (mia: Customer) => house.house.customers.state((await mia.session()).id);

  test('a customer may choose anyone, with everything said', async () => {
    const mia = await waiting('support');
    expect(await stateOf(mia)).toMatchObject({ mayChooseAnyone: true });
    const { state, refused } = await house.house.customers.act(mia.id, mia.thread, 'anyone');
    expect([refused, state.status]).toEqual([undefined, 'queued']);
    expect(await mia.ledger()).toContain('(waitedInVain)');
  });

  test('where they always and only wait they are told so, and have no such choice', async () => {
    const mia = await waiting('wait');
    expect(await mia.ledger()).toContain('(waitedInVain)');
    expect(await stateOf(mia)).not.toHaveProperty('mayChooseAnyone');
    const { refused } = await house.house.customers.act(mia.id, mia.thread, 'anyone');
    expect(refused).toMatchObject({ kind: 'notNow' });
    expect((await mia.session()).status).toBe('suspended');
  });

  test('who waits for an agent whose place is held may choose anyone as well', async () => {
    const mia = await withAgent(town, house, anna);
    await drops(town, house, mia);
    await house.house.agents.setPresence(anna.ref.id, { status: 'away' });
    await opens(mia, house);
    expect((await answers(mia, house, 'agent')).state).toMatchObject({
      status: 'resuming',
      mayChooseAnyone: true,
    });
    const { state } = await house.house.customers.act(mia.id, mia.thread, 'anyone');
    expect(state.status).toBe('queued');
  });

  test('the page learns of the choice with the very notice', async () => {
    const mia = await withAgent(town, house, anna);
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await opens(mia, house, 'support');
    await answers(mia, house, 'agent');
    const told = () => JSON.stringify(mia.sent().map(({ activity }) => activity['channelData']));
    expect(told()).not.toContain('mayChooseAnyone');
    await house.house.caughtUp();
    await passes(town.clock, () => told().includes('"mayChooseAnyone":true'), 500, 90_000);
  });
});
