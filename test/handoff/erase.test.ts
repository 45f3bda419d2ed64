import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ErasedCustomer } from '../../src/handoff/privacy/erasures.ts';
import { referenceOf } from '../../src/handoff/reference.ts';
import { placements } from '../../src/handoff/rows.ts';
import type { CustomerId } from '../../src/session/ids.ts';
import { PNG } from './files.ts';
import { HOUR, MINUTE, openTown, passes, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, post, talking } from './people.ts';
import { everything, tracesOf } from './traces.ts';
import { openShelf, partsOf, TELLTALES, zelda, type Shelf, type Zelda } from './zelda.ts';

let shelf: Shelf;
let town: Town;
let house: TestHouse;
beforeAll(async () => {
  shelf = await openShelf();
});
afterAll(() => shelf.close());
beforeEach(async () => {
  town = await openTown();
  house = await town.open({ files: partsOf(shelf) });
});
afterEach(() => town.close());

const erases = async (id: CustomerId, at = house): Promise<void> => {
  await at.house.erasures.ask(id, 'operator');
  await passes(town.clock, async () => (await at.house.erasures.of(id))?.erasedAt !== undefined);
};
const traces = (texts: readonly string[]) => tracesOf(texts, town.store.cosmos);
const idsOf = ({ device, account }: Zelda): readonly string[] => [device.id, account.id];

describe('row 93: a customer who is erased', () => {
  test('leaves nothing they said, nothing that was said of them, no name and no file', async () => {
    const her = await zelda(town, house, shelf);
    expect((await traces(TELLTALES)).length).toBeGreaterThan(8);
    expect(await shelf.kept.files.list(her.device.id)).toHaveLength(1);
    await erases(her.account.id);
    expect(await traces(TELLTALES)).toEqual([]);
    expect(await shelf.kept.files.list(her.device.id)).toEqual([]);
  });

  test('is not even an id a day later; what stays tells only that somebody was', async () => {
    const her = await zelda(town, house, shelf);
    await erases(her.account.id);
    expect(await traces(idsOf(her))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^inbox row/u),
        expect.stringMatching(/^sessions index/u),
      ]),
    );
    town.clock.advance(25 * HOUR);
    await passes(town.clock, async () => (await house.house.erasures.of(her.account.id)) === undefined);
    expect(await traces(idsOf(her))).toEqual([]);
    const notes = [...(await everything(town.store.cosmos)).values()]
      .flat()
      .filter(({ kind }) => kind === 'erased');
    expect(notes).toMatchObject([{ body: { by: 'operator', sessions: 3, files: 1 } }]);
  });

  test('by the id of a device is the whole person, who has signed in on it', async () => {
    const her = await zelda(town, house);
    await erases(her.device.id);
    expect(await traces(TELLTALES)).toEqual([]);
  });

  test('and whoever else chats there at the time: nothing of theirs changes', async () => {
    const other = await talking(town, house, await new Agent(town, 'Ben Ode').signsIn(house), 'other');
    await other.says(house, 'quite another matter');
    const her = await zelda(town, house);
    const before = await other.ledger();
    await erases(her.account.id);
    expect(await other.ledger()).toEqual(before);
    expect((await other.session()).status).toBe('active');
  });

  test('in a live chat: page and agent are told that it ended, the place is free, and the card is blank', async () => {
    const her = await zelda(town, house);
    expect(JSON.stringify(her.anna.cards())).toContain('telltale');
    await erases(her.account.id);
    expect(her.device.sees()).toContainEqual(expect.stringContaining('This chat has ended.'));
    expect(await her.anna.slots()).toEqual({});
    const cards = () => JSON.stringify(her.anna.cards());
    await passes(town.clock, () => !/Zelda|telltale/u.test(cards()));
    expect(cards()).toContain('This chat was erased');
  });

  test('twice, at once and afterwards, is erased once', async () => {
    const her = await zelda(town, house);
    await Promise.all([erases(her.account.id), erases(her.device.id), erases(her.account.id)]);
    await erases(her.account.id);
    expect(await traces(TELLTALES)).toEqual([]);
    const notes = [...(await everything(town.store.cosmos)).values()]
      .flat()
      .filter(({ kind }) => kind === 'erased');
    expect(notes).toHaveLength(1);
  });

  test('is nobody to erase whom the house never heard of', async () => {
    expect(await house.house.erasures.ask(new Customer(town, 'nobody').id, 'operator')).toBeUndefined();
  });

  test('leads nowhere any more, for agents and by reference number', async () => {
    const her = await zelda(town, house);
    await erases(her.account.id);
    expect(await house.house.interactions.find(referenceOf(her.closed))).toBeUndefined();
    for (const sid of [her.closed, her.live, her.own]) {
      expect(await house.house.sessions.header(sid)).toBeUndefined();
      await expect(her.anna.says(house, sid, 'Are you there?')).rejects.toMatchObject({ code: 'not_found' });
    }
    const lists = await house.house.inbox.page(`agent:${her.anna.ref.id}`, 'closed', 50);
    expect(lists.rows).toEqual([]);
  });
});

