import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';
import { startCosmos } from '../../src/local/cosmos/server.ts';
import { openAzure } from '../production/azure.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, tabToken, type Agent, type Customer } from '../production/people.ts';
import type { Answer } from '../server/house.ts';

const EVIL = 'evil.example';
/** What the store was asked, as the SDK sent it. */
const queries: string[] = [];

let desk: TestDesk;
let close: () => Promise<void>;
let jonas: Agent;
let amira: Agent;
let sue: (method: string, path: string) => Promise<Answer>;
let lea: Customer;
/** Lea's chat, with Jonas. */
let sid: string;
let path: string;
beforeAll(async () => {
  // The SDK prints every activity that nobody has signed.
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const clock = movableClock();
  const azure = await openAzure();
  const cosmos = await startCosmos({
    ...{ port: 0, file: ':memory:', clock, containers: CONTAINERS, database: DATABASE },
    observe: ({ operation, request: asked }) => {
      if (operation === 'query') queries.push(asked.body);
    },
  });
  desk = await openDesk({}, { azure, cosmos, clock });
  close = async () => {
    await desk.close();
    await cosmos.close();
    await azure.close();
    vi.restoreAllMocks();
  };
  jonas = await agentAt(desk, 'Jonas Weber', 1);
  amira = await agentAt(desk, 'Amira Haddad', 2);
  const supervisor = await tabToken(desk, {
    ...{ oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000009', name: 'Sue Park' },
    roles: ['Chat.Agent', 'Chat.Supervisor'],
  });
  sue = (method, at) => desk.ask(method, at, undefined, { bearer: supervisor });
  await sue('GET', '/api/agent/me');
  lea = await customerAt(desk);
  await lea.say('agent');
  sid = await rowIn(jonas, 'queue', lea);
  expect((await jonas.act(sid, { act: 'accept' })).status).toBe(200);
  path = `/api/sessions/${encodeURIComponent(sid)}`;
  await desk.settled();
});
afterAll(() => close());

const told = ({ status, text, headers }: Answer) => ({
  ...{ status, text },
  headers: [...headers].filter(([name]) => !['date', 'etag'].includes(name)),
});

/** Asks by another name than the house's; `fetch` refuses to. */
const asIf = (
  host: string,
  method: string,
  at: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string; readonly headers: string }> =>
  new Promise((resolve, reject) => {
    const asking = request(
      `${desk.origin}${at}`,
      {
        method,
        headers: {
          ...{ host, 'x-forwarded-host': host, 'x-forwarded-server': host, 'x-original-host': host },
          ...{ forwarded: `host=${host};proto=http`, 'content-type': 'application/json', ...more },
        },
      },
      (answer) => {
        let text = '';
        answer.on('data', (data: Buffer) => (text += data.toString()));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text, headers: JSON.stringify(answer.headers) }),
        );
      },
    );
    asking.on('error', reject);
    asking.end(body === undefined ? undefined : JSON.stringify(body));
  });

