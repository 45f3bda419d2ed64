import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, buttonOf, post, talking } from './people.ts';

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

describe('row 95, N12: Why this agent, on the card', () => {
  test('is told to whoever has the chat, on their card, and changes nothing', async () => {
    const mia = await talking(town, house, anna);
    const before = await mia.header();
    const { body } = await anna.presses(house, 'why', { ...(await buttonOf(mia)), text: 'One mom' });
    expect(body).toMatchObject({ statusCode: 200, value: { type: 'AdaptiveCard' } });
    expect(JSON.stringify(body)).toMatch(/Anna took it\..*opened a chat\./u);
    // What is half written stays in its box.
    expect(JSON.stringify(body)).toContain('"value":"One mom"');
    const after = await mia.header();
    expect([after.seq, after.session.ver]).toEqual([before.seq, before.session.ver]);
  });

  test('is told in words where a client knows no Execute', async () => {
    const mia = await talking(town, house, anna);
    const data = { ...(await buttonOf(mia)), verb: 'reconnect/why' };
    const press = anna.activity({ value: data });
    await post(house, press);
    const answer = town.connector.sent.find(({ activity }) => activity['replyToId'] === press['id']);
    expect(answer?.activity['text']).toMatch(/opened a chat\.\n[\s\S]*Anna took it\./u);
  });

  test('does not resume a chat that is set aside', async () => {
    const mia = await talking(town, house, anna);
    await anna.presses(house, 'suspend', await buttonOf(mia));
    await anna.presses(house, 'why', await buttonOf(mia));
    expect((await mia.session()).status).toBe('suspended');
  });

  test('row 75: is told to nobody whose chat it is not, and that leaves a line', async () => {
    const mia = await talking(town, house, anna);
    const ben = await new Agent(town, 'Ben Ode').signsIn(house);
    for (const who of [ben, new Agent(town, 'Eve Stone')]) {
      const { body } = await who.presses(house, 'why', await buttonOf(mia));
      expect(JSON.stringify(body)).not.toMatch(/Visitor|took it/u);
    }
    expect(town.logged.filter((line) => line.startsWith('denied'))).toHaveLength(2);
  });
});

describe('what came of a chat, on the card', () => {
  test('is noted as it is closed, and put right within wrap-up', async () => {
    const mia = await talking(town, house, anna);
    await anna.presses(house, 'close', {
      ...(await buttonOf(mia)),
      'close.disposition': 'Resolved',
      'close.notes': ' Label sent ',
    });
    expect(await mia.session()).toMatchObject({
      status: 'closed',
      wrapUp: { disposition: 'Resolved', notes: 'Label sent' },
    });
    await until(() => anna.cards().at(-1)?.[1]).toContain('"value":"Label sent"');
    await anna.presses(house, 'record', {
      ...(await buttonOf(mia)),
      'record.disposition': 'Passed on',
      'record.notes': '',
    });
    expect((await mia.header()).session).toMatchObject({ wrapUp: { disposition: 'Passed on' } });
  });

  test('may be left out', async () => {
    const mia = await talking(town, house, anna);
    await anna.presses(house, 'close', {
      ...(await buttonOf(mia)),
      'close.disposition': ' ',
      'close.notes': '',
    });
    expect((await mia.session()).status).toBe('closed');
    expect(await mia.session()).not.toHaveProperty('wrapUp');
  });

  test('that is no disposition of this work stream closes nothing, and the card says so', async () => {
    const mia = await talking(town, house, anna);
    const { body } = await anna.presses(house, 'close', {
      ...(await buttonOf(mia)),
      'close.disposition': 'Made up',
    });
    expect(JSON.stringify(body)).toMatch(/Nothing was changed/u);
    expect((await mia.session()).status).toBe('active');
  });
});

test('row 76: an agent asks a guest to leave from the card, and the guest is out', async () => {
  const mia = await talking(town, house, anna);
  const ben = await new Agent(town, 'Ben Ode').signsIn(house);
  await anna.act(house, (await mia.session()).id, 'invite', { guest: ben.ref.id });
  await anna.presses(house, 'removeGuest', {
    ...(await buttonOf(mia)),
    'removeGuest.guest': ben.ref.id,
  });
  expect((await mia.session()).guests ?? []).toEqual([]);
});
