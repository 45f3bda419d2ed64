import { DATABASE } from '../adapters/cosmos/containers.ts';
import { endpoint, isLoopback, matching, taken, type Judge, type Reader } from './environment.ts';

/** The store; `key` only for the embedded one, on this machine. */
export interface StorePlace {
  readonly endpoint: string;
  readonly database: string;
  readonly key?: string;
}

const PUBLIC = 'Set it to the https address of this app, such as https://chat.example.com.';
const ACCOUNT = 'Set it to the URI of the Cosmos DB account, such as https://contoso.documents.azure.com.';
const BLOBS = 'Set it to the storage account’s blob endpoint, such as https://contoso.blob.core.windows.net.';
const DIRECT_LINE = 'https://directline.botframework.com/v3/directline';
const SECRET = 'Set it to one of the two secret keys of the Azure Bot’s Direct Line channel.';

/** Where browsers reach the house: an https origin. */
export function publicOrigin(from: Reader): string | undefined {
  return from.needed('PUBLIC_URL', PUBLIC, (value) => {
    if (!URL.canParse(value)) return { what: 'is no address', todo: PUBLIC };
    const url = new URL(value);
    if (url.protocol !== 'https:') return { what: 'is not https', todo: PUBLIC };
    if (isLoopback(url)) return { what: 'names this machine, where no customer can reach it', todo: PUBLIC };
    return url.origin === value.replace(/\/$/u, '')
      ? { read: url.origin }
      : { what: 'is more than an origin', todo: `Set it to ${url.origin} alone.` };
  });
}

/** The port that the server listens on; 0 takes a free one. */
export const portOf: Judge<number> = (value) =>
  /^\d{1,5}$/u.test(value) && Number(value) <= 65_535
    ? { read: Number(value) }
    : { what: 'is no port', todo: 'Leave it out: App Service sets it.' };

/** The store. */
export function storePlace(from: Reader): StorePlace | undefined {
  const uri = from.needed('COSMOS_ENDPOINT', ACCOUNT, endpoint(ACCOUNT));
  const database = from.optional(
    'COSMOS_DATABASE',
    matching(/^[^/\\?#]{1,255}$/u, 'is no name of a database', `Leave it out for “${DATABASE}”.`),
  );
  const key = from.optional('COSMOS_KEY', taken);
  if (uri === undefined) return undefined;
  const isHere = isLoopback(new URL(uri));
  if (key !== undefined && !isHere) {
    from.fault(
      'COSMOS_KEY',
      'is set for an account in Azure',
      'Remove it, and give the app’s identity the role “Cosmos DB Built-in Data Contributor” on the database.',
    );
  }
  if (key === undefined && isHere)
    from.fault('COSMOS_KEY', 'is not set', 'The embedded store needs the key that it prints.');
  return { endpoint: uri, database: database ?? DATABASE, ...(key !== undefined && { key }) };
}

/** Direct Line, and the secret of our bot there. */
export function directLine(from: Reader): { readonly domain: string; readonly secret: string | undefined } {
  const secret = from.needed(
    'DIRECT_LINE_SECRET',
    SECRET,
    matching(/^\S{20,}$/u, 'is no secret key', SECRET),
  );
  const todo = `Leave it out for ${DIRECT_LINE}, or set a region’s address, which ends in /v3/directline.`;
  const domain = from.optional('DIRECT_LINE_DOMAIN', (value) => {
    const judged = endpoint(todo)(value);
    if ('what' in judged || judged.read.endsWith('/v3/directline')) return judged;
    return { what: 'is no address of Direct Line', todo };
  });
  return { domain: domain ?? DIRECT_LINE, secret };
}

/** Where files are kept; its identity opens it, never a key in the address. */
export const blobAccount: Judge<string> = (value) => {
  if (URL.canParse(value) && new URL(value).search !== '')
    return { what: 'carries a shared access signature', todo: `${BLOBS} The app’s identity opens it.` };
  const judged = endpoint(BLOBS)(value);
  return 'read' in judged && !judged.read.startsWith('https:')
    ? { what: 'is not https', todo: BLOBS }
    : judged;
};

/**
 * Refuses addresses of this machine beside a store in Azure. Beside the embedded store they are a trial's; elsewhere
 * whoever runs something on this machine could sign people in.
 */
export function noTrialParts(
  from: Reader,
  store: StorePlace | undefined,
  addresses: Readonly<Record<string, string>>,
): void {
  if (store === undefined || isLoopback(new URL(store.endpoint))) return;
  for (const [setting, address] of Object.entries(addresses)) {
    if (!URL.canParse(address) || !isLoopback(new URL(address))) continue;
    from.fault(
      setting,
      'is an address of this machine, which only a trial against the embedded store may use',
      'Remove it.',
    );
  }
}
