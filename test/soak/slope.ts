/** A line through what was measured. */
export interface Slope {
  /** Of y per x. */
  readonly slope: number;
  /** Half the width of its 95 % confidence interval. */
  readonly give: number;
}

/**
 * The least-squares line through points, with the interval that holds the true slope in 95 of 100 runs if what is left of
 * each point is chance of its own. @throws RangeError with fewer than three points
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const n = points.length;
  if (n < 3) throw new RangeError(`${n} points have no slope to be sure of`);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  const spreadX = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spreadX;
  const left = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, give: studentsT(n - 2) * Math.sqrt(left / (n - 2) / spreadX) };
}

/** The 97.5 % quantile of Student's t (Cornish and Fisher's expansion; within 1 % from 3 degrees of freedom on). */
function studentsT(freedom: number): number {
  const exact = [12.706, 4.303][freedom - 1];
  if (exact !== undefined) return exact;
  const z = 1.959964;
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}
