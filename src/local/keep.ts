import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { newKey } from './site.ts';

/** What the local house must find again after a restart, besides its databases. */
export interface Kept {
  /** How far the local clock stands ahead, ms. */
  readonly clockAheadMs: number;
  readonly siteKey: string;
  readonly tabKey: string;
  readonly directLineKey: string;
  readonly pepper: string;
  readonly cosmosKey: string;
}

/** What houses of one folder share: keys, and how far their clock stands ahead. */
export interface Keeping {
  readonly kept: Kept;
  /** How far the clock stands ahead by now, in ms, whichever house has moved it. */
  readonly ahead: () => number;
  /** Keeps how far it was moved; it never goes back. */
  readonly moved: (aheadMs: number) => void;
  /** Whether another house has ever run in this folder; it may be running now. */
  readonly isShared: () => boolean;
}

/** Each house of a folder keeps its channels in files of its own, `<name>-directline.db` among them. */
const CHANNEL = '-directline.db';

/**
 * Reads what the local house called `name` keeps in its folder, or starts it. Houses that start at once in one folder
 * agree.
 */
export function keep(folder: string, name: string): Keeping {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'house.json');
  const kept = readKept(file) ?? firstKept(file);
  let seen = { version: versionOf(file), aheadMs: kept.clockAheadMs };
  const ahead = (): number => {
    const version = versionOf(file);
    if (version !== seen.version) {
      seen = { version, aheadMs: Math.max(seen.aheadMs, readKept(file)?.clockAheadMs ?? 0) };
    }
    return seen.aheadMs;
  };
  return {
    kept,
    ahead,
    isShared: () =>
      readdirSync(folder).some((other) => other.endsWith(CHANNEL) && other !== `${name}${CHANNEL}`),
    moved: (aheadMs) => {
      if (aheadMs <= ahead()) return;
      renameSync(write(file, { ...kept, clockAheadMs: aheadMs }), file);
      seen = { version: versionOf(file), aheadMs };
    },
  };
}

/** Names of new files differ by process, so that two houses never write into one. */
function write(file: string, kept: Kept): string {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, JSON.stringify(kept), { mode: 0o600 });
  return next;
}

/** A link is made by one process only; the other reads what that one made. */
function firstKept(file: string): Kept {
  const next = write(file, fresh());
  try {
    linkSync(next, file);
  } catch (reason) {
    if (!isErrno(reason, 'EEXIST')) throw reason;
  } finally {
    rmSync(next);
  }
  const kept = readKept(file);
  if (kept === undefined) throw new Error(`${file} is gone again; is somebody deleting the folder?`);
  return kept;
}

/** Tells one version of the file from the next: each is a new file renamed into place. */
function versionOf(file: string): string {
  const { ino, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0 };
  return `${ino}-${mtimeMs}`;
}

const fresh = (): Kept => ({
  clockAheadMs: 0,
  siteKey: newKey(),
  tabKey: newKey(),
  directLineKey: randomBytes(32).toString('base64url'),
  pepper: randomBytes(32).toString('base64url'),
  cosmosKey: randomBytes(64).toString('base64'),
});

function readKept(file: string): Kept | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (reason) {
    if (isErrno(reason, 'ENOENT')) return undefined;
    throw reason;
  }
  const kept = parsed(text);
  if (!isKept(kept)) throw new Error(`${file} is not what a local house keeps; move it away to start anew`);
  return kept;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isKept(kept: unknown): kept is Kept {
  if (typeof kept !== 'object' || kept === null) return false;
  const keys = ['siteKey', 'tabKey', 'directLineKey', 'pepper', 'cosmosKey'];
  const ahead: unknown = Reflect.get(kept, 'clockAheadMs');
  return (
    keys.every((key) => typeof Reflect.get(kept, key) === 'string') &&
    Number.isFinite(ahead) &&
    Number(ahead) >= 0
  );
}

const isErrno = (reason: unknown, code: string): boolean =>
  reason instanceof Error && Reflect.get(reason, 'code') === code;
