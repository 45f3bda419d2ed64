import type { TaskMeta } from 'vitest';
import type { Mutant } from './instrument.ts';

/** One test, as it went. */
export interface Tried {
  readonly id: string;
  readonly name: string;
  readonly isRight: boolean;
  readonly meta: TaskMeta;
}

/**
 * `late`: noticed because something never came; `passed`: tests pass it and notice nothing; `unseen`: no test comes by;
 * `loaded`: it only counts while a file loads, and is not tried.
 */
export type Fate = 'killed' | 'late' | 'passed' | 'unseen' | 'loaded';

export interface Judged extends Mutant {
  readonly fate: Fate;
}

/** What became of each mutant, by what the first run learned and the second saw. What a test says that is not sound counts for nothing. */
export function judged(
  mutants: readonly Mutant[],
  first: readonly Tried[],
  second: readonly Tried[],
): readonly Judged[] {
  const passed = new Set(first.flatMap(({ meta }) => Object.keys(meta.hits ?? {})));
  const loaded = new Set(first.flatMap(({ meta }) => meta.loaded ?? []));
  const sound = second.filter(({ meta }) => meta.isSound !== false);
  const killed = new Set(sound.flatMap(({ meta }) => meta.killed ?? []));
  const late = new Set(sound.flatMap(({ meta }) => meta.late ?? []));
  const fateOf = (id: string): Fate => {
    if (killed.has(id)) return late.has(id) ? 'late' : 'killed';
    if (passed.has(id)) return 'passed';
    return loaded.has(id) ? 'loaded' : 'unseen';
  };
  return mutants.map((mutant) => ({ ...mutant, fate: fateOf(mutant.id) }));
}

/** How many of how many were noticed; those that only count while a file loads are left out, like Stryker’s `ignoreStatic`. */
export function score(results: readonly Judged[]): { readonly killed: number; readonly of: number } {
  const tried = results.filter(({ fate }) => fate !== 'loaded');
  return {
    killed: tried.filter(({ fate }) => fate === 'killed' || fate === 'late').length,
    of: tried.length,
  };
}

export const share = ({ killed, of }: ReturnType<typeof score>): number => (of === 0 ? 1 : killed / of);

/** Survivors line by line, then a table. */
export function report(results: readonly Judged[]): string {
  const survivors = results.filter(({ fate }) => fate === 'passed' || fate === 'unseen');
  const lines = survivors.map(({ file, line, kind, was, becomes, fate }) =>
    `${file}:${line} ${fate} ${kind}: ${was} → ${becomes}`.replaceAll(/\s+/gu, ' ').slice(0, 220),
  );
  const files = [...new Set(results.map(({ file }) => file))];
  const rows = [
    ...files.map((file) => [file, results.filter((one) => one.file === file)] as const),
    ['all', results] as const,
  ];
  const table = rows.map(([name, of]) => {
    const counts = score(of);
    const count = (fate: Fate): number => of.filter((one) => one.fate === fate).length;
    return [
      name.padEnd(36),
      `${(100 * share(counts)).toFixed(1).padStart(5)} %`,
      `${counts.killed}/${counts.of}`.padStart(10),
      ...(['late', 'passed', 'unseen', 'loaded'] as const).map((fate) =>
        `${fate} ${count(fate)}`.padStart(12),
      ),
    ].join(' ');
  });
  return [...lines, '', ...table].join('\n');
}
