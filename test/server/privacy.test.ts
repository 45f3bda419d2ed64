import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { referenceOf } from '../../src/handoff/reference.ts';
import { openTown, passes, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer } from '../handoff/people.ts';
import { everything, tracesOf } from '../handoff/traces.ts';
import { TELLTALES, zelda, type Zelda } from '../handoff/zelda.ts';
import type { Answer } from './house.ts';
import { openTabs, type Tabs } from './tabs.ts';

let town: Town;
let house: TestHouse;
let her: Zelda;
let sue: Agent;
let tabs: Tabs;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  her = await zelda(town, house);
  sue = new Agent(town, 'Sue Park');
  tabs = await openTabs(
    house,
    new Map([
      [her.anna, ['Chat.Agent']],
      [sue, ['Chat.Supervisor']],
    ]),
  );
});
afterEach(async () => {
  tabs.close();
  await town.close();
});

interface Exported {
  readonly format: string;
  readonly version: number;
  readonly customer: { readonly id: string; readonly name?: string; readonly partitions: readonly string[] };
  readonly chats: readonly {
    readonly id: string;
    readonly reference: string;
    readonly record?: Readonly<Record<string, unknown>>;
    readonly transcript: readonly Readonly<Record<string, unknown>>[];
    readonly course: readonly { readonly at: string; readonly text: string }[];
  }[];
  readonly exports: readonly unknown[];
  readonly hashes: Readonly<Record<string, number>>;
}
const exportOf = (id: string, query = ''): Promise<Answer> =>
  tabs.get(sue, `/api/customers/${id}/export${query}`);
const read = (answer: Answer) => answer.body as unknown as Exported;

