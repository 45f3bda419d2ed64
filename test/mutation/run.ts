import { matchesGlob, relative } from 'node:path';
import { BaseSequencer, startVitest, type TestSpecification } from 'vitest/node';
import type { Tried } from './judge.ts';

/** Runs these files in one process, one after the other as they are given, over these sources instead of those on disk. */
export async function run(
  tests: readonly string[],
  code: ReadonlyMap<string, string>,
  hits: string | undefined,
): Promise<readonly Tried[]> {
  const vitest = await startVitest(
    'test',
    [],
    {
      ...{
        watch: false,
        config: false,
        include: [...tests],
        reporters: hits === undefined ? ['dot'] : ['default'],
      },
      ...{ isolate: false, maxWorkers: 1, pool: 'forks', runner: './test/mutation/runner.ts' },
      ...{ setupFiles: ['./test/mutation/first-failure.ts'], dangerouslyIgnoreUnhandledErrors: true },
      ...{ testTimeout: LATE_MS, hookTimeout: LATE_MS, provide: { hits } },
      sequence: { sequencer: inOrder(tests) },
    },
    { plugins: [{ name: 'mutants', enforce: 'pre', load: (id) => code.get(id) }] },
  );
  const tried = vitest.state
    .getTestModules()
    .flatMap((file) => [...file.children.allTests()])
    .map((test) => ({
      ...{ id: test.id, name: test.fullName, meta: test.meta() },
      isRight: test.result().state === 'passed',
    }));
  await vitest.close();
  return tried;
}

/** What takes so long never comes; the walks take some seconds, and tens of them where the machine has other work. */
const LATE_MS = 120_000;

function inOrder(globs: readonly string[]): typeof BaseSequencer {
  const rank = ({ moduleId }: TestSpecification): number =>
    globs.findIndex((glob) => matchesGlob(relative('.', moduleId), glob));
  return class extends BaseSequencer {
    override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
    }
  };
}
