import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTAINERS, DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { movableClock } from '../../src/clock.ts';
import { startCosmos, type CosmosServer } from '../../src/local/cosmos/server.ts';

/** What the store was asked in one round: everything that waited for an answer at the same time. */
export type Round = readonly string[];

/** A store whose answers can be held back, round by round: how many there are is how deep a piece of work is. */
export interface HeldStore {
  readonly cosmos: CosmosServer;
  readonly folder: string;
  /**
   * Does the work while every answer is held until nothing more is asked. Gives the rounds it took, with what was asked
   * in each as `container.operation`; questions that time alone asks are left out.
   */
  readonly roundsOf: <T>(
    work: () => Promise<T>,
  ) => Promise<{ readonly done: T; readonly rounds: readonly Round[] }>;
}

const HELD_MS = 3_600_000;
/** Long beside what a busy machine takes between two requests of one round. */
const QUIET_MS = 400;
/** The feed and its lease are asked by time alone, and so are deadlines; the SDK's own questions go beside ours. */
const ASIDE: ReadonlySet<string> = new Set(['plan', 'feed', 'metadata']);
const HELD = ['sessions', 'agents', 'inbox'] as const;
const OPERATIONS = ['read', 'create', 'replace', 'upsert', 'patch', 'batch', 'query', 'plan'] as const;

/** Starts one over HTTP on a free port, in memory, on a clock of its own that stands for slow answers. */
export async function heldStore(): Promise<HeldStore> {
  const clock = movableClock();
  let asked: string[] = [];
  const cosmos = await startCosmos({
    port: 0,
    file: ':memory:',
    clock,
    containers: CONTAINERS,
    database: DATABASE,
    observe: ({ container, operation, request }) => {
      const isSweep = container === 'inbox' && request.body.includes('dueAt');
      if (HELD.some((one) => one === container) && !ASIDE.has(operation) && !isSweep)
        asked.push(`${container}.${operation}`);
    },
  });

  const roundsOf: HeldStore['roundsOf'] = async (work) => {
    const rounds: Round[] = [];
    const free = HELD.map((container) =>
      cosmos.faults.add({ fault: { kind: 'delay', ms: HELD_MS }, container, operation: [...OPERATIONS] }),
    );
    const state = { over: false };
    asked = [];
    const doing = work().finally(() => (state.over = true));
    for (let waited = cosmos.faults.struck(); ;) {
      await quiet(cosmos, waited, state);
      if (state.over) break;
      waited = cosmos.faults.struck();
      clock.advance(HELD_MS);
      await new Promise((resolve) => setTimeout(resolve, QUIET_MS / 2));
      if (asked.length > 0) rounds.push(asked.toSorted());
      asked = [];
    }
    for (const one of free) one();
    clock.advance(HELD_MS);
    return { done: await doing, rounds };
  };
  return { cosmos, folder: mkdtempSync(join(tmpdir(), 'reconnect-rounds-')), roundsOf };
}

/** Settles when something more has been asked and then nothing for a while, or the work is done. */
async function quiet(cosmos: CosmosServer, from: number, state: { readonly over: boolean }): Promise<void> {
  let seen = { struck: from, at: performance.now() };
  while (!state.over) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const struck = cosmos.faults.struck();
    if (struck !== seen.struck) seen = { struck, at: performance.now() };
    else if (struck !== from && performance.now() - seen.at > QUIET_MS) return;
  }
}
