import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blobFiles } from '../../src/adapters/blob/files.ts';
import type { FileStore } from '../../src/handoff/ports.ts';
import { startBlobs } from '../../src/local/blob/server.ts';

/** The real file store against an azurite of its own. */
export interface TestFiles {
  readonly files: FileStore;
  readonly folder: string;
  readonly close: () => Promise<void>;
}

/** Starts one in a folder of its own, unless one is given. */
export async function openFiles(
  folder = mkdtempSync(join(tmpdir(), 'reconnect-files-')),
): Promise<TestFiles> {
  const server = await startBlobs({ folder, key: Buffer.from('a key for tests').toString('base64') });
  return { files: blobFiles(server), folder, close: server.close };
}
