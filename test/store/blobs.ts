import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient } from '@azure/storage-blob';
import { blobFiles, FILES_CONTAINER } from '../../src/adapters/blob/files.ts';
import type { FileStore } from '../../src/handoff/ports.ts';
import { startBlobs } from '../../src/local/blob/server.ts';

/** The real file store against an azurite of its own. */
export interface TestFiles {
  readonly files: FileStore;
  readonly folder: string;
  /** What lies in the store, by its names. */
  readonly names: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/** Starts one in a folder of its own, unless one is given. */
export async function openFiles(
  folder = mkdtempSync(join(tmpdir(), 'reconnect-files-')),
): Promise<TestFiles> {
  const server = await startBlobs({ folder, key: Buffer.from('a key for tests').toString('base64') });
  const container = new BlobServiceClient(server.accountUrl, server.credential).getContainerClient(
    FILES_CONTAINER,
  );
  const names = async (): Promise<readonly string[]> => {
    const all: string[] = [];
    for await (const { name } of container.listBlobsFlat()) all.push(name);
    return all;
  };
  return { files: blobFiles(server), folder, names, close: server.close };
}
