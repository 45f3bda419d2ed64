import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RIGHT, SETTINGS } from '../config/environment.ts';
import { PNG } from '../handoff/files.ts';
import { tracesOf } from '../handoff/traces.ts';
import { openChat, openHouse, type Customer, type TestHouse } from '../server/house.ts';

let house: TestHouse;
let zelda: Customer;
beforeEach(async () => {
  house = await openHouse();
  zelda = await openChat(house, { bearer: await house.siteToken('Zelda Quill') });
  await zelda.join();
  await zelda.say('my telltale parcel');
  await zelda.say('agent');
});
afterEach(() => house.close());

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as an operator would, against the house that runs; `during` may end it. */
const runs = (args: readonly string[], during?: (kill: () => void) => Promise<void>): Promise<Ran> =>
  started(
    [
      ...['src/local/customer.ts', ...args, '--local'],
      ...['--folder', house.folder, '--store', house.store.endpoint],
    ],
    process.env,
    during,
  );

function started(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  during?: (kill: () => void) => Promise<void>,
): Promise<Ran> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (err += data.toString()));
  const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  void during?.(() => child.kill('SIGKILL'));
  return ended;
}
const traces = () => tracesOf(['telltale', 'Zelda'], house.store);
const isFound = async (kind: string) =>
  (await tracesOf([zelda.userId], house.store)).some((one) => one.includes(kind));

describe('row 93: npm run customer -- export', () => {
  test('gives everything as JSON, by id or by whom the site knows', async () => {
    const byId = await runs(['export', zelda.userId]);
    expect(byId).toMatchObject({ code: 0, err: '' });
    const exported = JSON.parse(byId.out) as { readonly chats: readonly { readonly transcript: unknown }[] };
    expect(exported.chats[0]?.transcript).toContainEqual(
      expect.objectContaining({ by: 'customer', text: 'my telltale parcel' }),
    );
    const issuer = `${house.origin}/local/site`;
    const bySite = await runs(['export', '--issuer', issuer, '--subject', 'Zelda Quill']);
    expect(JSON.parse(bySite.out)).toMatchObject({ customer: { id: zelda.userId, issuer } });
  });

  test('puts the files beside it, and shows the export to nobody else', async () => {
    await house.warm();
    const yara = await sendsFile('Yara', 'holiday.png');
    const folder = mkdtempSync(join(tmpdir(), 'reconnect-export-'));
    const out = join(folder, 'zelda.json');
    expect((await runs(['export', yara, '--out', out, '--files', join(folder, 'files')])).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('"savedAs":"1-holiday.png"');
    expect(statSync(out).mode & 0o077).toBe(0);
    expect(readFileSync(join(folder, 'files', '1-holiday.png'))).toEqual(PNG);
    expect(readdirSync(join(folder, 'files'))).toHaveLength(1);
  });

  test('says so, and what is meant, when there is nobody', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [['export', 'dl_nobody-0000000000000'], /Nothing is held of dl_nobody/u],
      [['export', 'Zelda'], /"Zelda" is neither a customer's id/u],
      [['export', '7K2M9-QXD4P'], /No chat has the reference number/u],
      [['export'], /Whom\?/u],
      [['erase', '--issuer', 'https://login.example', '--subject', 'x', '--yes'], /Nothing is held of x/u],
      [['forget', 'dl_nobody-0000000000000'], /npm run customer -- export/u],
    ];
    const ran = await Promise.all(wrong.map(([args]) => runs(args)));
    for (const [i, { code, err }] of ran.entries()) {
      expect(code).toBe(1);
      expect(err).toMatch(wrong[i]?.[1] ?? /never/u);
    }
  });
});

