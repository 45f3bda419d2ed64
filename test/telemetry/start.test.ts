import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { until } from '../server/house.ts';

const main = fileURLToPath(new URL('../../src/local/main.ts', import.meta.url));
const args = (): string[] => [
  main,
  '--port',
  '0',
  '--folder',
  mkdtempSync(join(tmpdir(), 'reconnect-telemetry-')),
];

/** Runs `npm start` until it has printed its addresses, asks it something, and ends it; what it wrote. */
async function ran(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const house = spawn(process.execPath, args(), { env: { ...process.env, ...env, LOG: 'off' } });
  let said = '';
  house.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const origin = await until(() => /^Customers +(http:\/\/[\d.:]+)/mu.exec(said)?.[1], 'its addresses');
  await fetch(`${origin}/api/directline/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const gone = new Promise((resolve) => house.once('exit', resolve));
  house.kill('SIGTERM');
  await gone;
  return said.split('\n').filter((line) => line.startsWith('{'));
}

test('npm start with TELEMETRY=console writes spans, and measures at the latest at its end', async () => {
  const lines = (await ran({ TELEMETRY: 'console' })).map(
    (line) => JSON.parse(line) as Record<string, unknown>,
  );
  expect(lines).toContainEqual(expect.objectContaining({ span: 'POST /api/directline/token' }));
  expect(lines).toContainEqual(
    expect.objectContaining({ metric: 'db.client.operation.duration', unit: 's' }),
  );
});

test('and writes nothing of the kind when nobody asks for it', async () => {
  expect(await ran({ TELEMETRY: '' })).toEqual([]);
});

test('a TELEMETRY that is not known stops the start, and says what can be said', () => {
  const env = { ...process.env, TELEMETRY: 'consle' };
  const { status, stderr } = spawnSync(process.execPath, args(), { env, encoding: 'utf8', timeout: 60_000 });
  expect(status).toBe(1);
  expect(stderr.trim()).toBe('TELEMETRY: must be console, or left out, not "consle"');
});
