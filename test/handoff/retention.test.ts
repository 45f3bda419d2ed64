import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KINDS } from '../../src/adapters/cosmos/kinds.ts';
import { referenceOf } from '../../src/handoff/reference.ts';
import { HOUR, openTown, passes, type TestHouse, type Town } from './house.ts';
import { Agent, Customer, talking } from './people.ts';
import { everything, tracesOf, type Lying } from './traces.ts';
import { openShelf, partsOf, TELLTALES, zelda, type Shelf } from './zelda.ts';

const DAY = 24 * HOUR;
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

const all = async (): Promise<readonly (Lying & { readonly container: string })[]> =>
  [...(await everything(town.store.cosmos))].flatMap(([container, documents]) =>
    documents.map((one) => ({ ...one, container })),
  );
const of = async (kind: string) => (await all()).filter((one) => one['kind'] === kind);
/** Lets days pass as they do: the sweep looks in on each. */
const days = async (count: number): Promise<void> => {
  town.clock.advance(count * DAY);
  const from = town.clock.now();
  await passes(town.clock, () => town.clock.now() > from + 3_000, 500);
};
/** A chat Anna had and closed, by its id, once its end is given to it. */
async function over(mia: Customer, anna: Agent) {
  const { id } = await mia.session();
  await anna.act(house, id, 'close', { notes: 'telltale notes' });
  await passes(town.clock, async () => {
    const header = await mia.headerOf(id);
    // Marks of what was delivered are written after some quiet; across a leap of months they would count as its last writing.
    return header?.retained !== undefined && header.delivered >= header.owed;
  });
  // Nor is the reader to come to them only after the leap: it would have forgotten that it was there.
  await house.house.caughtUp();
  return id;
}

describe('row 93, T41: what is said is kept as long as the settings say', () => {
  test('from the end of its chat on: then nobody reads it, and no list leads there any more', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    await mia.says(house, 'telltale question');
    const id = await over(mia, anna);
    await days(179);
    expect((await house.stores.sessions.entries(id, {})).length).toBeGreaterThan(0);
    expect((await house.house.inbox.page(`agent:${anna.ref.id}`, 'closed', 9)).rows).toHaveLength(1);
    await days(1);
    expect((await house.house.inbox.page(`agent:${anna.ref.id}`, 'closed', 9)).rows).toEqual([]);
    // The store collects within a day, counted from when each was last written.
    await days(2);
    expect(await house.stores.sessions.entries(id, {})).toEqual([]);
    expect(await house.stores.sessions.header(id)).toBeUndefined();
    expect(await of('row')).toEqual([]);
  });

  test('its record and its number longer; and then there is nothing of it', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    const id = await over(mia, anna);
    await days(400);
    expect((await house.house.interactions.record(id))?.interaction.notes).toBe('telltale notes');
    expect(await house.house.interactions.find(referenceOf(id))).toBe(id);
    expect(await of('audit')).toEqual([]);
    await days(335);
    const left = async () =>
      (await tracesOf([mia.id], town.store.cosmos)).filter((one) => !one.startsWith('agents'));
    await passes(town.clock, async () => (await left()).length === 0, 500);
    expect(await house.house.interactions.find(referenceOf(id))).toBeUndefined();
  });

  test('none of it while the chat lives, however long that is', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await mia.says(house, 'The first line');
    // The customer waits for an answer: nobody's clock runs.
    await days(365);
    expect((await mia.session()).status).toBe('active');
    expect(await mia.ledger(id)).toContain('customer: The first line');
    expect((await of('entry')).map(({ ttl }) => ttl)).toEqual((await of('entry')).map(() => undefined));
  });

  test('what is noted within wrap-up goes with the rest', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    const id = await over(mia, anna);
    await anna.act(house, id, 'record', { notes: 'telltale afterthought' });
    await passes(town.clock, async () => (await of('audit')).every(({ ttl }) => typeof ttl === 'number'));
    await days(735);
    expect(await tracesOf(['telltale'], town.store.cosmos)).toEqual([]);
  });

  test('of a short chat at one question what there is, and a batch for each kind', async () => {
    const mia = new Customer(town);
    await mia.says(house, 'Hello');
    const { id } = await mia.session();
    await house.stop();
    const { counters } = town.store.cosmos;
    counters.reset();
    await town.store.stores.sessions.retain(id, town.clock.now());
    expect([counters.requests('query', 'sessions'), counters.requests('batch', 'sessions')]).toEqual([1, 2]);
  });

  test('of a chat of hundreds of lines every one', async () => {
    const mia = new Customer(town);
    for (let i = 0; i < 4; i += 1) await mia.says(house, 'many 65');
    const { id } = await mia.session();
    await house.house.sessions.ask(id, {
      actor: 'house',
      command: () => ({ type: 'close', by: 'house' }),
    });
    await passes(town.clock, async () => (await mia.headerOf(id))?.retained !== undefined);
    const entries = await of('entry');
    expect(entries.length).toBeGreaterThan(260);
    expect(entries.filter(({ ttl }) => typeof ttl !== 'number')).toEqual([]);
  });
});

