import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Header } from '../../src/handoff/header.ts';
import { slotOf } from '../../src/session/slots.ts';
import { isOver, isTheirs } from '../../src/session/whose.ts';
import { MINUTE, openTown, passes, type TestHouse, type Town } from './house.ts';
import { Agent, Customer } from './people.ts';

/**
 * One hour of a desk: three agents and thirty customers over two instances, who come, talk, drop, return, are set aside,
 * handed on and closed as chance has it. The clock moves by itself only here, so an hour takes a minute.
 */
let town: Town;
let houses: readonly TestHouse[];
beforeEach(async () => {
  town = await openTown();
  houses = [await town.open(), await town.open()];
});
afterEach(() => town.close());

/** Chance by a seed: mulberry32. */
function chance(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    happens: (p: number): boolean => next() < p,
    of: <T>(all: readonly T[]): T | undefined => all[Math.floor(next() * all.length)],
  };
}
type Chance = ReturnType<typeof chance>;

/** Somebody at a browser: here, or gone for now; all conversations that were ever theirs. */
class Visitor {
  readonly customer: Customer;
  readonly threads = new Set<string>();
  isHere = true;
  lines = 0;
  constructor(customer: Customer) {
    this.customer = customer;
  }
  async acts(luck: Chance, house: TestHouse): Promise<void> {
    const { customer } = this;
    this.threads.add(customer.conversation);
    if (!this.isHere) return this.#comesBack(luck, house);
    await customer.beats(house);
    if (luck.happens(0.1)) {
      this.isHere = false;
      if (luck.happens(0.5)) await customer.beats(house, { leaving: true });
    } else if (luck.happens(0.5)) {
      this.lines += 1;
      await customer.says(house, `from ${customer.id}: ${this.lines}`);
    } else if (luck.happens(0.3)) await customer.says(house, 'agent');
  }
  async #comesBack(luck: Chance, house: TestHouse): Promise<void> {
    if (!luck.happens(0.35)) return;
    const { customer } = this;
    this.isHere = true;
    if (luck.happens(0.5)) {
      await customer.beats(house);
      return;
    }
    customer.conversation = `${customer.conversation}-on`;
    this.threads.add(customer.conversation);
    await customer.beats(house);
    const prompt = await house.house.customers.prompt(customer.id, customer.thread);
    const choice = luck.of(['agent', 'agent', 'anyone', 'fresh'] as const) ?? 'agent';
    if (prompt !== undefined)
      await house.house.customers.answer(customer.id, customer.thread, { ...prompt, choice });
  }
}

let said = 0;
async function works(agent: Agent, all: readonly Header[], luck: Chance, house: TestHouse): Promise<void> {
  if (luck.happens(0.06)) {
    const status = luck.of(['available', 'available', 'busy', 'away'] as const) ?? 'available';
    await house.house.agents.setPresence(agent.ref.id, { status });
  }
  const waiting = all.filter(({ session }) => session.status === 'queued');
  for (const { session } of waiting.slice(0, 2)) {
    const used = Object.keys(await agent.slots()).length;
    if (used < 5) await agent.act(house, session.id, 'accept');
  }
  for (const { session } of all.filter((one) => !isOver(one.session) && isTheirs(one.session, agent.ref))) {
    if (session.status === 'resuming')
      await agent.act(house, session.id, luck.happens(0.7) ? 'accept' : 'decline');
    else if (luck.happens(0.5)) {
      said += 1;
      await agent.says(house, session.id, `to ${session.customer}: ${said}`);
    } else if (luck.happens(0.1)) await agent.act(house, session.id, 'suspend', { reason: 'Looking' });
    else if (luck.happens(0.1)) await agent.act(house, session.id, 'resume');
    else if (luck.happens(0.1)) await agent.act(house, session.id, 'close');
    else if (luck.happens(0.1)) await agent.act(house, session.id, 'releaseHold');
  }
}

async function headersOf(visitors: readonly Visitor[]): Promise<readonly Header[]> {
  const { sessions } = town.store.stores;
  const found = await Promise.all(
    visitors.map(async ({ customer }) =>
      Promise.all((await customer.sessions()).map(async (sid) => (await sessions.header(sid))?.value)),
    ),
  );
  return found.flat().filter((header) => header !== undefined);
}

