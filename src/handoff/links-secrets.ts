import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { SessionId } from '../session/ids.ts';
import { codeFrom } from './codes.ts';

/**
 * What follows from the house's pepper: the same on every instance, and on none without it. So a link can be made again
 * from the seed in the ledger, and the store alone opens nothing.
 */
export interface Secrets {
  /** The secret in the link that a seed stands for. */
  readonly linkSecret: (sid: SessionId, seed: string) => string;
  /** The code that goes with it: three words. */
  readonly code: (sid: SessionId, seed: string) => string;
  /** What a code is found and stored under; few words could be guessed from a plain hash. */
  readonly codeHash: (code: string) => string;
  /** What is noted of a caller's idempotency key, for this key alone. */
  readonly attempt: (keyHash: string, idempotencyKey: string) => string;
  /** Encrypts an answer so that only who holds the link or code, with the pepper, reads it. */
  readonly seal: (opener: string, keyHash: string, answer: string) => string;
  /** Decrypts it; `undefined` when it was sealed for somebody else, or touched. */
  readonly open: (opener: string, keyHash: string, sealed: string) => string | undefined;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Makes them from a pepper of at least 32 characters. */
export function secretsOf(pepper: string): Secrets {
  const keyed = (text: string): Buffer => createHmac('sha256', pepper).update(text).digest();
  const sealing = (opener: string): Buffer => keyed(`sealed|${opener}`);
  return {
    linkSecret: (sid, seed) => keyed(`link|${sid}|${seed}`).toString('base64url'),
    code: (sid, seed) => codeFrom(keyed(`code|${sid}|${seed}`)),
    codeHash: (code) => keyed(`code|${code}`).toString('base64url'),
    attempt: (keyHash, idempotencyKey) => keyed(`attempt|${keyHash}|${idempotencyKey}`).toString('base64url'),
    seal: (opener, keyHash, answer) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealing(opener), nonce).setAAD(Buffer.from(keyHash));
      const text = Buffer.concat([cipher.update(answer, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (opener, keyHash, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const nonce = bytes.subarray(0, NONCE_BYTES);
      const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      try {
        const decipher = createDecipheriv(CIPHER, sealing(opener), nonce)
          .setAAD(Buffer.from(keyHash))
          .setAuthTag(tag);
        const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
