import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Asset, Assets } from './pages.ts';

/** What the build writes beside the pages' files: under which path each is served, and what it is. */
export interface BuiltPages {
  readonly chatPage: BuiltFile;
  readonly inboxPage: BuiltFile;
  readonly kit: BuiltFile;
  readonly files: Readonly<Record<string, BuiltFile>>;
}

/** One file of the build. */
export interface BuiltFile {
  /** Its name in the folder; the same with `.br` behind it is the same, packed with brotli. */
  readonly file: string;
  readonly type: string;
  /** Tells one content from another; served as the ETag. */
  readonly hash: string;
  /** Its path holds its hash, so that it never changes. */
  readonly isForever: boolean;
}

/** The name of that list. */
export const BUILT = 'pages.json';

/** The pages' files as `npm run build` has made them; each is read once. @throws Error when there are none */
export function builtAssets(folder: URL): Assets {
  const { chatPage, inboxPage, kit, files } = readBuilt(folder);
  const asset = (built: BuiltFile): Asset => assetOf(folder, built);
  return {
    chatPage: asset(chatPage),
    inboxPage: asset(inboxPage),
    kit: asset(kit),
    files: Object.fromEntries(Object.entries(files).map(([path, built]) => [path, asset(built)])),
  };
}

function assetOf(folder: URL, { file, type, hash, isForever }: BuiltFile): Asset {
  const kept = (name: string): (() => Promise<Buffer>) => {
    let read: Promise<Buffer> | undefined;
    return () => (read ??= readFile(new URL(name, folder)));
  };
  return { type, hash, isForever, text: kept(file), packed: kept(`${file}.br`) };
}

function readBuilt(folder: URL): BuiltPages {
  try {
    // Our own build wrote it.
    return JSON.parse(readFileSync(new URL(BUILT, folder), 'utf8')) as BuiltPages;
  } catch (cause) {
    throw new Error('The pages are not built: run npm run build', { cause });
  }
}
