import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../../src/local/main.ts', import.meta.url));

/** Runs `npm start` in a folder of its own with this settings file. */
function start(settings: string, ...more: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'reconnect-settings-'));
  const file = join(folder, 'settings.json');
  writeFileSync(file, settings);
  const args = [main, '--port', '0', '--folder', folder, '--settings', file, ...more];
  const { status, stderr, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  return { status, said: stderr + stdout };
}

test('npm start with a bad setting stops with its name and the rule, and no stack', () => {
  const { status, said } = start(
    JSON.stringify({
      company: 'C',
      workStreams: { s: { autoCloseAfterInactivity: '5 min' } },
      widgets: {
        chat: { title: 'T', workStream: 's', previousAgentWindow: '10 min', reconnectTimeLimit: '1 h' },
        other: { title: 'T', workStream: 's', wording: { en: { 'page.helo': 'Hi' } } },
      },
    }),
  );
  expect(status).toBe(1);
  expect(said).toMatch(/settings\.json:1:\d+ {2}widgets\.chat\.reconnectTimeLimit: cannot be set/u);
  expect(said).toMatch(/widgets\.other\.wording\.en\.page\.helo: there is no such sentence/u);
  expect(said).not.toMatch(/^\s+at /mu);
});

test.each([
  ['a settings file that is no JSON', '{ "company": ', [], /settings\.json:1:14 {2}a value is missing here/u],
  [
    'a settings file that is not there',
    '',
    ['--settings', '/nowhere/settings.json'],
    /settings cannot be read/u,
  ],
  ['a port that is none', '', ['--port', '80a'], /port: must be a number/u],
  ['a store without its key', '', ['--store', 'http://127.0.0.1:1'], /store and key/u],
  ['an option that does not exist', '', ['--prot', '1'], /--prot/u],
])('npm start with %s says so and stops', (_, settings, more, said) => {
  const stopped = start(settings, ...more);
  expect(stopped.status).toBe(1);
  expect(stopped.said).toMatch(said);
  expect(stopped.said).not.toMatch(/^\s+at /mu);
});
