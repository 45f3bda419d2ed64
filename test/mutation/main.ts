/**
 * `npm run mutate`: breaks every line of the core and of links and codes, and tells what no test notices. `-- --group NAME`
 * or `-- --only PART-OF-A-PATH` breaks less. Fails where a group's share of what is noticed is below 85 %.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { GROUPS } from './groups.ts';
import { instrument } from './instrument.ts';
import { judged, report, score, share } from './judge.ts';
import { run } from './run.ts';
import type { Hits } from './runner.ts';

const AT_LEAST = 0.85;
const DATA = '.data/mutation';
const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { group: text, only: { ...text, multiple: true } } });

mkdirSync(DATA, { recursive: true });
for (const { name, sources, tests } of GROUPS) {
  if (values.group !== undefined && values.group !== name) continue;
  const from = performance.now();
  const { code, mutants } = await instrument(sources);
  const wanted = mutants.filter(({ file }) => (values.only ?? ['']).some((part) => file.includes(part)));
  const ids = new Set(wanted.map(({ id }) => id));
  const first = await run(tests, code, undefined);
  const wrong = first.filter(({ isRight }) => !isRight);
  if (wrong.length > 0)
    throw new Error(`They fail with nothing broken: ${wrong.map((one) => one.name).join('; ')}`);
  const hits: Hits = Object.fromEntries(
    first.map(({ id, meta }) => [
      id,
      Object.fromEntries(Object.entries(meta.hits ?? {}).filter(([mutant]) => ids.has(mutant))),
    ]),
  );
  writeFileSync(`${DATA}/${name}-hits.json`, JSON.stringify(hits));
  const second = await run(tests, code, `${DATA}/${name}-hits.json`);
  const results = judged(wanted, first, second);
  writeFileSync(`${DATA}/${name}.json`, JSON.stringify(results, undefined, 1));
  console.log(report(results));
  for (const one of second)
    if (one.meta.isSound === false) console.log(`Worth nothing, for it fails afterwards: ${one.name}`);
  console.log(`${name}: ${Math.round((performance.now() - from) / 1000)} s`);
  if (share(score(results)) < AT_LEAST) process.exitCode = 1;
}
