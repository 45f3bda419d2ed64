/**
 * `npm run chaos`: three processes of production under a nemesis, judged afterwards. `-- --minutes M` breaks everything
 * that can break; `-- --kills N --faults 0.05` kills instances under failing store requests, beside the framework's own
 * way. `--seed S` chooses what is done; what comes of it is up to the machine.
 */
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPrograms } from './build.ts';
import { chaos } from './run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    kills: { type: 'string' },
    faults: { type: 'string', default: '0.05' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    instances: { type: 'string', default: '3' },
    customers: { type: 'string', default: '6' },
    agents: { type: 'string', default: '3' },
    pace: { type: 'string', default: '400' },
    history: { type: 'string' },
  },
});
const { seed } = values;
const file = values.history ?? join(tmpdir(), `chaos-${seed}.jsonl`);
const programs = await buildPrograms();
console.log(`Seed ${seed}; the history is written to ${file}`);
try {
  const result = await chaos({
    ...{ programs, file, tell: (line) => console.log(line) },
    seed: Number(seed),
    instances: Number(values.instances),
    customers: Number(values.customers),
    agents: Number(values.agents),
    paceMs: Number(values.pace),
    compared: values.kills !== undefined,
    harm:
      values.kills === undefined
        ? { kind: 'time', ms: Number(values.minutes) * 60_000 }
        : { kind: 'kills', kills: Number(values.kills), faults: Number(values.faults) },
  });
  console.log(`${result.kills} kills, ${result.storeFaults} store faults, quiet after ${result.quietMs} ms`);
  console.log(`ours: ${result.acknowledged} acknowledged, ${result.violations.length} violations`);
  if (result.framework !== undefined) console.log('the framework:', result.framework);
  for (const [what, n] of [...result.logged].sort(([, a], [, b]) => b - a).slice(0, 12))
    console.log(`  ${n} × ${what}`);
  for (const { rule, what } of result.violations.slice(0, 40)) console.log(`${rule}: ${what}`);
  process.exitCode = result.violations.length === 0 ? 0 : 1;
} finally {
  programs.remove();
}
