import { readFileSync, globSync } from 'node:fs';
import { resolve } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** One way in which a line may be wrong. */
export interface Mutant {
  readonly id: string;
  /** From the root of the project. */
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly was: string;
  readonly becomes: string;
}

/** Sources that hold all their mutants at once, and run as written until one is switched on. */
export interface Instrumented {
  readonly mutants: readonly Mutant[];
  /** By absolute path. */
  readonly code: ReadonlyMap<string, string>;
}

const nothing = (): undefined => undefined;
const never = (): boolean => false;
const logger = {
  ...{ isTraceEnabled: never, isDebugEnabled: never, isInfoEnabled: never },
  ...{ isWarnEnabled: never, isErrorEnabled: never, isFatalEnabled: never },
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing },
};

/** Puts every mutant that Stryker knows into these files. */
export async function instrument(sources: readonly string[]): Promise<Instrumented> {
  const read = globSync([...sources])
    .toSorted()
    .map((name) => ({ name, mutate: true, content: readFileSync(name, 'utf8') }));
  const { files, mutants } = await new Instrumenter(logger).instrument(read, {
    plugins: null,
    excludedMutations: [],
    ignorers: [],
  });
  const lines = new Map(read.map(({ name, content }) => [name, content.split('\n')]));
  return {
    code: new Map(files.map(({ name, content }) => [resolve(name), forgetful(content)])),
    mutants: mutants.map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => {
      const [first = '', ...more] = lines.get(fileName)?.slice(start.line, end.line + 1) ?? [];
      const was =
        more.length === 0 ? first.slice(start.column, end.column) : `${first.slice(start.column)} …`;
      return {
        ...{ id, file: fileName, line: start.line + 1, kind: mutatorName },
        ...{ was, becomes: replacement },
      };
    }),
  };
}

/**
 * Has what a file keeps as it goes be forgotten whenever the runner says so: a thing made wrong by one mutant would be found
 * there by whoever comes next, and one that was made right would keep the next mutants from being passed.
 */
const forgetful = (content: string): string =>
  content.replaceAll(
    /^const (\w+) = (new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\));$/gmu,
    'let $1 = $2;\n(globalThis.__forget__ ??= []).push(() => void ($1 = $2));',
  );
