import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openChat, openHouse, type Answer, type Asking, type TestHouse } from './house.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const INSIDE = /node_modules|\bat \S+:\d+|\.ts\b|\/src\/|Error:|dl_[A-Za-z0-9_-]{16}/u;

/** A clear no: 4xx, our shape, nothing of our inside, and nothing written. */
async function refused(
  body: unknown,
  path = '/api/messages',
  asking: Asking = {},
  method = 'POST',
): Promise<Answer> {
  const before = house.writes();
  const answer = await house.ask(method, path, body, asking);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
  expect(answer.body).toEqual({
    error: {
      code: expect.stringMatching(/^[a-z_]+$/u) as string,
      message: expect.stringMatching(/\S/u) as string,
    },
  });
  expect(answer.text).not.toMatch(INSIDE);
  expect(house.writes()).toEqual(before);
  return answer;
}

const good = (): Record<string, unknown> => ({
  type: 'message',
  id: 'a-1',
  channelId: 'directline',
  serviceUrl: `${house.origin}/local/connector/directline`,
  conversation: { id: 'c-1' },
  from: { id: 'dl_aaaaaaaaaaaaaaaaaaaa' },
  recipient: { id: 'bot' },
  text: 'CANARY words',
});

describe('an activity', () => {
  test.each(['type', 'channelId', 'serviceUrl', 'conversation', 'from'])(
    'without %s is refused by name',
    async (field) => {
      const { [field]: _, ...activity } = good();
      expect((await refused(activity)).text).toContain(`${field}: is missing or malformed`);
    },
  );

  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ['type', [7, {}, [], true, '', null]],
    ['channelId', [7, {}, [], '', null]],
    ['serviceUrl', [7, {}, 'no url', '', null]],
    [
      'conversation',
      [7, 'c', [], {}, { id: 7 }, { id: '' }, { id: 'c'.repeat(513) }, { id: 'c', isGroup: 'no' }],
    ],
    [
      'from',
      [7, 'me', [], {}, { id: 7 }, { id: { id: 'x' } }, { id: 'me', name: 7 }, { id: 'me', aadObjectId: [] }],
    ],
    ['recipient', [7, 'bot', {}, { id: 7 }, { id: 'bot', name: {} }]],
    ['id', [7, {}, [], true]],
    ['text', [7, {}, ['CANARY'], true]],
    ['name', [7, {}]],
    ['locale', [7, {}, 'x'.repeat(101)]],
    ['timestamp', [7, {}, 'yesterday']],
    ['localTimestamp', [7, 'soon']],
    [
      'attachments',
      [7, 'file', {}, [7], [{}], [{ contentType: 7 }], [{ contentType: 'a/b', contentUrl: {} }]],
    ],
    ['entities', [7, {}, [7], [{}]]],
    ['membersAdded', [7, {}, [7], [{}], [{ id: 7 }]]],
    ['suggestedActions', [7, [], { actions: 7 }, { actions: [7] }]],
  ];
  test.each(wrong)('whose %s has a wrong type, however deep, is refused by name', async (field, values) => {
    for (const value of values) {
      const { text } = await refused({ ...good(), [field]: value });
      expect(text).toMatch(new RegExp(`"${field}[.\\w]*: is missing or malformed`, 'u'));
      expect(text).not.toContain('CANARY');
    }
  });

  test("of a type nobody knows is the bot's to ignore", async () => {
    const before = house.writes();
    expect((await house.ask('POST', '/api/messages', { ...good(), type: 'telepathy' })).status).toBe(200);
    expect(house.writes()).toEqual(before);
  });

  test('nested too deeply is refused', async () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect((await refused({ ...good(), value: nested(200) })).text).toContain('nested more than 64 deep');
    const deepest = JSON.stringify({ ...good(), value: '?' }).replace(
      '"?"',
      '['.repeat(100_000) + ']'.repeat(100_000),
    );
    expect((await refused(deepest)).status).toBe(400);
  });

  test.each([
    '{"__proto__":{"type":"message"},"type":"message"}',
    '{"type":"message","channelData":{"deep":[{"__proto__":{"isAdmin":true}}]}}',
  ])('that would change prototypes is refused: %s', async (body) => {
    await refused(body);
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined();
  });
});

