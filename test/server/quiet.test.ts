import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TurnAdapter } from '../../src/adapters/botframework/turn-adapter.ts';
import { messageRoutes } from '../../src/server/messages.ts';
import { createServer } from '../../src/server/server.ts';
import { ask, openChat, openHouse, until, type TestHouse } from './house.ts';

const printed: string[] = [];
/** As deep as a console prints, and deeper: errors of the SDK carry the whole request. */
const print = (...said: readonly unknown[]): void =>
  void printed.push(inspect(said, { depth: 12, maxStringLength: Infinity }));

let house: TestHouse;
beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    vi.spyOn(console, method).mockImplementation(print);
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  vi.restoreAllMocks();
});

/** What must never be seen in a log or on a console. */
const WORDS = [
  'CANARYcustomer',
  'CANARYagent',
  'CANARYcomment',
  'CANARYreason',
  'CANARYfile',
  'CANARYbroken',
  'CANARYname',
];

test("people's words and our secrets are in no log, whatever goes well or wrong", async () => {
  const lea = await house.siteToken('CANARYname');
  const chat = await openChat(house, { bearer: lea });
  await chat.say('CANARYcustomer hello');
  await chat.say('agent');
  const bearer = await house.tabToken();
  const sid = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, { bearer });
    return (body['rows'] as { sid: string }[])[0]?.sid;
  }, 'the session is in the queue');
  const act = (act: string, more: object = {}) =>
    house.ask(
      'POST',
      `/api/sessions/${sid}/acts`,
      { id: crypto.randomUUID(), act, epoch: 0, ...more },
      { bearer },
    );
  expect((await act('accept')).status).toBe(200);
  expect((await act('message', { text: 'CANARYagent speaking' })).status).toBe(200);
  expect((await act('comment', { text: 'CANARYcomment within' })).status).toBe(200);
  await chat.say('CANARYcustomer again', {
    attachments: [{ contentType: 'text/plain', content: 'CANARYfile' }],
  });

  // The store fails: the turn is refused, and neither the SDK nor we print what it was about.
  house.cosmos?.faults.add({ fault: { kind: 'status', status: 503 }, operation: 'batch' });
  const failing = chat.say('CANARYcustomer while the store is away');
  await until(() => (house.cosmos?.faults.struck() ?? 0) > 0, 'the store has failed');
  await house.ask('POST', '/local/clock', { advanceMs: 15_000 });
  const failed = await failing;
  expect(failed.status).toBeGreaterThanOrEqual(500);
  house.cosmos?.faults.clear();

  // What nobody can read, and a bot that cannot answer.
  await house.ask('POST', '/api/messages', '{"text": "CANARYbroken');
  await house.ask('POST', '/api/messages', { type: 'message', text: ['CANARYbroken'] });
  const nowhere = {
    type: 'message',
    channelId: 'test',
    serviceUrl: 'http://127.0.0.1:9/nowhere',
    conversation: { id: 'c' },
    from: { id: 'me' },
    recipient: { id: 'bot' },
    text: 'CANARYbroken',
  };
  expect((await house.ask('POST', '/api/messages', nowhere)).status).toBeGreaterThanOrEqual(500);
  await act('suspend', { reason: 'CANARYreason' });
  await house.settled();

  const { siteKey, tabKey, directLineKey, pepper, cosmosKey } = JSON.parse(
    readFileSync(join(house.folder, 'house.json'), 'utf8'),
  ) as Record<string, string>;
  const secrets = [siteKey, tabKey, directLineKey, pepper, cosmosKey, lea, bearer, chat.asking.cookie].filter(
    (one) => one !== undefined,
  );
  const seen = `${house.logged()}\n${printed.join('\n')}`;
  expect(house.logged()).toContain('turn.failed');
  for (const word of [...WORDS, ...secrets])
    expect(seen.includes(word) ? `${word.slice(0, 30)} in ${around(seen, word)}` : 'unseen').toBe('unseen');
});

const around = (text: string, word: string): string =>
  text.slice(Math.max(0, text.indexOf(word) - 200), text.indexOf(word) + 200);

test('a bot that fails with what a customer wrote fails the turn, and repeats it nowhere', async () => {
  const logged: string[] = [];
  const log = (event: string, fields?: object): void =>
    void logged.push(JSON.stringify({ event, ...fields }));
  const adapter = new TurnAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const server = createServer(log);
  const run = (context: TurnContext): Promise<void> => Promise.reject(new Error(context.activity.text));
  messageRoutes(server, { adapter, bot: { run }, log });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const answer = await ask(
    `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    'POST',
    '/api/messages',
    {
      type: 'message',
      channelId: 'test',
      serviceUrl: 'http://127.0.0.1:9/',
      conversation: { id: 'c' },
      from: { id: 'me' },
      text: 'CANARYbot',
    },
  );
  server.server.closeAllConnections();
  server.close();
  expect([answer.status, answer.body]).toMatchObject([500, { error: { code: 'turn_failed' } }]);
  expect(logged.join()).toContain('turn.failed');
  expect(`${logged.join()} ${printed.join()} ${answer.text}`).not.toContain('CANARYbot');
});
