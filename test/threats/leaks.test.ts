import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Fault } from '../../src/local/cosmos/faults.ts';
import { openDesk, PEPPER, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, tabToken, type Agent, type Customer } from '../production/people.ts';
import { until, type Answer } from '../server/house.ts';

let desk: TestDesk;
let jonas: Agent;
let sue: string;
let lea: Customer;
let sid: string;
beforeAll(async () => {
  // The SDK's own words go to the console; here it is looked at what is answered.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  desk = await openDesk();
  jonas = await agentAt(desk, 'Jonas Weber', 1);
  sue = await tabToken(desk, {
    ...{ oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000009', name: 'Sue Park' },
    ...{ roles: ['Chat.Agent', 'Chat.Supervisor'], exp: Math.floor(Date.now() / 1_000) + 86_400 },
  });
  await desk.ask('GET', '/api/agent/me', undefined, { bearer: sue });
  lea = await customerAt(desk);
  await lea.say('agent');
  sid = await rowIn(jonas, 'queue', lea);
  expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
  await desk.settled();
});
afterAll(async () => {
  await desk.close();
  vi.restoreAllMocks();
});

/** What tells of our inside: stacks, paths, modules, hosts, containers, what SDKs say of themselves, and every secret. */
const INSIDE =
  /node_modules|\n\s+at |\bat \S+ \(|\.(?:ts|js):\d|\/src\/|\/home\/|\/work\/|127\.0\.0\.1|localhost|ECONN|ENOTFOUND|fetch failed|cosmos|substatus|ActivityId|dbs\/|colls\/|partition|etag|RequestCharge|TypeError|stack|dl_[\w-]{16}|did not answer|within \d+ ms/iu;

/** What all of these are answered, with the time that the house waits for its store passed over. */
async function answersTo(asked: readonly Promise<Answer>[]): Promise<readonly Answer[]> {
  let answers: readonly Answer[] | undefined;
  let failed: unknown;
  Promise.all(asked).then(
    (all) => (answers = all),
    (reason: unknown) => (failed = reason),
  );
  return until(
    () => {
      if (failed !== undefined) throw new Error('One is not answered', { cause: failed });
      desk.clock.advance(1_000);
      return answers;
    },
    'all are answered',
    240_000,
  );
}

let n = 0;
/** One of everything that is asked of the house. */
const everything = (): readonly Promise<Answer>[] => {
  n += 1;
  const path = `/api/sessions/${encodeURIComponent(sid)}`;
  const { conversation, asking } = lea;
  const page = (at: string, body: object) => desk.ask('POST', at, { conversation, ...body }, asking);
  const supervisor = (method: string, at: string) => desk.ask(method, at, undefined, { bearer: sue });
  return [
    desk.ask('GET', '/ready'),
    desk.ask('GET', '/api/widgets/chat'),
    desk.ask('POST', '/api/directline/token', {}, asking),
    desk.ask('POST', '/api/directline/token', {}),
    page('/api/presence', {}),
    page('/api/seen', { seq: n }),
    page('/api/transcript', {}),
    page('/api/act', { act: 'link' }),
    page('/api/share', {}),
    desk.ask('POST', '/api/reconnect', { token: `rt1_${lea.userId}.${'x'.repeat(43)}` }),
    desk.ask('POST', '/api/reconnect', { code: 'one two three' }),
    desk.ask('POST', '/api/reconnect/look', { token: `rt1_${lea.userId}.${'y'.repeat(43)}` }),
    lea.say(`line ${n}`),
    desk.from('directline', {
      ...{ type: 'invoke', name: 'x', from: { id: lea.userId }, conversation: { id: conversation } },
    }),
    jonas.tab('GET', '/api/agent/me'),
    jonas.tab('PUT', '/api/agent/presence', { status: 'available' }),
    jonas.tab('GET', '/api/inbox/mine'),
    jonas.tab('GET', path),
    jonas.tab('GET', `${path}/timeline`),
    jonas.tab('GET', `${path}/canned`),
    jonas.act(sid, { act: 'message', text: `answer ${n}` }),
    jonas.tab('POST', `${path}/link`, {}),
    jonas.tab('POST', '/api/canned', { title: `t${n}`, text: 'x' }),
    supervisor('GET', '/api/roster'),
    supervisor('GET', '/api/all'),
    supervisor('GET', `/api/customers/${lea.userId}/export`),
    supervisor('GET', `/api/customers/${lea.userId}/erasure`),
  ];
};

const faults: readonly (readonly [string, Fault])[] = [
  ['fails', { kind: 'status', status: 500 }],
  ['is busy', { kind: 'status', status: 503 }],
  ['has too much to do', { kind: 'status', status: 429, retryAfterMs: 1 }],
  ['knows no session of ours', { kind: 'status', status: 404, substatus: 1002 }],
  ['hangs up', { kind: 'drop', committed: false }],
  ['never answers', { kind: 'hang' }],
];

test.each(faults)('T37: while the store %s nobody is told of our inside', async (_, fault) => {
  const mend = desk.cosmos.faults.add({ fault });
  const answers = await answersTo(everything()).finally(mend);
  const failed = answers.filter(({ status }) => status >= 400);
  expect(failed.filter(({ status }) => status >= 500).length).toBeGreaterThan(5);
  expect(failed.filter(({ status }) => status === 401)).toEqual([]);
  for (const { text, headers } of failed) {
    expect(text).not.toMatch(INSIDE);
    expect(text).toMatch(/^\{"error":\{"code":"[a-z_]+","message":"[^"]+"\}/iu);
    for (const secret of [desk.cosmos.key, PEPPER, 'the.secret.of.direct.line'])
      expect(`${text}${JSON.stringify([...headers])}`).not.toContain(secret);
    expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, 'reconnect']);
  }
});

test('T37: while Azure gives the bot no token, and channels refuse, nobody is told why', async () => {
  desk.azure.noTokens = true;
  const asked = [
    desk.ask('GET', '/ready'),
    lea.say('are you there?'),
    jonas.act(sid, { act: 'message', text: 'x' }),
  ];
  const answers = await answersTo(asked).finally(() => (desk.azure.noTokens = false));
  for (const { status, text } of answers) if (status >= 400) expect(text).not.toMatch(INSIDE);
});

test('T37: afterwards everything is answered again', async () => {
  expect((await lea.say('still here')).status).toBe(200);
  expect((await desk.ask('GET', '/ready')).status).toBe(200);
  expect(desk.logged()).not.toContain('http.bug');
});
