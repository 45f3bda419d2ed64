import type { Operation } from './faults.ts';

/** How often, and with how many body bytes, something was asked of a container (`''`: of none). */
export interface Count {
  readonly container: string;
  readonly operation: Operation;
  readonly requests: number;
  readonly requestBytes: number;
}

/** What was asked since the start, or since `reset`. */
export interface Counters {
  readonly all: () => readonly Count[];
  /** Requests of this kind, of one container or all. */
  readonly requests: (operation: Operation, container?: string) => number;
  /** All requests but the SDK's own for metadata and query plans: what an account would bill. */
  readonly billed: () => number;
  readonly reset: () => void;
}

export function requestCounters(): Counters & {
  readonly add: (container: string, operation: Operation, requestBytes: number) => void;
} {
  const counts = new Map<string, Count>();
  const sum = (which: (count: Count) => boolean) =>
    [...counts.values()].filter(which).reduce((total, count) => total + count.requests, 0);
  return {
    all: () => [...counts.values()],
    requests: (operation, container) =>
      sum((one) => one.operation === operation && (container === undefined || one.container === container)),
    billed: () => sum((one) => one.operation !== 'metadata' && one.operation !== 'plan'),
    reset: () => counts.clear(),
    add: (container, operation, requestBytes) => {
      const key = `${operation} ${container}`;
      const before = counts.get(key) ?? { container, operation, requests: 0, requestBytes: 0 };
      counts.set(key, {
        ...before,
        requests: before.requests + 1,
        requestBytes: before.requestBytes + requestBytes,
      });
    },
  };
}
