import { wordlist } from '@scure/bip39/wordlists/english.js';

/** How long a return code works. Source: OWASP ASVS 5.0, 6.5.5: what is passed on by word of mouth lives ten minutes at most. */
export const CODE_MS = 10 * 60_000;

const WORDS = 3;
const BITS_PER_WORD = 11;
const KNOWN: ReadonlySet<string> = new Set(wordlist);

/**
 * Makes a return code from random bytes, at least five: three words of the BIP-39 English list. Its 2048 words are short,
 * common and told apart by their first four letters, so a code can be read out over the phone; 33 bits hold for ten
 * minutes when wrong ones are counted.
 */
export function codeFrom(bytes: Uint8Array): string {
  const bits = bytes.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  return Array.from({ length: WORDS }, (_, i) => wordlist[wordAt(bits, i)] ?? '').join(' ');
}

const wordAt = (bits: bigint, i: number): number =>
  Number((bits >> BigInt(i * BITS_PER_WORD)) & BigInt(2 ** BITS_PER_WORD - 1));

/** Reads a code as people type it, with spaces, dashes, dots and capitals wherever they like; `undefined` when it is none. */
export function readCode(text: string): string | undefined {
  if (text.length > MOST_TYPED) return undefined;
  const words = text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^a-z]+/u)
    .filter(Boolean);
  return words.length === WORDS && words.every((word) => KNOWN.has(word)) ? words.join(' ') : undefined;
}
const MOST_TYPED = 100;
