/** Runs one thing after another wherever the key is the same; each gets its own answer, or its own failure. */
export function inTurn(): <T>(key: string, run: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return (key, run) => {
    const before = last.get(key) ?? Promise.resolve();
    const now = before.then(run, run);
    last.set(key, now);
    const done = (): void => {
      if (last.get(key) === now) last.delete(key);
    };
    now.then(done, done);
    return now;
  };
}
