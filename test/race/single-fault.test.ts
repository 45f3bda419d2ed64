import { expect, test } from 'vitest';
import type { Fault, FaultRule } from '../../src/local/cosmos/faults.ts';
import type { Trouble } from '../handoff/connector.ts';
import { openTown, type Town } from '../handoff/house.ts';
import { Agent } from '../handoff/people.ts';
import { SCENES, type Place, type Scene } from './scenes.ts';
import { clockUntil, standingClock, timed } from './standing-clock.ts';

const TURN_MS = 10_000;
const QUIET_MS = 30_000;
/** Channels and people send again what was not answered. */
const TRIES = 3;
const TIMEOUT_MS = 240_000;

/** A request of a turn to the store, its feed and its metadata left out. */
const ASKED: FaultRule['operation'] = ['read', 'query', 'create', 'replace', 'upsert', 'patch', 'batch'];
const WRITES: FaultRule['operation'] = ['create', 'replace', 'upsert', 'patch', 'batch'];

const STORE: Readonly<Record<string, Fault>> = {
  'is busy (429)': { kind: 'status', status: 429, retryAfterMs: 800 },
  'is busy for longer than a turn has (429)': { kind: 'status', status: 429, retryAfterMs: 30_000 },
  'wants it again (449)': { kind: 'status', status: 449 },
  'timed out (408)': { kind: 'status', status: 408 },
  'timed out after it was done (408)': { kind: 'status', status: 408, committed: true },
  'has moved (410)': { kind: 'status', status: 410 },
  'is not there (503)': { kind: 'status', status: 503 },
  'is not there after it was done (503)': { kind: 'status', status: 503, committed: true },
  'has a bug (500)': { kind: 'status', status: 500 },
  'does not know who we are (401)': { kind: 'status', status: 401 },
  'does not let us (403)': { kind: 'status', status: 403 },
  'fails over (403/3)': { kind: 'status', status: 403, substatus: 3 },
  'has a replica that is behind (404/1002)': { kind: 'status', status: 404, substatus: 1002 },
  'drops the line before it is done': { kind: 'drop', committed: false },
  'drops the line after it is done': { kind: 'drop', committed: true },
  'never answers': { kind: 'hang' },
  'takes twenty seconds': { kind: 'delay', ms: 20_000 },
  'reads what was': { kind: 'stale', writes: 3 },
};

const CONNECTOR: Readonly<Record<string, Trouble>> = {
  'does not know who we are (401)': 401,
  'has lost the bot (403)': 403,
  'has lost the conversation (404)': 404,
  'says that something is in the way (412)': 412,
  'finds it too large (413)': 413,
  'has enough for now (429)': { status: 429, retryAfter: 2 },
  'has a bug (500)': 500,
  'has nobody behind it (502)': 502,
  'is not there (503)': 503,
  'timed out (504)': 504,
  'drops the line before it is in': 'cut',
  'drops the line after it is in': 'cutAfter',
  'never answers': 'hang',
  'takes fourteen seconds': 'late',
};
/** After these the channel's word stands: whoever is not there is shown nothing, and what it does not take, something else. */
const FINAL: ReadonlySet<Trouble> = new Set([403, 404, 413]);

/** A place of its own on a clock that stands, and everybody's scene in it. */
async function setUp(): Promise<{
  readonly at: Place;
  readonly scenes: readonly (readonly [string, Scene])[];
}> {
  const town: Town = await openTown(standingClock());
  const house = await town.open();
  const anna = await new Agent(town, 'Anna Bell').signsIn(house, 20);
  await anna.opensTeams(house);
  const at = { town, house, anna };
  const scenes: (readonly [string, Scene])[] = [];
  for (const [name, scene] of Object.entries(SCENES)) scenes.push([name, await scene(at)]);
  await clockUntil(town.clock, () => false, 3_000);
  return { at, scenes };
}

/** Has one turn taken while one thing goes wrong: every answer is in time, and none says yes to what is lost. */
async function takeIn({ town }: Place, name: string, scene: Scene): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const { tookMs, outcome } = await timed(town.clock, scene.take(), 3 * TURN_MS);
    expect([name, tookMs < TURN_MS], 'I13: it is answered in time').toEqual([name, true]);
    if (outcome?.status === 'fulfilled' && outcome.value) break;
    expect([name, tries < TRIES], 'I16: whoever tries again gets through').toEqual([name, true]);
  }
  expect([name, await scene.stands()], 'I3: what was answered with a yes stands').toEqual([name, true]);
}

async function comesToRest({ town }: Place, scenes: readonly (readonly [string, Scene])[], seen = true) {
  const restless = async (): Promise<readonly string[]> => {
    const names: string[] = [];
    for (const [name, scene] of scenes)
      if (!(await scene.isQuiet()) || (seen && !(await scene.isShown()))) names.push(name);
    return names;
  };
  await clockUntil(town.clock, async () => (await restless()).length === 0, QUIET_MS);
  expect(await restless(), 'I16: all of it is delivered').toEqual([]);
  for (const [name, scene] of scenes) expect([name, await scene.stands()]).toEqual([name, true]);
}

test.each(Object.entries(STORE))(
  'I13, I16: a store that once %s keeps nobody waiting, and loses nothing of any turn',
  async (_, fault) => {
    const { at, scenes } = await setUp();
    const { town } = at;
    const { faults } = town.store.cosmos;
    let struck = 0;
    for (const [i, [name, scene]] of scenes.entries()) {
      const before = faults.struck();
      const operation = fault.kind === 'stale' ? ASKED : i % 2 === 0 ? WRITES : ASKED;
      const free = faults.add({ fault, operation, container: 'sessions', count: 1 });
      await takeIn(at, name, scene);
      free();
      struck += faults.struck() - before;
    }
    if (fault.kind !== 'stale') expect(struck).toBe(scenes.length);
    await comesToRest(at, scenes);
    await town.close();
  },
  TIMEOUT_MS,
);

test.each(Object.entries(CONNECTOR))(
  'I13, I16: a channel that once %s keeps nobody waiting, and loses nothing of any turn',
  async (_, trouble) => {
    const { at, scenes } = await setUp();
    const { town } = at;
    for (const [name, scene] of scenes) {
      town.connector.trouble(trouble, 1, scene.conversation);
      if (trouble === 'late') town.clock.after(14_000, town.connector.calm);
      await takeIn(at, name, scene);
      await clockUntil(town.clock, () => false, 3_000);
      town.connector.calm();
    }
    await comesToRest(at, scenes, !FINAL.has(trouble));
    await town.close();
  },
  TIMEOUT_MS,
);
