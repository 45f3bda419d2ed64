import type { Clock } from '../clock.ts';
import { whereOf } from './errors.ts';
import type { Log } from './ports.ts';
import type { Standing } from './standing.ts';
import type { Telemetry } from './telemetry.ts';

/** Tells once a minute how long each line is. */
export interface QueueLengths {
  readonly start: () => void;
  readonly stop: () => void;
}

const EVERY_MS = 60_000;

/** Makes it; of all instances only the one that `leads` looks. */
export function queueLengths(given: {
  readonly waitingIn: Standing['waitingIn'];
  readonly streams: readonly string[];
  readonly leads: () => boolean;
  readonly tell: Telemetry['tell'];
  readonly clock: Clock;
  readonly log: Log;
}): QueueLengths {
  let cancel = (): void => undefined;
  const look = async (): Promise<void> => {
    if (!given.leads()) return;
    for (const stream of given.streams) {
      const { length: count } = await given.waitingIn(stream);
      given.tell({ kind: 'inLine', stream, count });
    }
  };
  const loop = (): void => {
    cancel = given.clock.after(EVERY_MS, () => {
      loop();
      look().catch((reason: unknown) => given.log('queue.uncounted', { reason: whereOf(reason) }));
    });
  };
  return { start: loop, stop: () => cancel() };
}
