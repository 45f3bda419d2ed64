/** In a process of its own: what the bench asks it over the channel between them. */
import { isMessage } from './message.ts';

type Answering = (given: unknown) => unknown;

const answers = new Map<string, Answering>([
  [
    'usage',
    () => {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1_000 };
    },
  ],
  [
    'memory',
    () => {
      // Twice, because finalizers of the first may let go of more.
      globalThis.gc?.();
      globalThis.gc?.();
      const { heapUsed, rss } = process.memoryUsage();
      // In KB, as the system counts it.
      return { heapUsed, rss, peak: process.resourceUsage().maxRSS * 1_024 };
    },
  ],
]);

/** Lets the bench ask `what`; the answer travels as JSON. */
export function answering(what: string, answer: Answering): void {
  answers.set(what, answer);
}

/** Tells the bench that it is ready, and with what. */
export function ready(value: object): void {
  process.on('message', (message) => void hear(message));
  process.once('disconnect', () => process.exit(0));
  process.send?.({ id: 0, value });
}

async function hear(message: unknown): Promise<void> {
  if (!isMessage(message) || message.what === undefined) return;
  const { id, what, value } = message;
  try {
    process.send?.({ id, value: (await answers.get(what)?.(value)) ?? null });
  } catch (reason) {
    process.send?.({ id, failed: String(reason) });
  }
}
