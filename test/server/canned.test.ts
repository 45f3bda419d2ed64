import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENTS } from '../../src/local/people.ts';
import { openChat, openHouse, until, type Asking, type TestHouse } from './house.ts';

let house: TestHouse;
let jonas: Asking;
let boss: Asking;
beforeAll(async () => {
  house = await openHouse();
  jonas = { bearer: await house.tabToken({ roles: ['Chat.Agent'] }) };
  const other = AGENTS[1];
  boss = { bearer: await house.tabToken({ oid: other?.oid, name: other?.name, roles: ['Chat.Supervisor'] }) };
});
afterAll(() => house.close());

const bye = { of: 'own', title: 'Bye', shortcut: 'bye', text: 'Good bye.' };
const shared = { ...bye, of: 'shared', stream: 'support', shortcut: 'team' };

/** A customer who talks to Jonas; where their session's canned responses are. */
async function accepted(): Promise<string> {
  const chat = await openChat(house);
  await chat.say('agent');
  const row = await until(async () => {
    const { body } = await house.ask('GET', '/api/inbox/queue', undefined, jonas);
    return (body['rows'] as { sid: string; epoch: number }[]).find(({ sid }) => sid.startsWith(chat.userId));
  }, 'they stand in line');
  await house.ask('POST', `/api/sessions/${row.sid}/acts`, { id: row.sid.slice(-9), act: 'accept' }, jonas);
  return `/api/sessions/${row.sid}`;
}

describe('row 79: canned responses', () => {
  test('of the settings, of the work stream and of the agent are offered in a session, filled', async () => {
    const session = await accepted();
    await house.ask('POST', '/api/canned', bye, jonas);
    expect((await house.ask('POST', '/api/canned', shared, boss)).status).toBe(201);
    const { status, body } = await house.ask('GET', `${session}/canned`, undefined, jonas);
    const offered = body['responses'] as { shortcut: string; of: string; filled: string }[];
    expect([status, body['stream'], body['mayShare']]).toEqual([200, 'support', false]);
    expect(Object.fromEntries(offered.map(({ shortcut, of }) => [shortcut, of]))).toEqual({
      ...{ hello: 'settings', looking: 'settings', back: 'settings', marhaba: 'settings' },
      ...{ bye: 'own', team: 'shared' },
    });
    expect(offered.find(({ shortcut }) => shortcut === 'hello')?.filled).toMatch(
      /^Hello, this is \S+ of Northwind Parcels\./u,
    );
    expect(offered.at(-1)?.shortcut).toBe('marhaba');
  });

  test('that are shared are written by supervisors only', async () => {
    for (const [method, path] of [
      ['POST', '/api/canned'],
      ['PUT', '/api/canned/any'],
    ] as const)
      expect((await house.ask(method, path, shared, jonas)).status).toBe(403);
    const gone = await house.ask('DELETE', '/api/canned/any?of=shared&stream=support', undefined, jonas);
    expect([gone.status, gone.body['error']]).toEqual([
      403,
      expect.objectContaining({ code: 'not_permitted' }),
    ]);
  });

  test('are changed and removed by whose they are', async () => {
    const made = await house.ask('POST', '/api/canned', { ...bye, shortcut: 'mine' }, jonas);
    const path = `/api/canned/${String(made.body['id'])}`;
    expect((await house.ask('PUT', path, { ...bye, shortcut: 'mine' }, boss)).status).toBe(404);
    const changed = await house.ask(
      'PUT',
      path,
      { ...bye, shortcut: 'mine', text: 'See you.', language: 'en' },
      jonas,
    );
    expect(changed.body).toMatchObject({ text: 'See you.', language: 'en' });
    expect((await house.ask('DELETE', `${path}?of=own`, undefined, jonas)).status).toBe(200);
    expect((await house.ask('PUT', path, bye, jonas)).status).toBe(404);
  });

  test.each([
    [{ ...bye, of: 'theirs' }, 'of: must be own or shared.'],
    [{ ...shared, stream: 'nowhere' }, 'stream: there is no such work stream.'],
    [{ ...bye, title: 7 }, 'title: must be text.'],
    [{ ...bye, shortcut: 'a b' }, 'shortcut: must be 1 to 30 letters'],
    [
      { ...bye, shortcut: 'x', text: 'Hi {custmer}' },
      'text: has no placeholder {custmer}; there are {customer}',
    ],
    [{ ...bye, shortcut: 'x', text: 'x'.repeat(8_001) }, 'text: must be 1 to 8000 characters'],
    [{ ...bye, shortcut: 'x', language: 'no!' }, 'language: must be a language'],
  ])('that cannot be taken are refused by the field: %#', async (body, message) => {
    const refused = await house.ask('POST', '/api/canned', body, boss);
    expect([refused.status, refused.body['error']]).toEqual([
      400,
      { code: 'bad_input', message: expect.stringContaining(message) as string },
    ]);
  });

  test('are nobody’s to read without the permission', async () => {
    const session = await accepted();
    const stranger = { bearer: await house.tabToken({ oid: '9'.repeat(8), roles: [] }) };
    expect((await house.ask('GET', `${session}/canned`, undefined, stranger)).status).toBe(403);
    expect((await house.ask('POST', '/api/canned', bye, stranger)).status).toBe(403);
    expect((await house.ask('POST', '/api/canned', bye)).status).toBe(401);
  });
});
