/** Chance that a seed repeats: the same draws, in the same order, on every machine. */
export interface Chance {
  /** 0 ≤ n < 1. */
  readonly next: () => number;
  /** A whole number from 0 up to, and without, `below`. */
  readonly below: (below: number) => number;
  /** Whether something happens that does so with this probability. */
  readonly hits: (probability: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  /** Another one of its own, so that what one draws does not shift what another does. */
  readonly fork: (name: string) => Chance;
}

/** Makes it from a seed: SplitMix32, which is enough to shuffle and too little to keep a secret. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    hits: (probability) => next() < probability,
    pick: (from) => {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new RangeError('There is nothing to pick from');
      return picked;
    },
    fork: (name) => chanceOf(hashOf(`${seed}|${name}`)),
  };
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}
