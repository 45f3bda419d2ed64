import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SessionId } from '../session/ids.ts';
import { codeFrom } from './codes.ts';
import { keyedBy, type Keyed, type Peppers } from './peppers.ts';

/**
 * What follows from the house's pepper: the same on every instance, and on none without it. So a link can be made again
 * from the seed in the ledger, and the store alone opens nothing. A seed says which pepper it goes with.
 */
export interface Secrets {
  /** A seed of a new link and code; 256 random bits. */
  readonly newSeed: () => string;
  /** What a seed stands for; `undefined` when its pepper is no longer accepted. */
  readonly of: (sid: SessionId, seed: string) => SecretsOfSeed | undefined;
  /** Everything that a typed code may be found under; few words could be guessed from a plain hash. */
  readonly codeHashes: (code: string) => readonly string[];
  /** What is noted of a caller's idempotency key, for this key alone. */
  readonly attempt: (keyHash: string, idempotencyKey: string) => string;
  readonly isAttempt: (noted: string | undefined, keyHash: string, idempotencyKey: string) => boolean;
  /** Encrypts an answer so that only who holds the link or code, with the pepper, reads it. */
  readonly seal: (opener: string, keyHash: string, answer: string) => string;
  /** Decrypts it; `undefined` when it was sealed for somebody else, or touched. */
  readonly open: (opener: string, keyHash: string, sealed: string) => string | undefined;
}

/** A link and a code, as they follow from one seed. */
export interface SecretsOfSeed {
  /** The secret in the link. */
  readonly link: string;
  /** The code that goes with it: three words. */
  readonly code: string;
  /** What that code is stored under. */
  readonly codeHash: string;
}

const SEED_BYTES = 32;
const MARK_LENGTH = 6;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Makes them from peppers of at least 32 characters. */
export function secretsOf(peppers: Peppers): Secrets {
  const all = keyedBy(peppers);
  const [keyed] = all;
  const codeHash = (by: Keyed, code: string): string => by(`code|${code}`).toString('base64url');
  const attempt = (by: Keyed, keyHash: string, idempotencyKey: string): string =>
    by(`attempt|${keyHash}|${idempotencyKey}`).toString('base64url');
  const sealing = (by: Keyed, opener: string): Buffer => by(`sealed|${opener}`);
  /** Seeds of before there were marks go with the oldest pepper there is. */
  const pepperOf = (seed: string): Keyed | undefined =>
    seed.includes('.') ? all.find((by) => seed.startsWith(`${markOf(by)}.`)) : all.at(-1);
  return {
    newSeed: () => `${markOf(keyed)}.${randomBytes(SEED_BYTES).toString('base64url')}`,
    of: (sid, seed) => {
      const by = pepperOf(seed);
      if (by === undefined) return undefined;
      const code = codeFrom(by(`code|${sid}|${seed}`));
      const link = by(`link|${sid}|${seed}`).toString('base64url');
      return { link, code, codeHash: codeHash(by, code) };
    },
    codeHashes: (code) => all.map((by) => codeHash(by, code)),
    attempt: (keyHash, idempotencyKey) => attempt(keyed, keyHash, idempotencyKey),
    isAttempt: (noted, keyHash, idempotencyKey) =>
      all.some((by) => noted === attempt(by, keyHash, idempotencyKey)),
    seal: (opener, keyHash, answer) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, sealing(keyed, opener), nonce).setAAD(Buffer.from(keyHash));
      const text = Buffer.concat([cipher.update(answer, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (opener, keyHash, sealed) => {
      for (const by of all) {
        const answer = opened(sealing(by, opener), keyHash, Buffer.from(sealed, 'base64url'));
        if (answer !== undefined) return answer;
      }
      return undefined;
    },
  };
}

/** Tells one pepper's seeds from another's, and nothing of the pepper. */
const markOf = (by: Keyed): string => by('seed').toString('base64url').slice(0, MARK_LENGTH);

function opened(key: Buffer, keyHash: string, bytes: Buffer): string | undefined {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce).setAAD(Buffer.from(keyHash)).setAuthTag(tag);
    const text = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}
