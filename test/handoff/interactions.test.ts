import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Interaction } from '../../src/handoff/interaction.ts';
import type { OnInteraction } from '../../src/handoff/interaction-hook.ts';
import { referenceOf } from '../../src/handoff/reference.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { HOUR, MINUTE, openTown, passes, until, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
beforeEach(async () => {
  town = await openTown();
});
afterEach(() => town.close());

const opens = async (onInteraction?: OnInteraction) => {
  house = await town.open(onInteraction && { onInteraction });
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
};
const recordOf = async (sid: SessionId): Promise<Interaction | undefined> =>
  (await house.house.interactions.record(sid))?.interaction;
const isKept = async (sid: SessionId): Promise<Interaction> => {
  await passes(town.clock, async () => (await recordOf(sid)) !== undefined);
  const record = await recordOf(sid);
  if (record === undefined) throw new Error('There is no record');
  return record;
};
/** A chat with Anna that she has closed. */
const closedChat = async (more: Readonly<Record<string, unknown>> = {}) => {
  const mia = await talking(town, house, anna);
  const { id } = await mia.session();
  await anna.act(house, id, 'close', more);
  return { mia, id };
};

describe('row 67, B3: what became of a chat is kept under the number both were told', () => {
  test('with its times, its agents, and what its agent said came of it', async () => {
    await opens();
    const { id, mia } = await closedChat({ disposition: 'Resolved', notes: 'parcel sent again' });
    const record = await isKept(id);
    expect(record).toMatchObject({
      reference: referenceOf(id),
      sid: id,
      customer: { id: mia.id, name: expect.stringMatching(/^Visitor /u) as string },
      stream: 'support',
      agents: [anna.ref],
      endedBy: 'agent',
      disposition: 'Resolved',
      notes: 'parcel sent again',
      returns: 0,
      transcript: { path: `/api/sessions/${id}`, url: `https://teams.example/inbox/${id}` },
    });
    const { openedAt, queuedAt, acceptedAt, endedAt } = record;
    const moments = [openedAt, queuedAt, acceptedAt, endedAt];
    expect(moments.every((at) => typeof at === 'number')).toBe(true);
    expect(moments).toEqual(moments.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    const told = (await town.store.stores.sessions.entries(id, {})).at(-1)?.what;
    expect(told).toMatchObject({ code: 'closed', params: { reference: record.reference } });
  });

  test('is found by that number, however it was written down', async () => {
    await opens();
    const { id } = await closedChat();
    const { reference } = await isKept(id);
    for (const typed of [reference, reference.toLowerCase(), ` ${reference.replace('-', '')} `])
      expect(await house.house.interactions.find(typed)).toBe(id);
    expect(await house.house.interactions.find('ZZZZZ-ZZZZZ')).toBeUndefined();
    expect(await house.house.interactions.find('../../index')).toBeUndefined();
  });

  test('a chat that ran out of time while its customer was away says so, and how often they came back', async () => {
    await opens();
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await mia.beats(house, { leaving: true });
    await passes(town.clock, async () => (await mia.session()).status === 'disconnected', 1_000);
    await mia.says(house, 'back');
    await anna.says(house, id, 'good');
    await passes(town.clock, async () => (await recordOf(id)) !== undefined, 20_000, HOUR);
    expect(await recordOf(id)).toMatchObject({ endedBy: 'time', returns: 1 });
  });

  test('a chat that no agent ever had leaves no record', async () => {
    await opens();
    const mia = new Customer(town);
    await mia.says(house, 'hello');
    const { id } = await mia.session();
    await house.house.sessions.ask(id, { actor: 'bot', command: () => ({ type: 'close', by: 'bot' }) });
    const { id: other } = await closedChat();
    await isKept(other);
    expect(await recordOf(id)).toBeUndefined();
  });

  test('what its agent puts right within wrap-up stands in the record', async () => {
    await opens();
    const { id } = await closedChat({ disposition: 'Resolved' });
    const first = await isKept(id);
    await anna.act(house, id, 'record', { disposition: 'Passed on', notes: 'to the depot' });
    await passes(town.clock, async () => (await recordOf(id))?.disposition === 'Passed on');
    const second = await recordOf(id);
    expect(second?.version).toBeGreaterThan(first.version);
    expect(second).toMatchObject({ notes: 'to the depot', endedAt: first.endedAt });
  });

  test('a disposition the work stream does not have is refused by name', async () => {
    await opens();
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await expect(anna.act(house, id, 'close', { disposition: 'Sold' })).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringContaining('disposition: must be one of Resolved') as string,
    });
    expect((await mia.session()).status).toBe('active');
  });

  test('row 60: a chat that was taken back and the one it goes on in name each other', async () => {
    await opens();
    const { id, mia } = await closedChat();
    await anna.act(house, id, 'takeBack');
    const { id: next } = await mia.session();
    expect(next).not.toBe(id);
    await anna.act(house, next, 'close');
    const newer = await isKept(next);
    expect(newer.follows).toBe(id);
    expect(await recordOf(id)).toMatchObject({ followedBy: next });
  });

  test('is kept by the next reader when the house dies before the first one came to it', async () => {
    const dying = await town.open({ dying: true });
    anna = await new Agent(town, 'Anna Bell').signsIn(dying);
    const mia = await talking(town, dying, anna);
    const { id } = await mia.session();
    await anna.act(dying, id, 'close');
    await dying.stop();
    house = await town.open();
    expect(await isKept(id)).toMatchObject({ sid: id });
  });
});

