import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../server/house.ts';

/** Production as a process of its own. */
export interface Process {
  readonly origin: string;
  readonly said: () => string;
  readonly signal: (signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL') => void;
  /** Settles with its exit code when it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts it from a file, with this environment and no other; settles once it listens. */
export async function startProcess(
  main: string,
  environment: Readonly<Record<string, string>>,
  node = process.execPath,
): Promise<Process> {
  const running = run(main, environment, node);
  await until(
    () => running.said().includes('house.started'),
    `it listens; it said ${running.said()}`,
    60_000,
  );
  const [, port = ''] = /"house.started","port":(\d+)/u.exec(running.said()) ?? [];
  return { ...running, origin: `http://127.0.0.1:${port}` };
}

/** Runs it to its end. */
export async function runProcess(
  main: string,
  environment: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<{ readonly code: number | null; readonly said: string }> {
  const running = run(main, environment, process.execPath, args);
  const code = await running.ended;
  return { code, said: running.said() };
}

function run(
  main: string,
  env: Readonly<Record<string, string>>,
  node: string,
  args: readonly string[] = [],
): Omit<Process, 'origin'> {
  const child: ChildProcess = spawn(node, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout?.on('data', (text: Buffer) => (said += text.toString()));
  child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
  return {
    said: () => said,
    signal: (signal) => void child.kill(signal),
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}
