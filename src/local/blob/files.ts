import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HandoffError } from '../../handoff/errors.ts';
import type { FileStore } from '../../handoff/ports.ts';
import { readCustomerId } from '../../session/ids.ts';
import type { BlobServer } from './server.ts';

/** The files of a local house. */
export interface LocalFiles {
  readonly store: FileStore;
  /** Starts it before anybody needs it: under a turn's deadline its loading would count. */
  readonly warm: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Where a house of this folder has started it. */
const AT = 'at.url';

/**
 * Keeps files in azurite, which is loaded and started with the first file: most starts of a local house never see one.
 * Houses of one folder share the one that runs.
 */
export function localFiles(options: { readonly folder: string; readonly key: string }): LocalFiles {
  let opened: Promise<{ readonly files: FileStore; readonly server: BlobServer | undefined }> | undefined;

  const open = async () => {
    const [{ blobFiles }, { accountOf, startBlobs }] = await Promise.all([
      import('../../adapters/blob/files.ts'),
      import('./server.ts'),
    ]);
    const other = readAt(options.folder);
    if (other !== undefined) {
      const files = blobFiles({ accountUrl: other, credential: accountOf(options).credential });
      if (await answers(files)) return { files, server: undefined };
    }
    const server = await startBlobs(options);
    writeFileSync(join(options.folder, AT), server.accountUrl);
    return { files: blobFiles(server), server };
  };
  /** The house whose azurite it was may be gone: the next call looks again. */
  const using = async <T>(call: (files: FileStore) => Promise<T>): Promise<T> => {
    const now = (opened ??= open());
    try {
      return await call((await now).files);
    } catch (reason) {
      if (opened === now && (await now.catch(() => undefined))?.server === undefined) opened = undefined;
      throw reason;
    }
  };
  return {
    store: {
      put: (...given) => using((files) => files.put(...given)),
      get: (...given) => using((files) => files.get(...given)),
      about: (...given) => using((files) => files.about(...given)),
      remove: (...given) => using((files) => files.remove(...given)),
      list: (...given) => using((files) => files.list(...given)),
      removeAll: (...given) => using((files) => files.removeAll(...given)),
      hold: (...given) => using((files) => files.hold(...given)),
      held: (...given) => using((files) => files.held(...given)),
      // Looking for what has lapsed is no reason to start it: what lies there is forgotten once somebody needs it.
      dropLapsed: async (...given) =>
        opened === undefined ? 0 : using((files) => files.dropLapsed(...given)),
    },
    warm: async () => {
      await (opened ??= open());
    },
    close: async () => {
      await (await opened?.catch(() => undefined))?.server?.close();
    },
  };
}

function readAt(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, AT), 'utf8');
  } catch {
    return undefined;
  }
}

const NOBODY = readCustomerId('dl_nobody-at-all-just-asking');

async function answers(files: FileStore): Promise<boolean> {
  try {
    if (NOBODY !== undefined) await files.about(NOBODY, 'nothing');
    return true;
  } catch (reason) {
    if (reason instanceof HandoffError) return false;
    throw reason;
  }
}
