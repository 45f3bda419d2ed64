import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Walks over every shape and any path: they come last, for most mutants fall by one example at once. */
const WALKS = ['hours', 'timeline', 'stored', 'model', 'any-order'].map((name) => `${name}.test.ts`);

class ExamplesFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number =>
      WALKS.findIndex((name) => moduleId.endsWith(`/${name}`));
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
  }
}

/** What belongs to the core and to links and codes, as far as it answers fast: each mutant runs all of it that it touches. */
export default defineConfig({
  test: {
    include: ['test/session/*.test.ts', 'test/handoff/{codes,links,proof}.test.ts'],
    exclude: ['test/session/every-answer.test.ts'],
    sequence: { sequencer: ExamplesFirst },
    isolate: false,
    testTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
