import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { FILES_CONTAINER } from '../../adapters/blob/files.ts';

/** Blob Storage on this machine: azurite, in this process. */
export interface BlobServer {
  readonly accountUrl: string;
  readonly credential: StorageSharedKeyCredential;
  readonly close: () => Promise<void>;
}

/** azurite learns its accounts from the environment, and looks again every minute: all of a process stand there. */
const ACCOUNTS = 'AZURITE_ACCOUNTS';

/** The account that a folder's azurite has: another folder's key opens nothing in it. */
export function accountOf({ folder, key }: { readonly folder: string; readonly key: string }) {
  const name = `house${createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 12)}`;
  return { name, credential: new StorageSharedKeyCredential(name, key) };
}

/**
 * Starts azurite on a free port of the loopback, with everything it keeps in `folder`, and makes the house's container.
 * It is built rather than run as its program, which would report its use to its makers. It writes its index every five
 * seconds and when it is closed: a process that is killed may forget the files of the last moments.
 */
export async function startBlobs({
  folder,
  key,
}: {
  readonly folder: string;
  /** The account's key, base64. */
  readonly key: string;
}): Promise<BlobServer> {
  mkdirSync(folder, { recursive: true });
  const { name: account, credential } = accountOf({ folder, key });
  const known = (process.env[ACCOUNTS] ?? '')
    .split(';')
    .filter((one) => one !== '' && !one.startsWith(`${account}:`));
  process.env[ACCOUNTS] = [...known, `${account}:${key}`].join(';');
  const keepAliveSeconds = 5;
  const { BlobServer, BlobConfiguration } = azurite();
  const server = new BlobServer(
    new BlobConfiguration(
      '127.0.0.1',
      0,
      keepAliveSeconds,
      join(folder, 'blobs.json'),
      join(folder, 'extents.json'),
      [{ locationId: 'Default', locationPath: join(folder, 'bytes'), maxConcurrency: 10 }],
      ...NO_LOGS,
      ...ANY_API_VERSION,
    ),
  );
  await server.start();
  const accountUrl = `${server.getHttpServerAddress()}/${account}`;
  await new BlobServiceClient(accountUrl, credential).getContainerClient(FILES_CONTAINER).createIfNotExists();
  return { accountUrl, credential, close: () => server.close() };
}

const NO_LOGS = [false, undefined, false, undefined] as const;
/** The SDK may be newer than what azurite has heard of. */
const ANY_API_VERSION = [false, true] as const;

interface Azurite {
  readonly BlobConfiguration: new (...settings: readonly unknown[]) => object;
  readonly BlobServer: new (configuration: object) => {
    readonly start: () => Promise<void>;
    readonly close: () => Promise<void>;
    readonly getHttpServerAddress: () => string;
  };
}

/** It is published as a program, without types; what we use of its inside is written down here. */
function azurite(): Azurite {
  const load = createRequire(import.meta.url);
  const part = (name: string) =>
    (load(`azurite/dist/src/blob/${name}.js`) as { readonly default: unknown }).default;
  return { BlobConfiguration: part('BlobConfiguration'), BlobServer: part('BlobServer') } as Azurite;
}
