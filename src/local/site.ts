import { createPublicKey, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT, type JSONWebKeySet } from 'jose';
import type { Clock } from '../clock.ts';

/** Signs what other houses would sign: the company site's customer tokens, and Entra's tab tokens. */
export interface Signer {
  readonly keys: JSONWebKeySet;
  readonly sign: (
    claims: Readonly<Record<string, unknown>>,
    about: { readonly issuer: string; readonly audience: string; readonly subject: string },
  ) => Promise<string>;
}

const LIFE_S = 3_000;

/** Makes a new RSA key, as PKCS #8 PEM. */
export const newKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

/** Makes a signer of RS256 tokens on the given clock. */
export async function signer(pem: string, kid: string, clock: Clock): Promise<Signer> {
  const key = createPrivateKey(pem);
  const jwk = await exportJWK(createPublicKey(pem));
  return {
    keys: { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] },
    sign: (claims, about) => {
      const now = Math.floor(clock.now() / 1_000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'RS256', kid })
        .setIssuer(about.issuer)
        .setAudience(about.audience)
        .setSubject(about.subject)
        .setIssuedAt(now)
        .setExpirationTime(now + LIFE_S)
        .sign(key);
    },
  };
}
