/** `npm run bench`: measures the product as it stands and prints a table; `-- --json FILE` also writes it there. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Measure } from './measure.ts';
import { NAMES } from './names.ts';
import { news } from './news.ts';
import { continuing } from './continuing.ts';
import { costOf } from './cost.ts';
import { deferred } from './deferred.ts';
import { idle } from './idle.ts';
import { inboxPage } from './inbox.ts';
import { throughput } from './load.ts';
import { longSession } from './long.ts';
import { memory } from './memory.ts';
import { page } from './page.ts';
import { queryToRead } from './queries.ts';
import { relay, requestsOf, threeInstances } from './relay.ts';
import { returning } from './returning.ts';
import { ASSUMED, scaleOf } from './scale.ts';
import { screens } from './screens.ts';
import { starting } from './starting.ts';
import { jsonOf, listOf, tableOf } from './table.ts';

/** One after another: what runs beside a measurement would be measured with it. */
const PARTS: Readonly<Record<string, () => Promise<readonly Measure[]>>> = {
  screens,
  page,
  requests: requestsOf,
  relay,
  throughput,
  instances: threeInstances,
  deferred,
  idle,
  news,
  inbox: inboxPage,
  long: longSession,
  memory,
  returning,
  continuing,
  queries: queryToRead,
  starting: async () => [await starting()],
};

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    /** Only these parts, such as `relay,memory`. */
    only: { type: 'string' },
  },
});
const chosen = values.only?.split(',') ?? Object.keys(PARTS);
const unknown = chosen.filter((name) => PARTS[name] === undefined);
if (unknown.length > 0) {
  console.error(`only: ${unknown.join(', ')} is none of ${Object.keys(PARTS).join(', ')}`);
  process.exit(1);
}
const measures: Measure[] = [];
for (const [name, part] of Object.entries(PARTS)) {
  if (!chosen.includes(name)) continue;
  const from = performance.now();
  try {
    measures.push(...(await part()));
    console.error(`Measured ${name} in ${((performance.now() - from) / 1_000).toFixed(0)} s`);
  } catch (reason) {
    // What was measured so far, and what comes, is worth its time.
    console.error(`Could not measure ${name}:`, reason);
    process.exitCode = 1;
  }
}
const derived = [...costOf(measures), ...scaleOf(measures)];
console.log(tableOf(measures));
if (derived.length > 0) console.log(`\nOn paper, from the above: ${ASSUMED}\n\n${listOf(derived)}`);
if (values.json !== undefined) writeFileSync(values.json, jsonOf([...measures, ...derived]));

const missing = NAMES.filter((name) => !measures.some((one) => one.name === name));
if (values.only === undefined && missing.length > 0) {
  console.error(`Not measured: ${missing.join(', ')}`);
  process.exitCode = 1;
}
// A part that broke off may have left something open.
process.exit();
