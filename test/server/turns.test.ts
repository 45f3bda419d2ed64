import {
  ConfigurationBotFrameworkAuthentication,
  type Request,
  type Response,
  type TurnContext,
} from 'botbuilder';
import { expect, test } from 'vitest';
import { TurnAdapter } from '../../src/adapters/botframework/turn-adapter.ts';

type Run = (context: TurnContext) => Promise<void>;

const SENT = {
  ...{ type: 'message', id: 'a1', channelId: 'test', serviceUrl: 'http://127.0.0.1:9/', text: 'Hello' },
  ...{ conversation: { id: 'c' }, from: { id: 'lea' }, recipient: { id: 'bot' } },
};
const unsigned = new ConfigurationBotFrameworkAuthentication({});

/** By the framework's own door. */
async function processed(sent: object, run: Run): Promise<unknown> {
  const answer: { status?: number; body?: unknown } = {};
  const response: Response = {
    socket: undefined,
    end: () => response,
    header: () => response,
    send: (body: unknown) => {
      answer.body = body;
      return response;
    },
    status: (code: number) => {
      answer.status = code;
      return response;
    },
  };
  const request: Request = { method: 'POST', headers: {}, body: { ...sent } };
  await new TurnAdapter(unsigned).process(request, response, run);
  return answer;
}

const heard = (sent: object, run: Run): Promise<unknown> =>
  new TurnAdapter(unsigned).hear('', { ...sent }, run);

const seenBy = async (door: typeof heard, sent: object): Promise<unknown> => {
  const seen: unknown[] = [];
  await door(sent, (context) => {
    seen.push({ ...context.activity }, [...context.turnState.keys()].map(String));
    return Promise.resolve();
  });
  return seen;
};

const answers: readonly (readonly [string, object, Run])[] = [
  ['a message', SENT, () => Promise.resolve()],
  ['an invoke', { ...SENT, type: 'invoke', name: 'x' }, invoked(200, { done: true })],
  ['an invoke that it refuses', { ...SENT, type: 'invoke', name: 'x' }, invoked(412)],
  ['an invoke that it knows nothing of', { ...SENT, type: 'invoke', name: 'x' }, () => Promise.resolve()],
  [
    'whoever expects replies',
    { ...SENT, deliveryMode: 'expectReplies' },
    async (context) => {
      await context.sendActivity('Hi');
    },
  ],
];

function invoked(status: number, body?: object): Run {
  return async (context) => {
    await context.sendActivity({ type: 'invokeResponse', value: { status, ...(body && { body }) } });
  };
}

test.each([
  ['without a moment', SENT],
  [
    'with all moments',
    { ...SENT, timestamp: '2026-01-02T03:04:05.678Z', localTimestamp: '2026-01-02T04:04:05+01:00' },
  ],
  ['that expires', { ...SENT, type: 'event', name: 'x', expiration: '2026-01-02T03:04:05Z' }],
])('a bot is given an activity %s as the framework’s own door would give it', async (_, sent) => {
  const seen = await seenBy(heard, sent);
  expect(seen).toEqual(await seenBy(processed, sent));
  expect(seen).toHaveLength(2);
});

test.each(answers)('a bot answers %s as through the framework’s own door', async (_, sent, run) => {
  expect(await heard(sent, run)).toEqual(await processed(sent, run));
});

test('whoever has a turn run hears what it failed with, and nothing of it is printed', async () => {
  const failing = heard(SENT, () => Promise.reject(new Error('What people wrote')));
  await expect(failing).rejects.toThrow('What people wrote');
});
