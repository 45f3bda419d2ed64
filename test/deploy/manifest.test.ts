import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TAB, tabLink } from '../../src/adapters/teams/tab-link.ts';
import { words } from '../../src/cards/wording.ts';
import { sourceAssets } from '../../src/local/assets.ts';
import { readIds, type Ids } from '../../src/manifest/ids.ts';
import { teamsApp } from '../../src/manifest/teams-app.ts';
import { pageRoutes } from '../../src/server/pages.ts';
import { createServer } from '../../src/server/server.ts';
import { readSessionId } from '../../src/session/ids.ts';

const here = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const APP = '0f6b5d7e-8a52-4c59-8b25-51f4a7c30002';
const BOT = '0f6b5d7e-8a52-4c59-8b25-51f4a7c30003';
const HOST = 'chat.contoso.com';
const GIVEN = ['--app-id', APP, '--host', HOST];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifest-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the command packed. */
function packed(...args: readonly string[]) {
  const out = join(folder, 'app.zip');
  execFileSync(process.execPath, [here('src/manifest/main.ts'), ...args, '--out', out]);
  const files = unzipSync(readFileSync(out));
  return { files, manifest: JSON.parse(strFromU8(files['manifest.json']!)) as Manifest };
}
interface Manifest {
  readonly id: string;
  readonly manifestVersion: string;
  readonly version: string;
  readonly developer: Readonly<Record<string, string>>;
  readonly staticTabs: readonly { readonly entityId: string; readonly contentUrl?: string }[];
  readonly bots: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly supportsFiles: boolean;
    readonly commandLists: readonly { readonly commands: readonly { readonly title: string }[] }[];
  }[];
  readonly validDomains: readonly string[];
  readonly webApplicationInfo: { readonly id: string; readonly resource: string };
  readonly authorization?: unknown;
}

describe('row 87: an admin packs the Teams app with one command', () => {
  test('it holds the manifest with the ids in it, both icons and every language it names', () => {
    const { files, manifest } = packed(...GIVEN);
    expect(Object.keys(files).sort()).toEqual(['ar.json', 'color.png', 'manifest.json', 'outline.png']);
    expect(manifest).toMatchObject({ id: APP, validDomains: [HOST] });
    expect(manifest.bots[0]).toMatchObject({ botId: APP, scopes: ['personal', 'team'], supportsFiles: true });
    expect(manifest.webApplicationInfo).toEqual({ id: APP, resource: `api://${HOST}/${APP}` });
    expect(strFromU8(files['manifest.json']!)).not.toContain('{{');
  });

  test('a bot with a managed identity and an app with an id of its own have them', () => {
    const own = '0f6b5d7e-8a52-4c59-8b25-51f4a7c30004';
    const { manifest } = packed(...GIVEN, '--bot-id', BOT, '--teams-app-id', own, '--company', 'A "B" & Ø');
    expect(manifest).toMatchObject({ id: own, bots: [{ botId: BOT }], webApplicationInfo: { id: APP } });
    expect(manifest.developer['name']).toBe('A "B" & Ø');
  });

  test('twice the same is the same file', () => {
    expect(packed(...GIVEN).files).toEqual(packed(...GIVEN).files);
  });

  test.each([
    [[], '--app-id is missing'],
    [['--app-id', APP], '--host is missing'],
    [['--app-id', '12345', '--host', HOST], '--app-id "12345" is no id: it must be a GUID'],
    [['--app-id', `{${APP}}`, '--host', HOST], 'without braces'],
    [['--app-id', '00000000-0000-0000-0000-000000000000', '--host', HOST], '--app-id is all zeros'],
    [[...GIVEN, '--bot-id', 'bot'], '--bot-id "bot" is no id'],
    [['--app-id', APP, '--host', `http://${HOST}`], 'is http: Teams opens https only'],
    [['--app-id', APP, '--host', `https://${HOST}`], 'must be the host alone'],
    [['--app-id', APP, '--host', `${HOST}/inbox/`], 'must be the host alone'],
    [['--app-id', APP, '--host', `${HOST}:8443`], 'must not name a port'],
    [['--app-id', APP, '--host', 'localhost'], 'is no public host name'],
    [['--app-id', APP, '--host', '10.0.0.4'], 'is no public host name'],
    [
      [...GIVEN, '--privacy', 'http://contoso.com/privacy'],
      '--privacy "http://contoso.com/privacy" must be an https',
    ],
    [[...GIVEN, '--version', '1'], 'must be three numbers'],
    [[...GIVEN, '--company', 'C'.repeat(33)], 'manifest.json.developer.name should NOT be longer than 32'],
    [[...GIVEN, '--botid', BOT], '--botid'],
  ])('%j is refused: %s', (args, why) => {
    const out = join(folder, 'refused.zip');
    const { status, stderr } = spawnSync(process.execPath, [
      here('src/manifest/main.ts'),
      ...args,
      '--out',
      out,
    ]);
    expect(stderr.toString()).toContain(why);
    expect(status).toBe(1);
    expect(() => readFileSync(out)).toThrow('ENOENT');
  });
});

