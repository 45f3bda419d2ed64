import { afterEach, beforeEach, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { filing } from '../../src/handoff/filing.ts';
import type { Due } from '../../src/handoff/inbox.ts';
import type { Sweep } from '../../src/handoff/sweep.ts';
import { MINUTE, openTown, type TestHouse, type Town } from './house.ts';
import { Agent, talking, type Customer } from './people.ts';
import { sweepOver } from './sweeping.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let mia: Customer;
let swept: Sweep;
let files: ReturnType<typeof filing>;
beforeEach(async () => {
  // Time passes only where it is moved, a little past the turn of a minute.
  town = await openTown(
    movableClock({ now: () => Date.UTC(2030, 0, 7, 9, 0, 5), after: () => () => undefined }),
  );
  house = await town.open({ running: false });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  mia = await talking(town, house, anna);
  await anna.says(house, (await mia.session()).id, 'Hello Mia');
  await mia.beats(house);
  swept = sweepOver(town, house);
  files = filing({ sweep: swept, inbox: house.stores.inbox, clock: town.clock });
  await swept.tick();
});
afterEach(() => town.close());

/** Files when she has to be looked at, as whoever reads the feed does, and lets those who keep deadlines hear of her. */
const told = async (...by: readonly Sweep[]): Promise<void> => {
  const header = await mia.header();
  await files(header);
  for (const one of by) one.heard(header);
};
/** So much time passes, in which she is looked after by the second. */
const goesBy = async (ms: number, by: Sweep = swept, stepMs = 1_000): Promise<void> => {
  for (let passed = 0; passed < ms; passed += stepMs) {
    town.clock.advance(stepMs);
    await by.tick();
  }
};
/** Her page beats for so long, as pages do. */
const stays = async (ms: number, by: Sweep = swept): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 90_000) {
    await mia.beats(house);
    await goesBy(90_000, by, 5_000);
  }
};
const filed = (): Promise<readonly Due[]> => house.stores.inbox.overdue(town.clock.now() + 60 * MINUTE);
const written = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    town.store.cosmos.counters
      .all()
      .filter(({ container, operation }) => container !== 'lookups' && !READS.includes(operation))
      .map(({ operation, container, requests }) => [`${operation} ${container}`, requests]),
  );
const READS = ['read', 'query', 'feed', 'plan', 'metadata'];

test('a customer who stays on the page without a word costs a beat every 90 s, and nothing else is written', async () => {
  await told();
  await stays(3 * MINUTE);
  town.store.cosmos.counters.reset();
  await stays(9 * MINUTE);
  expect(written()).toEqual({ 'upsert sessions': 6 });
  expect((await mia.session()).status).toBe('active');
});

test('a customer who falls silent after a long stay is noticed gone three minutes after they were last heard of', async () => {
  await told();
  await stays(9 * MINUTE);
  await mia.beats(house);
  await goesBy(3 * MINUTE - 1_000);
  expect((await mia.session()).status).toBe('active');
  await goesBy(1_000);
  expect(await mia.session()).toMatchObject({ status: 'disconnected', cause: 'silent' });
  // What comes of that has its time on file, and nothing stands for her stay any more.
  await told();
  const { returnUntil } = await disconnected();
  expect((await filed()).every(({ dueAt }) => dueAt > town.clock.now() && dueAt <= returnUntil)).toBe(true);
});
const disconnected = async () => {
  const session = await mia.session();
  if (session.status !== 'disconnected') throw new Error(`She is ${session.status}`);
  return session;
};

test('a customer whose instance dies during a long stay is noticed gone by whoever takes over', async () => {
  await told();
  await stays(9 * MINUTE);
  await mia.beats(house);
  town.clock.advance(2 * MINUTE);
  const next = sweepOver(town, house);
  await goesBy(MINUTE - 1_000, next);
  expect((await mia.session()).status).toBe('active');
  await goesBy(1_000, next);
  expect((await mia.session()).status).toBe('disconnected');
});

