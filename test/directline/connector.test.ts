import { afterEach, beforeEach, expect, it } from 'vitest';
import { customer, openStream } from './customer.ts';
import { type House, openHouse, until } from './house.ts';

let house: House;
beforeEach(async () => (house = await openHouse()));
afterEach(() => house.close());

const connector = '/local/connector/directline/v3';

it('a bot answers, corrects and takes back through its own SDK', async () => {
  house.onMessage = async (context) => {
    const sent = await context.sendActivity('frist');
    await context.updateActivity({ type: 'message', id: sent!.id, text: 'first' });
    const slip = await context.sendActivity('slip');
    await context.deleteActivity(slip!.id);
  };
  const ann = await customer(house);
  const stream = await openStream(ann.streamUrl);
  expect((await ann.say('hi')).status).toBe(200);
  expect(await ann.history()).toEqual(['hi', 'first']);
  await until(() => stream.texts().includes('slip'));
  const ours = stream.activities.filter(({ from }) => from.id === 'bot');
  expect(ours.map(({ text }) => text)).toEqual(['frist', 'first', 'slip']);
  expect(ours[0]).toMatchObject({ id: ours[1]!.id, replyToId: `${ann.conversation}|0000001` });
});

it('a message without replyToId arrives without one', async () => {
  const ann = await customer(house);
  const stream = await openStream(ann.streamUrl);
  await ann.say('hi');
  const id = await house.sendLater(ann.conversation, { type: 'message', text: 'by the way' });
  const seen = await until(() => stream.activities.find(({ text }) => text === 'by the way'));
  expect(seen.id).toBe(id);
  expect(seen).not.toHaveProperty('replyToId');
});

it('the bot finds who is there, and cannot start conversations', async () => {
  const { conversation } = await customer(house);
  const ann = { id: 'dl_ann', name: 'Ann' };
  const at = `${connector}/conversations/${conversation}`;
  expect((await house.ask('GET', `${at}/members`)).body).toContainEqual(ann);
  expect((await house.ask('GET', `${at}/pagedmembers`)).body['members']).toContainEqual(ann);
  expect((await house.ask('GET', `${at}/members/dl_ann`)).body).toEqual(ann);
  expect((await house.ask('GET', `${at}/members/dl_bob`)).status).toBe(404);
  expect((await house.ask('POST', `${connector}/conversations`, {})).status).toBe(405);
  expect((await house.ask('GET', `${connector}/conversations/unknown/members`)).status).toBe(404);
});

it('the bot keeps an attachment and reads it again', async () => {
  const { conversation } = await customer(house);
  const originalBase64 = Buffer.from('hello').toString('base64');
  const kept = await house.ask('POST', `${connector}/conversations/${conversation}/attachments`, {
    type: 'text/plain',
    name: 'a.txt',
    originalBase64,
  });
  const at = `${connector}/attachments/${kept.body['id'] as string}`;
  expect((await house.ask('GET', at)).body).toMatchObject({
    name: 'a.txt',
    views: [{ viewId: 'original', size: 5 }],
  });
  expect(await (await fetch(`${house.origin}${at}/views/original`)).text()).toBe('hello');
});

it('a fault spoils as many writes as it says, of the conversation it names', async () => {
  const ann = await customer(house);
  const bob = await customer(house, { id: 'dl_bob' });
  house.line.knobs.connectorFaults = [{ status: 403, times: 1, path: ann.conversation }];
  expect((await bob.say('hi')).status).toBe(200);
  expect((await ann.say('one')).status).toBe(502);
  expect((await ann.say('two')).status).toBe(200);
  expect(await ann.history()).toEqual(['one', 'two', 'echo two']);
});

it('a fault after delivery answers badly for what was done', async () => {
  const ann = await customer(house);
  house.line.knobs.connectorFaults = [{ status: 403, times: 1, delivered: true }];
  expect((await ann.say('hi')).status).toBe(502);
  expect(await ann.history()).toEqual(['hi', 'echo hi']);
});

it('a hanging connector keeps the bot waiting and nobody else', async () => {
  const ann = await customer(house);
  await ann.say('hi');
  house.line.knobs.connectorFaults = [{ status: 'hang', times: 1 }];
  let settled = false;
  house.sendLater(ann.conversation, { type: 'message', text: 'lost' }).then(
    () => (settled = true),
    () => (settled = true),
  );
  await until(() => house.line.knobs.connectorFaults.length === 0);
  expect((await ann.say('still here')).status).toBe(200);
  expect(settled).toBe(false);
});

it('the next posts fail as told', async () => {
  const ann = await customer(house);
  house.line.knobs.failNext = [429, 502];
  expect((await ann.say('one')).status).toBe(429);
  expect((await ann.say('two')).status).toBe(502);
  expect((await ann.say('three')).status).toBe(200);
  expect(await ann.history()).toEqual(['two', 'three', 'echo three']);
  expect(house.heard.map(({ text }) => text)).not.toContain('two');
});

it('a slow bot holds the answer back, on the given clock', async () => {
  const ann = await customer(house);
  await until(() => house.heard.length === 1);
  house.line.knobs.botDelayMs = 60_000;
  const answer = ann.say('hi');
  await until(async () => (await ann.history()).length === 1);
  expect(house.heard).toHaveLength(1);
  house.clock.advance(60_000);
  expect((await answer).status).toBe(200);
});

it('knobs are turned over HTTP, and a wrong one is refused', async () => {
  const ann = await customer(house);
  const stream = await openStream(ann.streamUrl);
  const turned = await house.ask('POST', '/local/directline', {
    knobs: { tokenLifeMs: 20_000, emptyWatermark: 'none' },
    dropSockets: ann.conversation,
  });
  expect(turned).toMatchObject({ status: 200, body: { knobs: { tokenLifeMs: 20_000, enhancedAuth: true } } });
  await until(() => stream.closed());
  expect((await house.line.issueToken({ id: 'dl_ann' })).expires_in).toBe(20);
  expect((await house.ask('POST', '/local/directline', { knobs: { tokenLife: 1 } })).status).toBe(400);
  await house.ask('POST', '/local/directline', { forget: ann.conversation });
  expect((await ann.say('hi')).status).toBe(404);
});
