import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  await anna.opensTeams(house);
});
afterEach(() => town.close());

const step = (): Promise<unknown> => passes(town.clock, () => false, 200, 3_000).catch(() => undefined);
const shown = (): string => JSON.stringify(anna.cards());
/** Until the cards show it, or no longer. */
const shows = (text: string, so = true): Promise<unknown> =>
  passes(town.clock, () => shown().includes(text) === so, 200);
const given = async (mia: Customer): Promise<number> =>
  (await mia.ledger()).filter((line) => line === '(linkGiven)').length;

/** A customer who talks to Anna, in a widget that can give links unless told otherwise. */
async function withAnna(widget = 'portal'): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget });
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  await step();
  return mia;
}

const leaves = async (mia: Customer): Promise<void> => {
  const { id } = await mia.session();
  await house.house.sessions.ask(id, {
    actor: 'house',
    command: () => ({ type: 'customerLeft', cause: 'phone', at: town.clock.now() }),
  });
};

test('row 2, A7: an agent gives a link from the card, which says so and for how long, and never shows the link', async () => {
  const mia = await withAnna();
  const { id, epoch } = await mia.session();
  expect(shown()).toContain('reconnect/link');
  const { status, body } = await anna.presses(house, 'link', { sid: id, epoch });
  expect([status, await given(mia)]).toEqual([200, 1]);
  expect(JSON.stringify(body)).toContain(
    'Reconnect link sent. It works while the chat runs, and for 20 minutes',
  );
  await until(() => mia.sees().some((text) => text.includes('#rt1_'))).toBe(true);
  const [, token = ''] = /#(rt1_[\w.-]+)/u.exec(mia.sees().join(' ')) ?? [];
  expect(token).not.toBe('');
  await leaves(mia);
  await step();
  expect(anna.cards()).toHaveLength(1);
  expect(shown()).toMatch(/Reconnect link sent\. It works until \{\{TIME/u);
  expect(JSON.stringify([body, anna.cards()])).not.toMatch(/rt1_|seed/u);
});

test('row 11: once the links are withdrawn, the card says nothing of them', async () => {
  const mia = await withAnna();
  const { id, epoch } = await mia.session();
  await anna.presses(house, 'link', { sid: id, epoch });
  await shows('Reconnect link sent');
  await anna.act(house, id, 'revokeLinks');
  await shows('Reconnect link sent', false);
});

test('B5: a link given from the card of a chat that is set aside is an act, and resumes it', async () => {
  const mia = await withAnna();
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const { epoch } = await mia.session();
  const { body } = await anna.presses(house, 'link', { sid: id, epoch });
  expect((await mia.session()).status).toBe('active');
  expect(JSON.stringify(body)).toContain('reconnect/suspend');
});

test('an old client’s card gives a link as well', async () => {
  const mia = await withAnna();
  const { id, epoch } = await mia.session();
  expect(await post(house, anna.activity({ value: { verb: 'reconnect/link', sid: id, epoch } }))).toBe(200);
  expect(await given(mia)).toBe(1);
  await until(shown).toContain('Reconnect link sent');
});

test('A27: without a portal address no card offers a link, and one drawn before gives none', async () => {
  const mia = await withAnna('support');
  const { id, epoch, ver } = await mia.session();
  expect(shown()).not.toContain('reconnect/link');
  const { body } = await anna.presses(house, 'link', { sid: id, epoch });
  expect(JSON.stringify(body)).toContain('no portalUrl');
  expect([await given(mia), (await mia.session()).ver]).toEqual([0, ver]);
});

test('row 17: what a widget says in its own words, its cards, their buttons and their answers say too', async () => {
  const mia = await withAnna('worded');
  const { id, epoch } = await mia.session();
  expect(shown()).toContain('All yours: ');
  expect(shown()).toContain('Hand out a link');
  const { body } = await anna.presses(house, 'link', { sid: id, epoch });
  expect(JSON.stringify(body)).toContain('Hand out a link');
  await post(house, anna.activity({ value: { verb: 'reconnect/resume', sid: id, epoch } }));
  await until(() =>
    town.connector.sent.some(({ activity }) => activity['text'] === 'It is running already.'),
  ).toBe(true);
  await withAnna('portal');
  expect(shown()).toContain('You are with');
});

test('N18: a customer who comes and goes six times is one card, changed in place', async () => {
  const mia = await withAnna();
  const before = shown();
  for (let i = 0; i < 6; i += 1) {
    await leaves(mia);
    await shows('Probably a locked phone');
    town.clock.advance(MINUTE / 2);
    await mia.beats(house);
    await shows('Probably a locked phone', false);
  }
  await step();
  expect(shown()).not.toBe(before);
  expect(anna.cards()).toHaveLength(1);
  const sent = town.connector.sent.filter(
    ({ conversation, activity }) => conversation === anna.chat && activity['type'] === 'message',
  );
  expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
});
