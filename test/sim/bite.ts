import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { TEETH, type Tooth } from './teeth.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** How a bad variant came to light. */
export interface Bitten {
  readonly tooth: Tooth;
  /** Seeds until it did, the last one included; absent where it did not. */
  readonly seeds?: number;
  /** The rules that were broken there. */
  readonly rules: readonly string[];
}

/** Plays seeds with the product made wrong, in a process of its own, until something is broken. */
export function bite(tooth: Tooth, most: number): Promise<Bitten> {
  const place = String(TEETH.indexOf(tooth));
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [MAIN, '--tooth', place, '--until-broken', String(most)],
      { maxBuffer: 64 * 1024 * 1024 },
      (error, said, wrong) => {
        const [, seeds, rules = ''] = /^Broken at seed (\d+): (.*)$/mu.exec(said) ?? [];
        if (seeds !== undefined) resolve({ tooth, seeds: Number(seeds), rules: rules.split(' ') });
        else if (error === null) resolve({ tooth, rules: [] });
        else reject(new Error(`${tooth.name}: ${wrong}`));
      },
    );
  });
}
