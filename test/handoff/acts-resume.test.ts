import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTown, SETTINGS, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

const settings = {
  ...SETTINGS,
  workStreams: {
    support: {
      ...SETTINGS.workStreams.support,
      cannedResponses: [{ title: 'Greeting', shortcut: 'hello', text: 'Hello from {agent}.' }],
    },
  },
  widgets: {
    ...SETTINGS.widgets,
    whole: {
      ...{ title: 'Whole', workStream: 'support', promptAudience: 'anyone' },
      portalUrl: 'https://www.example.com/support',
      pageHosts: ['www.example.com'],
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

/** A customer whose chat Anna has set aside. */
async function setAside(): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(house, { widget: 'whole' });
  await mia.says(house, 'agent');
  const { id } = await mia.session();
  await anna.act(house, id, 'accept');
  await anna.act(house, id, 'suspend');
  return mia;
}

const ACTS = [
  ['message', { text: 'Found it.' }, 'Found it.'],
  ['canned', { response: 'set-hello' }, 'Hello from Anna.'],
  ['link', {}, '#rt1_'],
  ['page', { url: 'https://www.example.com/returns' }, 'https://www.example.com/returns'],
] as const;

test.each(ACTS)(
  'B5: %s from the tab resumes a chat that is set aside, and reaches its customer',
  async (act, with_, said) => {
    const mia = await setAside();
    const { header } = await anna.act(house, (await mia.session()).id, act, with_);
    expect(header.session.status).toBe('active');
    expect(await mia.ledger()).toContain('(resumed)');
    await until(() => mia.sees().some((text) => text.includes(said))).toBe(true);
  },
);

test.each(ACTS)(
  'B5: %s from the card resumes a chat that is set aside, and reaches its customer',
  async (act, with_, said) => {
    const mia = await setAside();
    const { id, epoch } = await mia.session();
    expect((await anna.presses(house, act, { sid: id, epoch, ...with_ })).status).toBe(200);
    expect((await mia.session()).status).toBe('active');
    await until(() => mia.sees().some((text) => text.includes(said))).toBe(true);
  },
);

test('B5: a comment resumes too, and never reaches the customer', async () => {
  const mia = await setAside();
  const { id } = await mia.session();
  await anna.act(house, id, 'comment', { text: 'Ask the depot.' });
  expect((await mia.session()).status).toBe('active');
  await until(() => mia.sees().some((text) => text.includes('is back'))).toBe(true);
  expect(mia.sees().join(' ')).not.toContain('depot');
});

test.each(['tab', 'card'])('B5: a conference that is started from the %s resumes too', async (from) => {
  const ben = await new Agent(town, 'Ben Ode').signsIn(house);
  const mia = await setAside();
  const { id: sid, epoch } = await mia.session();
  if (from === 'tab') await anna.act(house, sid, 'invite', { guest: ben.ref.id });
  else await anna.presses(house, 'invite', { sid, epoch, 'invite.guest': ben.ref.id });
  expect(await mia.session()).toMatchObject({ status: 'active', guests: [{ id: ben.ref.id }] });
});
