import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAzure } from '../production/azure.ts';
import { agentAt } from '../production/people.ts';
import { agentsOf, chatsOf, EACH, modelIn, sayIn, type Model } from './copies.ts';
import { middle, pause, until, type Measure } from './measure.ts';
import { seed } from './seed.ts';
import { good, openTown, type Town } from './town/town.ts';

/** Chats that are open at a time. */
const OPEN = 100_000;
/** Whose customers write, scattered over all of them. */
const SPEAKING = 4_000;
/** The first of them make warm what all share; among them are those few that are kept as they are. */
const FEW = 1_000;
const AT_ONCE = 16;
/** What the process may keep, in MB: it collects what is over, as it would on a small machine. */
const HEAP = 300;
/** As on a small machine: on a large one V8 lets young garbage pile up. */
const YOUNG = 16;
/** Rows wait so long for more words. */
const ROWS_MS = 45_000;
const QUIET_MS = 2_500;

/** What an instance keeps of each chat that is carried on through it, and what it takes with a hundred thousand open. */
export async function memory(): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'store.db');
  // The copies' channels are where the model's was.
  const azure = await openAzure();
  try {
    const model = await modelIn(file, azure);
    // All five of an agent, and then of another somewhere else.
    const agents = OPEN / EACH;
    const speaking = Array.from(
      { length: SPEAKING },
      (_, i) => ((Math.floor(i / EACH) * 7_919) % agents) * EACH + (i % EACH) + 1,
    );
    seed(file, 'agents', agentsOf(model, OPEN));
    seed(file, 'sessions', chatsOf(model, OPEN, among(speaking)));
    const town = await openTown({
      file,
      azure,
      flags: [`--max-old-space-size=${HEAP}`, `--max-semi-space-size=${YOUNG}`],
    });
    try {
      return await carriedOn(town, model, speaking);
    } finally {
      await town.close();
    }
  } finally {
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function carriedOn(town: Town, model: Model, speaking: readonly number[]): Promise<readonly Measure[]> {
  const say = async (these: readonly number[]): Promise<void> => {
    for (let i = 0; i < these.length; i += AT_ONCE)
      await Promise.all(these.slice(i, i + AT_ONCE).map((n) => sayIn(town, model, n)));
    await pause(ROWS_MS);
    await quiet(town);
  };
  await say(speaking.slice(0, FEW));
  // Who works there is read when somebody asks for colleagues, and takes as much however many chats there are.
  good(await (await agentAt(town.house, 'Agent 1', 1)).tab('GET', '/api/agents'));
  const before = await town.house.child.memory();
  await say(speaking.slice(FEW));
  const after = await town.house.child.memory();
  const bytes = (after.heapUsed - before.heapUsed) / (SPEAKING - FEW);
  const allWarm = before.rss + OPEN * bytes;
  return [
    middle('memory-per-session', 'bytes', [bytes], { most: 2_048 }),
    middle('memory-peak-100000-open', 'MB', [after.peak / MB], { most: 512 }),
    middle('memory-100000-warm', 'MB', [allWarm / MB], { most: 512 }),
  ];
}

const MB = 2 ** 20;

function among(numbers: readonly number[]): (n: number) => boolean {
  const these = new Set(numbers);
  return (n) => these.has(n);
}

/** Settles when nothing follows any more from what was said. */
async function quiet(town: Town): Promise<void> {
  await until(
    'nothing is written any more',
    async () => {
      await town.takeRequests();
      await pause(QUIET_MS);
      const busy = (await town.takeRequests()).some(
        ({ purpose }) => purpose === 'rows' || purpose === 'marks',
      );
      return busy ? undefined : true;
    },
    300_000,
  );
}
