import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A local house in a process of its own, as `npm start` runs it, that can be killed and started again. */
export interface RunningHouse {
  readonly origin: string;
  readonly folder: string;
  /** Moves the clock that store, tokens, channels, deadlines and pages share. */
  readonly advance: (ms: number) => Promise<void>;
  /** SIGKILL: nothing is finished, nothing is flushed. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same port and folder. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
  /** Where its store is, for another house to share. */
  readonly store: () => { readonly endpoint: string; readonly key: string };
  /** What it logged, one JSON event a line. */
  readonly logged: () => string;
}

const MAIN = fileURLToPath(new URL('../../src/local/main.ts', import.meta.url));

/** Starts one; `store` shares another house's, `settings` is a file in the place of the local ones. */
export async function openHouse(
  options: {
    readonly folder?: string;
    readonly name?: string;
    readonly settings?: string;
    readonly store?: { readonly endpoint: string; readonly key: string };
  } = {},
): Promise<RunningHouse> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'reconnect-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let logged = '';

  const start = async (): Promise<void> => {
    const settings = options.settings === undefined ? [] : ['--settings', options.settings];
    const sharing =
      options.store === undefined ? [] : ['--store', options.store.endpoint, '--key', options.store.key];
    const started = spawn(
      process.execPath,
      [
        MAIN,
        '--port',
        String(port),
        '--folder',
        folder,
        '--name',
        options.name ?? 'house',
        ...settings,
        ...sharing,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    child = started;
    started.stdout.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    started.stderr.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const until = Date.now() + 40_000;
    while (!(await isReady(origin))) {
      if (started.exitCode !== null || Date.now() > until)
        throw new Error(`The house did not start:\n${logged}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = child;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await gone;
  };

  await start();
  return {
    origin,
    folder,
    start,
    kill: () => end('SIGKILL'),
    close: () => end('SIGKILL'),
    logged: () => logged,
    store: () => ({ endpoint: /^Store +(\S+)/mu.exec(logged)?.[1] ?? '', key: keyIn(folder) }),
    advance: async (ms) => {
      const answer = await fetch(`${origin}/local/clock`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ advanceMs: ms }),
      });
      if (!answer.ok) throw new Error(`The clock did not move: ${await answer.text()}`);
    },
  };
}

function keyIn(folder: string): string {
  const kept: unknown = JSON.parse(readFileSync(join(folder, 'house.json'), 'utf8'));
  return String(typeof kept === 'object' && kept !== null ? Reflect.get(kept, 'cosmosKey') : '');
}

async function isReady(origin: string): Promise<boolean> {
  try {
    return (await fetch(`${origin}/ready`)).ok;
  } catch {
    return false;
  }
}

/** A port nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
