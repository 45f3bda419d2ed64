import { BlobServiceClient, RestError, type BlockBlobClient, type newPipeline } from '@azure/storage-blob';
import { HandoffError } from '../../handoff/errors.ts';
import type { FileStore, KeptFile } from '../../handoff/ports.ts';
import type { CustomerId } from '../../session/ids.ts';

/** The one container; the deployment creates it, the running house never does. */
export const FILES_CONTAINER = 'files';

/** Where the account is and how to get in: an Entra credential, or a key for the one on this machine. */
export interface BlobOptions {
  /** Such as `https://contoso.blob.core.windows.net`, from `BLOB_ACCOUNT_URL`. */
  readonly accountUrl: string;
  readonly credential: NonNullable<Parameters<typeof newPipeline>[0]>;
}

/** A turn may take 10 s in all, and has other things to do. */
const DEADLINE_MS = 6_000;

/**
 * Keeps files in Azure Blob Storage; make one per process. A blob is named `<customer>/<id>` and never changes (one that
 * is held, `held/<until>/<id>`); its content type is the file's, its metadata hold the name, percent-encoded because they travel as headers.
 *
 * @example
 * const files = blobFiles({ accountUrl, credential: new DefaultAzureCredential() });
 */
export function blobFiles({ accountUrl, credential }: BlobOptions): FileStore {
  const service = new BlobServiceClient(accountUrl, credential, {
    retryOptions: { maxTries: 3, tryTimeoutInMs: 4_000, retryDelayInMs: 50, maxRetryDelayInMs: 400 },
  });
  const container = service.getContainerClient(FILES_CONTAINER);
  const blob = (customer: CustomerId, id: string) => container.getBlockBlobClient(`${customer}/${id}`);
  const heldBlob = (until: number, id: string) => container.getBlockBlobClient(heldName(until, id));

  const put = async (to: BlockBlobClient, { bytes, name, type }: KeptFile): Promise<boolean> => {
    const answer = await asked('put', (abortSignal) =>
      to.upload(Buffer.from(bytes), bytes.length, {
        abortSignal,
        blobHTTPHeaders: { blobContentType: type },
        metadata: { name: encodeURIComponent(name) },
        conditions: { ifNoneMatch: '*' },
      }),
    );
    return answer !== 'exists';
  };
  const get = async (from: BlockBlobClient): Promise<KeptFile | undefined> => {
    const read = await asked('get', async (abortSignal) => {
      const { contentType, metadata, readableStreamBody } = await from.download(0, undefined, {
        abortSignal,
      });
      return { ...told(contentType, metadata), bytes: await bytesOf(readableStreamBody) };
    });
    return typeof read === 'string' ? undefined : read;
  };
  const remove = async (what: string, name: string): Promise<void> => {
    await asked(what, (abortSignal) => container.getBlockBlobClient(name).deleteIfExists({ abortSignal }));
  };

  return {
    put: (customer, id, file) => put(blob(customer, id), file),
    get: (customer, id) => get(blob(customer, id)),
    about: async (customer, id) => {
      const read = await asked('about', (abortSignal) => blob(customer, id).getProperties({ abortSignal }));
      return typeof read === 'string'
        ? undefined
        : { ...told(read.contentType, read.metadata), size: read.contentLength ?? 0 };
    },
    remove: (customer, id) => remove('remove', `${customer}/${id}`),
    list: async (customer) => {
      const listed = await asked('list', async (abortSignal) => {
        const ids: string[] = [];
        for await (const { name } of container.listBlobsFlat({ prefix: `${customer}/`, abortSignal }))
          ids.push(name.slice(customer.length + 1));
        return ids;
      });
      return typeof listed === 'string' ? [] : listed;
    },
    removeAll: async (customer) => {
      let count = 0;
      // No customer's id holds a slash, so that none is the beginning of another's.
      for await (const { name } of container.listBlobsFlat({ prefix: `${customer}/` })) {
        await asked('removeAll', (abortSignal) => container.deleteBlob(name, { abortSignal }));
        count += 1;
      }
      return count;
    },
    hold: (until, id, file) => put(heldBlob(until, id), file),
    held: (until, id) => get(heldBlob(until, id)),
    dropLapsed: async (now) => {
      let count = 0;
      // Listed by name, which is by moment: the first that is still held ends it.
      for await (const { name } of container.listBlobsFlat({ prefix: HELD })) {
        if (name >= heldName(now + 1, '')) break;
        await remove('dropLapsed', name);
        count += 1;
      }
      return count;
    },
  };
}

/** No customer's id begins like it. */
const HELD = 'held/';
const heldName = (until: number, id: string): string => `${HELD}${String(until).padStart(13, '0')}/${id}`;

/** One call within its deadline. What is not there, or there already, is a value; every other failure is thrown. */
async function asked<T>(
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T | 'missing' | 'exists'> {
  try {
    return await call(AbortSignal.timeout(DEADLINE_MS));
  } catch (cause) {
    if (cause instanceof RestError && cause.code === 'BlobNotFound') return 'missing';
    // A HEAD has no body to tell a code in.
    if (cause instanceof RestError && cause.statusCode === 404 && what === 'about') return 'missing';
    if (cause instanceof RestError && (cause.statusCode === 409 || cause.statusCode === 412)) return 'exists';
    const said =
      cause instanceof RestError ? `answered ${cause.statusCode ?? 'nothing'}` : 'did not answer in time';
    throw new HandoffError('store_unavailable', `The file store ${said} (${what})`, { cause });
  }
}

const told = (
  contentType = 'application/octet-stream',
  { name = '' }: Readonly<Record<string, string>> = {},
) => ({
  type: contentType,
  name: decodeURIComponent(name),
});

async function bytesOf(stream: NodeJS.ReadableStream | undefined): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream ?? []) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
