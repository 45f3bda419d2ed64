import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { referenceOf } from '../../src/handoff/reference.ts';
import type { SessionId } from '../../src/session/ids.ts';
import { openTown, passes, until, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer, talking } from '../handoff/people.ts';
import { answers, opens } from '../handoff/returning.ts';
import { openTabs, type Tabs } from './tabs.ts';

let town: Town;
let house: TestHouse;
let anna: Agent;
let ben: Agent;
let sue: Agent;
let tabs: Tabs;
beforeEach(async () => {
  town = await openTown();
  house = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(house);
  ben = await new Agent(town, 'Ben Ode').signsIn(house);
  sue = new Agent(town, 'Sue Park');
  tabs = await openTabs(
    house,
    new Map([
      [anna, ['Chat.Agent']],
      [ben, ['Chat.Agent']],
      [sue, ['Chat.Supervisor']],
    ]),
  );
});
afterEach(async () => {
  tabs.close();
  await town.close();
});

const isKept = (sid: SessionId) =>
  passes(town.clock, async () => (await house.house.interactions.record(sid)) !== undefined);
/** A chat Anna had with somebody, and closed. */
const annasChat = async (mia?: Customer) => {
  const customer = mia ?? (await talking(town, house, anna));
  if (mia !== undefined) {
    await mia.says(house, 'agent');
    await anna.act(house, (await mia.session()).id, 'accept');
  }
  const { id } = await customer.session();
  await anna.act(house, id, 'close', { disposition: 'Resolved' });
  await isKept(id);
  return { customer, id, reference: referenceOf(id) };
};

