import { afterEach, beforeEach, expect, it } from 'vitest';
import { customer, openStream, reconnect } from './customer.ts';
import { type House, openHouse, until } from './house.ts';

let house: House;
beforeEach(async () => (house = await openHouse()));
afterEach(() => house.close());

it('a second socket closes the first, with the reason collision', async () => {
  const ann = await customer(house);
  const first = await openStream(ann.streamUrl);
  const second = await openStream(ann.streamUrl);
  await until(() => first.closed());
  expect(first.closed()).toMatchObject({ reason: 'collision' });
  await ann.say('hi');
  await until(() => second.texts().length === 2);
});

it('a customer whose socket broke gets what they missed, once', async () => {
  const ann = await customer(house);
  const first = await openStream(ann.streamUrl);
  await ann.say('one');
  await until(() => first.texts().length === 2);
  house.line.dropSockets(ann.conversation);
  await until(() => first.closed());
  await house.sendLater(ann.conversation, { type: 'message', text: 'missed' });
  const again = await reconnect(house, ann, first.watermark());
  const second = await openStream(again.body['streamUrl'] as string);
  await until(() => second.texts().length > 0);
  expect(second.texts()).toEqual(['missed']);
});

it.each([
  ['all', ['hi', 'echo hi', 'new']],
  ['none', ['new']],
] as const)(
  'a customer who reconnects without a watermark is replayed %s',
  async (emptyWatermark, expected) => {
    house.line.knobs.emptyWatermark = emptyWatermark;
    const ann = await customer(house);
    await ann.say('hi');
    const stream = await openStream((await reconnect(house, ann)).body['streamUrl'] as string);
    await house.sendLater(ann.conversation, { type: 'message', text: 'new' });
    await until(() => stream.texts().includes('new'));
    expect(stream.texts()).toEqual(expected);
  },
);

it('typing is seen live and never again', async () => {
  const ann = await customer(house);
  const stream = await openStream(ann.streamUrl);
  await ann.say('hi');
  await house.sendLater(ann.conversation, { type: 'typing' });
  await until(() => stream.activities.some(({ type }) => type === 'typing'));
  expect(await ann.history()).toEqual(['hi', 'echo hi']);
});

it('a stream URL is good for a minute, and only for its conversation', async () => {
  const ann = await customer(house);
  const bob = await customer(house, { id: 'dl_bob' });
  const crossed = new URL(ann.streamUrl);
  crossed.searchParams.set('t', new URL(bob.streamUrl).searchParams.get('t')!);
  expect((await openStream(crossed.href)).closed()).toBeDefined();
  house.clock.advance(61_000);
  expect((await openStream(ann.streamUrl)).closed()).toBeDefined();
});

it('the secret reconnects only without enhanced authentication, to a token without a user', async () => {
  const ann = await customer(house);
  const path = `/v3/directline/conversations/${ann.conversation}`;
  expect(await house.ask('GET', path)).toMatchObject({
    status: 400,
    body: { error: { code: 'MissingProperty' } },
  });
  house.line.knobs.enhancedAuth = false;
  const opened = await house.ask('GET', path);
  expect(opened.status).toBe(200);
  const payload = Buffer.from((opened.body['token'] as string).split('.')[1]!, 'base64url').toString();
  expect(JSON.parse(payload)).not.toHaveProperty('user');
});

it('an upgrade that is nobody’s is cut off', async () => {
  expect((await openStream(`${house.origin.replace('http', 'ws')}/elsewhere`)).closed()).toBeDefined();
});
