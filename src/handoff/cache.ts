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

/** Makes a cache that forgets the least recently used value once it is full. */
export function recentlyUsed<K, V>(limit: number): Cache<K, V> {
  const held = new Map<K, V>();
  return {
    get: (key) => {
      const value = held.get(key);
      if (value === undefined) return undefined;
      held.delete(key);
      held.set(key, value);
      return value;
    },
    set: (key, value) => {
      held.delete(key);
      held.set(key, value);
      const oldest = held.keys().next();
      if (held.size > limit && !oldest.done) held.delete(oldest.value);
    },
    drop: (key) => void held.delete(key),
    dropAll: (isSuch) => {
      const such = [...held.keys()].filter(isSuch);
      for (const key of such) held.delete(key);
      return such;
    },
    size: () => held.size,
  };
}
