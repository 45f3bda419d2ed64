import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock, systemClock } from '../../src/clock.ts';
import type { CosmosServer } from '../../src/local/cosmos/server.ts';
import { ask, until, type Answer } from '../server/house.ts';
import { openAzure, channelToken, type Azure } from './azure.ts';
import { activityOf, environment, identityOf, openStore } from './desk.ts';
import { startProcess, type Process } from './process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'reconnect-package-'));
const MOST_BYTES = 60 * 1_048_576;
const HOUR_MS = 3_600_000;
const clock = movableClock();
let zip: Uint8Array;
let files: readonly string[];
let azure: Azure;
let cosmos: CosmosServer;

beforeAll(async () => {
  execFileSync('npm', ['run', 'package'], { cwd: root, stdio: 'pipe' });
  zip = readFileSync(join(root, 'dist/reconnect.zip'));
  const unzipped = unzipSync(zip);
  files = Object.keys(unzipped);
  for (const [name, bytes] of Object.entries(unzipped)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  azure = await openAzure();
  cosmos = await openStore(clock);
}, 300_000);
afterAll(async () => {
  await cosmos.close();
  await azure.close();
  rmSync(folder, { recursive: true });
});

describe('the package that is deployed', () => {
  test('is small enough to be mounted', () => {
    expect(zip.length).toBeLessThan(MOST_BYTES);
  });

  test('holds what npm says is needed at run time, and no dev dependency', () => {
    const listed = execFileSync('npm', ['ls', '--package-lock-only', '--omit=dev', '--all', '--parseable'], {
      cwd: root,
      encoding: 'utf8',
    });
    const needed = listed.split('\n').flatMap((line) => line.split(`${root}node_modules/`)[1] ?? []);
    const packed = files.flatMap((file) => /^node_modules\/(.*)\/package\.json$/u.exec(file)?.[1] ?? []);
    const strays = packed.filter((path) => !needed.some((one) => path === one || path.startsWith(`${one}/`)));
    expect(needed.length).toBeGreaterThan(100);
    expect(strays).toEqual([]);
    expect(needed.filter((one) => !packed.includes(one))).toEqual([]);
  });

  test('holds nothing of the local house, no test, no source, no secret', () => {
    const ours = files.filter((file) => !file.startsWith('node_modules/'));
    expect(ours).toContain('dist/main.js');
    expect(
      ours.filter((file) => /\/local\/|(?:^|\/)test\/|\.ts$|\.env|\.map$|settings\.json$/u.test(file)),
    ).toEqual([]);
  });
});

/** Until when the leases are held that every house wants; 0: given up. */
async function heldUntil(): Promise<readonly number[]> {
  const { endpoint, key } = cosmos;
  const stores = cosmosStores({
    endpoint,
    key,
    database: DATABASE,
    clock: systemClock,
    log: () => undefined,
  });
  const names = ['feed', ...Array.from({ length: 16 }, (_, shard) => `due:${shard}`)];
  const until = await Promise.all(names.map((name) => stores.leases.until(name)));
  stores.dispose();
  return until.map((at) => at ?? 0);
}

/** Makes the next turn's write wait in the store until it is let go. */
function slowStore(): { readonly isReached: () => boolean; readonly go: () => void } {
  const before = cosmos.faults.struck();
  const fault = { kind: 'delay', ms: HOUR_MS } as const;
  cosmos.faults.add({ operation: 'batch', container: 'sessions', count: 1, fault });
  return { isReached: () => cosmos.faults.struck() > before, go: () => clock.advance(HOUR_MS) };
}

describe('the package, unpacked and started', () => {
  const start = (changed: Readonly<Record<string, string>> = {}): Promise<Process> =>
    startProcess(join(folder, 'dist/main.js'), {
      ...environment(azure, cosmos),
      ...identityOf(azure),
      ...changed,
    });
  const get = ({ origin }: Process, path: string, headers: Readonly<Record<string, string>> = {}) =>
    ask(origin, 'GET', path, undefined, { headers });
  /** A customer's first word, which the front desk answers. */
  const say = async ({ origin }: Process): Promise<Answer> =>
    ask(
      origin,
      'POST',
      '/api/messages',
      activityOf(azure, 'directline', {
        type: 'message',
        text: 'hello',
        from: { id: 'dl_aAbCdEfGhIjKlMnOpQrStUvWx' },
        conversation: { id: 'c1' },
      }),
      { bearer: await channelToken(azure, 'directline') },
    );

  test('serves pages whose files name their content, are kept for ever, and come packed', async () => {
    const house = await start();
    const page = await get(house, '/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const again = await get(house, '/', { 'if-none-match': page.headers.get('etag') ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
    const [, script = ''] = /src="(\/chat\/main\.[\w-]{12}\.js)"/u.exec(page.text) ?? [];
    const [, style = ''] = /href="(\/chat\/chat\.[\w-]{12}\.css)"/u.exec(page.text) ?? [];
    const main = await get(house, script);
    const [, vendor = ''] = /["`](\/vendor\/webchat\.[\w-]{12}\.js)["`]/u.exec(main.text) ?? [];
    for (const path of [script, style, vendor]) {
      const { status, headers } = await ask(house.origin, 'HEAD', path, undefined, {
        headers: { 'accept-encoding': 'br' },
      });
      expect([status, headers.get('cache-control'), headers.get('content-encoding')]).toEqual([
        200,
        'public, max-age=31536000, immutable',
        'br',
      ]);
    }
    house.signal('SIGTERM');
    expect(await house.ended).toBe(0);
  });

  test('says that it is alive, and what it needs to serve', async () => {
    const house = await start();
    expect((await get(house, '/health')).body).toEqual({ alive: true });
    const ready = await get(house, '/ready');
    expect([ready.status, ready.body]).toEqual([
      200,
      { ready: true, checks: { store: true, identity: true, settings: true } },
    ]);
    house.signal('SIGTERM');
    expect(await house.ended).toBe(0);
  });

  test('is alive and not ready while the store is away or the bot gets no token, and tells which', async () => {
    azure.noTokens = true;
    const house = await start({ COSMOS_ENDPOINT: 'http://127.0.0.1:9' });
    const ready = await get(house, '/ready');
    expect([ready.status, ready.body]).toEqual([
      503,
      {
        error: { code: 'not_ready', message: 'Not ready: store, identity.' },
        checks: { store: false, identity: false, settings: true },
      },
    ]);
    expect((await get(house, '/health')).status).toBe(200);
    azure.noTokens = false;
    house.signal('SIGINT');
    expect(await house.ended).toBe(0);
  });

  test('asked to stop, finishes the turn under way, takes no other, gives its leases up and ends in peace', async () => {
    const house = await start();
    await until(async () => (await heldUntil()).every((at) => at > 0), 'it holds the leases', 20_000);
    const calm = slowStore();
    const turn = say(house);
    await until(() => calm.isReached(), 'a turn is under way');
    house.signal('SIGTERM');
    await until(async () => (await get(house, '/ready')).status === 503, 'it says that it is not ready');
    expect((await get(house, '/ready')).body['error']).toMatchObject({
      message: expect.stringContaining('stopping') as string,
    });
    const refused = await say(house);
    expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual([
      503,
      '1',
      'close',
    ]);
    calm.go();
    expect((await turn).status).toBe(200);
    expect(await house.ended).toBe(0);
    expect(Math.max(...(await heldUntil()))).toBe(0);
    expect(house.said()).not.toMatch(/unstopped|\s+at /u);
  });

  test('asked twice, ends at once', async () => {
    const house = await start();
    const calm = slowStore();
    const turn = say(house).catch(() => undefined);
    await until(() => calm.isReached(), 'a turn is under way');
    house.signal('SIGTERM');
    await until(() => house.said().includes('house.stopping'), 'it is stopping');
    house.signal('SIGTERM');
    expect(await house.ended).toBe(1);
    calm.go();
    await turn;
  });
});
