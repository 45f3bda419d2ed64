import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../server/house.ts';
import { BOT, channelToken, TAB, TENANT } from '../production/azure.ts';
import type { TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, rowIn, tabToken, type Agent } from '../production/people.ts';
import { codeOf, openTown, pressed, stored, talking, type Talk, type Town } from './people.ts';

let town: Town;
let amira: Agent;
beforeAll(async () => {
  town = await openTown();
  amira = await agentAt(town.desk, 'Amira Haddad', 2);
});
afterAll(() => town.close());

const OTHER_TENANT = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0099';
const oidOf = (n: number): string => `b3a0c6f2-5d1e-4a7b-8c11-00000000000${n}`;
const seconds = (): number => Math.floor(Date.now() / 1_000);

const rowOf = async (sid: string): Promise<Readonly<Record<string, unknown>>> =>
  (await town.jonas.tab('GET', `/api/sessions/${sid}`)).body['row'] as Readonly<Record<string, unknown>>;

/** What an open tab is told, until somebody ends it. */
async function opened(
  desk: TestDesk,
  bearer: string,
): Promise<{ readonly heard: () => string; readonly ended: Promise<void> }> {
  const { body } = await fetch(`${desk.origin}/api/stream`, {
    headers: { authorization: `Bearer ${bearer}` },
  });
  let heard = '';
  const ended = (async () => {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) heard += chunk;
  })();
  await until(() => heard.includes('hello'), 'it is open');
  return { heard: () => heard, ended };
}

