import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstName, oneLine, shorten } from '../../src/cards/names.ts';

test.each([
  ['Jonas Weber', 'Jonas'],
  ['Weber, Jonas', 'Jonas'],
  ['Weber, Jonas (EXT)', 'Jonas'],
  ['Jonas Weber [Contoso]', 'Jonas'],
  ['Dr. Anna Berg', 'Anna'],
  ['Dr. Berg, Anna', 'Anna'],
  ['  Anne-Marie   Dupont ', 'Anne-Marie'],
  ['jonas.weber@contoso.com', 'jonas'],
  ['عبد الله الأحمد', 'عبد الله'],
  ['محمد الأحمد', 'محمد'],
  ['山田太郎', '山田太郎'],
  ['Jonas', 'Jonas'],
  ['\u202eJonas\u0000 Weber', 'Jonas'],
  ['Weber,', 'Weber'],
  ['', ''],
  [' \t\n', ''],
])('%j is called %j', (full, first) => expect(firstName(full)).toBe(first));

test('a first name is short, on one line and without characters that hide or reorder others', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (name) => {
      const first = firstName(name);
      expect(first.length).toBeLessThanOrEqual(40);
      expect(first).not.toMatch(/[\n\r\t\u202a-\u202e\u2066-\u2069\u0000-\u001f]/u);
    }),
  );
});

test('text is never cut through a character', () => {
  expect(shorten('ab👩‍👩‍👧‍👦cd', 6)).toBe('ab…');
  expect(oneLine('e\u0301'.repeat(10), 5)).toBe('e\u0301e\u0301…');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
      const short = shorten(text, most);
      expect(short.length).toBeLessThanOrEqual(most);
      expect(Buffer.from(short).toString()).toBe(short);
    }),
  );
});
