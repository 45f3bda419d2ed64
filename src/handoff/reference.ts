import { createHash } from 'node:crypto';
import type { SessionId } from '../session/ids.ts';

/** Crockford's: no I, L, O and U, which are misread or misheard. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 10;

const AS_TYPED = /^[0-9A-HJKMNP-TV-Z]{10}$/u;

/** Reads a reference number as somebody wrote it down: in small letters, without the dash, `O` for 0; `undefined`: none. */
export function readReference(text: string): string | undefined {
  const letters = text
    .slice(0, 40)
    .toUpperCase()
    .replace(/[\s\p{Pd}]/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/gu, '1');
  return AS_TYPED.test(letters) ? `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}` : undefined;
}

/**
 * The number under which people quote a session, such as `7K2M9-QXD4P`: the same wherever it is made, and no way back to
 * the session's id.
 */
export function referenceOf(sid: SessionId): string {
  const bytes = createHash('sha256').update(`reference|${sid}`).digest();
  const letters = Array.from(bytes.subarray(0, LENGTH), (byte) => LETTERS[byte % LETTERS.length]);
  return `${letters.slice(0, LENGTH / 2).join('')}-${letters.slice(LENGTH / 2).join('')}`;
}
