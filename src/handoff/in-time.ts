import type { Clock } from '../clock.ts';
import { whereOf } from './errors.ts';
import type { Log } from './ports.ts';

/** What a run gives within its time; `otherwise` when it takes longer (it is told to end) or fails, which is logged. */
export async function inTime<T>(
  given: { readonly clock: Clock; readonly log: Log; readonly ms: number; readonly failed: string },
  run: (cut: AbortSignal) => Promise<T>,
  otherwise: T,
): Promise<T> {
  const late = new AbortController();
  let cancel = (): void => undefined;
  const lateness = new Promise<T>((resolve) => {
    cancel = given.clock.after(given.ms, () => {
      late.abort();
      resolve(otherwise);
    });
  });
  try {
    return await Promise.race([run(late.signal), lateness]);
  } catch (reason) {
    given.log(given.failed, { reason: whereOf(reason) });
    return otherwise;
  } finally {
    cancel();
  }
}
