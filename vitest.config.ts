import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Short files that take long: begun last, as their length would have it, they would end alone, on one core. */
const LONG =
  /^test\/(?:sim|chaos|race|soak)\/|^test\/handoff\/(?:hour|erase-crash)\.|^test\/threats\/cards\./u;

/** What is set once a process, such as where its managed identity is asked for, must not be met by another file. */
const APART = ['production', 'deploy', 'telemetry', 'threats'].map((room) => `test/${room}/**/*.test.ts`);

class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      LONG.test(relative(import.meta.dirname, moduleId));
    const rank = (file: TestSpecification): number =>
      // A process is kept for the next file only where that may share it: those that may stand together.
      (file.project.config.isolate ? 0 : 2) + (isLong(file) ? 0 : 1);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Twice the cores of the machine that runs them: most of a browser’s test is waiting.
    maxWorkers: 4,
    sequence: { sequencer: LongFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A second, vitest's own, would assert how fast the machine is.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: 'apart', include: APART } },
      // A process for all its files: a third of their time would go into reading the same packages again.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: APART, isolate: false },
      },
    ],
  },
});
