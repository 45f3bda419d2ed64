import type { Broken } from './invariants.ts';
import type { Plan, Step } from './plan.ts';

/** So many runs are spent on it: a shorter story is worth minutes, not hours. */
const RUNS = 80;

/**
 * Drops steps of a plan as long as the same rule is broken still, halves first and single ones last. The times of those
 * that stay are kept, so that what remains happens as it did.
 */
export async function shrink(
  plan: Plan,
  rule: string,
  broken: (plan: Plan) => Promise<readonly Broken[]>,
): Promise<Plan> {
  let steps: readonly Step[] = plan.steps;
  let runs = 0;
  for (
    let size = Math.ceil(steps.length / 2);
    size >= 1 && runs < RUNS;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let from = 0; from < steps.length && runs < RUNS;) {
      const fewer = [...steps.slice(0, from), ...steps.slice(from + size)];
      runs += 1;
      const still = await broken({ ...plan, steps: fewer });
      if (still.some((one) => one.rule === rule)) steps = fewer;
      else from += size;
    }
  }
  return { ...plan, steps };
}
