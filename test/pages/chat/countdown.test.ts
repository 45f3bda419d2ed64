import { expect, test } from 'vitest';
import { inFigures } from '../../../src/pages/chat/in-figures.ts';

test('what is left is told in minutes and seconds, in hours when there are some, in the figures of the language', () => {
  expect([1, 245_000, 3_600_000, 3_845_000].map((ms) => inFigures(ms, 'en'))).toEqual([
    '0:01',
    '4:05',
    '1:00:00',
    '1:04:05',
  ]);
  expect(inFigures(245_000, 'ar-EG')).toBe('٤:٠٥');
});
