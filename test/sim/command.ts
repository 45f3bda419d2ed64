import { parseArgs } from 'node:util';
import { crashAfter, stepsOf } from './crash.ts';
import type { Broken } from './invariants.ts';
import { bite } from './bite.ts';
import { planOf } from './draw.ts';
import type { Plan } from './plan.ts';
import { run, type Ran } from './run.ts';
import { SCENARIOS } from './scenarios.ts';
import { shrink } from './shrink.ts';
import { summaryOf } from './summary.ts';
import { TEETH } from './teeth.ts';

const USAGE = `npm run sim -- --seeds N [--from S]   plays N seeds from S on (1 where it is left out); --quick: no shortest stories
npm run sim -- --seed S               plays one and prints all that was observed
npm run sim -- --crash [--every N]    dies after each step of each scenario, or after every Nth of all
npm run sim -- --teeth [--seeds N]    makes the product wrong in known ways, and tells after how many seeds each shows`;

/** The command; gives its exit code. */
export async function command(given: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...given],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      seed: { type: 'string' },
      crash: { type: 'boolean' },
      every: { type: 'string' },
      teeth: { type: 'boolean' },
      tooth: { type: 'string' },
      'until-broken': { type: 'string' },
      quick: { type: 'boolean' },
    },
  });
  const from = numberIn(values.from ?? '1');
  if (values.crash === true) return crashes(numberIn(values.every ?? '1'), from);
  if (values.teeth === true) return teeth(numberIn(values.seeds ?? '60'));
  if (values['until-broken'] !== undefined) return untilBroken(numberIn(values['until-broken']));
  if (values.seed !== undefined) return one(numberIn(values.seed));
  if (values.seeds !== undefined) return many(from, numberIn(values.seeds), values.quick !== true);
  console.log(USAGE);
  return 1;
}

function numberIn(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new RangeError(`${text} is no number of seeds`);
}

/** Everything that takes effect is part of the trace: two runs of a seed that differ at all differ here. */
async function one(seed: number): Promise<number> {
  const { notes, broken, happened, evidence } = await run(planOf(seed), {
    prepare: ({ onArrived, world }) => onArrived((_, what) => world.note(what)),
  });
  for (const note of notes) console.log(note);
  for (const line of summaryOf(evidence)) console.log(line);
  console.log(`Seed ${seed}: ${happened} things happened`);
  tell(broken);
  return broken.length === 0 ? 0 : 1;
}

/** A table of bad variants, and the seeds it took to see each. */
async function teeth(most: number): Promise<number> {
  let [seen, held, elsewhere, unseen] = [0, 0, 0, 0];
  for (const tooth of TEETH) {
    const { seeds, rules } = await bite(tooth, most);
    if (seeds !== undefined) seen += 1;
    else if (tooth.heldBy !== undefined) held += 1;
    else if (tooth.seenBy !== undefined) elsewhere += 1;
    else unseen += 1;
    const came = String(seeds ?? (tooth.heldBy === undefined ? 'never' : 'held'));
    const why = tooth.heldBy ?? (tooth.seenBy && `seen by ${tooth.seenBy}`);
    const holds = seeds === undefined && why !== undefined ? ` (${why})` : '';
    console.log(`${came.padStart(5)}  ${rules.join(' ').padEnd(12)}  ${tooth.name}${holds}`);
  }
  console.log(
    `${seen} of ${TEETH.length} bad variants were seen within ${most} seeds, ${held} are held by a second lock, ${elsewhere} are seen by tests alone`,
  );
  return unseen === 0 ? 0 : 1;
}

async function untilBroken(most: number): Promise<number> {
  for (let seed = 1; seed <= most; seed += 1) {
    const rules = await brokenAt(seed);
    if (rules.length === 0) continue;
    console.log(`Broken at seed ${seed}: ${rules.join(' ')}`);
    return 0;
  }
  return 0;
}
/** What is wrong may also come out as an error where there must not be one. */
const brokenAt = async (seed: number): Promise<readonly string[]> =>
  run(planOf(seed)).then(
    ({ broken }) => [...new Set(broken.map(({ rule }) => rule))].sort(),
    (reason: unknown) => [reason instanceof Error ? reason.name : 'error'],
  );

/** Dies after every step of every scenario; after every `every`th of all where that is more than one, from `from` on. */
async function crashes(every: number, from: number): Promise<number> {
  let [points, played, failed] = [0, 0, 0];
  for (const scenario of SCENARIOS) {
    const steps = await stepsOf(scenario);
    console.log(`Whoever ${scenario.name}: ${steps} steps`);
    for (let after = 1; after <= steps; after += 1) {
      points += 1;
      if ((points - from) % every !== 0) continue;
      played += 1;
      const { broken } = await crashAfter(after, scenario);
      if (broken.length === 0) continue;
      failed += 1;
      console.log(`Dead after step ${after}:`);
      tell(broken);
    }
  }
  console.log(`${played} of ${points} crash points: ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function many(from: number, count: number, isShortened: boolean): Promise<number> {
  const total = {
    happened: 0,
    failed: 0,
    struck: new Map<string, number>(),
    came: new Map<string, number>(),
  };
  for (let seed = from; seed < from + count; seed += 1) {
    const plan = planOf(seed);
    const ran = await run(plan);
    add(total.struck, ran.struck);
    add(total.came, ran.came);
    total.happened += ran.happened;
    if (ran.broken.length === 0) continue;
    total.failed += 1;
    console.log(`Seed ${seed} fails`);
    tell(ran.broken);
    if (isShortened) await explain(plan, ran);
  }
  console.log(`${count} seeds from ${from}: ${total.failed} failed, ${total.happened} things happened`);
  console.log(`What went wrong by chance: ${listed(total.struck)}`);
  console.log(`What people did: ${listed(total.came)}`);
  return total.failed === 0 ? 0 : 1;
}

/** The shortest story found in which it does not. */
async function explain(plan: Plan, { broken }: Ran): Promise<void> {
  const [first] = broken;
  if (first === undefined) return;
  const least = await shrink(plan, first.rule, async (fewer) => (await run(fewer)).broken);
  const { notes, broken: still, evidence } = await run(least);
  console.log(`The same with ${least.steps.length} of ${plan.steps.length} steps:`);
  for (const { at, deed } of least.steps) console.log(`  ${at} ${JSON.stringify(deed)}`);
  console.log('What was observed:');
  for (const note of [...notes, ...summaryOf(evidence)]) console.log(`  ${note}`);
  tell(still);
}

const tell = (broken: readonly Broken[]): void => {
  for (const { rule, what } of broken) console.log(`BROKEN ${rule}: ${what}`);
};

const add = (to: Map<string, number>, more: ReadonlyMap<string, number>): void => {
  for (const [name, count] of more) to.set(name, (to.get(name) ?? 0) + count);
};

const listed = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