describe('a CRM that is told of every interaction', () => {
  interface Call {
    readonly key: string;
    readonly attempt: number;
    readonly interaction: Interaction;
  }
  const calls: Call[] = [];
  beforeEach(() => void calls.splice(0));
  const hears =
    (answer: (call: Call) => Promise<void> | void = () => undefined): OnInteraction =>
    (interaction, about) => {
      const call = { ...about, interaction };
      calls.push(call);
      return answer(call);
    };
  const of = (sid: SessionId) => calls.filter(({ interaction }) => interaction.sid === sid);
  const stateOf = async (sid: SessionId) => (await house.house.interactions.record(sid))?.hook;

  test('hears of one once, under its reference number', async () => {
    await opens(hears());
    const { id } = await closedChat({ disposition: 'Resolved' });
    await passes(town.clock, async () => ((await stateOf(id))?.told ?? 0) > 0);
    await passes(town.clock, async () => (await house.stores.interactions.owed()).length === 0);
    town.clock.advance(20 * MINUTE);
    await house.house.caughtUp().catch(() => undefined);
    expect(of(id).map(({ key }) => key)).toEqual([`${referenceOf(id)}/${of(id)[0]?.interaction.version}`]);
    expect(of(id)[0]?.interaction.disposition).toBe('Resolved');
  });

  test('hears of a correction under a key of its own', async () => {
    await opens(hears());
    const { id } = await closedChat();
    await passes(town.clock, () => of(id).length === 1);
    await anna.act(house, id, 'record', { disposition: 'Resolved' });
    await passes(town.clock, () => of(id).length === 2);
    expect(new Set(of(id).map(({ key }) => key)).size).toBe(2);
    expect(of(id)[1]?.interaction.disposition).toBe('Resolved');
  });

  test('that is down is asked again, ever later, under the same key, until it takes it', async () => {
    await opens(
      hears(({ attempt }) => {
        if (attempt < 4) throw new Error('down');
      }),
    );
    const { id } = await closedChat();
    await passes(town.clock, () => of(id).length === 4, 1_000, HOUR);
    expect(of(id).map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(of(id).map(({ key }) => key)).size).toBe(1);
    await passes(town.clock, async () => ((await stateOf(id))?.told ?? 0) > 0);
  });

  test('that chokes on one, or never answers, hears of all others', async () => {
    let first: SessionId | undefined;
    await opens(
      hears(({ interaction: { sid } }) =>
        sid === (first ??= sid) ? new Promise<void>(() => undefined) : undefined,
      ),
    );
    const poison = await closedChat();
    await passes(town.clock, () => of(poison.id).length === 1);
    const others = [await closedChat(), await closedChat(), await closedChat()];
    await passes(town.clock, () => others.every(({ id }) => of(id).length === 1));
    expect((await stateOf(poison.id))?.told).toBe(0);
  });

  test('hears of it from the next house when the first dies between the record and the call', async () => {
    // It writes the record, and is gone before its call has come to anything.
    await opens(hears(() => new Promise<void>(() => undefined)));
    const { id } = await closedChat();
    await passes(town.clock, () => of(id).length === 1);
    const stopped = house.stop();
    house = await town.open({ onInteraction: hears() });
    await passes(town.clock, () => of(id).length >= 2, 1_000, HOUR);
    await stopped;
    const [lost, again] = of(id);
    expect(again?.key).toBe(lost?.key);
    await passes(town.clock, async () => ((await stateOf(id))?.told ?? 0) > 0);
  });

  test('hears twice, under one key, of what it had taken when the house died before noting it', async () => {
    await opens(hears());
    const { id } = await closedChat();
    await passes(town.clock, async () => ((await stateOf(id))?.told ?? 0) > 0);
    await house.stop();
    const read = await town.store.stores.interactions.interaction(id);
    if (read?.value.hook === undefined) throw new Error('There is no record');
    const { interaction } = read.value;
    // As the store stands when the house dies in between: owed, and not yet noted as told.
    await town.store.stores.interactions.saveInteraction(
      { interaction, hook: { told: 0, failed: 0, nextAt: 0 } },
      read.etag,
    );
    await town.store.stores.interactions.owe(id, interaction.version);
    house = await town.open({ onInteraction: hears() });
    await passes(town.clock, () => of(id).length === 2, 1_000, HOUR);
    expect(of(id)[1]?.key).toBe(of(id)[0]?.key);
  });

  test('is not waited for by the people: rows and deadlines go on while it hangs', async () => {
    await opens(hears(() => new Promise<void>(() => undefined)));
    const { id } = await closedChat();
    await passes(town.clock, () => of(id).length === 1);
    const mia = new Customer(town);
    await mia.says(house, 'agent');
    const sid = (await mia.session()).id;
    await until(async () =>
      (await house.house.inbox.page('queue:support', 'queue', 10)).rows.some((row) => row.sid === sid),
    ).toBe(true);
  });
});
