import type { Memory, Remembered } from './memory.ts';

/** A memory that can be made to leave nothing in the browser: from then on it lives as long as its page. */
export interface TracelessMemory extends Memory {
  readonly leaveNoTrace: () => void;
}

export function traceless(memory: Memory): TracelessMemory {
  let own: Remembered | undefined;
  return {
    read: () => own ?? memory.read(),
    write: (change) => {
      if (own === undefined) memory.write(change);
      else own = { ...own, ...change };
    },
    forget: () => {
      if (own === undefined) memory.forget();
      else own = {};
    },
    leaveNoTrace: () => {
      own ??= memory.read();
      memory.forget();
    },
  };
}
