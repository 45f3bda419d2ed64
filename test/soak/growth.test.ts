import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTown, type Instance, type Town } from '../race/town.ts';
import { openAgents, type Agents } from './agents.ts';
import { live, type Turn } from './life.ts';
import { post } from './post.ts';
import { openStreet, type Street } from './street.ts';

/** Each has a tab open: what a tab keeps of a chat, all of them keep. No more than take part in a half. */
const TABS = 32;
/** Chats at once: two of each kind, but one whose customer goes without a word. */
const KINDS: readonly Turn[] = ['link', 'transfer', 'suspend', 'nothing'];
const TOGETHER = [...KINDS, ...KINDS];
const CHATS = 3 * (TOGETHER.length + 1);
/** What is remembered for five minutes is forgotten by then, once somebody comes. */
const LONG_MS = 6 * 60_000;
/** Whatever waits a moment longer than a chat. */
const MOMENT_MS = 30_000;
const GONE_MS = 17_000;
/** Of the thousands that a chat makes: a header alone has fifty, and of what every tab keeps there is one for each. */
const MOST_OBJECTS = TABS / 2;
/** Of the heap, of which V8 keeps compiled code as it sees fit. */
const MOST_BYTES = 60_000;

let town: Town;
let instance: Instance;
let street: Street;
let agents: Agents;
beforeAll(async () => {
  const letters = post();
  town = await openTown({ instances: 1, hear: letters.hear });
  const [only] = town.instances;
  if (only === undefined) throw new Error('There is no instance');
  instance = only;
  street = openStreet(town, letters);
  agents = await openAgents(street, TABS);
});
afterAll(async () => {
  agents.leave();
  await town.close();
});

const goOn = async (ms: number): Promise<void> => {
  if (ms > 0) await instance.order({ kind: 'advance', ms });
};
const chat = (turn: Turn): Promise<string> =>
  live(street, agents, turn, { lines: 1, pauseMs: 0, goneMs: GONE_MS, pause: goOn, said: () => undefined });
/** Whoever goes without a word does so alone: the clock goes on for them. */
async function someChats(): Promise<void> {
  await Promise.all(TOGETHER.map(chat));
  await chat('drop');
}

/** So many chats; then nobody comes for so long that what was remembered lapses, and with the next it is forgotten. */
async function chats(count: number): Promise<void> {
  for (let had = TOGETHER.length + 1; had < count; had += TOGETHER.length + 1) await someChats();
  // What falls due of a chat in the first of these makes news of it, which is remembered once more.
  await goOn(LONG_MS);
  await look();
  await goOn(LONG_MS);
  await someChats();
  // What the feed brings meanwhile is put off once more.
  await goOn(MOMENT_MS);
  await look();
  await goOn(MOMENT_MS);
}

/** Between two looks, each of which holds up the house for most of a second. */
const POLL = { interval: 1_000, timeout: 120_000 };

/** As little as there is of each when two more looks in a row have found no less: nothing is under way then. */
async function atRest(): Promise<Rest> {
  let least = await look();
  let same = 0;
  const again = async (): Promise<number> => {
    const next = await look();
    same = next.objects < least.objects ? 0 : same + 1;
    least = {
      objects: Math.min(next.objects, least.objects),
      heapBytes: Math.min(next.heapBytes, least.heapBytes),
      timers: Math.min(next.timers, least.timers),
      handles: Math.min(next.handles, least.handles),
    };
    return same;
  };
  await expect.poll(again, POLL).toBe(2);
  return least;
}

interface Rest {
  readonly objects: number;
  readonly heapBytes: number;
  readonly timers: number;
  readonly handles: number;
}

async function look(): Promise<Rest> {
  // How many idle ones are kept tells how much was asked at once.
  await instance.order({ kind: 'disconnect' });
  const { objects, heapBytes, timers, handles } = await instance.measure();
  const kinds = ['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'Timeout'];
  const open = kinds.reduce((sum, kind) => sum + (handles[kind] ?? 0), 0);
  return { objects, heapBytes, timers, handles: open };
}

/** What there is more of than so many chats that are over may leave; by chance a few timers and connections are in use. */
function tooMuch(before: Rest, now: Rest): Readonly<Record<string, number>> {
  const most: Rest = {
    ...{ objects: MOST_OBJECTS * CHATS, heapBytes: MOST_BYTES * CHATS },
    ...{ timers: CHATS / 3, handles: CHATS / 3 },
  };
  const grown = Object.entries(most).map(([what, limit]) => {
    const more = Number(Reflect.get(now, what)) - Number(Reflect.get(before, what));
    return [what, more, limit] as const;
  });
  return Object.fromEntries(
    grown.filter(([, more, limit]) => more > limit).map(([what, more]) => [what, more]),
  );
}

test('I15: as many chats again leave nothing behind in memory once they are over, no timer and no connection', async () => {
  await chats(CHATS);
  const before = await atRest();
  await chats(CHATS);
  let grown = tooMuch(before, await atRest());
  // What a slow machine does late is remembered anew, until the clock has gone on and somebody comes: they, too, leave nothing.
  for (let more = 0; more < 3 && Object.keys(grown).length > 0; more += 1) {
    await chats(0);
    grown = tooMuch(before, await atRest());
  }
  expect(grown).toEqual({});
}, 400_000);