describe('T18: who is no agent here', () => {
  test.each([
    ['somebody of the tenant who was never one', { oid: oidOf(9) }],
    ['an agent’s object in another tenant', { oid: oidOf(1), tenant: OTHER_TENANT }],
    ['a guest without an object of ours', {}],
  ])('presses no card: %s', async (_, by) => {
    const customer = await customerAt(town.desk);
    await customer.say('agent');
    const sid = await rowIn(town.jonas, 'queue', customer);
    const before = await rowOf(sid);
    const answer = await pressed(town.desk, 'accept', { sid, epoch: Number(before['epoch']) }, by);
    expect(Number(answer.body['statusCode'] ?? answer.status)).toBeGreaterThanOrEqual(400);
    expect(answer.text).not.toContain('AdaptiveCard');
    expect(await rowOf(sid)).toEqual(before);
    expect(town.desk.logged()).toMatch(/"event":"denied".*"why":"(?:notPermitted|notFromTeams)"/u);
  });

  test('whose role was taken away is shut out at once, on every instance, card, call and open tab', async () => {
    const { desk, other } = town;
    const oid = oidOf(3);
    const bearer = await tabToken(desk, { oid, name: 'Ada Lang' });
    const ada = await agentAt(desk, 'Ada Lang', 3);
    const customer = await customerAt(desk);
    await customer.say('agent');
    const sid = await rowIn(ada, 'queue', customer);
    const tab = await opened(other, bearer);
    expect((await other.ask('GET', '/api/agent/me', undefined, { bearer })).status).toBe(200);

    const taken = await tabToken(desk, { oid, name: 'Ada Lang', roles: [], iat: seconds() + 30 });
    expect((await desk.ask('GET', '/api/agent/me', undefined, { bearer: taken })).status).toBe(403);
    const before = await rowOf(sid);
    const act = { id: 'late', act: 'accept' };
    const answers = [
      await other.ask('POST', `/api/sessions/${sid}/acts`, act, { bearer }),
      await other.ask('GET', `/api/sessions/${sid}`, undefined, { bearer }),
      await other.ask('GET', '/api/inbox/queue', undefined, { bearer }),
      await other.ask('GET', '/api/stream', undefined, { bearer }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const press = await pressed(other, 'accept', { sid, epoch: Number(before['epoch']) }, { oid });
    expect(press.body['statusCode']).toBe(403);
    await tab.ended;
    expect(await rowOf(sid)).toEqual(before);
  });
});

describe('T19: a chat that is another agent’s', () => {
  const words = 'My card ends in 4711';
  let talk: Talk;
  beforeAll(async () => {
    talk = await talking(town);
    await talk.customer.say(words);
    await until(async () => JSON.stringify(await talk.told()).includes(words), 'Jonas reads it');
  });

  test.each([
    ['reads', 'GET', ''],
    ['reads the lines of', 'GET', '/lines?before=99'],
    ['reads the story of', 'GET', '/timeline'],
    ['asks for a link to', 'POST', '/link'],
  ])('is one that never was to who %s it', async (_, method, path) => {
    const answer = await amira.tab(
      method,
      `/api/sessions/${talk.sid}${path}`,
      method === 'POST' ? {} : undefined,
    );
    const none = await amira.tab(
      method,
      `/api/sessions/${talk.sid}x${path}`,
      method === 'POST' ? {} : undefined,
    );
    expect([answer.status, answer.text]).toEqual([404, none.text]);
  });

  test.each([
    ['message', { text: 'hello' }],
    ['comment', { text: 'hello' }],
    ['close', {}],
    ['suspend', {}],
    ['transfer', { to: 'queue:support' }],
    ['link', {}],
    ['accept', {}],
    ['decline', {}],
    ['resume', {}],
    ['invite', { guest: `${TENANT}:${oidOf(2)}` }],
  ])('is not acted on, and not a word of it is told: %s', async (act, more) => {
    const before = await rowOf(talk.sid);
    const answer = await amira.act(talk.sid, { act, ...more });
    expect(answer.status).toBe(409);
    expect(answer.text).not.toContain('4711');
    const press = await pressed(
      town.desk,
      act,
      { sid: talk.sid, epoch: Number(before['epoch']), ...more, 'transfer.to': 'queue:support', after: 1 },
      { oid: oidOf(2) },
    );
    expect(press.text).not.toContain('4711');
    expect(await rowOf(talk.sid)).toEqual(before);
  });

  test('is noted as denied, with who it was', () => {
    const denied = town.desk
      .logged()
      .split('\n')
      .filter((line) => line.includes('"denied"'));
    expect(denied.some((line) => line.includes(oidOf(2)) && line.includes('notYours'))).toBe(true);
    expect(denied.some((line) => line.includes(oidOf(2)) && line.includes('/api/sessions/:sid'))).toBe(true);
  });

  test('is a supervisor’s to read', async () => {
    const bearer = await tabToken(town.desk, { oid: oidOf(8), name: 'Sam Roth', roles: ['Chat.Supervisor'] });
    const read = await town.desk.ask('GET', `/api/sessions/${talk.sid}`, undefined, { bearer });
    expect([read.status, read.text.includes('4711')]).toEqual([200, true]);
  });
});

test('T20: a press of long ago, sent again and again, changes nothing and is answered with how things stand', async () => {
  const { desk, jonas } = town;
  const customer = await customerAt(desk);
  await customer.say('agent');
  const sid = await rowIn(jonas, 'queue', customer);
  const accept = { sid, epoch: Number((await rowOf(sid))['epoch']) };
  const first = await pressed(desk, 'accept', accept, { oid: oidOf(1) });
  expect(first.text).toContain('You are with');
  await jonas.act(sid, { act: 'transfer', to: `agent:${TENANT}:${oidOf(2)}` });
  expect((await amira.act(sid, { act: 'accept' })).status).toBe(200);
  const before = await rowOf(sid);
  for (let i = 0; i < 5; i += 1) {
    const again = await pressed(i % 2 === 0 ? desk : town.other, 'accept', accept, { oid: oidOf(1) });
    expect([again.status, again.text]).toEqual([200, expect.stringContaining('Amira')]);
  }
  expect(await rowOf(sid)).toEqual(before);
});

test('T22: what a card is given besides is not read: of it the session and its state count', async () => {
  const { desk } = town;
  const customer = await customerAt(desk);
  await customer.say('agent');
  const sid = await rowIn(town.jonas, 'queue', customer);
  const before = await rowOf(sid);
  const planted = {
    ...{
      queue: 'vip',
      stream: 'vip',
      priority: 99,
      customerName: 'Mallory',
      name: 'Mallory',
      verified: true,
    },
    ...{ capacity: 1_000, owner: { id: 'x:y', name: 'Mallory' }, roles: ['Chat.Supervisor'], agent: 'x:y' },
    ...{
      ver: 999,
      seq: 999,
      status: 'closed',
      __type: 'x',
      actor: 'house',
      asSupervisor: true,
      id: 'chosen',
    },
  };
  const answer = await pressed(
    desk,
    'accept',
    { sid, epoch: Number(before['epoch']), ...planted },
    { oid: oidOf(2) },
  );
  expect(answer.status).toBe(200);
  const read = await amira.tab('GET', `/api/sessions/${sid}`);
  expect(read.body['row']).toMatchObject({
    ...{ status: 'active', stream: before['stream'], name: before['name'], verified: false },
    owner: { id: `${TENANT}:${oidOf(2)}`, name: 'Amira Haddad' },
  });
  const me = (await amira.tab('GET', '/api/agent/me')).body;
  expect([me['supervisor'], Number(me['capacity']) < 1_000]).toEqual([false, true]);
  for (const word of ['Mallory', 'vip']) expect(stored(desk)).not.toContain(word);
});

describe('T23: the tab’s doors', () => {
  const doors: readonly (readonly [string, string])[] = [
    ['GET', '/api/agent/me'],
    ['PUT', '/api/agent/presence'],
    ['GET', '/api/inbox/queue'],
    ['GET', '/api/inbox/mine'],
    ['GET', '/api/sessions/x'],
    ['GET', '/api/sessions/x/lines'],
    ['GET', '/api/sessions/x/timeline'],
    ['GET', '/api/sessions/x/previous'],
    ['POST', '/api/sessions/x/acts'],
    ['POST', '/api/sessions/x/typing'],
    ['POST', '/api/sessions/x/link'],
    ['POST', '/api/sessions/x/files'],
    ['GET', '/api/sessions/x/files/1/1'],
    ['GET', '/api/interactions/x'],
    ['GET', '/api/stream'],
    ['GET', '/api/all'],
    ['GET', '/api/roster'],
    ['GET', '/api/agents'],
    ['GET', '/api/agents/x/sessions'],
    ['PUT', '/api/agents/x/capacity'],
    ['GET', '/api/customers/x/export'],
    ['DELETE', '/api/customers/x'],
    ['GET', '/api/customers/x/erasure'],
  ];
  const agent = { oid: oidOf(1), name: 'Jonas Weber' };
  const keys: Readonly<Record<string, () => Promise<string | undefined>>> = {
    'nothing at all': () => Promise.resolve(undefined),
    'a channel’s token': () => channelToken(town.desk.azure, 'msteams', agent),
    'a token of Graph': () => tabToken(town.desk, { ...agent, aud: '00000003-0000-0000-c000-000000000000' }),
    'a token for the bot': () => tabToken(town.desk, { ...agent, aud: BOT }),
    'a token of another tenant': () => tabToken(town.desk, { ...agent, tid: OTHER_TENANT }),
    'a token of another issuer': () =>
      tabToken(town.desk, { ...agent, iss: `${town.desk.azure.origin}/${OTHER_TENANT}/v2.0` }),
    'an ID token': () => tabToken(town.desk, { ...agent, scp: undefined }),
    'an app’s own token': () => tabToken(town.desk, { ...agent, scp: undefined, idtyp: 'app' }),
    'one that is over': () =>
      tabToken(town.desk, { ...agent, nbf: seconds() - 7_200, exp: seconds() - 3_600 }),
    'one that never ends': () => tabToken(town.desk, { ...agent, exp: undefined }),
    'one that nobody knows signed': () =>
      town.desk.azure.sign('stranger', { ...agent, aud: TAB, tid: TENANT, scp: 'access_as_user' }),
    'the site’s token': () => town.tokenOf('mia'),
  };

  test.each(Object.keys(keys))('are shut to %s', async (key) => {
    const bearer = await keys[key]?.();
    for (const [method, path] of doors) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const answer = await town.desk.ask(method, path, body, bearer === undefined ? {} : { bearer });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 401, 'not_permitted']);
    }
  });

  test('are shut to who is of the tenant and no agent, and no cookie opens them', async () => {
    const bearer = await tabToken(town.desk, { oid: oidOf(7), name: 'Bo', roles: ['Something.Else'] });
    const good = await tabToken(town.desk, agent);
    for (const [method, path] of doors) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : {};
      const nobody = await town.desk.ask(method, path, body, { bearer });
      // A session that is none is looked for only by who may.
      expect([path, nobody.status]).toEqual([path, 403]);
      const cookie = await town.desk.ask(method, path, body, {
        cookie: `token=${good}; authorization=${good}`,
      });
      expect([path, cookie.status]).toEqual([path, 401]);
    }
  });
});
