import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Twice the cores of the machine that runs them: half of a browser’s test is waiting.
    maxWorkers: 4,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, vitest's own, would assert how fast the machine is.
    expect: { poll: { timeout: 20_000 } },
  },
});
