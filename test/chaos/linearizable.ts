/** One operation of a history: asked at `from`, answered at `to`, in the order in which one observer saw both. */
export interface Operation<T> {
  readonly from: number;
  /** `Infinity`: never answered, or seen by nobody. */
  readonly to: number;
  readonly what: T;
  /** An answer was given, so that it has taken effect; otherwise it may have, at any time, or not at all. */
  readonly must: boolean;
}

/** What the operations are to behave like, one after another. */
export interface Model<S, T> {
  readonly initial: S;
  /** The state after it; `undefined` where it could not have been answered so. */
  readonly apply: (state: S, what: T) => S | undefined;
  /** Tells states apart. */
  readonly key: (state: S) => string;
  /** Whether everything may rest here. */
  readonly isEnd: (state: S) => boolean;
}

/** An order in which everything fits, or the longest beginning of one, for whoever looks for what went wrong. */
export type Verdict<T> =
  | { readonly fits: true; readonly order: readonly T[] }
  | { readonly fits: false; readonly upTo: readonly T[] };

/**
 * Looks for an order of the operations in which each takes effect at one moment between its asking and its answer, and
 * answers as the model would. The search of Wing and Gong, with Lowe's memory of what was tried: a set of operations
 * that led to a state once and to no end will not again.
 */
export function linearize<S, T>(operations: readonly Operation<T>[], model: Model<S, T>): Verdict<T> {
  const tried = new Set<string>();
  const done = new Set<number>();
  const order: T[] = [];
  let upTo: readonly T[] = [];

  const search = (state: S): boolean => {
    const open = operations.flatMap((operation, i) => (done.has(i) ? [] : [{ operation, i }]));
    if (open.every(({ operation }) => !operation.must) && model.isEnd(state)) return true;
    const at = `${open.map(({ i }) => i).join()}|${model.key(state)}`;
    if (tried.has(at)) return false;
    tried.add(at);
    if (order.length > upTo.length) upTo = [...order];
    // Nothing may come before what was answered when it was not even asked.
    const firstAnswer = Math.min(...open.map(({ operation }) => operation.to));
    for (const { operation, i } of open) {
      if (operation.from > firstAnswer) continue;
      const after = model.apply(state, operation.what);
      if (after === undefined) continue;
      done.add(i);
      order.push(operation.what);
      if (search(after)) return true;
      order.pop();
      done.delete(i);
    }
    return false;
  };
  return search(model.initial) ? { fits: true, order } : { fits: false, upTo };
}
