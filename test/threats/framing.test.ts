import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until, type Answer } from '../server/house.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { customerAt, tabToken, type Customer } from '../production/people.ts';
import { wire } from './wire.ts';

let desk: TestDesk;
let lea: Customer;
beforeAll(async () => {
  desk = await openDesk();
  lea = await customerAt(desk);
});
afterAll(() => desk.close());

const PORTAL = 'https://www.contoso.com';
const policyOf = ({ headers }: Answer): string => headers.get('content-security-policy') ?? '';
const NOBODY = `frame-ancestors 'none'`;

/** A request for each kind of answer there is; what it is answered, and how it is come by. */
const requests: readonly (readonly [number, string, () => Promise<Answer>])[] = [
  [200, 'the customer’s page', () => desk.ask('GET', '/')],
  [200, 'one of its files', () => desk.ask('GET', '/chat/chat.css')],
  [200, 'the kit for other sites', () => desk.ask('HEAD', '/webchat.js')],
  [200, 'what a page asks', () => desk.ask('GET', '/api/widgets/chat')],
  [200, 'a probe', () => desk.ask('GET', '/health')],
  [200, 'an activity', () => lea.say('hello')],
  [204, 'the icon', () => desk.ask('GET', '/favicon.ico')],
  [
    204,
    'a preflight',
    () =>
      desk.ask('OPTIONS', '/api/act', undefined, {
        headers: { origin: PORTAL, 'access-control-request-method': 'POST' },
      }),
  ],
  [400, 'a body that breaks off', () => desk.ask('POST', '/api/act', '{"act":')],
  [401, 'an activity nobody signed', () => desk.ask('POST', '/api/messages', activity)],
  [401, 'a tab without a token', () => desk.ask('GET', '/api/agent/me')],
  [
    403,
    'somebody who is no agent',
    async () =>
      desk.ask('GET', '/api/agent/me', undefined, { bearer: await tabToken(desk, { oid: 'x', roles: [] }) }),
  ],
  [
    403,
    'a page of another site',
    () => desk.ask('POST', '/api/act', {}, { headers: { origin: 'https://evil.example' } }),
  ],
  [404, 'nothing', () => desk.ask('GET', '/nothing/here')],
  [404, 'a path that is none', () => desk.ask('GET', '/%E0%A4%A')],
  [404, 'a chat that is none', () => desk.ask('GET', '/api/widgets/nowhere')],
  [405, 'a method that is not possible', () => desk.ask('GET', '/api/messages')],
  [405, 'TRACE', () => traced('/')],
  [413, 'a body of half a megabyte', () => desk.ask('POST', '/api/act', 'x'.repeat(512 * 1024))],
  [
    415,
    'a body of another type',
    () => desk.ask('POST', '/api/act', 'hello', { headers: { 'content-type': 'text/plain' } }),
  ],
  [429, 'who was wrong too often', () => guessed()],
  [500, 'a turn that fails', () => withoutStore(() => lea.say('are you there?'))],
  [503, 'a page that cannot be served', () => withoutStore(() => token())],
  [503, 'a probe that does not hold', () => withoutStore(() => desk.ask('GET', '/ready'))],
];

const activity = {
  ...{ type: 'message', channelId: 'directline', serviceUrl: 'https://directline.botframework.com/' },
  ...{ from: { id: 'x' }, conversation: { id: 'x' }, recipient: { id: 'x' } },
};
const token = (): Promise<Answer> => desk.ask('POST', '/api/directline/token', {}, lea.asking);

/** `fetch` refuses to send it. */
async function traced(path: string): Promise<Answer> {
  const said = await wire(desk.origin, `TRACE ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return answerIn(said);
}

async function guessed(): Promise<Answer> {
  const guess = (_: unknown, i: number) => desk.ask('POST', '/api/reconnect', { token: `no ${i}` });
  await Promise.all(Array.from({ length: 30 }, guess));
  return guess(undefined, 30);
}

/** What is answered while the store answers nothing, with the time that we wait for it passed over. */
async function withoutStore(run: () => Promise<Answer>): Promise<Answer> {
  const mend = desk.cosmos.faults.add({ fault: { kind: 'status', status: 503 }, container: 'sessions' });
  let answer: Answer | undefined;
  run().then(
    (one) => (answer = one),
    () => undefined,
  );
  try {
    return await until(() => {
      desk.clock.advance(1_000);
      return answer;
    }, 'it is answered');
  } finally {
    mend();
  }
}

function answerIn(said: string): Answer {
  const [head = '', text = ''] = said.split('\r\n\r\n');
  const [line = '', ...fields] = head.split('\r\n');
  const headers = new Headers(
    fields.map((field): [string, string] => {
      const [name = '', ...value] = field.split(':');
      return [name, value.join(':').trim()];
    }),
  );
  return { status: Number(line.split(' ')[1]), headers, text, body: {} };
}

describe('T24: nobody frames what is answered with', () => {
  test.each(requests)('%i: %s', async (status, _, asked) => {
    const answer = await asked();
    expect([answer.status, policyOf(answer)]).toEqual([status, expect.stringContaining(NOBODY)]);
  });

  test.each([
    ['a line that is no request', 'HELLO\r\n\r\n', 400],
    ['a header that is none', `GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n`, 400],
    [
      'two lengths at once',
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
    ],
    ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ['a wish we do not know', `GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\nConnection: close\r\n\r\n`, 417],
    ['no host', `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`, 200],
  ])('what is answered before anything is read: %s', async (_, bytes, status) => {
    const answer = answerIn(await wire(desk.origin, bytes));
    expect([answer.status, policyOf(answer)]).toEqual([status, expect.stringContaining(NOBODY)]);
  });

  test('of an instance that stops', async () => {
    const own = await openDesk({}, desk);
    const answers: Answer[] = [];
    const asking = until(async () => {
      const answer = await own.ask('GET', '/').catch(() => undefined);
      if (answer === undefined) return true;
      answers.push(answer);
      return false;
    }, 'it is gone');
    await Promise.all([own.close(), asking]);
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(policyOf(answer)).toContain(NOBODY);
  });
});

test('T24: the tab is framed by Teams alone, and by nobody whose name only looks like it', async () => {
  const [, frames = ''] = /frame-ancestors ([^;]*)/u.exec(policyOf(await desk.ask('GET', '/inbox/'))) ?? [];
  expect(frames.split(' ')).toEqual([
    'https://teams.microsoft.com',
    'https://*.teams.microsoft.com',
    'https://*.cloud.microsoft',
  ]);
});
