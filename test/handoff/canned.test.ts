import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';

const settings = {
  ...SETTINGS,
  workStreams: {
    support: {
      ...SETTINGS.workStreams.support,
      cannedResponses: [
        { title: 'Greeting', shortcut: 'hello', text: 'Hello {customer}, this is **{agent}** of {company}.' },
        { title: 'The way back', shortcut: 'back', text: 'To come back: {reconnectLink}.' },
      ],
    },
  },
};

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ settings });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  await anna.opensTeams(house);
});
afterEach(() => town.close());

const canned = () => house.house.canned;
const draft = { title: 'Bye', shortcut: 'bye', text: 'Good bye from {company}.' };

/** A customer who talks to Anna in a widget that can give links. */
async function withAnna(widget = 'portal'): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget });
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  return mia;
}

test('B5: a canned response said in the tab resumes what is set aside, and its words are filled', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const { header } = await anna.act(house, id, 'canned', { response: 'set-hello' });
  expect(header.session.status).toBe('active');
  expect((await mia.ledger()).at(-1)).toBe('agent: Hello, this is **Anna** of Northwind.');
  await until(() => mia.sees()).toContain('Hello, this is **Anna** of Northwind.');
});

test('B5: a canned response chosen on the card resumes too, from new cards and old ones', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const { epoch } = await mia.session();
  const data = { sid: id, epoch, response: 'set-hello' };
  expect((await anna.presses(house, 'canned', data)).status).toBe(200);
  expect((await mia.session()).status).toBe('active');
  await post(house, anna.activity({ value: { verb: 'reconnect/canned', ...data } }));
  expect((await mia.ledger()).filter((line) => line.includes('this is **Anna**'))).toHaveLength(2);
  await until(() => JSON.stringify(anna.cards())).toContain(
    '{\\"title\\":\\"Greeting\\",\\"value\\":\\"set-hello\\"}',
  );
});

test('row 79: what the agent has made of a canned response is what is sent, with the response’s id, and once', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  const act = { id: 'once', response: 'set-hello', text: 'Hello there, {customer}!' };
  await anna.act(house, id, 'canned', act);
  await anna.act(house, id, 'canned', act);
  const said = (await house.stores.sessions.entries(id, {})).map(({ what }) => what).slice(-1);
  expect(said).toEqual([
    expect.objectContaining({ text: 'Hello there!', format: 'markdown', canned: 'set-hello' }),
  ]);
  await until(async () => (await canned().offered(anna.ref, await mia.session()))[0]).toMatchObject({
    id: 'set-hello',
    uses: 1,
  });
});

test('A7, row 2: a canned response with the link’s placeholder gives the link in the same act', async () => {
  const mia = await withAnna();
  const { id } = await mia.session();
  const outcome = await anna.act(house, id, 'canned', { response: 'set-back' });
  expect((await mia.ledger()).slice(-2)).toEqual(['(linkGiven)', 'agent: To come back: the link above.']);
  expect(outcome).toHaveProperty('link.url', expect.stringContaining('#rt1_'));
  await until(() => mia.sees().some((text) => text.includes('#rt1_'))).toBe(true);
  expect(JSON.stringify(await house.stores.sessions.entries(id, {}))).not.toContain('rt1_');
});

test('A27: where no link can be given its placeholder is left out, and no brace is read', async () => {
  const mia = await withAnna('support');
  const { id } = await mia.session();
  await anna.act(house, id, 'canned', { response: 'set-back' });
  expect((await mia.ledger()).at(-1)).toBe('agent: To come back:.');
  expect(await mia.ledger()).not.toContain('(linkGiven)');
});

test('row 79: own responses are the agent’s alone, shared ones everybody’s of the work stream', async () => {
  const own = await canned().save(`own:${anna.ref.id}`, draft);
  const shared = await canned().save('shared:support', { ...draft, shortcut: 'ciao' });
  const ben = new Agent(town, 'Ben Carter');
  const idsOf = async (of: Agent, stream = 'support') =>
    (await canned().all(of.ref.id, stream)).map((one) => one.id).sort();
  expect(await idsOf(anna)).toEqual([own.id, shared.id, 'set-back', 'set-hello'].sort());
  expect(await idsOf(ben)).toEqual([shared.id, 'set-back', 'set-hello'].sort());
  expect(await idsOf(ben, 'sales')).toEqual([]);
});

test('row 79: one is changed and removed by its id, and two never have one shortcut', async () => {
  const own = `own:${anna.ref.id}` as const;
  const { id } = await canned().save(own, draft);
  await canned().save(own, { ...draft, text: 'Bye now.' }, id);
  await expect(canned().save(own, { ...draft, shortcut: 'BYE' })).rejects.toThrow(
    'shortcut: /BYE is there already',
  );
  await expect(canned().save(own, draft, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  expect((await canned().all(anna.ref.id, 'sales')).map(({ text }) => text)).toEqual(['Bye now.']);
  await canned().remove(own, id);
  await canned().remove(own, id);
  expect(await canned().all(anna.ref.id, 'sales')).toEqual([]);
});

test('row 79: two who write at once both find theirs again, also from another instance', async () => {
  const own = `own:${anna.ref.id}` as const;
  await Promise.all(['a', 'b', 'c'].map((shortcut) => canned().save(own, { ...draft, shortcut })));
  const other = await town.open({ settings });
  const found = await other.house.canned.all(anna.ref.id, 'sales');
  expect(found.map(({ shortcut }) => shortcut).sort()).toEqual(['a', 'b', 'c']);
});

test('a canned response that is gone is refused by name when chosen, and never when it was written out', async () => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await expect(anna.act(house, id, 'canned', { response: 'gone' })).rejects.toThrow(
    'response: there is no such',
  );
  await anna.act(house, id, 'canned', { response: 'gone', text: 'My words.' });
  expect((await mia.ledger()).at(-1)).toBe('agent: My words.');
});
