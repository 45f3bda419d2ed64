import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

const shows = {
  title: 'Shows',
  workStream: 'support',
  promptAudience: 'anyone',
  pageHosts: ['www.example.com'],
};
const settings = {
  ...SETTINGS,
  widgets: { ...SETTINGS.widgets, shows, zeigt: { ...shows, language: 'ar' } },
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

const URL = 'https://www.example.com/returns';

async function withAnna(widget = 'shows'): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget });
  await mia.says(house, 'agent');
  await anna.act(house, (await mia.session()).id, 'accept');
  return mia;
}

test('B5: a page sent from the tab resumes what is set aside; the customer gets it to look at, and as a plain link', async () => {
  const mia = await withAnna();
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const { header } = await anna.act(house, id, 'page', { url: URL, title: 'Returns [*here*]' });
  expect(header.session.status).toBe('active');
  expect((await mia.ledger()).at(-1)).toBe('agent: Returns [*here*]');
  await until(() => mia.sees().some((text) => text.includes(URL))).toBe(true);
  const { activity } = mia.sent().at(-1) ?? {};
  expect(activity).toMatchObject({
    text: `Anna would like to show you a page: Returns \\[\\*here\\*\\] <${URL}>`,
    textFormat: 'markdown',
    channelData: { reconnect: { page: { url: URL, title: 'Returns [*here*]' }, agent: 'Anna' } },
  });
});

test('B5: a page sent from the card resumes too', async () => {
  const mia = await withAnna();
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const data = { sid: id, epoch: (await mia.session()).epoch, url: URL };
  expect((await anna.presses(house, 'page', data)).status).toBe(200);
  expect((await mia.session()).status).toBe('active');
  expect((await mia.ledger()).at(-1)).toBe(`agent: ${URL}`);
});

test('row 79: an Arabic customer is told of a page in Arabic', async () => {
  const mia = await withAnna('zeigt');
  await anna.act(house, (await mia.session()).id, 'page', { url: URL });
  await until(() => mia.sees().at(-1)).toContain('صفحة');
});

test.each([
  [
    'shows',
    'https://www.example.com.evil.example/',
    'only pages of these hosts can be shown here: www.example.com',
  ],
  ['shows', 'http://www.example.com/', 'must be a plain https address'],
  ['shows', 'javascript:alert(1)', 'must be a plain https address'],
  ['shows', '', 'a page needs its address'],
  ['portal', URL, 'no page can be shown here'],
])('row 79: in %s a page of %j is refused, named, and nothing is written', async (widget, url, why) => {
  const mia = await withAnna(widget);
  const { id } = await mia.session();
  await anna.act(house, id, 'suspend');
  const { seq } = await mia.header();
  await expect(anna.act(house, id, 'page', { url })).rejects.toMatchObject({
    code: 'bad_input',
    message: expect.stringContaining(`url: ${why}`) as string,
  });
  await anna.presses(house, 'page', { sid: id, epoch: (await mia.session()).epoch, ...{ url } });
  expect([(await mia.header()).seq, (await mia.session()).status]).toEqual([seq, 'suspended']);
});