describe('row 93: what comes while a customer is being erased', () => {
  test('is not taken, and taken when it is sent again afterwards: as a new chat, with nothing of before', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    const { id: before } = await mia.session();
    await anna.act(house, before, 'close');
    await house.house.sessions.reindex(mia.id, (one) => ({ ...one, erasing: town.clock.now() }));
    const line = mia.activity({ text: 'Me again' });
    expect(await post(house, line)).toBe(500);
    await erases(mia.id);
    expect(await post(house, line)).toBe(200);
    expect(await mia.ledger()).toEqual(['customer: Me again', 'bot: You said Me again']);
    expect((await mia.session()).id).not.toBe(before);
    await mia.says(house, 'agent');
    await passes(
      town.clock,
      async () => (await house.house.inbox.page('queue:support', 'queue', 9)).rows.length === 1,
    );
  });

  test('is begun anew: the second look an hour later takes nothing of it', async () => {
    const her = await zelda(town, house);
    await erases(her.account.id);
    await her.account.says(house, 'Me again');
    town.clock.advance(2 * HOUR);
    await passes(town.clock, async () => (await house.house.erasures.of(her.account.id)) === undefined);
    expect(await her.account.ledger()).toContain('customer: Me again');
  });

  test('from whoever read it before and writes late, is gone again within the hour', async () => {
    const her = await zelda(town, house, shelf);
    const late = await house.stores.sessions.header(her.closed);
    if (late === undefined) throw new TypeError('There is a header');
    await erases(her.account.id);
    for (const { view, row } of placements(late.value))
      await house.stores.inbox.put(view, her.closed, late.value.session.ver, late.value.seq, row);
    await house.house.interactions.keep(late.value);
    expect(await traces(TELLTALES)).toEqual([]);
    await house.stores.sessions.types(her.closed, town.clock.now());
    await house.stores.botState.write({ [`reconnect/session/${her.closed}`]: { form: 'telltale form' } });
    await shelf.kept.files.put(her.device.id, 'late', { bytes: PNG, name: 'late.png', type: 'image/png' });
    town.clock.advance(2 * HOUR);
    await passes(town.clock, async () => (await house.house.erasures.of(her.account.id)) === undefined);
    expect(await traces(TELLTALES)).toEqual([]);
    expect(await shelf.kept.files.list(her.device.id)).toEqual([]);
  });

  test('from a reader of the feed that has never listed them before, is in no list either', async () => {
    await house.stop();
    const unread = await town.open({ running: false });
    const mia = await talking(town, unread, await new Agent(town, 'Anna Bell').signsIn(unread));
    await mia.says(unread, 'telltale question');
    const late = await mia.header();
    await erases(mia.id, unread);
    for (const { view, row } of placements(late))
      await unread.stores.inbox.put(view, late.session.id, late.session.ver, late.seq, row);
    expect(await traces(TELLTALES)).toEqual([]);
  });

  test('is finished by another house, when the one that was asked dies of it', async () => {
    const her = await zelda(town, house);
    const dying = await town.open({ dying: true, files: partsOf(shelf) });
    town.store.cosmos.faults.add({
      operation: 'batch',
      container: 'sessions',
      skip: 2,
      fault: { kind: 'hang' },
    });
    await dying.house.erasures.ask(her.account.id, 'operator');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await dying.stop();
    town.store.cosmos.faults.clear();
    await passes(
      town.clock,
      async () => (await house.house.erasures.of(her.account.id))?.erasedAt !== undefined,
      500,
      3 * MINUTE,
    );
    expect(await traces(TELLTALES)).toEqual([]);
  });
});

describe('row 93: a CRM is told of it', () => {
  test('by the numbers it knows, until it has taken it, and once', async () => {
    const told: { readonly what: ErasedCustomer; readonly key: string; readonly attempt: number }[] = [];
    const crm = await town.open({
      onErasure: (what, call) => {
        told.push({ what, ...call });
        if (call.attempt === 1) throw new Error('The CRM is closed');
      },
    });
    await house.stop();
    const her = await zelda(town, crm);
    await erases(her.account.id, crm);
    await passes(town.clock, () => told.length === 2, 1_000, 5 * MINUTE);
    expect(told[1]?.what.references).toEqual(
      expect.arrayContaining([referenceOf(her.closed), referenceOf(her.live)]),
    );
    expect(told[1]?.what.customers).toEqual([her.account.id, her.device.id]);
    expect(told[1]?.key).toBe(told[0]?.key);
    town.clock.advance(2 * HOUR);
    await passes(town.clock, async () => (await crm.house.erasures.of(her.account.id)) === undefined);
    expect(told).toHaveLength(2);
  });
});
