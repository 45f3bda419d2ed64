import type { Broken } from './invariants.ts';
import { run, type Running } from './run.ts';
import type { Scenario } from './scenarios.ts';

/** Another comes so soon. */
const AWAY_MS = 800;

/** What came of dying after one step of a scenario. */
export interface Crashed {
  readonly scenario: string;
  /** After how many things the first instance had left in the store or in a channel. */
  readonly after: number;
  readonly broken: readonly Broken[];
}

/** How many things the first instance leaves in the store and in channels, from the scenario's mark on. */
export async function stepsOf({ plan }: Scenario): Promise<number> {
  const state = { steps: 0 };
  await run(
    plan,
    counting(state, () => false),
  );
  return state.steps;
}

/** Plays the scenario; the first instance dies right after its step of this number has taken effect. */
export async function crashAfter(after: number, { name, plan }: Scenario): Promise<Crashed> {
  const state = { steps: 0 };
  const { broken } = await run(
    plan,
    counting(state, () => state.steps === after),
  );
  return { scenario: name, after, broken };
}

const counting = (state: { steps: number }, dies: () => boolean): Running => ({
  marked: (stage) => {
    const victim = stage.instances[0];
    stage.onArrived((of, what, leaves) => {
      if (of !== victim || !leaves || !victim.alive) return;
      state.steps += 1;
      stage.world.note(`step ${state.steps}: ${what}`);
      if (dies()) stage.replace(0, AWAY_MS);
    });
  },
});