describe('row 93: npm run customer -- erase', () => {
  test('erases nothing without --yes, and says what it would', async () => {
    const { code, err } = await runs(['erase', zelda.userId]);
    expect(code).toBe(1);
    expect(err).toContain('This erases 1 chat of');
    expect((await traces()).length).toBeGreaterThan(0);
  });

  test('leaves nothing, says what it did, and does nothing the second time', async () => {
    const first = await runs(['erase', zelda.userId, '--yes']);
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/Erased: 1 chat, \d+ documents, 0 files\./u);
    expect(await traces()).toEqual([]);
    expect((await zelda.shown()).at(-1)?.text).toContain('This chat has ended');
    const second = await runs(['erase', zelda.userId, '--yes']);
    expect(second.code).toBe(0);
    expect((await runs(['export', zelda.userId])).code).toBe(1);
  });

  test('killed in the middle, it is finished by running it again', async () => {
    house.cosmos?.faults.add({
      operation: 'batch',
      container: 'sessions',
      fault: { kind: 'delay', ms: 400 },
    });
    const killed = await runs(['erase', zelda.userId, '--yes'], async (kill) => {
      // The header goes first; what was said still lies there.
      while (await isFound('sessions header')) await new Promise((resolve) => setTimeout(resolve, 50));
      kill();
    });
    expect(killed.code).toBeNull();
    house.cosmos?.faults.clear();
    expect(await isFound('sessions entry')).toBe(true);
    expect((await runs(['erase', zelda.userId, '--yes'])).code).toBe(0);
    expect(await traces()).toEqual([]);
  });
});

describe('row 93: the command where the house is deployed', () => {
  const { BLOB_ACCOUNT_URL: _, ...right } = RIGHT;
  const { chat } = SETTINGS.widgets;
  const settings = { ...SETTINGS, widgets: { chat: { ...chat, files: { enabled: false } } } };
  const deployed = () => ({
    ...{ ...right, COSMOS_ENDPOINT: house.store.endpoint, COSMOS_KEY: house.store.key },
    SETTINGS_JSON: JSON.stringify(settings),
  });

  test('reads what the house reads, and does the same', async () => {
    const main = 'src/customer/main.ts';
    const exported = await started([main, 'export', zelda.userId], deployed());
    expect(JSON.parse(exported.out)).toMatchObject({ customer: { id: zelda.userId } });
    expect((await started([main, 'erase', zelda.userId, '--yes'], deployed())).code).toBe(0);
    expect(await traces()).toEqual([]);
  });

  test('stops with everything that is wrong, and has no local house', async () => {
    const wrong = await started(['src/customer/main.ts', 'export', zelda.userId], {});
    expect(wrong.code).toBe(1);
    expect(wrong.err).toMatch(/COSMOS_ENDPOINT[\s\S]*RECONNECT_PEPPER/u);
    const local = await started(['src/customer/main.ts', 'export', zelda.userId, '--local'], deployed());
    expect(local).toMatchObject({ code: 1, out: '' });
    expect(local.err).toContain('The local house is not part of what is deployed.');
  });
});

/** Somebody sends a file as Web Chat does; gives their id. */
async function sendsFile(subject: string, name: string): Promise<string> {
  const opened = await house.ask(
    'POST',
    '/api/directline/token',
    {},
    { bearer: await house.siteToken(subject) },
  );
  const { token, conversationId, userId } = opened.body as Readonly<Record<string, string>>;
  const bearer = { bearer: token ?? '' };
  await house.ask('POST', '/v3/directline/conversations', {}, bearer);
  const form = new FormData();
  const activity = JSON.stringify({ type: 'message', text: 'Here', from: { id: userId } });
  form.append('activity', new Blob([activity], { type: 'application/vnd.microsoft.activity' }));
  form.append('file', new Blob([PNG], { type: 'image/png' }), name);
  const at = `/v3/directline/conversations/${conversationId ?? ''}/upload?userId=${userId ?? ''}`;
  const answer = await fetch(`${house.origin}${at}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token ?? ''}` },
    body: form,
  });
  expect(answer.status).toBe(200);
  return userId ?? '';
}
