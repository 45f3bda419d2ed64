import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR, MINUTE, openTown, until, type TestHouse, type Town } from './house.ts';
import { Agent, buttonOf, Customer, post, talking } from './people.ts';

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

const refusals = () =>
  town.logged
    .filter((line) => /^(?:act\.refused|denied) /u.test(line))
    .map((line) => line.slice(line.indexOf(' ') + 1));

describe('what an agent writes on a card', () => {
  test('row 68: reaches the customer of that card, and nobody else', async () => {
    const mia = await talking(town, house, anna);
    const ben = await talking(town, house, anna, 'ben');
    await anna.presses(house, 'message', { ...(await buttonOf(ben)), text: 'Hello *Ben*' });
    await until(() => ben.sees()).toContain('Hello *Ben*');
    expect(mia.sees()).not.toContain('Hello *Ben*');
  });

  test('is said once, however often Send is pressed on one state of the card, and by whatever client', async () => {
    const mia = await talking(town, house, anna);
    const data = { ...(await buttonOf(mia)), text: 'It leaves tonight' };
    const answers = await Promise.all([1, 2, 3].map(() => anna.presses(house, 'message', data)));
    await post(house, anna.activity({ value: { ...data, verb: 'reconnect/message' } }));
    expect((await mia.ledger()).filter((line) => line === 'agent: It leaves tonight')).toHaveLength(1);
    expect(answers.filter(({ body }) => JSON.stringify(body).includes('sent already'))).toHaveLength(2);
    await anna.presses(house, 'message', { ...(await buttonOf(mia)), text: 'It leaves tonight' });
    expect((await mia.ledger()).filter((line) => line === 'agent: It leaves tonight')).toHaveLength(2);
  });

  test('as a comment is never the customer’s', async () => {
    const mia = await talking(town, house, anna);
    await anna.presses(house, 'comment', { ...(await buttonOf(mia)), text: 'Seems upset' });
    expect(await mia.ledger()).toContain('agent: Seems upset');
    await anna.presses(house, 'message', { ...(await buttonOf(mia)), text: 'One moment' });
    await until(() => mia.sees()).toContain('One moment');
    expect(mia.sees()).not.toContain('Seems upset');
  });

  test.each([
    ['nothing', '  ', /write something first/u],
    ['too much', 'x'.repeat(8_001), /at most 8000 characters/u],
  ])('when it is %s changes nothing, and the card says so', async (_, text, said) => {
    const mia = await talking(town, house, anna);
    const before = await mia.header();
    const { status, body } = await anna.presses(house, 'message', { ...(await buttonOf(mia)), text });
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toMatch(said);
    expect(body).toMatchObject({ statusCode: 200, value: { type: 'AdaptiveCard' } });
    expect((await mia.header()).seq).toBe(before.seq);
  });

  test('on a card from before the customer moved is not sent, and stands in the reply box again', async () => {
    const mia = await talking(town, house, anna);
    const data = { ...(await buttonOf(mia)), text: 'Your PIN is safe' };
    mia.conversation = 'elsewhere';
    await house.house.customers.comeBack((await mia.session()).id, mia.thread, 'prompt', 'agent');
    const { body } = await anna.presses(house, 'message', data);
    expect(JSON.stringify(body)).toMatch(/Nothing was sent.*still below/u);
    expect(JSON.stringify(body)).toContain('"value":"Your PIN is safe"');
    expect(await mia.ledger()).not.toContain('agent: Your PIN is safe');
  });
});

describe('a suspended chat', () => {
  test.each([
    ['B5: sending a message', 'message', { text: 'Found it' }],
    ['B5: adding a comment', 'comment', { text: 'Asked the depot' }],
    ['B5: giving a link', 'link', {}],
    ['B7, B11: Resume', 'resume', {}],
  ])('resumes by %s on its card', async (_, verb, inputs) => {
    const mia = new Customer(town);
    await mia.beats(house, { widget: 'portal' });
    await mia.says(house, 'agent');
    await anna.act(house, (await mia.session()).id, 'accept');
    await anna.presses(house, 'suspend', await buttonOf(mia));
    expect(await mia.session()).toMatchObject({ status: 'suspended' });
    await anna.presses(house, verb, { ...(await buttonOf(mia)), ...inputs });
    expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });
  });

  test('does not resume when its reason is changed on the card', async () => {
    const mia = await talking(town, house, anna);
    await anna.presses(house, 'suspend', await buttonOf(mia));
    await anna.presses(house, 'editSuspension', {
      ...(await buttonOf(mia)),
      'editSuspension.other': 'Asking the depot',
    });
    expect(await mia.session()).toMatchObject({ status: 'suspended', suspendReason: 'Asking the depot' });
  });
});

