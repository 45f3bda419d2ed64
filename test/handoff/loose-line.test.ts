import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, post, talking, type Customer } from './people.ts';

let town: Town;
let house: TestHouse;
let other: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  other = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
});
afterEach(() => town.close());

/** A customer of Anna's whom her lists show. */
async function listed(name: string): Promise<Customer> {
  const customer = await talking(town, house, anna, name);
  const { id } = await customer.session();
  await passes(town.clock, async () => {
    const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'mine', 50);
    return rows.some(({ sid }) => sid === id);
  });
  return customer;
}
/** What the bot answered in Anna's chat, newest last. */
const answers = () =>
  town.connector.sent
    .filter(({ conversation }) => conversation === anna.chat)
    .map(({ activity }) => activity);
interface Action {
  readonly title: string;
  readonly data: Record<string, unknown>;
}
/** The buttons *Send to …* of the last answer. */
const choices = (): readonly Action[] =>
  [
    ...JSON.stringify(answers().at(-1) ?? {}).matchAll(
      /"title":"(Send to [^"]*)","verb":"reconnect\/sendTo","data":(\{[^}]*\})/gu,
    ),
  ].map(([, title = '', data = '']) => ({ title, data: JSON.parse(data) as Record<string, unknown> }));
async function writes(
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<readonly Action[]> {
  expect(await post(house, anna.activity({ text, ...more }))).toBe(200);
  return choices();
}
const chosen = (actions: readonly Action[], customer: Customer): Record<string, unknown> => {
  const found = actions.find(({ data }) => String(data['sid']).startsWith(customer.id));
  if (found === undefined) throw new Error('This customer is not on the list');
  return found.data;
};

test('row 68: a line that names nobody is asked about, with one row for each chat, and sent to nobody', async () => {
  const [mia, ben] = [await listed('mia'), await listed('ben')];
  const before = [(await mia.header()).seq, (await ben.header()).seq];
  const actions = await writes('It leaves *tonight*');
  expect(actions).toHaveLength(2);
  expect(actions.every(({ title }) => /^Send to Visitor \d\d-\d{3}$/u.test(title))).toBe(true);
  expect(JSON.stringify(answers().at(-1))).toContain('"value":"It leaves *tonight*"');
  expect([(await mia.header()).seq, (await ben.header()).seq]).toEqual(before);
});

test('it goes to whom is chosen, once, and to the first alone', async () => {
  const [mia, ben] = [await listed('mia'), await listed('ben')];
  const text = 'It leaves tonight';
  const actions = await writes(text);
  const toMia = { ...chosen(actions, mia), text };
  const [first] = await Promise.all([
    anna.presses(house, 'sendTo', toMia),
    anna.presses(other, 'sendTo', toMia),
  ]);
  expect(JSON.stringify(first.body)).toMatch(/Sent to Visitor|sent already, to Visitor/u);
  const { body } = await anna.presses(other, 'sendTo', { ...chosen(actions, ben), text });
  expect(JSON.stringify(body)).toMatch(/sent already, to Visitor/u);
  await until(() => mia.sees()).toContain(text);
  expect((await mia.ledger()).filter((line) => line === `agent: ${text}`)).toHaveLength(1);
  expect((await ben.ledger()).filter((line) => line === `agent: ${text}`)).toEqual([]);
});

test('a chat that has changed hands meanwhile gets nothing, and the line may still go to another', async () => {
  const [mia, ben] = [await listed('mia'), await listed('ben')];
  const actions = await writes('For Mia');
  mia.conversation = 'elsewhere';
  await house.house.customers.comeBack((await mia.session()).id, mia.thread, 'prompt', 'agent');
  const stale = await anna.presses(house, 'sendTo', { ...chosen(actions, mia), text: 'For Mia' });
  expect(JSON.stringify(stale.body)).toMatch(/has just changed.*"value":"For Mia"/u);
  expect(await mia.ledger()).not.toContain('agent: For Mia');
  const { epoch } = await mia.session();
  await anna.presses(house, 'sendTo', { ...chosen(actions, mia), epoch, text: 'For Mia' });
  expect((await mia.ledger()).filter((line) => line === 'agent: For Mia')).toHaveLength(1);
  await anna.presses(house, 'sendTo', { ...chosen(actions, ben), text: 'For Mia' });
  expect(await ben.ledger()).not.toContain('agent: For Mia');
});

test('B5: a suspended chat is on the list, and resumes by a line sent to it', async () => {
  const mia = await listed('mia');
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  await passes(town.clock, async () => {
    const { rows } = await town.store.stores.inbox.page(`agent:${anna.ref.id}`, 'suspended', 50);
    return rows.length === 1;
  });
  const actions = await writes('Found it');
  await anna.presses(house, 'sendTo', { ...chosen(actions, mia), text: 'Found it' });
  expect((await mia.session()).status).toBe('active');
});

test('an agent without a chat is told so, and keeps the text', async () => {
  await writes('Hello?');
  expect(answers().at(-1)?.['text']).toMatch(/went to nobody[\s\S]*Hello\?/u);
});

test('where no files are kept, one is named and what was written with it is asked about', async () => {
  await listed('mia');
  const file = { contentType: 'application/vnd.microsoft.teams.file.download.info', name: 'label.pdf' };
  const copy = { contentType: 'text/html', content: '<p>Your label</p>' };
  expect(await writes('Your label', { attachments: [file, copy] })).toHaveLength(1);
  expect(JSON.stringify(answers().at(-1))).toMatch(/Files cannot be sent.*label.*pdf/u);
  await writes('', { attachments: [file] });
  expect(answers().at(-1)?.['text']).toContain('label.pdf');
});

test('what is too long for a card is not cut, but left to the inbox', async () => {
  const mia = await listed('mia');
  const { seq } = await mia.header();
  await writes('語'.repeat(7_000));
  expect(answers().at(-1)?.['text']).toMatch(/Nothing was sent/u);
  expect((await mia.header()).seq).toBe(seq);
});

test('row 75: whoever lacks the chat permission is the host bot’s, and a line that is forged goes nowhere', async () => {
  const mia = await listed('mia');
  const eve = new Agent(town, 'Eve Stone');
  const { seq } = await mia.header();
  const data = { sid: (await mia.session()).id, epoch: (await mia.session()).epoch, line: 'any' };
  await eve.presses(house, 'sendTo', { ...data, text: 'Pay me' });
  const ben = await new Agent(town, 'Ben Ode').signsIn(house);
  await ben.presses(house, 'sendTo', { ...data, text: 'Pay me' });
  expect((await mia.header()).seq).toBe(seq);
  expect(town.logged.filter((line) => line.startsWith('denied'))).toHaveLength(2);
  expect(town.logged.join()).not.toContain('Pay me');
});

test.each([
  ['help', 'Inbox tab'],
  [' Help ', 'Inbox tab'],
  ['مساعدة', 'صندوق الوارد'],
])(
  'row 68: an agent who picks the command “%s” is told how the bot is used, and nobody is offered it',
  async (word, told) => {
    await listed('mia');
    expect(await writes(word)).toEqual([]);
    expect(answers().at(-1)?.['text']).toContain(told);
  },
);

test('B1, row 68: an agent whose permission has lapsed overnight is told so, and has their line again', async () => {
  await listed('mia');
  town.clock.advance(25 * 60 * MINUTE);
  expect(await writes('It leaves tonight')).toEqual([]);
  const [last] = answers().slice(-1);
  expect(last?.['text']).toMatch(
    /^Nothing was sent:.*Open it, and you may take chats again.*\n\nIt leaves tonight$/u,
  );
  await anna.signsIn(house);
  expect(await writes('It leaves tonight')).toHaveLength(1);
});
