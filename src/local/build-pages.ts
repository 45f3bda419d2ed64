/**
 * The second half of `npm run build`: the client kit as the package exports it, and the pages as production serves them,
 * each file under a path that names its content.
 */
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { BUILT, type BuiltFile, type BuiltPages } from '../server/built-assets.ts';
import type { Asset } from '../server/pages.ts';
import { sourceAssets } from './assets.ts';

const dist = new URL('../../dist/', import.meta.url);
const pages = new URL('pages/', dist);

/** Vendors first: scripts name them, and pages name scripts. */
const order = (path: string): number => (path.startsWith('/vendor/') ? 0 : 1);

await rm(pages, { recursive: true, force: true });
await mkdir(pages, { recursive: true });
const { kit, chatPage, inboxPage, files } = sourceAssets();
const paths = new Map<string, string>();
const built: [string, BuiltFile][] = [];
for (const [path, asset] of Object.entries(files).sort(([a], [b]) => order(a) - order(b))) {
  const text = named(await asset.text());
  const hash = hashOf(text);
  const forever = path.replace(/(\.\w+)$/u, `.${hash}$1`);
  paths.set(path, forever);
  built.push([forever, await write(forever.slice(1).replaceAll('/', '-'), asset, text, true)]);
}
const page = async (asset: Asset, file: string): Promise<BuiltFile> =>
  write(file, asset, named(await asset.text()), false);
const list: BuiltPages = {
  chatPage: await page(chatPage, 'chat.html'),
  inboxPage: await page(inboxPage, 'inbox.html'),
  kit: await page(kit, 'webchat.js'),
  files: Object.fromEntries(built),
};
await writeFile(new URL(BUILT, pages), JSON.stringify(list, null, 2));
await writeFile(new URL('webchat.js', dist), await kit.text());

/** Every path of ours that the text names, as it is served. */
function named(text: string | Buffer): Buffer {
  let said = text.toString();
  for (const [path, forever] of paths)
    said = said.replaceAll(`"${path}"`, `"${forever}"`).replaceAll(`\`${path}\``, `\`${forever}\``);
  return Buffer.from(said);
}

async function write(file: string, { type }: Asset, text: Buffer, isForever: boolean): Promise<BuiltFile> {
  await writeFile(new URL(file, pages), text);
  await writeFile(new URL(`${file}.br`, pages), await packed(text));
  return { file, type, hash: hashOf(text), isForever };
}

function hashOf(text: Buffer): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function packed(text: Buffer): Promise<Buffer> {
  // One step below the best: a third of the time for a hundredth of the size.
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
  return promisify(brotliCompress)(text, { params });
}