describe('a promise to be back that is made on a card', () => {
  const suspends = async (mia: Customer, when: Record<string, string>, zone: Record<string, unknown>) =>
    anna.presses(
      house,
      'suspend',
      { ...(await buttonOf(mia)), 'suspend.reason': 'Investigation', 'suspend.other': '', ...when },
      zone,
    );

  test('is for the clock of whoever makes it', async () => {
    const mia = await talking(town, house, anna);
    const at = Math.ceil((town.clock.now() + 3 * HOUR) / MINUTE) * MINUTE;
    const inTokyo = new Date(at + 9 * HOUR).toISOString();
    const when = { 'suspend.day': inTokyo.slice(0, 10), 'suspend.time': inTokyo.slice(11, 16) };
    await suspends(mia, when, { localTimezone: 'Asia/Tokyo' });
    expect(await mia.session()).toMatchObject({
      status: 'suspended',
      suspendReason: 'Investigation',
      backBy: at,
    });
  });

  test('with a time alone is for the next such time', async () => {
    const mia = await talking(town, house, anna);
    const at = Math.floor((town.clock.now() - HOUR) / MINUTE) * MINUTE;
    const time = new Date(at).toISOString().slice(11, 16);
    await suspends(
      mia,
      { 'suspend.time': time },
      { entities: [{ type: 'clientInfo', timezone: 'Etc/UTC' }] },
    );
    expect(await mia.session()).toMatchObject({ backBy: at + 24 * HOUR });
  });

  test.each([
    ['in no known time zone', { 'suspend.time': '10:00' }, {}, /time zone/u],
    ['at no time there is', { 'suspend.time': '25:99' }, { localTimezone: 'Etc/UTC' }, /cannot be read/u],
    [
      'in a zone there is not',
      { 'suspend.time': '10:00' },
      { localTimezone: 'Moon/Base' },
      /cannot be read/u,
    ],
    ['in the past', { 'suspend.day': '2001-01-01' }, { localTimezone: 'Etc/UTC' }, /past|14 days/u],
  ])('%s changes nothing, and the card says so', async (_, when, zone, said) => {
    const mia = await talking(town, house, anna);
    const { body } = await suspends(mia, when, zone);
    expect(JSON.stringify(body)).toMatch(said);
    expect((await mia.session()).status).toBe('active');
  });
});

describe('a forged act changes nothing and leaves a line of who tried what, without a word of it', () => {
  const SECRET = 'Pay to my account';
  let mia: Customer;
  let data: Record<string, unknown>;
  let before: number;
  beforeEach(async () => {
    mia = await talking(town, house, anna);
    data = { ...(await buttonOf(mia)), text: SECRET };
    before = (await mia.header()).seq;
  });
  afterEach(async () => {
    expect(await mia.session()).toMatchObject({ status: 'active', owner: anna.ref });
    expect((await mia.header()).seq).toBe(before);
    expect(town.logged.join()).not.toContain(SECRET);
  });
  const line = (agent: Agent | undefined, why: string): string =>
    expect.stringMatching(
      new RegExp(`${agent === undefined ? '' : `"agent":"${agent.ref.id}".*`}"why":"${why}"`, 'u'),
    ) as string;

  test('a customer who posts a card’s invoke through Direct Line', async () => {
    const action = { type: 'Action.Execute', verb: 'reconnect/message', data };
    await post(
      house,
      mia.activity({ type: 'invoke', name: 'adaptiveCard/action', value: { action, trigger: 'manual' } }),
    );
    expect(refusals()).toEqual([line(undefined, 'notFromTeams')]);
  });

  test('row 75: somebody without the chat permission', async () => {
    const eve = new Agent(town, 'Eve Stone');
    await eve.opensTeams(house);
    const { body } = await eve.presses(house, 'message', data);
    expect(body).toMatchObject({ statusCode: 403 });
    expect(refusals()).toEqual([line(eve, 'notPermitted')]);
  });

  test('an agent of another tenant, with the same name there', async () => {
    const { body } = await anna.presses(house, 'message', data, {
      channelData: { tenant: { id: 'fabrikam' } },
    });
    expect(body).toMatchObject({ statusCode: 403 });
    expect(refusals()).toEqual([
      expect.stringMatching(/"agent":"fabrikam:anna-bell".*"why":"notPermitted"/u),
    ]);
  });

  test('an agent whose chat it is not, and who is shown nothing of it', async () => {
    const ben = await new Agent(town, 'Ben Ode').signsIn(house);
    for (const verb of ['message', 'comment', 'suspend', 'close']) {
      const { body } = await ben.presses(house, verb, data);
      expect(JSON.stringify(body)).not.toMatch(/Visitor|AdaptiveCard/u);
    }
    expect(refusals()).toEqual([1, 2, 3, 4].map(() => line(ben, 'notYours')));
  });

  test('a card from before the last change of hands', async () => {
    await anna.presses(house, 'close', { ...data, epoch: Number(data['epoch']) - 1 });
    expect(refusals()).toEqual([line(anna, 'stale')]);
  });

  test('an act that the channel brings a second time', async () => {
    const first = { value: { action: { verb: 'reconnect/comment', data: { ...data, text: 'Once' } } } };
    const { id } = anna.activity({});
    await anna.presses(house, 'comment', {}, { ...first, id });
    const { seq } = await mia.header();
    await anna.presses(house, 'comment', {}, { ...first, id });
    expect((await mia.header()).seq).toBe(seq);
    expect(refusals()).toEqual([line(anna, 'replayed')]);
    before = seq;
  });

  test.each([
    ['a verb that is none', 'transmogrify', {}, 'unknownVerb'],
    ['a verb of every object', 'constructor', {}, 'unknownVerb'],
    ['no session', 'message', { sid: undefined }, 'garbled'],
    [
      'a session there is not',
      'resume',
      { sid: 'dl_nobody-00000000000000000001~first000' },
      'notFound|garbled',
    ],
    ['no epoch', 'close', { epoch: 'two' }, 'garbled'],
    ['words without end', 'message', { text: SECRET.repeat(9_000) }, 'badInput'],
  ])('%s', async (_, verb, more, why) => {
    await anna.presses(house, verb, { ...data, ...more });
    expect(refusals()).toEqual([line(anna, `(?:${why})`)]);
  });
});