describe('row 93: the bytes of files', () => {
  test('live as long as what names them, and are gone before it is', async () => {
    const her = await zelda(town, house, shelf);
    await passes(town.clock, async () => (await her.device.headerOf(her.closed))?.retained !== undefined);
    await days(179);
    expect(await shelf.kept.files.list(her.device.id)).toHaveLength(1);
    await days(1);
    await passes(town.clock, async () => (await shelf.kept.files.list(her.device.id)).length === 0);
    expect(await house.stores.sessions.header(her.closed)).toBeDefined();
  });

  test('go, too, where no house was running when they were due', async () => {
    const anna = await new Agent(town, 'Anna Bell').signsIn(house);
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    const contentUrl = shelf.channel.holds(Buffer.from('%PDF-1.4\n%%EOF\n'));
    await mia.says(house, 'Here', {
      attachments: [{ contentType: 'application/pdf', contentUrl, name: 'telltale.pdf' }],
    });
    await over(mia, anna);
    expect(await shelf.kept.files.list(mia.id)).toHaveLength(1);
    await house.stop();
    town.clock.advance(200 * DAY);
    expect(await house.stores.sessions.header(id)).toBeUndefined();
    await town.open({ files: partsOf(shelf) });
    await passes(town.clock, async () => (await shelf.kept.files.list(mia.id)).length === 0);
  });
});

describe('row 93: every document', () => {
  test('is of a kind that is described, lies where that says, and of a chat that is over it has its end', async () => {
    const her = await zelda(town, house, shelf);
    for (const sid of [her.live, her.own])
      await house.house.sessions.ask(sid, {
        actor: 'house',
        command: () => ({ type: 'close', by: 'house' }),
      });
    for (const sid of [her.live, her.own])
      await passes(town.clock, async () => (await her.device.headerOf(sid))?.retained !== undefined);
    const documents = await all();
    const kinds = new Set<string>();
    for (const { container, id, kind, ttl } of documents) {
      const [, about] = Object.entries(KINDS).find(([name]) => name === kind) ?? [];
      expect([id, about?.container]).toEqual([id, container]);
      kinds.add(String(kind));
      // Nothing of a customer is for good; what waits for its moment goes by it.
      const hasEnd =
        about?.personal === 'none' || typeof ttl === 'number' || /until|an hour/u.test(about?.kept ?? '');
      expect([id, hasEnd || kind === 'agent']).toEqual([id, true]);
    }
    expect([...kinds]).toEqual(
      expect.arrayContaining([
        'entry',
        'header',
        'audit',
        'interaction',
        'index',
        'row',
        'reference',
        'key',
        'code',
        'device',
        'botState',
        'dedupe',
        'presence',
      ]),
    );
  });

  test('that tells a customer’s words is of a kind that says so', async () => {
    await zelda(town, house, shelf);
    for (const document of await all())
      if (TELLTALES.some((text) => JSON.stringify(document).includes(text))) {
        const [, about] = Object.entries(KINDS).find(([name]) => name === document['kind']) ?? [];
        expect([document.id, about?.personal]).toEqual([document.id, 'words']);
      }
  });
});
