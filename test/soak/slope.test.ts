import { expect, test } from 'vitest';
import { slopeOf } from './slope.ts';

test('points on a line have its slope, for sure', () => {
  const { slope, give } = slopeOf([0, 1, 2, 3].map((x) => [x, 3 + 2 * x]));
  expect([slope, give]).toEqual([2, 0]);
});

// t(3 degrees, 97.5 %) = 3.182 from a table; the rest by hand.
test('points beside a line have the slope and the interval that a table gives', () => {
  const { slope, give } = slopeOf([
    [1, 2.1],
    [2, 3.9],
    [3, 6.2],
    [4, 7.8],
    [5, 10.1],
  ]);
  expect(slope).toBeCloseTo(1.99, 2);
  expect(give).toBeCloseTo(0.19, 2);
});

test('two points have no slope anybody could be sure of', () => {
  expect(() =>
    slopeOf([
      [0, 1],
      [1, 2],
    ]),
  ).toThrow(/2 points/u);
});