describe('row 67: whoever quotes a reference number is found', () => {
  test('by the agent who had the chat, and by supervisors', async () => {
    const { id, reference } = await annasChat();
    for (const agent of [anna, sue]) {
      const found = await tabs.get(agent, `/api/interactions/${reference.toLowerCase()}`);
      expect(found.status).toBe(200);
      expect(found.body).toMatchObject({
        row: { sid: id, status: 'closed' },
        interaction: { reference, disposition: 'Resolved' },
      });
      expect((await tabs.get(agent, `/api/sessions/${id}`)).status).toBe(200);
    }
  });

  test('by nobody else, who cannot tell it from a number that leads nowhere', async () => {
    const { reference } = await annasChat();
    const answers = await Promise.all(
      [reference, 'ZZZZZ-ZZZZZ', 'nonsense', 'no%20thing'].map((one) =>
        tabs.get(ben, `/api/interactions/${one}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });
});

describe('row 95, N12: why did this chat come to this agent?', () => {
  interface Told {
    readonly steps: readonly { code: string; at: number; ver: number; text: string; params: object }[];
  }
  const stepsOf = async (agent: Agent, sid: SessionId) =>
    ((await tabs.get(agent, `/api/sessions/${sid}/timeline`)).body as unknown as Told).steps;

  test('its agent reads who asked, who took it, what it cost, each with its moment, version by version', async () => {
    const { id } = await annasChat();
    const steps = await stepsOf(anna, id);
    expect(steps.map(({ code }) => code)).toEqual([
      'opened',
      'queued',
      'accepted',
      'placeTaken',
      'closed',
      'placeFree',
    ]);
    expect(steps.map(({ at }) => at)).toEqual(steps.map(({ at }) => at).toSorted((a, b) => a - b));
    expect(steps.map(({ ver }) => ver)).toEqual(steps.map(({ ver }) => ver).toSorted((a, b) => a - b));
    expect(steps.map(({ text }) => text).join(' ')).toContain('Anna took it.');
    expect(JSON.stringify(steps)).not.toContain('undefined');
  });

  test('that its customer was asked, in whichever page, and what they chose there, are steps of it', async () => {
    const mia = await talking(town, house, anna);
    const { id, ver } = await mia.session();
    await mia.beats(house, { leaving: true });
    await passes(town.clock, async () => (await mia.session()).status === 'disconnected', 1_000);
    const gone = await mia.session();
    await opens(mia, house, 'support');
    await mia.joins(house);
    await mia.joins(house);
    const asked = async () => (await stepsOf(anna, id)).filter(({ code }) => code === 'promptShown');
    await until(async () => (await asked()).length).toBe(1);
    // Nothing was decided by it: no card is redone for it, and no answer is late because of it.
    expect((await mia.session()).ver).toBe(gone.ver);
    town.clock.advance(1_000);
    await answers(mia, house, 'agent');
    const codes = (await stepsOf(anna, id)).filter((step) => step.ver > ver).map(({ code }) => code);
    expect(codes).toEqual(['disconnected', 'placeHeld', 'promptShown', 'returned', 'placeTaken']);
    expect((await asked())[0]?.text).toMatch(/was asked whether to go on/u);
  });

  test('nobody reads it who may not read the chat', async () => {
    const { id } = await annasChat();
    expect((await tabs.get(ben, `/api/sessions/${id}/timeline`)).status).toBe(404);
    expect((await stepsOf(sue, id)).length).toBeGreaterThan(3);
  });
});

describe('the earlier chats of a customer', () => {
  interface Told {
    readonly previous: readonly {
      sid: string;
      reference: string;
      agent?: string;
      disposition?: string;
      mayOpen: boolean;
    }[];
  }
  const previousOf = async (agent: Agent, sid: SessionId) =>
    ((await tabs.get(agent, `/api/sessions/${sid}/previous`)).body as unknown as Told).previous;

  test('are listed for their agent: number, agent, and what came of it; open to whoever had them', async () => {
    const first = await annasChat();
    await first.customer.says(house, 'agent');
    const { id: next } = await first.customer.session();
    await anna.act(house, next, 'accept');
    expect(await previousOf(anna, next)).toMatchObject([
      {
        ...{ sid: first.id, reference: first.reference, agent: 'Anna Bell' },
        ...{ disposition: 'Resolved', mayOpen: true },
      },
    ]);
  });

  test('another agent is told that there were some, and opens none that their customer has not let them see', async () => {
    const first = await annasChat();
    await first.customer.says(house, 'agent');
    const { id: next } = await first.customer.session();
    expect(await previousOf(ben, next)).toEqual([]);
    await ben.act(house, next, 'accept');
    expect(await previousOf(ben, next)).toMatchObject([{ reference: first.reference, mayOpen: false }]);
    expect((await tabs.get(ben, `/api/sessions/${first.id}?via=${next}`)).status).toBe(404);
    await house.house.sessions.ask(next, {
      actor: 'customer',
      command: () => ({ type: 'continues', earlier: first.id }),
    });
    expect(await previousOf(ben, next)).toMatchObject([{ mayOpen: true }]);
    expect((await tabs.get(ben, `/api/sessions/${first.id}?via=${next}`)).status).toBe(200);
  });

  test('are never somebody else’s', async () => {
    await annasChat();
    const lea = await talking(town, house, anna, 'lea');
    expect(await previousOf(anna, (await lea.session()).id)).toEqual([]);
  });
});

describe('a supervisor', () => {
  interface All {
    readonly rows: readonly { sid: string; status: string }[];
    readonly next?: string;
  }
  test('sees every chat of a stream and day, page by page, each once', async () => {
    const { id } = await annasChat();
    const open = await talking(town, house, ben, 'lea');
    const waiting = new Customer(town, 'tom');
    await waiting.says(house, 'agent');
    const sids = [id, (await open.session()).id, (await waiting.session()).id];
    const all = async () => (await tabs.get(sue, '/api/all?stream=support')).body as unknown as All;
    await passes(town.clock, async () => (await all()).rows.length === 3);
    const { rows, next } = await all();
    expect(rows.map(({ sid }) => sid).toSorted()).toEqual(sids.toSorted());
    expect(rows.map(({ status }) => status)).toEqual(['queued', 'active', 'closed']);
    expect(next).toBeUndefined();
  });

  test('goes through a long day in pages, none of them twice', async () => {
    const day = '2026-01-05';
    const { id: known } = await annasChat();
    const header = await house.house.sessions.header(known);
    if (header === undefined) throw new Error('It is gone');
    for (let i = 0; i < 120; i += 1) {
      const sid = `${header.session.customer}.row${String(i).padStart(8, '0')}` as SessionId;
      const list = (['queue', 'mine', 'closed'] as const)[i % 3] ?? 'mine';
      const row = { ...rowLike(sid, list), at: i };
      await house.house.inbox.put(`all:support:${day}`, sid, 1, 1, row);
    }
    const seen: string[] = [];
    for (let from: string | undefined = ''; from !== undefined;) {
      const at: string = from === '' ? '' : `&from=${encodeURIComponent(from)}`;
      const answer = await tabs.get(sue, `/api/all?stream=support&day=${day}${at}`);
      const page = answer.body as unknown as All;
      expect(page.rows.length).toBeLessThanOrEqual(50);
      seen.push(...page.rows.map(({ sid }) => sid));
      from = page.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([120, 120]);
  });

  test('sees the roster: presence, capacity, load, and places kept', async () => {
    await talking(town, house, anna);
    const roster = async () => (await tabs.get(sue, '/api/roster')).body['agents'] as readonly unknown[];
    await passes(town.clock, async () => (await roster()).length === 3);
    expect(await roster()).toMatchObject([
      { name: 'Anna Bell', capacity: 5, presence: { status: 'available' } },
      { name: 'Ben Ode', used: 0, held: 0 },
      { name: 'Sue Park', supervisor: true },
    ]);
  });

  test('row 35: says how many chats an agent may have, and nobody else does', async () => {
    const path = `/api/agents/${encodeURIComponent(ben.ref.id)}/capacity`;
    expect((await tabs.put(ben, path, { capacity: 9 })).status).toBe(404);
    expect((await tabs.put(sue, path, { capacity: 0 })).body).toMatchObject({
      error: { message: 'capacity: must be a whole number from 1 to 100.' },
    });
    expect((await tabs.put(sue, path, { capacity: 9 })).body).toMatchObject({ name: 'Ben Ode', capacity: 9 });
    expect((await tabs.get(ben, '/api/agent/me')).body).toMatchObject({ capacity: 9, held: 0 });
    const nobody = `/api/agents/${encodeURIComponent('contoso:nobody')}/capacity`;
    expect((await tabs.put(sue, nobody, { capacity: 9 })).status).toBe(404);
  });

  test('gives back a place that is held, and hands a chat on, for whoever has it; the audit says who did', async () => {
    const mia = await talking(town, house, anna);
    const { id } = await mia.session();
    await mia.beats(house, { leaving: true });
    await passes(town.clock, async () => (await mia.session()).status === 'disconnected', 1_000);
    const acts = (agent: Agent, body: object) => tabs.post(agent, `/api/sessions/${id}/acts`, body);
    expect((await acts(ben, { id: 'b', act: 'releaseHold' })).status).toBe(409);
    // The roster knows them by their first call.
    await tabs.get(sue, '/api/roster');
    expect((await acts(sue, { id: 's', act: 'releaseHold' })).status).toBe(200);
    expect(await mia.session()).toMatchObject({ status: 'disconnected', was: 'offered' });
    const audit = await town.store.stores.sessions.audit(id);
    expect(audit.at(-1)).toMatchObject({
      actor: sue.ref.id,
      events: [{ type: 'holdEnded', why: 'released' }],
    });

    const lea = await talking(town, house, anna, 'lea');
    const { id: hers } = await lea.session();
    const handed = await tabs.post(sue, `/api/sessions/${hers}/acts`, {
      ...{ id: 't', act: 'transfer', to: `agent:${ben.ref.id}` },
    });
    expect([handed.status, handed.text]).toEqual([200, expect.anything()]);
    expect(await lea.session()).toMatchObject({ status: 'resuming', asked: ben.ref });
  });

  test('is the only one who does; for an agent there is nothing there', async () => {
    for (const path of ['/api/all', '/api/roster']) expect((await tabs.get(ben, path)).status).toBe(404);
  });

  test('who asks for what is not there is told which part of it', async () => {
    for (const [query, field] of [
      ['stream=nothing', 'stream'],
      ['stream=support&day=yesterday', 'day'],
      ['stream=support&from=here', 'from'],
    ] as const) {
      const { status, text } = await tabs.get(sue, `/api/all?${query}`);
      expect([status, text]).toEqual([400, expect.stringContaining(`${field}:`)]);
    }
  });
});

const rowLike = (sid: SessionId, list: 'queue' | 'mine' | 'closed') => ({
  ...{ sid, ver: 1, seq: 1, epoch: 1, list, at: 0, status: 'active' as const },
  ...{ stream: 'support', widget: 'support', name: 'Visitor', verified: false },
});

describe('row 60: a chat that its agent took back', () => {
  test('is read in one go by both, what was said before above what is said now', async () => {
    const mia = await talking(town, house, anna);
    await mia.says(house, 'my parcel is lost');
    const { id } = await mia.session();
    await anna.act(house, id, 'comment', { text: 'sounds upset' });
    await anna.act(house, id, 'close');
    await anna.act(house, id, 'takeBack');
    const { id: next } = await mia.session();
    expect(next).not.toBe(id);
    await anna.says(house, next, 'I have found it');
    const { body } = await tabs.get(anna, `/api/sessions/${next}`);
    expect(JSON.stringify(body['before'])).toContain('my parcel is lost');
    expect(JSON.stringify(body['lines'])).toContain('I have found it');
    const { lines } = await house.house.customers.transcript(mia.id, mia.thread);
    const said = lines.map(({ text }) => text);
    expect(said.indexOf('my parcel is lost')).toBeGreaterThanOrEqual(0);
    expect(said.indexOf('I have found it')).toBeGreaterThan(said.indexOf('my parcel is lost'));
    expect(said.join()).not.toContain('sounds upset');
  });
});
