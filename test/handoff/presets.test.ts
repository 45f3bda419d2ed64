import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR, MINUTE, openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, type Customer } from './people.ts';
import { answers, buttons, card, drops, later, opens, presses, promptOf, withAgent } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

const slots = async (): Promise<readonly string[]> => Object.values(await anna.slots());
const status = async (customer: Customer) => (await customer.session()).status;
async function closesWindow(customer: Customer): Promise<void> {
  town.clock.advance(1_000);
  await customer.beats(house, { leaving: true });
  await later(town, house, 16_000);
}

describe('the recommended preset', () => {
  const talking = (name?: string) =>
    withAgent(town, house, anna, { widget: 'recommended', ...(name !== undefined && { name }) });

  test('row 86: a signed-in customer who drops or closes the window is asked, an anonymous one is not', async () => {
    for (const [name, goes] of [
      ['Mia', (one: Customer) => drops(town, house, one)],
      ['Ben', closesWindow],
      [undefined, closesWindow],
    ] as const) {
      const customer = await talking(name);
      await goes(customer);
      await until(() => status(customer)).toBe('disconnected');
      await opens(customer, house, 'recommended');
      expect((await promptOf(customer, house)) !== undefined).toBe(name !== undefined);
    }
  });

  test('within ten minutes they are straight back; after it the agent is asked; after twenty it is over', async () => {
    for (const [wait, is] of [
      [5, 'active'],
      [11, 'resuming'],
    ] as const) {
      const mia = await talking('Mia');
      await drops(town, house, mia);
      await later(town, house, wait * MINUTE);
      await opens(mia, house, 'recommended');
      expect((await answers(mia, house, 'agent')).state.status).toBe(is);
    }
    const ben = await talking('Ben');
    await drops(town, house, ben);
    await later(town, house, 21 * MINUTE);
    await until(() => status(ben)).toBe('expired');
  });

  test('who starts fresh gives the kept place back, and the old chat stays', async () => {
    const mia = await talking('Mia');
    const { id } = await mia.session();
    await drops(town, house, mia);
    await until(slots).toEqual(['held']);
    await opens(mia, house, 'recommended');
    await answers(mia, house, 'fresh');
    await until(slots).toEqual([]);
    expect((await town.store.stores.sessions.header(id))?.value.session.status).toBe('disconnected');
  });

  test('who comes back to a chat that was set aside may choose anyone instead of its agent', async () => {
    const mia = await talking('Mia');
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await opens(mia, house, 'recommended');
    expect((await answers(mia, house, 'anyone')).state.status).toBe('queued');
  });

  test('an agent’s suspend gives the place back at once, and the chat is kept a day', async () => {
    const mia = await talking('Mia');
    await drops(town, house, mia);
    await anna.act(house, (await mia.session()).id, 'suspend');
    await until(slots).toEqual([]);
    await later(town, house, 23 * HOUR);
    expect(await status(mia)).toBe('suspended');
    await later(town, house, 2 * HOUR);
    await until(() => status(mia)).toBe('expired');
  });
});

describe('the preset of seed A (Dynamics 365 Omnichannel)', () => {
  const talking = (name?: string) =>
    withAgent(town, house, anna, { widget: 'seeda', ...(name !== undefined && { name }) });

  test('A12, A13, A14, row 13, row 14: a signed-in customer who drops is asked, an anonymous one is not', async () => {
    for (const name of ['Mia', undefined]) {
      const customer = await talking(name);
      await drops(town, house, customer);
      await opens(customer, house, 'seeda');
      expect((await promptOf(customer, house)) !== undefined).toBe(name !== undefined);
    }
  });

  test('A5, A23, A25: who comes back within the window is with the same agent, whose place was kept', async () => {
    const mia = await talking('Mia');
    await drops(town, house, mia);
    await until(slots).toEqual(['held']);
    await opens(mia, house);
    expect((await answers(mia, house, 'agent')).state).toMatchObject({ status: 'active', agent: 'Anna' });
    await until(slots).toEqual(['owned']);
  });

  test('A30: who closed the window is not offered the way back', async () => {
    const mia = await talking('Mia');
    await closesWindow(mia);
    await until(() => status(mia)).toBe('disconnected');
    await opens(mia, house, 'seeda');
    expect(await promptOf(mia, house)).toBeUndefined();
  });

  test('A14: who starts fresh leaves the old chat, and its hold runs on', async () => {
    const mia = await talking('Mia');
    const { id } = await mia.session();
    await drops(town, house, mia);
    await opens(mia, house, 'seeda');
    await answers(mia, house, 'fresh');
    await mia.says(house, 'Something else');
    expect(await mia.sessions()).toHaveLength(2);
    expect((await town.store.stores.sessions.header(id))?.value.session.status).toBe('disconnected');
    await until(slots).toEqual(['held']);
  });

  test('A32, A19: after the window the agent is asked; after the limit it is over', async () => {
    const mia = await talking('Mia');
    await drops(town, house, mia);
    await later(town, house, 11 * MINUTE);
    await opens(mia, house);
    expect((await answers(mia, house, 'agent')).state.status).toBe('resuming');
    const ben = await talking('Ben');
    await drops(town, house, ben);
    await later(town, house, 21 * MINUTE);
    await until(() => status(ben)).toBe('expired');
  });

  test('A29, A33: who is too late sees that it is over, and the option of a new chat', async () => {
    const mia = await talking('Mia');
    await drops(town, house, mia);
    await later(town, house, 21 * MINUTE);
    await until(() => status(mia)).toBe('expired');
    await opens(mia, house, 'seeda');
    await mia.joins(house);
    expect(Object.keys(buttons(mia))).toContain('New chat');
  });

  test('A26, A34: the agent’s Close ends it and gives the place back', async () => {
    const mia = await talking('Mia');
    await drops(town, house, mia);
    await anna.act(house, (await mia.session()).id, 'close');
    await until(slots).toEqual([]);
    await opens(mia, house);
    expect(await promptOf(mia, house)).toBeUndefined();
  });

  test('a customer who sets the chat aside is asked about it, and waits for the agent', async () => {
    const mia = await talking('Mia');
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await opens(mia, house);
    expect((await answers(mia, house, 'agent')).state.status).toBe('suspended');
    await anna.act(house, (await mia.session()).id, 'resume');
    expect(await status(mia)).toBe('active');
  });
});

