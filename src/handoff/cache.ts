/**
 * Remembers the most recently used values, at most `limit` of them. What it holds are hints: every write that follows
 * from one is guarded by the etag read with it.
 */
export interface Cache<K, V> {
  readonly get: (key: K) => V | undefined;
  readonly set: (key: K, value: V) => void;
  readonly drop: (key: K) => void;
  /** Forgets all whose key is such, and gives those; goes through everything. */
  readonly dropAll: (isSuch: (key: K) => boolean) => readonly K[];
  readonly size: () => number;
}

/** Longer than most pauses in a chat. Sessions end without a word to whoever remembers them: a limit alone fills up. */
export const REMEMBERED_MS = 5 * 60_000;

/**
 * Makes a cache that forgets the least recently used value once it is full, and what nobody has used for `idleMs`, so that
 * it is as large as what goes on and not as what ever went on. `crowdedOut` gets what had to make room.
 */
export function recentlyUsed<K, V>(
  limit: number,
  now: () => number,
  idleMs = REMEMBERED_MS,
  crowdedOut: (key: K, value: V) => void = () => undefined,
): Cache<K, V> {
  const held = new Map<K, { readonly value: V; readonly usedAt: number }>();
  // From its making on: such numbers are small for weeks, and V8 puts a large one into an object of its own. It does so
  // with the difference of two large ones, too, unless it is rounded.
  const made = now();
  const elapsed = (): number => Math.round(now() - made);
  const forgetOld = (): void => {
    const since = elapsed() - idleMs;
    // In the order of their last use: the first that stays is followed by others that stay.
    for (const [key, { value, usedAt }] of held) {
      if (held.size <= limit && usedAt > since) return;
      held.delete(key);
      if (usedAt > since) crowdedOut(key, value);
    }
  };
  const use = (key: K, value: V): void => {
    held.delete(key);
    held.set(key, { value, usedAt: elapsed() });
    forgetOld();
  };
  return {
    get: (key) => {
      forgetOld();
      const found = held.get(key);
      if (found === undefined) return undefined;
      use(key, found.value);
      return found.value;
    },
    set: use,
    drop: (key) => void held.delete(key),
    dropAll: (isSuch) => {
      const such = [...held.keys()].filter(isSuch);
      for (const key of such) held.delete(key);
      return such;
    },
    size: () => held.size,
  };
}
