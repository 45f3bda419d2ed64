import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AGENTS } from '../../src/local/people.ts';
import { PDF, PNG, SVG, WINDOWS_PROGRAM } from '../handoff/files.ts';
import { ask, openHouse, until, type Asking, type TestHouse } from './house.ts';

let house: TestHouse;
let jonas: Asking;
let amira: Asking;
beforeAll(async () => {
  house = await openHouse();
  await house.warm();
  jonas = { bearer: await house.tabToken() };
  const [, other] = AGENTS;
  amira = { bearer: await house.tabToken({ oid: other?.oid, name: other?.name, roles: ['Chat.Agent'] }) };
});
afterAll(() => house.close());

interface Attachment {
  readonly name: string;
  readonly contentUrl: string;
}
interface Line {
  readonly seq: number;
  readonly text: string;
  readonly attachments?: readonly Attachment[];
}

/** A customer whom Jonas has accepted, on the bare protocol. */
async function withJonas() {
  const opened = await house.ask('POST', '/api/directline/token', {});
  const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { token, conversationId, userId } = opened.body as Readonly<Record<string, string>>;
  const bearer = { bearer: token ?? '' };
  const at = `/v3/directline/conversations/${conversationId ?? ''}`;
  await house.ask('POST', '/v3/directline/conversations', {}, bearer);
  await house.ask(
    'POST',
    `${at}/activities`,
    { from: { id: userId }, type: 'message', text: 'agent' },
    bearer,
  );
  const transcript = async (): Promise<readonly Line[]> => {
    const read = await house.ask('POST', '/api/transcript', { conversation: conversationId }, { cookie });
    return (read.body as { lines: readonly Line[] }).lines;
  };
  const sid = await until(async () => {
    const read = await house.ask('POST', '/api/transcript', { conversation: conversationId }, { cookie });
    return (read.body as { state: { sid?: string } }).state.sid;
  }, 'there is a session');
  const path = `/api/sessions/${encodeURIComponent(sid)}`;
  await house.ask('POST', `${path}/acts`, { id: crypto.randomUUID(), act: 'accept' }, jonas);
  return {
    sid,
    path,
    cookie,
    transcript,
    uploads: async (name: string, bytes: Uint8Array, text = ''): Promise<number> => {
      const form = new FormData();
      const activity = JSON.stringify({ type: 'message', text, from: { id: userId } });
      form.append('activity', new Blob([activity], { type: 'application/vnd.microsoft.activity' }));
      form.append('file', new Blob([Uint8Array.from(bytes)], { type: 'image/png' }), name);
      const answer = await fetch(`${house.origin}${at}/upload?userId=${userId ?? ''}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token ?? ''}` },
        body: form,
      });
      return answer.status;
    },
    file: async (): Promise<Attachment> => {
      const found = (await transcript()).flatMap(({ attachments = [] }) => attachments).at(-1);
      if (found === undefined) throw new Error('There is no file in the transcript');
      return found;
    },
  };
}

const sendsFile = (
  path: string,
  name: string,
  bytes: Uint8Array,
  asking: Asking,
  id: string = crypto.randomUUID(),
) =>
  house.ask('POST', `${path}/files?id=${id}&name=${encodeURIComponent(name)}`, bytes, {
    ...asking,
    headers: { 'content-type': 'application/octet-stream' },
  });
const get = (url: string, asking: Asking = {}) => ask('', 'GET', url, undefined, asking);