describe('the preset of seed B (Talisma)', () => {
  const talking = () => withAgent(town, house, anna, { widget: 'seedb' });

  test('B14, B15, B16, row 15, row 21, row 57: who asks for a chat again is asked, with the cookie alone, and yes shows the transcript', async () => {
    const mia = await talking();
    await opens(mia, house, 'seedb');
    const { state, transcript } = await answers(mia, house, 'agent');
    expect(state.status).toBe('active');
    expect(transcript.map(({ text }) => text)).toContain('agent');
  });

  test('B17, B20, B23: no starts a second chat beside the first, whose hold runs on', async () => {
    const mia = await talking();
    await drops(town, house, mia);
    await opens(mia, house, 'seedb');
    await answers(mia, house, 'fresh');
    await mia.says(house, 'Something else');
    expect(await mia.sessions()).toHaveLength(2);
    await until(slots).toEqual(['held']);
  });

  test('B18, B19, row 20: of two in progress the second is meant; B21, B22: one set aside goes before', async () => {
    const mia = await talking();
    const first = await mia.session();
    await opens(mia, house, 'seedb');
    await answers(mia, house, 'fresh');
    await mia.says(house, 'agent');
    const second = await mia.session();
    await anna.act(house, second.id, 'accept');
    await opens(mia, house, 'seedb');
    expect((await promptOf(mia, house))?.sid).toBe(second.id);
    await house.house.customers.act(mia.id, first.conversation, 'suspend');
    const again = await promptOf(mia, house);
    expect(again?.sid).toBe(first.id);
    expect(again?.others.map(({ sid }) => sid)).toEqual([second.id]);
  });

  test('B12, B13: Suspend and a closed window both set the chat aside', async () => {
    const mia = await talking();
    await closesWindow(mia);
    await until(() => status(mia)).toBe('suspended');
    const ben = await talking();
    await house.house.customers.act(ben.id, ben.thread, 'suspend');
    expect(await status(ben)).toBe('suspended');
  });

  test('the agent is held for as long as a return is possible', async () => {
    const mia = await talking();
    await drops(town, house, mia);
    await later(town, house, 15 * MINUTE);
    expect(await mia.session()).toMatchObject({ status: 'disconnected', was: 'held' });
    await opens(mia, house);
    expect((await answers(mia, house, 'agent')).state.status).toBe('active');
  });

  test('B8, B9, B10: who comes back waits for the agent, always and only, until that one resumes', async () => {
    const mia = await talking();
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await house.house.agents.setPresence(anna.ref.id, { status: 'away' });
    await opens(mia, house, 'seedb');
    const { state } = await answers(mia, house, 'anyone');
    expect(state).toMatchObject({ status: 'suspended', agent: 'Anna' });
    expect(state).not.toHaveProperty('mayChooseAnyone');
    expect(await mia.ledger()).toContain('(waitedInVain)');
    await anna.says(house, (await mia.session()).id, 'Here I am');
    expect(await status(mia)).toBe('active');
  });

  test('B27, B28, row 51: what expires set aside becomes a new chat when they try to come back, announced', async () => {
    const mia = await talking();
    const { id } = await mia.session();
    await house.house.customers.act(mia.id, mia.thread, 'suspend');
    await later(town, house, 25 * HOUR);
    await until(() => status(mia)).toBe('expired');
    await opens(mia, house, 'seedb');
    await mia.joins(house);
    expect(card(mia)).toContain('it had been set aside for too long');
    await presses(mia, house, buttons(mia)['New chat with my history']);
    await mia.says(house, 'agent');
    expect(await mia.session()).toMatchObject({ status: 'queued', follows: id });
  });
});
