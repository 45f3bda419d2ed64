import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customer, openStream, reconnect } from './customer.ts';
import { type House, openHouse, until } from './house.ts';

let house: House;
beforeEach(async () => (house = await openHouse()));
afterEach(() => house.close());

const code = (answer: { body: Record<string, unknown> }) => (answer.body['error'] as { code: string }).code;

describe('a token', () => {
  it('names its user and is only issued for the secret and for a dl_ user', async () => {
    const issued = await house.ask('POST', '/v3/directline/tokens/generate', { user: { id: 'dl_ann' } });
    expect(issued).toMatchObject({ status: 200, body: { expires_in: 3600 } });
    const payload = (issued.body['token'] as string).split('.')[1]!;
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      user: 'dl_ann',
      conv: issued.body['conversationId'],
    });
    const forged = await house.ask('POST', '/v3/directline/tokens/generate', {}, 'another-secret');
    expect(forged.status).toBe(403);
    const stranger = await house.ask('POST', '/v3/directline/tokens/generate', { user: { id: 'ann' } });
    expect(stranger.status).toBe(400);
  });

  it('can be refreshed until it expires, and never after', async () => {
    const ann = await customer(house);
    house.clock.advance(3_599_000);
    const refreshed = await house.ask('POST', '/v3/directline/tokens/refresh', undefined, ann.token);
    expect(refreshed).toMatchObject({ status: 200, body: { conversationId: ann.conversation } });
    house.clock.advance(2_000);
    const late = await house.ask('POST', '/v3/directline/tokens/refresh', undefined, ann.token);
    expect(late).toMatchObject({ status: 403, body: { error: { code: 'TokenExpired' } } });
    expect(await ann.say('hello?')).toMatchObject({ status: 403, body: { error: { code: 'TokenExpired' } } });
    expect((await reconnect(house, ann, '', refreshed.body['token'] as string)).status).toBe(200);
  });

  it('opens no conversation but its own', async () => {
    const ann = await customer(house);
    const bob = await customer(house, { id: 'dl_bob' });
    expect((await reconnect(house, ann, '', bob.token)).status).toBe(403);
  });

  it('with trusted origins refuses other pages', async () => {
    const { token } = await house.line.issueToken({ id: 'dl_ann' }, ['https://shop.example']);
    const start = (origin: string) =>
      fetch(`${house.origin}/v3/directline/conversations`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, origin },
      });
    expect((await start('https://elsewhere.example')).status).toBe(403);
    const trusted = await start('https://shop.example');
    expect(trusted.status).toBe(201);
    expect(trusted.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });
});

