import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { EXEMPT } from '../threats/exempt.ts';

const tests = fileURLToPath(new URL('..', import.meta.url));

/** What the tests say of themselves: the titles of everything in `describe`, `it` and `test`. */
const titles = readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.endsWith('rules.test.ts'))
  .flatMap((name) => titlesIn(readFileSync(join(tests, name), 'utf8')));

/**
 * The rules of the two documents the project started from, numbered as the product research numbers them; the rows of
 * its feature table; and what nobody else has. Kept true by the tests that name them.
 */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'seed A': from(1, 35).map((n) => `A${n}`),
  'seed B': from(1, 32).map((n) => `B${n}`),
  'reconnect link (G1)': from(1, 11).map((n) => `row ${n}`),
  'reconnect prompt (G2)': from(12, 23).map((n) => `row ${n}`),
  // Row 33, a list of preferred agents, is left for later: the README's limits say so.
  'previous agent and capacity (G3)': from(24, 36)
    .filter((n) => n !== 33)
    .map((n) => `row ${n}`),
  'suspend and resume (G4)': from(37, 48).map((n) => `row ${n}`),
  'expiry and auto-close (G5)': from(49, 56).map((n) => `row ${n}`),
  'transcript and context (G6)': from(57, 67).map((n) => `row ${n}`),
  'agent inbox in Teams (G7)': from(68, 75).map((n) => `row ${n}`),
  'collaboration (G8)': from(76, 79).map((n) => `row ${n}`),
  'customer web chat (G9)': from(80, 85).map((n) => `row ${n}`),
  'settings and deployment (G10)': ['row 86', 'row 87', 'row 88'],
  'security and privacy (G11)': from(89, 93).map((n) => `row ${n}`),
  'observability (G12)': ['row 94', 'row 95'],
  'reliability (G13)': ['row 96', 'row 97', 'row 98'],
  'nobody has it': from(1, 18).map((n) => `N${n}`),
  'threats (reliability.md 1.3)': from(1, 48)
    .map((n) => `T${n}`)
    .filter((threat) => EXEMPT[threat] === undefined),
};

describe.each(Object.entries(RULES))('%s', (_, rules) => {
  test.each(rules)('%s is named by a test', (rule) => {
    const named = new RegExp(`(?<![\\w-])${rule}(?![\\w])`, 'u');
    expect(titles.filter((title) => named.test(title))).not.toEqual([]);
  });
});

/** Titles, with ranges such as `B15–B17` and lists such as `rows 8, 9` written out. */
function titlesIn(text: string): readonly string[] {
  const found = [
    ...text.matchAll(/\b(?:describe|it|test)(?:\.each\([\s\S]*?\)|\.\w+)?\(\s*(['"`])([\s\S]*?)\1/gu),
  ];
  return found.map(([, , title = '']) => written(title));
}

function written(title: string): string {
  const ranges = title.replace(
    /\b([ABNT])(\d+)\s?[–-]\s?[ABNT]?(\d+)\b/gu,
    (_, letter: string, a: string, b: string) =>
      from(Number(a), Number(b))
        .map((n) => `${letter}${n}`)
        .join(', '),
  );
  return ranges.replace(/\brows ((?:\d+(?:, | and )?)+)/gu, (_, list: string) =>
    (list.match(/\d+/gu) ?? []).map((n) => `row ${n}`).join(', '),
  );
}

function from(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
