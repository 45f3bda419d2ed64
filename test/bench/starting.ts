import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, spread, type Measure } from './measure.ts';

const STARTS = 5;
const MAIN = fileURLToPath(new URL('../../src/local/main.ts', import.meta.url));

/** From the process to its URLs on the screen, each time in a new folder: keys and databases are made, too. */
export async function starting(): Promise<Measure> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i += 1) times.push(await startOnce());
  return { name: 'npm-start-ms', unit: 'ms', ours: median(times), spread: spread(times) };
}

async function startOnce(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const from = performance.now();
  const child = spawn(process.execPath, [MAIN, '--port', '0', '--folder', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, LOG: 'off' },
  });
  const gone = once(child, 'exit');
  try {
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (/^Store +http/mu.test(printed)) return performance.now() - from;
    }
    throw new Error(`The house ended before its URLs were printed: ${printed}`);
  } finally {
    child.kill();
    await gone;
    rmSync(folder, { recursive: true, force: true });
  }
}