/** Slots used = sessions owned or held, no more and no fewer. */
async function expectExactCapacity(agents: readonly Agent[], all: readonly Header[]): Promise<void> {
  const now = town.clock.now();
  const wanted = all.flatMap(({ session }) => {
    const slot = slotOf(session);
    return slot === undefined || (slot.until !== undefined && slot.until <= now)
      ? []
      : [`${slot.agent} ${session.id} ${slot.kind}`];
  });
  const stored = await Promise.all(
    agents.map(async (agent) => {
      const record = (await town.store.stores.agents.agent(agent.ref.id))?.value;
      return Object.entries(record?.slots ?? {})
        .filter(([, slot]) => slot.until === undefined || now < slot.until)
        .map(([sid, slot]) => `${agent.ref.id} ${sid} ${slot.state}`);
    }),
  );
  expect(stored.flat().sort()).toEqual([...wanted].sort());
}

/** The most that were sent to one thread within any such time. */
function mostWithin(times: readonly number[], ms: number): number {
  let most = 0;
  let from = 0;
  for (const [i, at] of times.entries()) {
    while (at - (times[from] ?? at) >= ms) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
}

test(
  'through an hour of three agents and thirty customers nobody gets another’s line, capacity is exact, nobody waits on an absent agent',
  { timeout: 240_000 },
  async () => {
    const [one, two] = houses as readonly [TestHouse, TestHouse];
    const luck = chance(20_261_128);
    const agents = await Promise.all(
      ['Anna Bell', 'Ben Cole', 'Cleo Dorn'].map((name) => new Agent(town, name).signsIn(one)),
    );
    for (const agent of agents) await agent.opensTeams(one);
    const visitors: Visitor[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      if (visitors.length < 30) visitors.push(new Visitor(new Customer(town, `v${visitors.length}`)));
      const newest = visitors.at(-1);
      if (newest?.lines === 0) await newest.customer.says(luck.happens(0.5) ? one : two, 'agent');
      for (const visitor of visitors) await visitor.acts(luck, luck.happens(0.5) ? one : two);
      const before = await headersOf(visitors);
      for (const agent of agents) await works(agent, before, luck, luck.happens(0.5) ? one : two);
      await passes(town.clock, () => false, 2_000, MINUTE).catch(() => undefined);
      if (minute % 5 === 4) {
        await one.house.caughtUp();
        const all = await headersOf(visitors);
        await expectExactCapacity(agents, all);
        for (const { session } of all) {
          if (session.status !== 'resuming') continue;
          expect(session.offeredUntil).toBeGreaterThan(town.clock.now() - 3_000);
        }
      }
    }
    expect(said).toBeGreaterThan(100);
    for (const visitor of visitors) expectOwnLines(visitor);
    for (const agent of agents) {
      const times = town.connector.sent
        .filter((sent) => sent.conversation === agent.chat)
        .map(({ at }) => at);
      expect(times.length).toBeGreaterThan(10);
      // Not within a second: this clock jumps by two, and what was under way arrives after the jump.
      expect(mostWithin(times, 30_000)).toBeLessThanOrEqual(60);
      expect(mostWithin(times, 60 * MINUTE)).toBeLessThanOrEqual(1_800);
    }
  },
);

/** Whatever an agent wrote stands in conversations of whom it was written to, in order. */
function expectOwnLines({ customer, threads }: Visitor): void {
  const texts = [...threads].flatMap((thread) => customer.sees(thread));
  const own = texts.flatMap((text) => /^to (\S+): (\d+)$/u.exec(text)?.slice(1) ?? []);
  const to = own.filter((_, i) => i % 2 === 0);
  expect(to.filter((id) => id !== customer.id)).toEqual([]);
  for (const thread of threads) {
    const all = customer.sees(thread).flatMap((text) => /^to \S+: (\d+)$/u.exec(text)?.[1] ?? []);
    // A line may come again: this clock runs ahead of what an instance is about, which another then takes for dead.
    const numbers = [...new Set(all.map(Number))];
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  }
}
