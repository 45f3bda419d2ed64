import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, SignJWT, type JWK, type JWTHeaderParameters } from 'jose';

/** A key pair of a site, and how its public half is published. */
export interface SiteKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly jwk: JWK;
}

export async function siteKey(kid: string, alg: SiteKey['alg'] = 'RS256'): Promise<SiteKey> {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, alg, ...pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' } };
}

export const pemOf = (key: SiteKey): string =>
  key.publicKey.export({ type: 'spki', format: 'pem' }).toString();

/** A server that publishes keys, and counts who asks. */
export interface KeyServer {
  readonly url: string;
  keys: readonly SiteKey[];
  /** Answers 500 while set. */
  broken: boolean;
  readonly hits: () => number;
  readonly close: () => void;
}

export async function keyServer(keys: readonly SiteKey[]): Promise<KeyServer> {
  let hits = 0;
  const server = createServer((_, response) => {
    hits += 1;
    response.writeHead(made.broken ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: made.keys.map(({ jwk }) => jwk) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const made: KeyServer = {
    url: `http://127.0.0.1:${port}/keys`,
    keys,
    broken: false,
    hits: () => hits,
    close: () => void server.close(),
  };
  return made;
}

export const ISSUER = 'https://login.example';
export const SITE_AUDIENCE = 'chat';

/** A token of the site; `claims` go over the usual ones, `undefined` takes one away. Times are seconds from now. */
export function token(
  key: SiteKey,
  claims: Readonly<Record<string, unknown>> = {},
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({
    ...{ iss: ISSUER, aud: SITE_AUDIENCE, sub: 'lea', iat: now, exp: now + 600, name: 'Lea Moreau' },
    ...claims,
  })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, ...header })
    .sign(key.privateKey);
}
