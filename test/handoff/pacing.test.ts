import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { movableClock } from '../../src/clock.ts';
import { pacedWire } from '../../src/handoff/paced-wire.ts';
import type { AgentReference, AgentWire, Sent } from '../../src/handoff/ports.ts';
import { MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, talking } from './people.ts';

/** Teams' limits for a bot in one thread. */
const TEAMS = [[7, 1_000], [8, 2_000], [60, 30_000], [1_800, 3_600_000]] as const; // prettier-ignore
const reference = (conversation: string, tenant = 'contoso'): AgentReference => ({
  ...{ serviceUrl: 'https://teams.example', conversation, tenant },
  ...{ bot: { id: 'bot' }, user: { id: 'anna' } },
});
/** The most that was sent within any window of `ms`. */
const most = (times: readonly number[], ms: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));

/** A wire that notes when what was sent, on a clock that moves by itself. */
function recording(answer: () => Sent = () => ({ outcome: 'sent', id: 'a' }), perSecond?: number) {
  const clock = movableClock({ now: () => 0, after: () => () => undefined });
  const sent: { readonly to: string; readonly at: number; readonly what: string }[] = [];
  const note = (to: AgentReference, what: string): Promise<Sent> => {
    sent.push({ to: to.conversation, at: clock.now(), what });
    return Promise.resolve(answer());
  };
  const wire: AgentWire = {
    send: (to) => note(to, 'send'),
    update: (to, _, card) => note(to, String(card)),
    tell: (to, text) => note(to, text),
  };
  return { clock, sent, paced: pacedWire(wire, clock, perSecond) };
}

describe('row 98: what is sent into one thread of Teams', () => {
  test('stays within every limit over two hours, however much there is to show', async () => {
    const { clock, sent, paced } = recording();
    const anna = reference('anna');
    for (let second = 0; second < 7_200;) {
      const outcome = await paced.update(anna, 'a', 'state', '');
      if (outcome.outcome !== 'later') continue;
      const step = Math.max(outcome.afterMs, 500);
      clock.advance(step);
      second += step / 1_000;
    }
    const times = sent.map(({ at }) => at);
    expect(times.length).toBeGreaterThan(1_500);
    for (const [limit, ms] of TEAMS) expect(most(times.slice(0, 2_000), ms)).toBeLessThanOrEqual(limit);
  });

  test('holds up no other thread', async () => {
    const { sent, paced } = recording();
    for (let n = 0; n < 20; n += 1) await paced.update(reference('anna'), 'a', n, '');
    expect(await paced.update(reference('ben'), 'b', 'first', '')).toMatchObject({ outcome: 'sent' });
    expect(sent.filter(({ to }) => to === 'anna').length).toBeLessThan(4);
  });

  test.each([
    [undefined, 20],
    [7, 7],
  ])('keeps all threads of a tenant together within the app’s pace (%s a second)', async (given, most1s) => {
    const { clock, sent, paced } = recording(undefined, given);
    for (let n = 0; n < 500; n += 1) {
      const tenant = n % 2 === 0 ? 'contoso' : 'fabrikam';
      await paced.send(reference(`agent ${n}`, tenant), {}, '');
      if (n % 10 === 9) clock.advance(50);
    }
    for (const even of [0, 1]) {
      const times = sent.filter(({ to }) => Number(to.slice(6)) % 2 === even).map(({ at }) => at);
      expect(most(times, 1_000)).toBe(most1s);
    }
  });

  test('waits as long as Teams says after a 429, and longer each time it says it again', async () => {
    let answer: Sent = { outcome: 'later', afterMs: 7_000 };
    const { clock, sent, paced } = recording(() => answer);
    const anna = reference('anna');
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'later', afterMs: 7_000 });
    clock.advance(6_999);
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'later', afterMs: 1 });
    expect(sent).toHaveLength(1);
    clock.advance(1);
    answer = { outcome: 'later', afterMs: 0 };
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'later', afterMs: 2_000 });
    clock.advance(2_000);
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'later', afterMs: 4_000 });
    clock.advance(4_000);
    answer = { outcome: 'sent' };
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'sent' });
    expect(await paced.send(anna, {}, '')).toEqual({ outcome: 'sent' });
  });
});

describe('row 98: an agent’s card of a session that changes faster than Teams takes', () => {
  let town: Town;
  let house: TestHouse;
  let anna: Agent;
  beforeEach(async () => {
    town = await openTown();
    house = await town.open();
    anna = await new Agent(town, 'Anna Bell').signsIn(house);
    await anna.opensTeams(house);
  });
  afterEach(() => town.close());
  const inChat = () => town.connector.sent.filter(({ conversation }) => conversation === anna.chat);
  const last = () => JSON.stringify(inChat().at(-1)?.activity);

  test('is one card that skips what has passed and ends with what stands, while others are shown theirs', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await until(() => inChat().length).toBeGreaterThan(0);
    const from = inChat().length;
    const began = town.clock.now();
    const allowed = (): number => 7 * (1 + Math.ceil((town.clock.now() - began) / 1_000));
    for (let n = 0; n < 20; n += 1) {
      await anna.act(house, id, 'suspend', { reason: `round ${n}` });
      await anna.act(house, id, 'resume');
    }
    await anna.act(house, id, 'suspend', { reason: 'the last' });
    expect(inChat().length - from).toBeLessThanOrEqual(allowed());
    const ben = await new Agent(town, 'Ben Ode').signsIn(house);
    await ben.opensTeams(house);
    await talking(town, house, ben, 'lea');
    await until(() => ben.cards().length).toBe(1);
    await passes(town.clock, () => last().includes('the last'));
    expect(inChat().length - from).toBeLessThanOrEqual(allowed());
    expect(anna.cards().filter(([, card]) => card.includes('the last'))).toHaveLength(1);
    expect(
      new Set(
        inChat()
          .filter(({ activity }) => JSON.stringify(activity).includes(id))
          .map((one) => one.id),
      ).size,
    ).toBe(1);
  });

  test('that Teams refuses for now is shown afterwards, and once', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await until(() => last()).toContain('reconnect/suspend');
    town.connector.trouble(429, 2, anna.chat);
    await anna.act(house, id, 'suspend', { reason: 'the depot' });
    await passes(town.clock, () => last().includes('the depot'), 500, 2 * MINUTE);
    const { length } = inChat();
    await passes(town.clock, () => false, 1_000, 20_000).catch(() => undefined);
    expect(inChat()).toHaveLength(length);
  });
});