describe('row 79: a file, served', () => {
  test('T28: a customer’s picture is shown to its customer and its agent, byte for byte', async () => {
    const lea = await withJonas();
    expect(await lea.uploads('Etikett – ü.png', PNG, 'Here')).toBe(200);
    const { contentUrl, name } = await lea.file();
    expect(name).toBe('Etikett – ü.png');
    const answer = await fetch(contentUrl);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PNG);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(PNG.length),
      'content-disposition': `inline; filename="Etikett _ _.png"; filename*=UTF-8''Etikett%20%E2%80%93%20%C3%BC.png`,
      'content-security-policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    const view = await house.ask('GET', lea.path, undefined, jonas);
    const [shown] = (view.body as { lines: readonly Line[] }).lines.flatMap(
      ({ attachments = [] }) => attachments,
    );
    expect((await house.ask('GET', shown?.contentUrl ?? '', undefined, jonas)).status).toBe(200);
  });

  test('T28: an agent’s document is saved rather than shown, and reaches the customer’s transcript', async () => {
    const lea = await withJonas();
    const sent = await sendsFile(lea.path, 'offer.pdf', PDF, jonas);
    expect(sent.status).toBe(200);
    const { contentUrl } = await lea.file();
    const answer = await fetch(contentUrl);
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="offer.pdf"/u);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
  });

  test('nobody else gets it: no other customer, no other agent, no stranger, no changed address', async () => {
    const [lea, mia] = [await withJonas(), await withJonas()];
    await lea.uploads('label.png', PNG);
    const { contentUrl } = await lea.file();
    const bare = contentUrl.split('?')[0] ?? '';
    const ofAgent = `${lea.path}/files/${bare.split('/').at(-2) ?? ''}/0`;
    const statuses = await Promise.all([
      get(bare),
      get(bare, { cookie: mia.cookie }),
      get(bare, jonas),
      get(contentUrl.replace(/until=\d/u, 'until=9')),
      get(contentUrl.replace(/proof=./u, 'proof=_')),
      get(contentUrl.replace(/\/0\?/u, '/1?')),
      get(contentUrl.replace(encodeURIComponent(lea.sid), encodeURIComponent(mia.sid))),
      house.ask('GET', ofAgent, undefined, amira),
      house.ask('GET', ofAgent.replace(encodeURIComponent(lea.sid), 'nobody'), undefined, jonas),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual(statuses.map(() => 404));
    expect((await house.ask('GET', ofAgent)).status).toBe(401);
  });
});

describe('row 79: a file that an agent sends', () => {
  test.each([
    [
      'setup.exe',
      WINDOWS_PROGRAM,
      'file_type',
      /Files like “setup.exe” cannot be sent here\. These can: .*\.pdf/u,
    ],
    ['photo.png', WINDOWS_PROGRAM, 'file_disguised', /“photo.png” was not passed on/u],
    ['logo.svg', SVG, 'file_type', /“logo.svg”/u],
    ['photo.png', SVG, 'file_disguised', /“photo.png”/u],
    ['empty.txt', Buffer.alloc(0), 'file_empty', /is empty/u],
    ['long.txt', Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), 'file_tooLarge', /too large.*10 MB/u],
  ])('%s is refused by name and reason (%#)', async (name, bytes, code, message) => {
    const lea = await withJonas();
    const before = (await lea.transcript()).length;
    const { status, body } = await sendsFile(lea.path, name, bytes, jonas);
    expect({ status, ...(body['error'] as object) }).toMatchObject({ status: 422, code });
    expect((body['error'] as { message: string }).message).toMatch(message);
    expect(await lea.transcript()).toHaveLength(before);
  });

  test('is said once, however often it is sent', async () => {
    const lea = await withJonas();
    const before = (await lea.transcript()).length;
    for (let i = 0; i < 2; i += 1)
      expect((await sendsFile(lea.path, 'offer.pdf', PDF, jonas, 'the-same')).status).toBe(200);
    expect(await lea.transcript()).toHaveLength(before + 1);
    expect((await get((await lea.file()).contentUrl)).status).toBe(200);
  });

  test('B5: resumes the chat that was set aside', async () => {
    const lea = await withJonas();
    await house.ask('POST', `${lea.path}/acts`, { id: 's', act: 'suspend' }, jonas);
    const { body } = await sendsFile(lea.path, 'offer.pdf', PDF, jonas);
    expect(body['row']).toMatchObject({ status: 'active' });
  });

  test('is not taken from an agent whose chat it is not, nor from nobody', async () => {
    const lea = await withJonas();
    expect((await sendsFile(lea.path, 'offer.pdf', PDF, amira)).status).toBe(404);
    expect((await sendsFile(lea.path, 'offer.pdf', PDF, {})).status).toBe(401);
    const nameless = await house.ask('POST', `${lea.path}/files?id=1`, PDF, jonas);
    expect(nameless.status).toBe(400);
  });
});

// Last: the clock does not go back, and the tab's token ends.
test('row 79: on a page left open for hours its customer still gets a file, by the device’s cookie', async () => {
  const lea = await withJonas();
  await lea.uploads('label.png', PNG);
  const { contentUrl } = await lea.file();
  await house.ask('POST', '/local/clock', { advanceMs: 61 * 60_000 });
  expect((await get(contentUrl)).status).toBe(404);
  expect((await get(contentUrl, { cookie: lea.cookie })).status).toBe(200);
  expect((await get((await lea.file()).contentUrl)).status).toBe(200);
});
