import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMessage, type Message } from './message.ts';

/** A process of its own, whose processor time and memory are nobody else's. */
export interface Child {
  /** What it said when it was ready. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly ask: (what: string, value?: unknown) => Promise<unknown>;
  /** Processor time it has used so far, ms. */
  readonly cpu: () => Promise<number>;
  /** What lives in it after everything else was thrown away, and the most it ever took, in bytes. */
  readonly memory: () => Promise<Readonly<Record<'heapUsed' | 'rss' | 'peak', number>>>;
  /** Kills it. */
  readonly close: () => Promise<void>;
}

/** Starts a file beside this one; settles when it is ready. `flags` are Node's, as `--max-old-space-size=512`. */
export async function startChild(
  file: 'store.ts' | 'house.ts' | 'compared.ts',
  given: {
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly flags?: readonly string[];
  } = {},
): Promise<Child> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...(given.args ?? [])], {
    env: { NODE_ENV: 'production', ...given.env },
    execArgv: ['--expose-gc', ...(given.flags ?? []), ...profiling()],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const waiting = new Map<number, (answer: Message) => void>();
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said = `${said}${text.toString()}`.slice(-4_000);
    if (process.env['BENCH_LOG'] !== undefined) process.stderr.write(text);
  });
  child.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const settle of waiting.values()) settle({ id: 0, failed: `${file} ended with ${code}: ${said}` });
      resolve();
    });
  });
  const answer = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, ({ value, failed }) =>
        failed === undefined ? resolve(value) : reject(new Error(failed)),
      );
    });

  let asked = 0;
  const ask: Child['ask'] = (what, value) => {
    asked += 1;
    const answered = answer(asked);
    child.send({ id: asked, what, value });
    return answered;
  };
  const numbers = async (what: string): Promise<Readonly<Record<string, unknown>>> => record(await ask(what));
  return {
    told: record(await answer(0)),
    ask,
    cpu: async () => Number((await numbers('usage'))['cpuMs']),
    memory: async () => {
      const { heapUsed, rss, peak } = await numbers('memory');
      return { heapUsed: Number(heapUsed), rss: Number(rss), peak: Number(peak) };
    },
    close: async () => {
      // With a profile asked for, it must end by itself to write it.
      if (profiling().length > 0) child.disconnect();
      else child.kill('SIGKILL');
      await gone;
    },
  };
}

/** `BENCH_PROFILE=folder` writes a processor profile of each process there. */
const profiling = (): readonly string[] => {
  const folder = process.env['BENCH_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
};

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
