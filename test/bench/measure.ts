/** One line of the table; `framework` and `floor` were measured in the same run, in turns with ours. */
export interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** What the framework's own state and transcript need for the same. */
  readonly framework?: number;
  /** The least that anybody needs for it. */
  readonly floor?: number;
  /** What ours is to stay within; worked out in the same run where it is a share of another. */
  readonly most?: number;
  /** Smallest and largest of ours. */
  readonly spread: readonly [min: number, max: number];
}

/** Whether it is within what it is to stay within; `undefined` where nothing is asked of it. */
export const isMet = ({ ours, most }: Measure): boolean | undefined =>
  most === undefined ? undefined : ours <= most;

/** Of measured values the one below which the share `p` of them lies, 0 to 1. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
  if (value === undefined) throw new RangeError('Nothing was measured');
  return value;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export const spread = (values: readonly number[]): Measure['spread'] => [
  Math.min(...values),
  Math.max(...values),
];

/** The middle of what was measured, with its spread. */
export const middle = (
  name: string,
  unit: string,
  ours: readonly number[],
  beside: {
    readonly framework?: readonly number[];
    readonly floor?: readonly number[];
    readonly most?: number;
  } = {},
): Measure => ({
  ...{ name, unit, ours: median(ours) },
  ...(beside.framework !== undefined && { framework: median(beside.framework) }),
  ...(beside.floor !== undefined && { floor: median(beside.floor) }),
  ...(beside.most !== undefined && { most: beside.most }),
  spread: spread(ours),
});

/** How long it takes, in ms. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Looks every few ms until it is so. Throws, naming what did not come about, when patience ends. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  patienceMs = 20_000,
): Promise<T> {
  const from = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - from > patienceMs) throw new Error(`It did not come about: ${what}`);
    await pause(5);
  }
}