describe('a body', () => {
  test.each([
    ['that is empty', ''],
    ['that breaks off', '{"type": "mess'],
    ['that is null', 'null'],
    ['that is a list', '[]'],
    ['that is a text', '"hello"'],
    ['that is a number', '7'],
    ['that is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ])('%s is refused on every door', async (_, body) => {
    for (const path of ['/api/messages', '/api/directline/token', '/local/clock', '/local/signin']) {
      expect((await refused(body, path)).status).toBe(400);
    }
  });

  test.each([
    ['text/plain', 'hello'],
    ['application/x-www-form-urlencoded', 'type=message'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhi\r\n--x--\r\n',
    ],
    ['application/json; charset=latin1', '{}'],
    ['', '{}'],
  ])('of type %j is refused', async (type, body) => {
    const answer = await refused(body, '/api/messages', { headers: { 'content-type': type } });
    expect(answer.status).toBe(415);
  });

  test('that claims to be compressed is refused, broken or not', async () => {
    const answer = await refused('not gzip at all', '/api/messages', {
      headers: { 'content-encoding': 'gzip' },
    });
    expect(answer.status).toBe(415);
  });

  test.each([[257], [2_048]])('of %d KB is refused with 413', async (kilobytes) => {
    const answer = await refused({ ...good(), text: 'x'.repeat(kilobytes * 1024) });
    expect([answer.status, (answer.body['error'] as { code: string }).code]).toEqual([413, 'too_large']);
  });
});

describe("a customer's page", () => {
  let known: Asking;
  beforeAll(async () => {
    known = (await openChat(house)).asking;
    await house.settled();
  });

  test.each<[string, unknown]>([
    ['/api/directline/token', { widget: 7 }],
    ['/api/directline/token', { widget: 'nowhere' }],
    ['/api/directline/token', { widget: '__proto__' }],
    ['/api/directline/token', { conversation: {} }],
    ['/api/directline/token', { conversation: 'c'.repeat(513) }],
    ['/api/directline/token', { conversation: 'c', token: [] }],
    ['/api/reconnect', {}],
    ['/api/reconnect', { prompt: 'yes' }],
    ['/api/reconnect', { prompt: { sid: 'x', epoch: '1', nonce: 7, choice: 'agent' } }],
    [
      '/api/reconnect',
      {
        prompt: {
          sid: 'dl_aaaaaaaaaaaaaaaaaaaa.bbbbbbbb',
          epoch: 1.5,
          nonce: 'n',
          choice: 'agent',
          conversation: 'c',
        },
      },
    ],
    [
      '/api/reconnect',
      {
        prompt: {
          sid: 'dl_aaaaaaaaaaaaaaaaaaaa.bbbbbbbb',
          epoch: 1,
          nonce: 'n',
          choice: 'mine',
          conversation: 'c',
        },
      },
    ],
    ['/api/presence', {}],
    ['/api/presence', { conversation: 7 }],
    ['/api/presence', { conversation: '' }],
    ['/api/seen', {}],
    ['/api/seen', { conversation: 7, seq: 1 }],
    ['/api/act', {}],
    ['/api/act', { conversation: 'c' }],
    ['/api/act', { conversation: 'c', act: 'accept' }],
    ['/api/act', { conversation: 'c', act: { act: 'end' } }],
    ['/api/act', { conversation: 'c', act: 'end' }],
    ['/local/signin', { subject: 'nobody' }],
    ['/local/signin', { subject: ['lea'] }],
    ['/local/clock', { advanceMs: -1 }],
    ['/local/clock', { advanceMs: '60000' }],
    ['/local/clock', { advanceMs: 1e300 }],
    ['/local/clock', { advanceMs: null }],
  ])('that asks %s for %j is refused', async (path, body) => {
    await refused(body, path, known);
  });

  test("that sends an agent's button press through Direct Line moves nothing", async () => {
    const chat = await openChat(house);
    await chat.say('agent');
    await house.settled();
    const before = house.writes()['sessions'];
    const value = {
      action: {
        type: 'Action.Execute',
        verb: 'reconnect/accept',
        data: { sid: `${chat.userId}.aaaaaaaa`, epoch: 0 },
      },
    };
    const pressed = await chat.say('', { type: 'invoke', name: 'adaptiveCard/action', value });
    expect(pressed.status).toBeGreaterThanOrEqual(400);
    expect(house.writes()['sessions']).toBe(before);
    await house.settled();
  });
});

describe("an agent's card", () => {
  const press = async (verb: unknown, data: unknown): Promise<Answer> =>
    house.ask('POST', '/api/messages', {
      ...good(),
      type: 'invoke',
      name: 'adaptiveCard/action',
      channelId: 'msteams',
      from: { id: '29:stranger', aadObjectId: 'b3a0c6f2-5d1e-4a7b-8c11-000000000099' },
      channelData: { tenant: { id: '7c1d0a55-3b0e-4f3e-9a86-2d8a0e6f0001' } },
      value: { action: { type: 'Action.Execute', verb, data } },
    });

  test.each<[string, unknown, unknown]>([
    [
      'a verb of ours that does not exist',
      'reconnect/explode',
      { sid: 'dl_aaaaaaaaaaaaaaaaaaaa.bbbbbbbb', epoch: 1 },
    ],
    ['no session', 'reconnect/accept', {}],
    ['a session id that is none', 'reconnect/accept', { sid: '../x', epoch: 1 }],
    [
      'an epoch that is no number',
      'reconnect/accept',
      { sid: 'dl_aaaaaaaaaaaaaaaaaaaa.bbbbbbbb', epoch: '1' },
    ],
    ['a verb that is no text', { verb: 1 }, { sid: 7 }],
  ])('with %s is told so and changes nothing', async (_, verb, data) => {
    const before = house.writes();
    const { text, body, status } = await press(verb, data);
    expect(Number(body['statusCode'] ?? status)).toBeGreaterThanOrEqual(400);
    expect(text).not.toMatch(INSIDE);
    expect(house.writes()).toEqual(before);
  });
});

test('after all of it the house lives, and a good message is answered and kept', async () => {
  const chat = await openChat(house);
  const before = house.writes()['sessions'] ?? 0;
  expect((await chat.say('hello there')).status).toBe(200);
  expect((await chat.shown()).map(({ text }) => text).join()).toContain('You said “hello there”');
  expect(house.writes()['sessions']).toBeGreaterThan(before);
  expect(house.logged()).not.toContain('CANARY');
  expect(house.logged()).not.toContain('http.bug');
});