test('a customer is looked after whenever their instance dies between one write for them and the next', async () => {
  await told();
  for (let writes = 0; ; writes += 1) {
    let left = writes;
    const dies = (): Promise<void> | undefined => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('It is dead')) : undefined;
    };
    const { inbox } = house.stores;
    const dying = sweepOver(town, house, {
      inbox: {
        file: async (due) => (await dies(), inbox.file(due)),
        done: async (due) => (await dies(), inbox.done(due)),
      },
    });
    await mia.beats(house);
    town.clock.advance(100_000);
    await dying.tick();
    expect(await filed()).not.toEqual([]);
    if (left >= 0) break;
    expect(writes).toBeLessThan(10);
    // Nobody has its leases any more.
    town.clock.advance(30_000);
  }
  town.clock.advance(3 * MINUTE);
  await sweepOver(town, house).tick();
  expect((await mia.session()).status).toBe('disconnected');
});

test('a customer who begins to wait after a long stay is told as soon as their agent is silent', async () => {
  await told();
  await stays(3 * MINUTE);
  await told();
  await stays(3 * MINUTE);
  await mia.beats(house);
  town.store.cosmos.counters.reset();
  expect(await mia.says(house, 'Are you there?')).toBe(200);
  await told(swept);
  // What she says is written, and nothing for when it has to be answered.
  expect(written()).toEqual({ 'batch sessions': 1 });
  await goesBy(89_000);
  expect(await mia.session()).not.toHaveProperty('agentSilentAt');
  await goesBy(2_000);
  expect(await mia.session()).toHaveProperty('agentSilentAt');
});

test('a customer who talks is looked at for nothing but their silence, from their last word on', async () => {
  let looks = 0;
  const { presence } = house.stores.sessions;
  const counting = sweepOver(town, house, {
    sessions: { presence: async (...of) => ((looks += 1), presence(...of)) },
  });
  // Whose the leases were is gone.
  town.clock.advance(30_000);
  await told();
  await stays(3 * MINUTE, counting);
  const { id } = await mia.session();
  for (let said = 0; said < 5; said += 1) {
    await anna.says(house, id, 'Go on');
    await mia.says(house, 'And then');
    await told(counting);
    if (said === 0) looks = 0;
    // Nobody beats: she is heard of all the same.
    await goesBy(MINUTE, counting);
  }
  expect((await mia.session()).status).toBe('active');
  expect(looks).toBe(0);
  await anna.says(house, id, 'I see');
  await told(counting);
  await goesBy(1_000, counting);
  expect((await mia.session()).status).toBe('disconnected');
});

test('a look that fails is taken again, for as long as the store does not answer', async () => {
  await told();
  let isOut = true;
  const { header } = house.stores.sessions;
  const looking = sweepOver(town, house, {
    sessions: { header: (sid) => (isOut ? Promise.reject(new Error('It is out')) : header(sid)) },
  });
  // Whose the leases were is gone; her page never beats again.
  await goesBy(6 * MINUTE, looking);
  expect((await mia.session()).status).toBe('active');
  isOut = false;
  await goesBy(2_000, looking);
  expect((await mia.session()).status).toBe('disconnected');
});

test('whoever sleeps through their lease takes away nothing that stands for a customer who is back since', async () => {
  const { inbox } = house.stores;
  await mia.beats(house, { leaving: true });
  await goesBy(16_000);
  const { id: sid } = await disconnected();
  await inbox.file({ sid, dueAt: town.clock.now() + 1_000 });

  const other = sweepOver(town, house);
  let writes = 0;
  const sleeping = sweepOver(town, house, {
    inbox: {
      file: async (due) => {
        await inbox.file(due);
        writes += 1;
        if (writes !== 2) return;
        // Its row is moved to when her place is given up; the one that stood for her meanwhile is yet to go.
        town.clock.advance(30_000);
        await mia.beats(house);
        await other.tick();
      },
    },
  });
  // Whoever looked after her until now is gone.
  town.clock.advance(30_000);
  await sleeping.tick();
  expect(writes).toBe(2);
  expect((await mia.session()).status).toBe('active');

  // Both are gone now, and her page falls silent: whoever comes next has only what is on file.
  town.clock.advance(4 * MINUTE);
  await sweepOver(town, house).tick();
  expect((await mia.session()).status).toBe('disconnected');
});
