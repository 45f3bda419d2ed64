import { readFileSync } from 'node:fs';
import { TestRunner, inject, type RunnerTestCase } from 'vitest';

/** By test, and by mutant, how often it was passed; of those that are passed while files load. */
export type Hits = Readonly<Record<string, Readonly<Record<string, number>>>>;

declare module 'vitest' {
  interface ProvidedContext {
    /** What the first run has learned: a file of `Hits`. Absent in the first run. */
    readonly hits: string | undefined;
  }
  interface TaskMeta {
    /** In the first run: which mutants this test passes, and how often. */
    hits?: Record<string, number>;
    /** Of those that were passed while files loaded, the ones first passed since the last test. */
    loaded?: string[];
    /** In the second: which it notices, and which of these because it waited in vain. */
    killed?: string[];
    late?: string[];
    /** Whether it still holds with nothing broken after all that: if not, what it noticed is worth nothing. */
    isSound?: boolean;
  }
}

/** What the instrumented sources look at; named by Stryker. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> };
}

/** Kept from file to file: all run in one process. */
const kept = globalThis as typeof globalThis & {
  __stryker__?: Switch;
  __mutation__?: { readonly hits: Hits; readonly dead: Set<string> };
  /** Empty what instrumented sources keep. */
  __forget__?: readonly (() => void)[];
};
const theSwitch = (kept.__stryker__ ??= {});

/** Who passes a broken line so much more often than a whole one goes round in circles. */
const ROUNDS = 100;

/**
 * Runs each test once for every mutant that it passes and nobody has noticed yet, with all its hooks, in a process that is
 * warm; and once more with nothing broken. Stryker's own runner loads everything anew for each mutant, which takes seconds
 * where the tests take milliseconds.
 */
export default class Mutating extends TestRunner {
  #mutants: readonly string[] = [];
  /** Which of them is next; past the last of them, nothing is broken. */
  #at = 0;

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test);
    theSwitch.currentTestId = test.id;
    const learned = inject('hits');
    if (learned === undefined) return;
    const { hits, dead } = (kept.__mutation__ ??= {
      hits: JSON.parse(readFileSync(learned, 'utf8')) as Hits,
      dead: new Set(),
    });
    this.#at = 0;
    this.#mutants = Object.keys(hits[test.id] ?? {}).filter((id) => !dead.has(id));
    if (this.#mutants.length === 0) {
      test.mode = 'skip';
      return;
    }
    test.repeats = this.#mutants.length;
    Object.assign(test.meta, { killed: [], late: [], isSound: false });
  }

  override onBeforeTryTask(test: RunnerTestCase): void {
    super.onBeforeTryTask(test);
    for (const forget of kept.__forget__ ?? []) forget();
    const mutant = this.#mutants[this.#at];
    Object.assign(test.result!, { state: 'run', errors: undefined });
    const usual = mutant === undefined ? 0 : (kept.__mutation__?.hits[test.id]?.[mutant] ?? 0);
    Object.assign(theSwitch, { activeMutant: mutant, hitCount: 0, hitLimit: usual * ROUNDS });
  }

  onAfterRetryTask(test: RunnerTestCase): void {
    const mutant = this.#mutants[this.#at];
    this.#at += 1;
    theSwitch.activeMutant = undefined;
    const hasFailed = test.result?.state === 'fail';
    if (mutant === undefined) test.meta.isSound = !hasFailed;
    else if (hasFailed) {
      kept.__mutation__?.dead.add(mutant);
      test.meta.killed?.push(mutant);
      if (test.result?.errors?.some(({ message }) => message.startsWith('Test timed out')))
        test.meta.late?.push(mutant);
    }
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test);
    theSwitch.currentTestId = undefined;
    if (inject('hits') === undefined) this.#learn(test);
    if (test.meta.isSound === false)
      for (const id of test.meta.killed ?? []) kept.__mutation__?.dead.delete(id);
  }
  #learn(test: RunnerTestCase): void {
    const { perTest = {}, static: loaded = {} } = theSwitch.mutantCoverage ?? {};
    test.meta.hits = { ...perTest[test.id] };
    test.meta.loaded = Object.keys(loaded);
    if (theSwitch.mutantCoverage !== undefined) theSwitch.mutantCoverage.static = {};
  }
}