describe('T30: whoever names another host', () => {
  test('T30: gets the same links, and is sent nowhere', async () => {
    const bearer = `Bearer ${await tabToken(desk, { oid: 'b3a0c6f2-5d1e-4a7b-8c11-000000000001', name: 'Jonas Weber' })}`;
    const cookie = lea.asking.cookie ?? '';
    const act = { conversation: lea.conversation, act: 'link' };
    const answers = [
      await asIf(EVIL, 'GET', '/'),
      await asIf(EVIL, 'GET', '/inbox/'),
      await asIf(EVIL, 'GET', '/api/widgets/chat'),
      await asIf(EVIL, 'GET', '/nothing'),
      await asIf(EVIL, 'POST', '/api/act', act, { cookie }),
      await asIf(EVIL, 'POST', `${path}/link`, {}, { authorization: bearer }),
      await asIf(EVIL, 'POST', `${path}/acts`, { id: 'l1', act: 'link' }, { authorization: bearer }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 200, 200, 200]);
    for (const { text, headers } of answers) expect(`${text}${headers}`).not.toContain(EVIL);
    const links = answers.flatMap(({ text }) => text.match(/https:[^"\\]*#rt1_/gu) ?? []);
    expect(links.length).toBeGreaterThan(1);
    for (const link of links) expect(link).toMatch(/^https:\/\/www\.contoso\.com\/support#rt1_$/u);
  });

  test('T30: and a page of that host is not our own', async () => {
    const origin = `https://${EVIL}`;
    const asked = await asIf('chat.contoso.com', 'POST', '/api/directline/token', {}, { origin });
    expect(asked.status).toBe(403);
  });
});

describe('T31: what there is, and what there is not, are answered alike', () => {
  const NONE = 'dl_aaaaaaaaaaaaaaaaaaaaaa.bbbbbbbb';

  test('T31: to an agent who may not read a chat, and to somebody who makes up its number', async () => {
    const at = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;
    for (const more of ['', '/lines?before=5', '/timeline', '/previous', '/files/1/0', '/canned']) {
      const [there, not] = [
        await amira.tab('GET', `${at(sid)}${more}`),
        await amira.tab('GET', `${at(NONE)}${more}`),
      ];
      expect([more, told(there)]).toEqual([more, told(not)]);
      expect(there.status).toBe(404);
    }
  });

  test('T31: to an agent who looks for a record, a customer or a colleague’s chats', async () => {
    const header = (await sue('GET', path)).body['row'] as { readonly reference?: string };
    const pairs = [
      [`/api/customers/${lea.userId}/export`, '/api/customers/dl_aaaaaaaaaaaaaaaaaaaaaa/export'],
      [`/api/interactions/${header.reference ?? '7K2M9-QXD4P'}`, '/api/interactions/7K2M9-QXD4P'],
      ['/api/agents/x:y/sessions', '/api/agents/nobody/sessions'],
    ] as const;
    for (const [one, other] of pairs) {
      const [there, not] = [await amira.tab('GET', one), await amira.tab('GET', other)];
      expect(told(there)).toEqual(told(not));
      expect(there.status).toBe(404);
    }
  });

  test('T31: to a customer who asks for somebody else’s conversation, and for one that is made up', async () => {
    const mallory = await customerAt(desk);
    const asks: readonly (readonly [string, object])[] = [
      ['/api/act', { act: 'end' }],
      ['/api/act', { act: 'link' }],
      ['/api/transcript', {}],
      ['/api/share', {}],
      ['/api/seen', { seq: 1 }],
      ['/api/presence', {}],
    ];
    for (const [at, body] of asks) {
      const answers = [lea.conversation, 'c999-eu'].map((conversation) =>
        desk.ask('POST', at, { ...body, conversation }, mallory.asking),
      );
      const [there, not] = (await Promise.all(answers)).map((one) =>
        told({ ...one, text: one.text.replace(/\d{13}/gu, 'now') }),
      );
      expect([at, there]).toEqual([at, not]);
      expect(there?.text).not.toMatch(/Jonas|queued|active/u);
    }
    const reads = await desk.ask('POST', '/api/transcript', { conversation: lea.conversation }, lea.asking);
    expect([reads.status, reads.text]).toEqual([200, expect.stringContaining('Jonas')]);
  });

  test('T31: to whoever tries files without a proof', async () => {
    const tried = await Promise.all(
      [sid, NONE].map((one) => desk.ask('GET', `/api/files/${encodeURIComponent(one)}/1/0?until=1&proof=x`)),
    );
    expect(tried.map(({ status }) => status)).toEqual([404, 404]);
    expect(tried[0]?.text).toBe(tried[1]?.text);
  });
});

/** Every door through which something changes. */
const DOORS: readonly (readonly [string, string])[] = [
  ['POST', '/api/messages'],
  ['POST', '/api/directline/token'],
  ['POST', '/api/reconnect'],
  ['POST', '/api/presence'],
  ['POST', '/api/seen'],
  ['POST', '/api/act'],
  ['POST', '/api/identify'],
  ['POST', '/api/forget'],
  ['POST', '/api/share'],
  ['PUT', '/api/agent/presence'],
  ['POST', '/api/canned'],
  ['POST', '/api/sessions/x/acts'],
  ['POST', '/api/sessions/x/link'],
  ['POST', '/api/sessions/x/typing'],
];

describe('T33: another site’s page that makes a browser ask', () => {
  test.each(DOORS)('T33: cannot send a form to %s %s, nor words as plain text', async (method, at) => {
    const cookie = lea.asking.cookie ?? '';
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      for (const origin of [`https://${EVIL}`, 'null']) {
        const headers = { 'content-type': type, origin, cookie, 'sec-fetch-site': 'cross-site' };
        const answer = await desk.ask(method, at, '{"act":"end"}', { headers });
        expect([403, 415]).toContain(answer.status);
      }
  });

  test.each(DOORS)('T33: cannot have JSON taken by %s %s, whatever cookie goes along', async (method, at) => {
    const cookie = lea.asking.cookie ?? '';
    for (const site of ['cross-site', 'same-site', undefined]) {
      const headers = {
        ...{ origin: `https://${EVIL}`, cookie },
        ...(site !== undefined && { 'sec-fetch-site': site }),
      };
      const answer = await desk.ask(method, at, { conversation: lea.conversation, act: 'end' }, { headers });
      expect([400, 401, 403]).toContain(answer.status);
    }
  });

  test('T33: changes nothing: whose cookies went along is still in their chat, by the same device', async () => {
    const read = await desk.ask('POST', '/api/transcript', { conversation: lea.conversation }, lea.asking);
    expect([read.status, read.body['state']]).toMatchObject([200, { status: 'active', agent: 'Jonas' }]);
    expect((await jonas.tab('GET', '/api/agent/me')).body).toMatchObject({
      presence: { status: 'available' },
    });
  });
});

test.each([
  `https://${EVIL}`,
  'null',
  `https://www.contoso.com.${EVIL}`,
  'https://evil.www.contoso.com',
  'https://contoso.com',
  'http://www.contoso.com',
  'https://www.contoso.com:8443',
])('T34: a page of %s is told nothing by any door', async (origin) => {
  for (const [method, at] of [...DOORS, ['GET', '/api/widgets/chat'], ['GET', '/api/stream']] as const) {
    const body = method === 'GET' ? undefined : {};
    const asked = await desk.ask(method, at, body, { headers: { origin } });
    const preflight = await desk.ask('OPTIONS', at, undefined, {
      headers: { origin, 'access-control-request-method': method },
    });
    for (const { headers } of [asked, preflight]) {
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
  }
});

test('T34: a page of the portal is answered to the letter, and no cache mixes it up', async () => {
  const origin = 'https://www.contoso.com';
  const { headers } = await desk.ask('GET', '/api/widgets/chat', undefined, { headers: { origin } });
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('vary')).toMatch(/origin/iu);
});

describe('T36: what looks like SQL', () => {
  const INJECTED = `x' OR 1=1 --`;

  test('T36: is looked for as it stands, and is part of no query', async () => {
    queries.length = 0;
    const odd = encodeURIComponent(INJECTED);
    const asked = [
      `/api/inbox/${odd}`,
      `/api/inbox/queue?from=${odd}`,
      `/api/inbox/mine?from=${Buffer.from(JSON.stringify({ [`agent:${INJECTED}`]: INJECTED })).toString('base64url')}`,
      `/api/interactions/${odd}`,
      `/api/all?stream=${odd}&day=${odd}`,
      `/api/all?stream=support&day=2026-01-01&from=${odd}`,
      `/api/customers/${odd}/export`,
      `/api/customers/${odd}/erasure`,
      `/api/agents/${odd}/sessions`,
      `/api/sessions/${odd}`,
      `${path}/lines?before=${odd}`,
      `${path}/files/${odd}/0`,
      `/api/canned?stream=${odd}`,
      ...['/api/roster', '/api/agents', '/api/all', '/api/inbox/mine'],
      ...[path, `${path}/timeline`, `/api/customers/${lea.userId}/export`],
    ];
    for (const at of asked) expect([at, (await sue('GET', at)).status < 500]).toEqual([at, true]);
    const mallory = await customerAt(desk);
    for (const at of ['/api/transcript', '/api/presence', '/api/act', '/api/seen'])
      await desk.ask('POST', at, { conversation: INJECTED, act: 'end', seq: 1 }, mallory.asking);
    await mallory.say(INJECTED, { id: INJECTED, channelData: { clientActivityID: INJECTED } });
    const sent = queries
      .map((one) => JSON.parse(one) as { readonly query?: string })
      .flatMap(({ query }) => query ?? []);
    expect(sent.length).toBeGreaterThan(3);
    expect(sent.filter((query) => /OR 1=1|x'/u.test(query))).toEqual([]);
    // Words stand in parameters; in the text there are only the few that we wrote.
    for (const text of sent) expect(text).not.toContain(lea.userId);
  });
});