describe('row 87: a Teams app that Teams would not take is not packed', () => {
  const ids = readIds({ 'app-id': APP, host: HOST }, '1.0.0') as Ids;
  /** The app of a folder like ours, with one thing changed in it. */
  function changed(name: string, change: (bytes: Buffer) => string | Buffer) {
    const copy = mkdtempSync(join(folder, 'copy-'));
    cpSync(here('manifest'), copy, { recursive: true });
    writeFileSync(join(copy, name), change(readFileSync(join(copy, name))));
    return teamsApp(copy, ids);
  }
  const inText = (from: string, to: string) => (bytes: Buffer) => bytes.toString().replace(from, to);

  test('as it stands it is', () => {
    expect(changed('ar.json', (bytes) => bytes)).toHaveProperty('zip');
  });

  test.each([
    [
      'color.png',
      () => readFileSync(here('manifest/outline.png')),
      'color.png is 32 × 32: it must be 192 × 192',
    ],
    [
      'outline.png',
      () => readFileSync(here('manifest/color.png')),
      'outline.png is 192 × 192: it must be 32 × 32',
    ],
    ['outline.png', () => 'no picture', 'outline.png is no PNG'],
    [
      'manifest.json',
      inText('"personal", "team"', '"personal", "everywhere"'),
      'manifest.json.bots[0].scopes[1]',
    ],
    ['manifest.json', inText('"1.30"', '"9.99"'), 'no schema for manifestVersion "9.99"'],
    ['manifest.json', inText('{{BOT_ID}}', '{{ROBOT}}'), 'asks for an unknown ROBOT'],
    ['manifest.json', inText('"ar.json"', '"de.json"'), 'de.json is named and is not there'],
    ['manifest.json', () => '[', 'manifest.json is no JSON object'],
    [
      'ar.json',
      inText('name.short', 'name.shorter'),
      'ar.json should NOT have additional properties: name.shorter',
    ],
  ])('%s changed: %#', (name, change, why) => {
    const app = changed(name, change);
    expect(app).toHaveProperty('faults');
    expect('faults' in app && app.faults.join('\n')).toContain(why);
  });
});

describe('row 87: the Teams app and the code agree', () => {
  const { manifest, files } = (() => {
    const made = teamsApp(here('manifest'), readIds({ 'app-id': APP, host: HOST }, '1.0.0') as Ids);
    if ('faults' in made) throw new Error(made.faults.join());
    const zipped = unzipSync(made.zip);
    return { files: zipped, manifest: JSON.parse(strFromU8(zipped['manifest.json']!)) as Manifest };
  })();
  const sid = readSessionId('dl_aaaaaaaaaaaaaaaaaaaaaaaaaa.01J00000000000000000000000')!;

  test('a card’s link opens the tab that the manifest names', () => {
    expect(manifest.staticTabs[0]?.entityId).toBe(TAB);
    expect(new URL(tabLink(APP, sid)).pathname).toBe(`/l/entity/${manifest.id}/${TAB}`);
  });

  test('the tab’s page is served where the manifest looks for it, and Teams may frame it', async () => {
    const log = () => undefined;
    const server = createServer(log);
    pageRoutes(server, {
      assets: sourceAssets(),
      directLine: `https://${HOST}`,
      framedBy: [],
      pageHosts: () => [],
      log,
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    const { port } = server.server.address() as AddressInfo;
    const { pathname } = new URL(manifest.staticTabs[0]?.contentUrl ?? '');
    const answer = await fetch(`http://127.0.0.1:${port}${pathname}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toMatch(
      /frame-ancestors [^;]*teams\.microsoft\.com/u,
    );
    server.server.closeAllConnections();
    server.close();
  });

  test('the commands it lists are those the bot knows, in both languages', () => {
    const arabic = JSON.parse(strFromU8(files['ar.json']!)) as Readonly<Record<string, string>>;
    expect(
      manifest.bots[0]?.commandLists.flatMap(({ commands }) => commands.map(({ title }) => title)),
    ).toEqual([words('en').sentences['help.word']]);
    expect(arabic['bots[0].commandLists[0].commands[0].title']).toBe(words('ar').sentences['help.word']);
  });

  test('every text that people read of it is there in Arabic', () => {
    const arabic = JSON.parse(strFromU8(files['ar.json']!)) as Readonly<Record<string, string>>;
    for (const key of [
      'name.short',
      'name.full',
      'description.short',
      'description.full',
      'staticTabs[0].name',
    ])
      expect(arabic[key]).toMatch(key === 'name.short' ? /./u : /[\u0600-\u06ff]/u);
  });

  test('it asks for no permission in teams whose channels it does not answer in', () => {
    expect(manifest.authorization).toBeUndefined();
  });

  test('its outline is white on nothing, as Teams wants it', () => {
    const pixels = pixelsOf(Buffer.from(files['outline.png']!));
    const drawn = pixels.filter(([, , , alpha]) => alpha > 0);
    expect(drawn.length).toBeGreaterThan(100);
    expect(pixels.length - drawn.length).toBeGreaterThan(100);
    expect(drawn.filter(([r, g, b]) => Math.min(r, g, b) < 250)).toEqual([]);
  });
});

type Pixel = readonly [r: number, g: number, b: number, alpha: number];

/** The pixels of a PNG of eight bits and four channels. */
function pixelsOf(png: Buffer): readonly Pixel[] {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  expect([...png.subarray(24, 26)]).toEqual([8, 6]);
  const data: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * 4;
  const rows = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const left = x < 4 ? 0 : (rows[y * stride + x - 4] ?? 0);
      const above = y === 0 ? 0 : (rows[(y - 1) * stride + x] ?? 0);
      const corner = x < 4 || y === 0 ? 0 : (rows[(y - 1) * stride + x - 4] ?? 0);
      const near = [left, above, corner].toSorted(
        (a, b) => Math.abs(left + above - corner - a) - Math.abs(left + above - corner - b),
      )[0];
      const added = [0, left, above, (left + above) >> 1, near ?? 0][filter] ?? 0;
      rows[y * stride + x] = ((raw[y * (stride + 1) + 1 + x] ?? 0) + added) & 255;
    }
  }
  return Array.from({ length: width * height }, (_, i): Pixel => {
    const [r = 0, g = 0, b = 0, alpha = 0] = rows.subarray(i * 4, i * 4 + 4);
    return [r, g, b, alpha];
  });
}