describe('a conversation', () => {
  it('is announced to the bot once, and not to the customer', async () => {
    const ann = await customer(house);
    expect((await house.ask('POST', '/v3/directline/conversations', {}, ann.token)).status).toBe(200);
    await ann.say('hi');
    const updates = house.heard.filter(({ type }) => type === 'conversationUpdate');
    expect(updates).toHaveLength(1);
    expect(updates[0]!.membersAdded).toEqual([
      { id: 'bot', name: 'Bot' },
      { id: 'dl_ann', name: 'Ann' },
    ]);
    expect(await ann.history()).toEqual(['hi', 'echo hi']);
  });

  it('carries a message to the bot as the channel would', async () => {
    const ann = await customer(house);
    const answer = await ann.say('hi', {
      locale: 'de-AT',
      localTimestamp: '2026-01-02T03:04:05.000+01:00',
      channelData: { clientActivityID: 'c1' },
      serviceUrl: 'http://evil.example',
      recipient: { id: 'somebody' },
    });
    expect(answer).toMatchObject({ status: 200, body: { id: `${ann.conversation}|0000001` } });
    expect(house.heard.find(({ text }) => text === 'hi')).toMatchObject({
      id: `${ann.conversation}|0000001`,
      channelId: 'directline',
      serviceUrl: `${house.origin}/local/connector/directline`,
      from: { id: 'dl_ann', role: 'user' },
      recipient: { id: 'bot', name: 'Bot' },
      conversation: { id: ann.conversation },
      locale: 'de-AT',
      rawLocalTimestamp: '2026-01-02T03:04:05.000+01:00',
      channelData: { clientActivityID: 'c1' },
    });
  });

  it('echoes to the customer with an id and their own clientActivityID, repeats and all', async () => {
    const ann = await customer(house);
    const stream = await openStream(ann.streamUrl);
    for (const _ of [1, 2]) await ann.say('hi', { channelData: { clientActivityID: 'c1' } });
    await until(() => stream.activities.length === 4);
    expect(stream.activities.filter(({ from }) => from.id === 'dl_ann')).toMatchObject([
      { id: `${ann.conversation}|0000001`, channelData: { clientActivityID: 'c1' } },
      { id: `${ann.conversation}|0000003`, channelData: { clientActivityID: 'c1' } },
    ]);
    expect(stream.watermark()).toBe('4');
  });

  it('answers 502 when the bot fails, and keeps what was said', async () => {
    house.onMessage = () => Promise.reject(new Error('the bot is ill'));
    const ann = await customer(house);
    expect(await ann.say('hi')).toMatchObject({ status: 502, body: { error: { code: 'BotError' } } });
    expect(await ann.history()).toEqual(['hi']);
  });

  it('is the same after a restart, with the same tokens', async () => {
    const ann = await customer(house);
    const stream = await openStream(ann.streamUrl);
    await ann.say('before');
    await until(() => stream.activities.length === 2);
    await house.restart();
    await until(() => stream.closed());
    await ann.say('after');
    expect(await ann.history()).toEqual(['before', 'echo before', 'after', 'echo after']);
    const back = await openStream(
      (await reconnect(house, ann, stream.watermark())).body['streamUrl'] as string,
    );
    await until(() => back.texts().length === 2);
    expect(back.texts()).toEqual(['after', 'echo after']);
    expect(house.heard.filter(({ type }) => type === 'conversationUpdate')).toHaveLength(1);
  });

  it('forgets activities after their life, and itself after a longer silence', async () => {
    const ann = await customer(house);
    await ann.say('hi');
    house.line.knobs.tokenLifeMs = 30 * 86_400_000;
    const { token } = (await house.ask('POST', '/v3/directline/tokens/refresh', undefined, ann.token)).body;
    house.clock.advance(86_400_001);
    expect((await reconnect(house, ann, '', token as string)).status).toBe(200);
    const path = `/v3/directline/conversations/${ann.conversation}/activities`;
    expect((await house.ask('GET', path, undefined, token as string)).body['activities']).toEqual([]);
    house.clock.advance(13 * 86_400_000);
    expect((await reconnect(house, ann, '', token as string)).status).toBe(404);
  });

  it('that is forgotten is unknown to customer and bot', async () => {
    const ann = await customer(house);
    await ann.say('hi');
    const stream = await openStream(ann.streamUrl);
    house.line.forget(ann.conversation);
    await until(() => stream.closed());
    expect((await ann.say('again')).status).toBe(404);
    expect((await reconnect(house, ann)).status).toBe(404);
    expect((await house.ask('POST', '/v3/directline/conversations', {}, ann.token)).status).toBe(404);
    await expect(house.sendLater(ann.conversation, { type: 'message', text: 'x' })).rejects.toMatchObject({
      statusCode: 404,
    });
  });
});

describe('bad input', () => {
  it.each([
    ['broken JSON', '{"type":', 400],
    ['no object', '"message"', 400],
    ['nothing', '', 400],
    ['no type', '{"text":"x"}', 400],
    ['a text that is a number', '{"type":"message","text":1}', 400],
    ['attachments that are no list', '{"type":"message","attachments":{}}', 400],
    ['a conversationUpdate', '{"type":"conversationUpdate"}', 400],
    ['nesting without end', `{"type":"message","value":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400],
    ['too much', `{"type":"message","text":"${'x'.repeat(300_000)}"}`, 413],
  ])('%s is refused and nothing is kept', async (_what, body, status) => {
    const ann = await customer(house);
    const answer = await house.ask(
      'POST',
      `/v3/directline/conversations/${ann.conversation}/activities`,
      body,
      ann.token,
    );
    expect(answer.status).toBe(status);
    expect(code(answer)).toBeTypeOf('string');
    expect(await ann.history()).toEqual([]);
  });

  it('such as strange paths, methods, watermarks and callers gets a plain no', async () => {
    const ann = await customer(house);
    const path = `/v3/directline/conversations/${ann.conversation}`;
    expect((await house.ask('GET', '/v3/directline/nothing')).status).toBe(404);
    expect((await house.ask('DELETE', path)).status).toBe(405);
    expect((await house.ask('GET', `${path}/activities?watermark=abc`, undefined, ann.token)).status).toBe(
      400,
    );
    expect((await house.ask('GET', '/v3/directline/conversations/%E0%A4%A')).status).toBe(404);
    expect((await fetch(house.origin + path)).status).toBe(401);
    expect((await house.ask('GET', path, undefined, 'not.a.token')).status).toBe(403);
  });
});

it('a page of another origin may ask, headers of the client library included', async () => {
  const preflight = await fetch(`${house.origin}/v3/directline/conversations`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://shop.example',
      'access-control-request-headers': 'authorization,x-ms-bot-agent',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('x-ms-bot-agent');
});
