import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { channelToken } from '../production/azure.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, type Agent, type Customer } from '../production/people.ts';
import { until } from '../server/house.ts';
import { wire } from './wire.ts';

let desk: TestDesk;
let jonas: Agent;
let lea: Customer;
let sid: string;
beforeAll(async () => {
  desk = await openDesk();
  jonas = await agentAt(desk, 'Jonas Weber', 1);
  lea = await customerAt(desk);
  await lea.say('agent');
  sid = await rowIn(jonas, 'queue', lea);
  expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
});
afterAll(() => desk.close());

/** Sends a body as Direct Line would, whatever it is. */
const raw = async (text: string) => {
  return desk.ask('POST', '/api/messages', text, { bearer: await channelToken(desk.azure, 'directline') });
};
const activity = (more: string): string =>
  `{"type":"message","id":"p-${randomUUID()}","channelId":"directline","serviceUrl":"${desk.azure.serviceUrl('directline')}","conversation":{"id":"${lea.conversation}"},"from":{"id":"${lea.userId}"},"recipient":{"id":"bot"}${more}}`;
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const lines = async (): Promise<readonly string[]> => {
  const { body } = await jonas.tab('GET', `/api/sessions/${encodeURIComponent(sid)}`);
  return (body as { lines: readonly { side: string; text: string }[] }).lines
    .filter(({ side }) => side === 'customer')
    .map(({ text }) => text);
};

describe('T35: a body that is to change what objects are, or to weigh the house down', () => {
  test.each<[string, () => string, number]>([
    ['a __proto__ in channelData', () => activity(',"channelData":{"__proto__":{"x":1}}'), 400],
    ['a __proto__ in a value', () => activity(',"value":{"a":[{"__proto__":{"x":1}}]}'), 400],
    ['a __proto__ of the activity itself', () => activity(',"__proto__":{"x":1}'), 400],
    ['a value 129 deep', () => activity(`,"value":${deep(129)}`), 400],
    ['a value forty thousand deep', () => activity(`,"value":${deep(40_000)}`), 400],
    ['three megabytes', () => activity(`,"text":"${'x'.repeat(3 * 1024 * 1024)}"`), 413],
    ['half a body', () => activity(',"text":"x"').slice(0, -5), 400],
    ['a number for a text', () => activity(',"text":7'), 400],
    ['nothing but null', () => 'null', 400],
  ])('T35: %s is refused, and nothing of it stays', async (_, body, status) => {
    const answer = await raw(body());
    expect([answer.status, answer.body['error']]).toEqual([status, expect.anything()]);
    expect(Reflect.get({}, 'x')).toBeUndefined();
    expect((await desk.ask('GET', '/health')).status).toBe(200);
  });

  test('T35: names that objects have by themselves are names like others', async () => {
    const named = ',"text":"names","value":{"constructor":{"prototype":{"x":1}},"toString":"x"}';
    expect((await raw(activity(named))).status).toBe(200);
    expect(Reflect.get({}, 'x')).toBeUndefined();
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const bodies = [{ widget: name }, { conversation: name }, { conversation: name, act: name }];
      for (const body of bodies)
        for (const at of ['/api/directline/token', '/api/act', '/api/transcript'])
          expect((await desk.ask('POST', at, body, lea.asking)).status).toBeLessThan(500);
      expect((await jonas.act(sid, { act: name })).status).toBe(400);
    }
  });
});

describe('T48: an activity that nobody can make sense of', () => {
  const poison: readonly (() => string)[] = [
    () => activity(',"attachments":[{"contentType":7}]'),
    () => activity(',"attachments":[{"contentType":"image/png","contentUrl":"data:,"}]'),
    () => activity(',"attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","content":7}]'),
    () => activity(',"entities":[{"type":"mention","mentioned":{"id":"x"}}]'),
    () => activity(',"text":"\\u0000\\ud800\\u202e"'),
    () => activity(',"value":{"reconnect":{"choice":{"$gt":""}}}'),
    () => activity(',"channelData":{"clientActivityID":{"a":1}}'),
    () => activity(',"suggestedActions":{"actions":[{"type":"openUrl","value":{}}]}'),
    () => activity(',"locale":"../../x","localTimestamp":"yesterday"'),
    () => activity(`,"text":"${'x'.repeat(200_000)}"`),
    () => activity('').replace('"message"', '"invoke"'),
    () => activity(',"name":"adaptiveCard/action","value":{}').replace('"message"', '"invoke"'),
    () => activity(',"name":"handoff.initiate","value":7').replace('"message"', '"event"'),
    () => activity(',"name":"webchat/join","value":[]').replace('"message"', '"event"'),
    () => activity(',"membersAdded":[{"id":""}]').replace('"message"', '"conversationUpdate"'),
    () => activity('').replace('"message"', '"messageUpdate"'),
    () => activity('').replace('"message"', '"endOfConversation"'),
    () => activity('').replace('"message"', '"no such type"'),
    () => '{"type":"message"}',
    () => '[',
  ];

  test('T48: between good ones keeps none of them back: they are relayed in order, both ways', async () => {
    const good: string[] = [];
    for (const [i, body] of poison.entries()) {
      const poisoned = raw(body());
      good.push(`line ${i}`);
      const said = await lea.say(`line ${i}`);
      expect([i, said.status]).toEqual([i, 200]);
      await poisoned;
    }
    expect((await jonas.act(sid, { act: 'message', text: 'I read you.' })).status).toBe(200);
    await until(() => lea.reads().includes('I read you.'), 'she is answered');
    const relayed = (await lines()).filter((text) => text.startsWith('line '));
    expect(relayed).toEqual(good);
  });
});

describe('T46: doors that tell of the house itself', () => {
  test('T46: /health and /ready tell whether, and nothing else', async () => {
    expect((await desk.ask('GET', '/health')).body).toEqual({ alive: true });
    expect((await desk.ask('GET', '/ready')).body).toEqual({
      ready: true,
      checks: { store: true, identity: true, settings: true },
    });
  });

  test.each([
    ...[
      '/metrics',
      '/debug',
      '/debug/pprof',
      '/status',
      '/server-status',
      '/actuator/env',
      '/info',
      '/admin',
    ],
    ...['/.git/config', '/.env', '/.data/house.json', '/package.json', '/package-lock.json', '/web.config'],
    ...['/src/main.ts', '/dist/main.js', '/node_modules/restify/package.json', '/chat/main.js.map', '/api'],
    ...['/swagger.json', '/openapi.json', '/graphql', '/local/clock', '/chat/%2e%2e/%2e%2e/package.json'],
  ])('T46: %s is not there', async (at) => {
    const answer = await desk.ask('GET', at);
    expect([answer.status, answer.body]).toEqual([
      404,
      { error: { code: 'not_found', message: 'There is nothing here.' } },
    ]);
  });

  test.each(['TRACE', 'TRACK', 'PROPFIND', 'SEARCH', 'DEBUG'])(
    'T46: %s is answered without what it came with',
    async (method) => {
      const said = await wire(
        desk.origin,
        `${method} /api/act HTTP/1.1\r\nHost: x\r\nCookie: secret=canary\r\nX-Canary: canary\r\nConnection: close\r\n\r\n`,
      );
      expect(said).toMatch(/^HTTP\/1\.1 (?:400|405) /u);
      expect(said).not.toContain('canary');
    },
  );
});
