import { afterEach, beforeEach, expect, test } from 'vitest';
import { SHARDS } from '../../src/handoff/inbox.ts';
import type { Sweep } from '../../src/handoff/sweep.ts';
import { MINUTE, openTown, type TestHouse, type Town } from './house.ts';
import { Agent, talking } from './people.ts';
import { sweepOver } from './sweeping.ts';

let town: Town;
let house: TestHouse;
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ running: false });
});
afterEach(() => town.close());

/** A sweep of its own, with something happening between its steps. */
function sweepWith(between: {
  /** After it is read when a customer was last heard of, before that is acted upon. */
  readonly judging?: () => Promise<void>;
  /** Just before a fired deadline is taken off file. */
  readonly done?: () => Promise<void>;
  /** Just before it asks for a lease. */
  readonly asking?: () => void;
}): Sweep {
  const { sessions, inbox, leases } = house.stores;
  return sweepOver(town, house, {
    inbox: {
      done: async (due) => {
        await between.done?.();
        await inbox.done(due);
      },
    },
    sessions: {
      presence: async (...of) => {
        const read = await sessions.presence(...of);
        await between.judging?.();
        return read;
      },
    },
    leases: {
      take: (...of) => {
        between.asking?.();
        return leases.take(...of);
      },
    },
  });
}

test('a page that leaves just while an earlier deadline of the same minute fires is noticed gone in time', async () => {
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const mia = await talking(town, house, anna);
  town.clock.advance(MINUTE - (town.clock.now() % MINUTE) + 1_000);
  await mia.beats(house);
  const { id: sid } = await mia.session();
  await house.stores.inbox.file({ sid, dueAt: town.clock.now() + 1_000 });
  town.clock.advance(2_000);

  let leaving: Promise<unknown> | undefined;
  const swept = sweepWith({
    done: async () => {
      await (leaving ??= mia.beats(house, { leaving: true }));
    },
  });
  await swept.tick();
  expect((await mia.session()).status).toBe('active');

  town.clock.advance(16_000);
  await swept.tick();
  expect(await mia.session()).toMatchObject({ status: 'disconnected', cause: 'closedWindow' });
});

test('who comes back elsewhere just while their old page is found silent is not noticed gone', async () => {
  const anna = await new Agent(town, 'Anna Bell').signsIn(house);
  const mia = await talking(town, house, anna);
  await mia.beats(house);
  const { id: sid } = await mia.session();
  await anna.act(house, sid, 'suspend');
  await house.stores.inbox.file({ sid, dueAt: town.clock.now() + 1_000 });
  town.clock.advance(4 * MINUTE);

  let coming: Promise<unknown> | undefined;
  const swept = sweepWith({
    judging: async () => {
      mia.conversation = 'another page';
      await (coming ??= house.house.customers.comeBack(sid, mia.thread, 'link', 'agent'));
    },
  });
  await swept.tick();
  expect(await mia.session()).toMatchObject({
    status: 'suspended',
    customerBackAt: expect.any(Number) as number,
  });
});

test('an instance whose shards are all another’s asks for them every four seconds, and has them once that one is dead', async () => {
  await sweepWith({}).tick();
  let asked = 0;
  const swept = sweepWith({ asking: () => (asked += 1) });
  const seconds: number[] = [];
  const ticks = async (): Promise<void> => {
    asked = 0;
    await swept.tick();
    seconds.push(asked);
    town.clock.advance(1_000);
  };
  for (let second = 0; second < 20; second += 1) await ticks();
  expect(seconds).toEqual(Array.from({ length: 20 }, (_, second) => (second % 4 === 0 ? SHARDS : 0)));
  expect(swept.leads()).toBe(false);
  await ticks();
  expect(swept.leads()).toBe(true);
  // What is its own it keeps, and asks for nothing until half of the time is over.
  for (let second = 0; second < 10; second += 1) await ticks();
  expect(seconds.slice(20)).toEqual([SHARDS, ...Array.from({ length: 9 }, () => 0), SHARDS]);
});
