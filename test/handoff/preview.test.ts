import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MINUTE, openTown, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';
import { answers, card, drops, later, opens, promptOf, withAgent } from './returning.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let tomas: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  // The preview lists her alone.
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  tomas = await new Agent(town, 'Tomas Ruiz').signsIn(house);
  for (const agent of [anna, tomas]) await agent.opensTeams(house);
});
afterEach(() => town.close());

const talking = (agent: Agent, widget = 'preview'): Promise<Customer> =>
  withAgent(town, house, agent, { widget });
const gives = async (agent: Agent, customer: Customer) =>
  house.house.desk.act(agent.ref, (await customer.session()).id, { id: 'give', act: 'link' });
const tokenOf = (url = ''): string => new URL(url).hash.slice(1);
const clicks = async (token: string, at = house): Promise<unknown> => {
  const answer = await at.house.redemptions.redeem(
    { way: 'link', text: token },
    { from: '192.0.2.1', who: () => Promise.resolve({ devices: [] }) },
    {
      open: () => Promise.resolve({ token: 'dl', conversationId: 'by-link', expires_in: 3600 }),
      admit: () => ({ hash: 'device', setCookie: 'cookie', pass: 'pass' }),
    },
  );
  return answer.kind === 'back' ? answer.back.state : answer;
};
const lastCardOf = (agent: Agent): string => agent.cards().at(-1)?.[1] ?? '';
const closes = async (agent: Agent, customer: Customer) =>
  agent.act(house, (await customer.session()).id, 'close');

describe('row 86: in a preview that lists Anna', () => {
  test('her customer comes back by prompt and by link, whole', async () => {
    const mia = await talking(anna);
    const { link } = await gives(anna, mia);
    await drops(town, house, mia);
    await opens(mia, house, 'preview');
    expect((await answers(mia, house, 'agent')).state).toMatchObject({ status: 'active', agent: 'Anna' });
    await drops(town, house, mia);
    expect(await clicks(tokenOf(link?.url))).toMatchObject({ status: 'active', agent: 'Anna' });
  });

  test('the customer of another agent has no way back: no prompt, no link, no word of what ended', async () => {
    const mia = await talking(tomas);
    await expect(gives(tomas, mia)).rejects.toMatchObject({ code: 'bad_input' });
    expect(await mia.ledger()).not.toContain('(linkGiven)');
    await later(town, house, 1_000);
    await until(() => lastCardOf(tomas)).toContain('reconnect/close');
    expect(lastCardOf(tomas)).not.toContain('reconnect/link');
    await drops(town, house, mia);
    await opens(mia, house, 'preview');
    expect(await promptOf(mia, house)).toBeUndefined();
    await closes(tomas, mia);
    expect(await house.house.customers.tooLate.find(mia.id)).toBeUndefined();
  });

  test('a canned response of another agent leaves the link out, and goes', async () => {
    const ben = await talking(anna);
    const mia = await talking(tomas);
    for (const [agent, customer, count] of [
      [tomas, mia, 0],
      [anna, ben, 1],
    ] as const) {
      const { id } = await customer.session();
      await agent.act(house, id, 'canned', { response: 'set-back', text: 'Come back: {reconnectLink}' });
      expect((await customer.ledger()).filter((line) => line === '(linkGiven)')).toHaveLength(count);
    }
  });

  test('what she gave opens nothing any more once she is taken off the list', async () => {
    const mia = await talking(anna);
    const { link } = await gives(anna, mia);
    await drops(town, house, mia);
    await house.stop();
    const reconnect = { preview: true, previewAgents: [tomas.ref.id] };
    const widgets = { ...SETTINGS.widgets, preview: { ...SETTINGS.widgets.preview, reconnect } };
    const next = await town.open({ settings: { ...SETTINGS, widgets } });
    expect(await clicks(tokenOf(link?.url), next)).toEqual({ kind: 'unknown' });
    const restored = await town.open();
    expect(await clicks(tokenOf(link?.url), restored)).toMatchObject({ agent: 'Anna' });
  });

  test('prompt and agents’ cards say that it is one, and elsewhere nothing does', async () => {
    for (const [widget, labelled] of [
      ['preview', true],
      ['support', false],
    ] as const) {
      const mia = await talking(anna, widget);
      await later(town, house, 1_000);
      await until(() => lastCardOf(anna)).toContain('reconnect/close');
      expect(lastCardOf(anna).includes('"Preview"')).toBe(labelled);
      await drops(town, house, mia);
      await opens(mia, house, widget);
      await mia.joins(house);
      expect(card(mia)).toContain('Anna');
      expect(card(mia).includes('"Preview"')).toBe(labelled);
    }
  });
});

describe('row 86: where reconnect is switched off', () => {
  test('no link is given from tab, card or canned response, and one given before opens nothing', async () => {
    const on = { ...SETTINGS.widgets.off, reconnect: { enabled: true } };
    await house.stop();
    house = await town.open({ settings: { ...SETTINGS, widgets: { ...SETTINGS.widgets, off: on } } });
    const mia = await talking(anna, 'off');
    const { link } = await gives(anna, mia);
    await drops(town, house, mia);
    await house.stop();
    house = await town.open();
    expect(await clicks(tokenOf(link?.url))).toEqual({ kind: 'unknown' });
    const ben = await talking(anna, 'off');
    await expect(gives(anna, ben)).rejects.toMatchObject({ code: 'bad_input' });
    await later(town, house, 1_000);
    await until(() => lastCardOf(anna)).toContain('reconnect/close');
    expect(lastCardOf(anna)).not.toContain('reconnect/link');
  });

  test('a page that still shows the chat goes on with it, as after any lost connection', async () => {
    const mia = await talking(anna, 'off');
    await drops(town, house, mia);
    expect(await mia.beats(house)).toBe('active');
    await later(town, house, MINUTE);
    expect((await mia.session()).status).toBe('active');
  });
});
