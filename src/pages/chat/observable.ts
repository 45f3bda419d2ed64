/** As much of an observable as Web Chat and Direct Line ask of each other. */
export interface Observer<T> {
  readonly next?: (value: T) => void;
  readonly error?: (error: unknown) => void;
  readonly complete?: () => void;
}
export interface Subscription {
  readonly unsubscribe: () => void;
}
export interface Observable<T> {
  readonly subscribe: (observer: Observer<T>) => Subscription;
}

/** A source that tells everyone who listens, and first whatever `remembered` gives. */
export interface Source<T> extends Observable<T> {
  readonly next: (value: T) => void;
}

export function source<T>(remembered: () => Iterable<T> = () => []): Source<T> {
  const observers = new Set<Observer<T>>();
  return {
    next: (value) => {
      for (const observer of [...observers]) observer.next?.(value);
    },
    subscribe: (observer) => {
      for (const value of [...remembered()]) observer.next?.(value);
      observers.add(observer);
      return { unsubscribe: () => void observers.delete(observer) };
    },
  };
}
