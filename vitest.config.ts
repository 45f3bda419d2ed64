import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Short files that take long: begun last, as their length would have it, they would end alone, on one core. */
const LONG =
  /^test\/(?:sim|chaos|race|soak)\/|^test\/handoff\/(?:hour|erase-crash)\.|^test\/threats\/cards\./u;

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONG.test(relative(import.meta.dirname, moduleId));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Twice the cores of the machine that runs them: most of a browser’s test is waiting.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, vitest's own, would assert how fast the machine is.
    expect: { poll: { timeout: 60_000 } },
  },
});
