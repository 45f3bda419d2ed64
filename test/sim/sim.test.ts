import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { bite } from './bite.ts';
import { TEETH, bitten } from './teeth.ts';

// Stories take as long as a machine needs for them; none of them waits.
vi.setConfig({ testTimeout: 900_000 });

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** Runs the command in a process of its own, whose time and chance it takes over. */
const sim = (...given: readonly string[]): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...given], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, said: `${stdout}${stderr}` });
    });
  });

test('a seed tells the same story every time, down to every request', async () => {
  const [one, other] = await Promise.all([sim('--seed', '19'), sim('--seed', '19')]);
  expect(one.said).toContain('things happened');
  expect(other.said).toBe(one.said);
});

/** How many stories are played here; more of them by `npm run sim -- --seeds N`. */
const SEEDS = 36;

test.each([1, 1 + SEEDS])(
  'whoever chats while instances die, freeze and lose their store: nothing is lost, from seed %i on',
  async (from) => {
    const { code, said } = await sim('--from', String(from), '--seeds', String(SEEDS));
    expect(said).toContain(`${SEEDS} seeds from ${from}: 0 failed`);
    expect(code).toBe(0);
  },
);

test('whoever dies after one step in eight of every scenario leaves nothing undone', async () => {
  const { code, said } = await sim('--crash', '--every', '8');
  expect(said).toContain('crash points: 0 failed');
  expect(code).toBe(0);
});

test('every bad variant is one of the product as it stands', () => {
  for (const tooth of TEETH) expect(bitten(tooth).get(tooth.file)).toContain(tooth.to);
});

/** Those that show at once; all of them by `npm run sim -- --teeth`. */
test.each(['no dedupe', 'places counted', 'no fencing'])(
  'a product with %s would be found out',
  async (name) => {
    const tooth = TEETH.find((one) => one.name.startsWith(name));
    expect(tooth === undefined ? [] : (await bite(tooth, 10)).rules).not.toEqual([]);
  },
);
