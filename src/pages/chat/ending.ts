import type { PageClock } from '../clock.ts';

/** How long *End chat* can be undone. */
const UNDO_MS = 4_000;

/** Ending is final, so there is a moment to take it back; a page that is left meanwhile meant it. */
export interface Ending {
  readonly begin: (end: () => void) => void;
  readonly undo: () => void;
}

export function endingSoon(clock: PageClock, onChange: (isOn: boolean) => void): Ending {
  let stop: (() => void) | undefined;
  return {
    begin: (end) => {
      const leaving = new AbortController();
      const finish = () => {
        stop?.();
        end();
      };
      const cancel = clock.after(UNDO_MS, finish);
      addEventListener('pagehide', finish, { signal: leaving.signal });
      stop = () => {
        cancel();
        leaving.abort();
        stop = undefined;
        onChange(false);
      };
      onChange(true);
    },
    undo: () => stop?.(),
  };
}
