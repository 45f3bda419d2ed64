import { generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, SignJWT, type JWK } from 'jose';

/** Who signs: a channel, by the endorsement of its key; Entra for the tab; or somebody nobody knows. */
export type Signer = 'directline' | 'msteams' | 'entra' | 'stranger';

/** One call that arrived at a channel's connector. */
export interface Delivered {
  readonly channel: string;
  readonly conversation: string;
  /** The activity that was updated; a new one otherwise. */
  readonly updated?: string;
  readonly bearer: string;
  readonly activity: Readonly<Record<string, unknown>>;
}

/** What of Azure production talks to, on this machine: sign-in, connectors, Direct Line's tokens. */
export interface Azure {
  readonly origin: string;
  readonly delivered: readonly Delivered[];
  /** What Direct Line was asked for tokens with. */
  readonly tokenRequests: readonly Readonly<Record<string, unknown>>[];
  readonly serviceUrl: (channel: string) => string;
  readonly sign: (by: Signer, claims: Readonly<Record<string, unknown>>) => Promise<string>;
  /** Answers 500 to whoever wants a token for the bot, while set. */
  noTokens: boolean;
  readonly close: () => Promise<void>;
}

export const BOT = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0001';
export const TENANT = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0002';
export const TAB = '6c9b2f7e-1f0d-4a9e-9a55-0d1c5b7e0003';
const FRAMEWORK = 'https://api.botframework.com';

interface Key {
  readonly privateKey: KeyObject;
  readonly jwk: JWK & { readonly endorsements?: readonly string[] };
}

/** `hear` gets each call of a connector in place of the list, for whoever sends too much to keep it all. */
export async function openAzure(hear?: (one: Delivered) => void): Promise<Azure> {
  const keys: Readonly<Record<Signer, Key>> = {
    directline: await key('directline', ['directline']),
    msteams: await key('msteams', ['msteams']),
    entra: await key('entra'),
    // Says that it is a channel's.
    stranger: await key('directline'),
  };
  const delivered: Delivered[] = [];
  const tokenRequests: Readonly<Record<string, unknown>>[] = [];
  let noTokens = false;
  let conversations = 0;
  let calls = 0;

  const answer = (request: IncomingMessage, body: Readonly<Record<string, unknown>>): unknown => {
    const { pathname } = new URL(request.url ?? '', 'http://azure');
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const [, channel, conversation, updated] =
      /^\/connector\/(\w+)\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u.exec(pathname) ?? [];
    if (channel !== undefined && conversation !== undefined) {
      calls += 1;
      (hear ?? ((one) => void delivered.push(one)))({
        ...{ channel, bearer, activity: body },
        conversation: decodeURIComponent(conversation),
        ...(request.method === 'PUT' && updated !== undefined && { updated: decodeURIComponent(updated) }),
      });
      return { id: request.method === 'PUT' ? updated : `said-${calls}` };
    }
    switch (pathname) {
      case '/openid':
        return { issuer: FRAMEWORK, jwks_uri: `${origin}/keys` };
      case '/keys':
        return { keys: [keys.directline.jwk, keys.msteams.jwk] };
      case `/${TENANT}/discovery/v2.0/keys`:
        return { keys: [keys.entra.jwk] };
      // App Service's own, for managed identities.
      case '/msi/token':
        return noTokens ? undefined : managedToken(request);
      case '/v3/directline/tokens/generate':
        tokenRequests.push({ ...body, bearer });
        conversations += 1;
        return { token: `dl-${conversations}`, conversationId: `c${conversations}-eu`, expires_in: 3_600 };
      default:
        return undefined;
    }
  };

  const server = createServer((request, response) => void respond(request, response, answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;

  return {
    ...{ origin, delivered, tokenRequests },
    serviceUrl: (channel) => `${origin}/connector/${channel}/`,
    sign: (by, claims) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ iat: now, nbf: now, exp: now + 600, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: keys[by].jwk.kid ?? '' })
        .sign(keys[by].privateKey);
    },
    get noTokens() {
      return noTokens;
    },
    set noTokens(none) {
      noTokens = none;
    },
    close: async () => {
      // First nobody new: a connection that came between would keep it open for a minute.
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A token as a channel sends it with an activity. */
export const channelToken = (
  azure: Azure,
  channel: 'directline' | 'msteams',
  claims: Readonly<Record<string, unknown>> = {},
  by: Signer = channel,
): Promise<string> =>
  azure.sign(by, { iss: FRAMEWORK, aud: BOT, serviceurl: azure.serviceUrl(channel), ...claims });

async function key(kid: string, endorsements?: readonly string[]): Promise<Key> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { privateKey, jwk: { ...jwk, ...(endorsements !== undefined && { endorsements }) } };
}

function managedToken(request: IncomingMessage): unknown {
  const { searchParams } = new URL(request.url ?? '', 'http://azure');
  if (request.headers['x-identity-header'] === undefined) return undefined;
  return {
    access_token: `managed|${searchParams.get('client_id') ?? ''}|${searchParams.get('resource') ?? ''}|${randomUUID()}`,
    expires_on: String(Math.floor(Date.now() / 1_000) + 86_400),
    resource: searchParams.get('resource'),
    token_type: 'Bearer',
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: IncomingMessage, body: Readonly<Record<string, unknown>>) => unknown,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  const said = answer(request, body as Readonly<Record<string, unknown>>);
  response.writeHead(said === undefined ? 500 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(said ?? {}));
}