describe('row 93: a supervisor takes out what is held of a customer', () => {
  test('whole, from the account and from every device of hers, with what was said in the order it was said', async () => {
    const answer = await exportOf(her.account.id);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { format, version, customer, chats } = read(answer);
    expect({ format, version }).toEqual({ format: 'botbuilder-reconnect/customer', version: 1 });
    expect(customer).toMatchObject({ name: 'Zelda Quill', partitions: [her.account.id, her.device.id] });
    expect(chats.map(({ id }) => id).sort()).toEqual([her.closed, her.live, her.own].sort());
    const closed = chats.find(({ id }) => id === her.closed);
    expect(closed).toMatchObject({
      reference: referenceOf(her.closed),
      record: { disposition: 'Resolved', notes: 'telltale notes of Zelda' },
    });
    const said = closed?.transcript.map(({ by, text }) => `${String(by)}: ${String(text)}`);
    expect(said?.slice(0, 3)).toEqual(['customer: my name is Zelda Quill', 'bot: Noted', 'customer: agent']);
    expect(said).toContain('customer: It is about telltale parcel 4711');
    expect(said).toContain('agent: telltale: was rude before');
    expect(closed?.course.length).toBeGreaterThan(3);
    expect(answer.text).toContain('my name is Zelda Quill');
  });

  test('without what agents wrote for each other, where that is asked for', async () => {
    const { text } = await exportOf(her.account.id, '?comments=false');
    expect(text).toContain('telltale answer');
    expect(text).not.toMatch(/was rude before|telltale notes/u);
  });

  test('by the id of a device, and by a reference number as somebody typed it', async () => {
    for (const id of [her.device.id, referenceOf(her.closed).toLowerCase()])
      expect(read(await exportOf(id)).customer.id).toBe(her.account.id);
  });

  test('with no secret, and nothing that one could be found by', async () => {
    const { text } = await exportOf(her.account.id);
    const secrets = [...(await everything(town.store.cosmos)).values()].flat().flatMap((document) => {
      const json = JSON.stringify(document);
      const hashed = ['key', 'device', 'code', 'dedupe'].includes(String(document['kind']));
      return [...(hashed ? [document.id.replace(/^[a-z]+:/u, '')] : []), ...seedsIn(json)];
    });
    expect(secrets.length).toBeGreaterThan(3);
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('and it is noted with her who took it', async () => {
    await exportOf(her.account.id);
    const { exports } = read(await exportOf(her.account.id));
    expect(exports).toHaveLength(2);
    expect(JSON.stringify(exports)).not.toContain(sue.ref.id);
    const noted = (await everything(town.store.cosmos)).get('sessions') ?? [];
    expect(noted.filter(({ kind }) => kind === 'access')).toMatchObject([
      { customer: her.account.id, body: { what: 'export', by: sue.ref.id } },
      { customer: her.account.id, body: { what: 'export', by: sue.ref.id } },
    ]);
  });

  test('of a chat of ten thousand lines, too', async () => {
    for (let i = 0; i < 125;) {
      const header = await house.stores.sessions.header(her.live);
      if (header === undefined) throw new TypeError('There is a chat');
      const { value, etag } = header;
      const entries = Array.from({ length: 80 }, (_, j) => ({
        ...{ sid: her.live, seq: value.seq + j + 1, at: town.clock.now(), by: { kind: 'customer' } as const },
        what: { kind: 'message', text: `line ${i * 80 + j}` } as const,
      }));
      const next = { ...value, seq: value.seq + entries.length };
      const done = await house.stores.sessions.commit({ over: etag, header: next, entries, dedupe: [] });
      // The house may have written what it delivered in between.
      if (done.outcome === 'committed') i += 1;
    }
    const live = read(await exportOf(her.account.id)).chats.find(({ id }) => id === her.live);
    expect(live?.transcript.length).toBeGreaterThan(10_000);
    expect(live?.transcript.at(-1)).toMatchObject({ text: 'line 9999' });
  });
});

describe('row 93: a supervisor erases a customer', () => {
  test('and can see how far it is; afterwards there is nobody', async () => {
    const asked = await tabs.del(sue, `/api/customers/${her.account.id}`);
    expect(asked.status).toBe(202);
    const progress = () => tabs.get(sue, `/api/customers/${her.device.id}/erasure`);
    await passes(
      town.clock,
      async () => (await progress()).body['erasure'] !== undefined && isDone(await progress()),
    );
    expect(await tracesOf(TELLTALES, town.store.cosmos)).toEqual([]);
    expect((await exportOf(her.account.id)).status).toBe(404);
    const again = await tabs.del(sue, `/api/customers/${her.account.id}`);
    expect([again.status, isDone(again)]).toEqual([202, true]);
  });

  test('is kept in the audit with who asked for it, and without whom it was about', async () => {
    await tabs.del(sue, `/api/customers/${her.account.id}`);
    const notes = async () =>
      ((await everything(town.store.cosmos)).get('lookups') ?? []).filter(({ kind }) => kind === 'erased');
    await passes(town.clock, async () => (await notes()).length === 1);
    expect(await notes()).toMatchObject([{ body: { by: sue.ref.id, sessions: 3 } }]);
    expect(JSON.stringify(await notes())).not.toMatch(new RegExp(`${her.account.id}|${her.device.id}`, 'u'));
  });

  test('of whom nothing is held, and hears that', async () => {
    const { id } = new Customer(town, 'nobody');
    expect((await tabs.del(sue, `/api/customers/${id}`)).status).toBe(404);
    expect((await exportOf(id)).status).toBe(404);
    expect((await exportOf('somebody')).status).toBe(404);
  });
});

describe('row 93: the tabs of agents', () => {
  test('hear at once that nothing is left of a chat, wherever it was erased', async () => {
    const other = await town.open();
    const stream = await openTabs(other, new Map([[her.anna, ['Chat.Agent']]]));
    const heard = await stream.listens(her.anna);
    await tabs.del(sue, `/api/customers/${her.account.id}`);
    const gone = (sid: string) => `"sid":"${sid}","ver":${Number.MAX_SAFE_INTEGER},"seq":0,"row":null`;
    await passes(town.clock, () =>
      [her.closed, her.live, her.own].every((sid) => heard.join('').includes(gone(sid))),
    );
    stream.close();
  });
});

describe('row 67: a record that outlives what was said', () => {
  test('is still found by its number, by whoever had the chat, and leads to nothing that is gone', async () => {
    const { previous } = (await tabs.get(her.anna, `/api/sessions/${her.live}/previous`)).body;
    expect(previous).toMatchObject([{ sid: her.closed, mayOpen: true }]);
    await passes(town.clock, async () => (await her.device.headerOf(her.closed))?.retained !== undefined);
    town.clock.advance(200 * 24 * 3_600_000);
    await passes(town.clock, async () => (await house.house.sessions.fresh(her.closed)) === undefined);
    const found = await tabs.get(her.anna, `/api/interactions/${referenceOf(her.closed)}`);
    expect(found.body).toMatchObject({
      row: { sid: her.closed, status: 'closed', list: 'closed' },
      interaction: { disposition: 'Resolved' },
    });
    expect((await tabs.get(her.anna, `/api/sessions/${her.closed}`)).status).toBe(404);
  });
});

describe('row 93: exports and erasures are for supervisors', () => {
  test('to everybody else there is nothing there', async () => {
    expect((await tabs.get(her.anna, `/api/customers/${her.account.id}/export`)).status).toBe(404);
    expect((await tabs.del(her.anna, `/api/customers/${her.account.id}`)).status).toBe(404);
    expect((await tracesOf(TELLTALES, town.store.cosmos)).length).toBeGreaterThan(0);
  });

  test('and not without end: past twenty an hour they have to wait', async () => {
    const id = new Customer(town, 'nobody').id;
    for (let i = 0; i < 20; i += 1) await exportOf(id);
    expect(await exportOf(id)).toMatchObject({ status: 429, body: { error: { code: 'too_many' } } });
  });
});

const isDone = ({ body }: Answer): boolean => (body['erasure'] as { readonly done: boolean }).done;

/** What links and codes are made of. */
const seedsIn = (json: string): readonly string[] =>
  [...json.matchAll(/"seed":"([^"]+)"/gu)].flatMap(([, seed]) => seed ?? []);
