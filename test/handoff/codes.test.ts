import fc from 'fast-check';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { describe, expect, test } from 'vitest';
import { codeFrom, readCode } from '../../src/handoff/codes.ts';
import { secretsOf, type Secrets } from '../../src/handoff/links-secrets.ts';
import { hashOf, linkWith, readToken, tokenOf } from '../../src/handoff/links-token.ts';
import { readCustomerId, sessionIdOf } from '../../src/session/ids.ts';

const mia = readCustomerId('dl_mia-0000000000000000');
if (mia === undefined) throw new TypeError('Mia needs an id');
const sid = sessionIdOf(mia, 'first-session');
const PEPPER = 'a pepper of at least thirty-two characters';
const OTHER = 'another pepper of more than thirty-two characters';
const secrets = secretsOf({ pepper: PEPPER });
const seed = secrets.newSeed();
const linkOf = (by: Secrets, from: string, of = sid): string => by.of(of, from)?.link ?? 'none';
const bytes = fc.uint8Array({ minLength: 5, maxLength: 40 });

describe('N9: a code of three words', () => {
  test('is read however people type it', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.array(fc.constantFrom(' ', '-', ' – ', '. ', ',', '\t', '  ', '_', '\u00a0'), {
          minLength: 2,
          maxLength: 2,
        }),
        fc.boolean(),
        (random, [first = ' ', second = ' '], loud) => {
          const code = codeFrom(random);
          const [one = '', two = '', three = ''] = code.split(' ');
          const typed = ` ${one}${first}${two}${second}${three}. `;
          expect(readCode(loud ? typed.toUpperCase() : typed)).toBe(code);
        },
      ),
    );
  });

  test('can be any three words of the list', () => {
    expect(codeFrom(Uint8Array.from([0, 0, 0, 0, 0]))).toBe('abandon abandon abandon');
    expect(codeFrom(Uint8Array.from([1, 255, 255, 255, 255]))).toBe('zoo zoo zoo');
    const seen = new Set(
      Array.from({ length: 4_000 }, (_, i) => secrets.of(sid, `seed ${i}`)?.code.split(' ')).flat(),
    );
    expect(seen.size).toBeGreaterThan(wordlist.length * 0.95);
  });

  test.each([
    [''],
    ['zoo'],
    ['zoo zoo'],
    ['zoo zoo zoo zoo'],
    ['zoo zoo nonsense'],
    ['zoo zoo 12'],
    [`zoo zoo zoo${' '.repeat(1_000)}`],
  ])('is not %j', (typed) => {
    expect(readCode(typed)).toBeUndefined();
  });
});

test('N9: no code is found under another’s hash', () => {
  const [one, other] = ['zoo zoo zoo', 'zoo zoo able'];
  expect(secrets.codeHashes(one)).not.toEqual(secrets.codeHashes(other));
  expect(secrets.codeHashes(one)).toEqual(secrets.codeHashes(one));
});

describe('a token', () => {
  const token = { customer: mia, secret: linkOf(secrets, seed) };

  test('is read back as it was written, and nothing else is', () => {
    expect(readToken(tokenOf(token))).toEqual(token);
    const text = tokenOf(token);
    const others = [
      text.slice(1),
      `${text}A`,
      text.slice(0, -1),
      ` ${text}`,
      `${text}\n`,
      text.replace('rt1', 'rt2'),
      text.replace('dl_', 'dk_'),
      text.replace('.', ''),
      `${text.slice(0, -20)}.${text.slice(-20)}`,
      token.secret,
    ];
    for (const other of others) expect(readToken(other)).toBeUndefined();
  });

  test('lies in the fragment of the portal’s own address', () => {
    expect(linkWith('https://www.example.com/support?widget=a&x=1', token)).toBe(
      `https://www.example.com/support?widget=a&x=1#${tokenOf(token)}`,
    );
  });

  test('follows from pepper, session and seed, and from nothing less', () => {
    const made = [
      token.secret,
      linkOf(secretsOf({ pepper: OTHER }), seed),
      linkOf(secrets, secrets.newSeed()),
      linkOf(secrets, seed, sessionIdOf(mia, 'second-session')),
    ];
    expect(new Set(made).size).toBe(made.length);
    expect(linkOf(secrets, seed)).toBe(token.secret);
    expect(secrets.newSeed()).not.toBe(secrets.newSeed());
    expect(Buffer.from(token.secret, 'base64url')).toHaveLength(32);
  });
});

describe('a sealed answer', () => {
  const secret = linkOf(secrets, seed);
  const sealed = secrets.seal(secret, hashOf(secret), 'the answer');

  test('is read by who holds the key, and shows nothing of itself', () => {
    expect(secrets.open(secret, hashOf(secret), sealed)).toBe('the answer');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('answer');
    expect(secrets.seal(secret, hashOf(secret), 'the answer')).not.toBe(sealed);
  });

  test('is read by nobody else, nor when it was touched, nor in another key’s place', () => {
    const touched = Buffer.from(sealed, 'base64url');
    touched[touched.length - 1] = (touched.at(-1) ?? 0) ^ 1;
    expect([
      secrets.open('another secret', hashOf(secret), sealed),
      secrets.open(secret, hashOf('another'), sealed),
      secrets.open(secret, hashOf(secret), touched.toString('base64url')),
      secrets.open(secret, hashOf(secret), ''),
      secretsOf({ pepper: OTHER }).open(secret, hashOf(secret), sealed),
    ]).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });
});

describe('while a pepper is being replaced', () => {
  const rotating = secretsOf({ pepper: OTHER, previousPepper: PEPPER });

  test('links and codes of the one before are made again as they were, and new ones with the new', () => {
    expect(rotating.of(sid, seed)).toEqual(secrets.of(sid, seed));
    const { codeHash = '', code = '' } = secrets.of(sid, seed) ?? {};
    expect(rotating.codeHashes(code)).toContain(codeHash);
    expect(secretsOf({ pepper: OTHER }).of(sid, rotating.newSeed())?.link).toHaveLength(43);
  });

  test('an answer sealed with the one before is still read, to the caller who asks again', () => {
    const secret = linkOf(secrets, seed);
    const noted = secrets.attempt(hashOf(secret), 'a key');
    expect(rotating.open(secret, hashOf(secret), secrets.seal(secret, hashOf(secret), 'x'))).toBe('x');
    expect(rotating.isAttempt(noted, hashOf(secret), 'a key')).toBe(true);
    expect(rotating.isAttempt(noted, hashOf(secret), 'another')).toBe(false);
  });

  test('a link whose pepper is gone is shown as none, never as one that opens nothing', () => {
    expect(secretsOf({ pepper: OTHER }).of(sid, seed)).toBeUndefined();
  });

  test('seeds of before they were marked go with the oldest pepper there is', () => {
    expect(rotating.of(sid, 'unmarked')).toEqual(secrets.of(sid, 'unmarked'));
  });
});
