import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditRecord, Header } from '../../src/handoff/header.ts';
import { timelineOf } from '../../src/session/timeline.ts';
import type { Entry } from '../../src/session/ledger.ts';
import { HOUR, MINUTE, openTown, passes, until, type TestHouse, type Town } from '../handoff/house.ts';
import { Agent, Customer } from '../handoff/people.ts';
import { NOTED, writtenByNext } from './next.ts';
import { rawStore, type Raw } from './raw.ts';

let town: Town;
/** This version, and one of the next beside it on the same documents. */
let now: TestHouse;
let next: TestHouse;
let anna: Agent;
let raw: Raw;
beforeEach(async () => {
  town = await openTown();
  next = await town.open({ through: writtenByNext });
  now = await town.open();
  anna = await new Agent(town, 'Anna Bell').signsIn(next);
  raw = rawStore(town.store.cosmos);
});
afterEach(async () => {
  raw.close();
  await town.close();
});

/** Mia talks to Anna; every step before the last was the next version's. */
async function talking(): Promise<Customer> {
  const mia = new Customer(town);
  await mia.beats(next);
  await mia.says(next, 'agent');
  await anna.act(next, (await mia.session()).id, 'accept');
  await now.house.caughtUp();
  return mia;
}
const later = async (ms: number): Promise<void> => {
  await now.house.caughtUp();
  town.clock.advance(ms);
  await passes(town.clock, () => false, 500, 3_000).catch(() => undefined);
};
/** What a document of today's version may hold only if the next one wrote it. */
const notedIn = (stored: unknown): unknown => Reflect.get(Object(stored) as object, 'later');

describe('while instances of this version and the next work on the same chats', () => {
  test('what the next one noted is kept through every change by this one', async () => {
    const mia = await talking();
    const { id } = await mia.session();
    const stands = async (status: string): Promise<void> => {
      await until(async () => (await mia.session()).status).toBe(status);
      const header = await mia.header();
      expect([notedIn(header), notedIn(header.session)]).toEqual([NOTED.later, NOTED.later]);
    };
    await mia.says(now, 'Hello');
    await anna.act(now, id, 'suspend', { reason: 'Looking into it' });
    await stands('suspended');
    await anna.says(now, id, 'Found it');
    await stands('active');
    await mia.beats(now, { leaving: true });
    await next.stop();
    await later(MINUTE);
    await stands('disconnected');
    mia.conversation += '-again';
    await now.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
    await stands('active');
    await anna.act(now, id, 'close');
    await stands('closed');
    const [index, record] = [
      await now.stores.sessions.index(mia.id),
      await now.stores.agents.agent(anna.ref.id),
    ];
    expect([notedIn(index?.value), notedIn(record?.value)]).toEqual([NOTED.later, NOTED.later]);
  });

  test('lines go on in order, whichever of them each was said to', async () => {
    const mia = await talking();
    const { id } = await mia.session();
    for (const [n, house] of [next, now, next, now].entries()) {
      await mia.says(house, `question ${n}`);
      await anna.says(n % 2 === 0 ? now : next, id, `answer ${n}`);
      await now.house.caughtUp();
      await next.house.caughtUp();
    }
    await until(() => mia.sees().filter((text) => text.startsWith('answer'))).toEqual([
      'answer 0',
      'answer 1',
      'answer 2',
      'answer 3',
    ]);
    expect((await mia.ledger()).filter((line) => /question|answer/u.test(line))).toHaveLength(8);
  });

  test('lines, notices and changes of kinds that only the next knows are passed over, and nothing waits for them', async () => {
    const mia = await talking();
    await next.stop();
    const { id } = await mia.session();
    await writtenLater(id, [
      { kind: 'reaction', emoji: 'thumbs up' },
      { kind: 'notice', code: 'moodRead', to: 'both', params: {} },
    ]);
    town.clock.advance(10_000);
    await anna.says(now, id, 'Are you still there?');
    await passes(town.clock, () => mia.sees().includes('Are you still there?'));
    expect(mia.sees()).not.toContain('');
    mia.conversation += '-again';
    const back = await now.house.customers.comeBack(id, mia.thread, 'prompt', 'agent');
    expect(back.refused).toBeUndefined();
    expect(back.transcript.map(({ text }) => text)).toContain('Are you still there?');
    expect(back.transcript.every(({ text }) => text !== '')).toBe(true);
    const audit = await now.stores.sessions.audit(id);
    expect(timelineOf(audit).map(({ code }) => code)).toEqual(
      expect.arrayContaining(['opened', 'queued', 'accepted', 'returned']),
    );
  });

  test('a chat of a newer kind is refused and left as it is, while all others go on', async () => {
    const [mia, ben] = [await talking(), await talking()];
    await next.stop();
    const { id, customer } = await mia.session();
    const header = raw.container('sessions').item(`s:${id}`, customer);
    await header.patch([{ op: 'set', path: '/v', value: 2 }]);
    now.house.sessions.erase(customer);
    const { resource: before } = await header.read<object>();
    expect(await mia.says(now, 'Hello?')).toBeGreaterThanOrEqual(500);
    await expect(anna.says(now, id, 'Hello?')).rejects.toMatchObject({ code: 'store_unreadable' });
    expect(await ben.says(now, 'Hello')).toBe(200);
    await later(HOUR);
    await until(async () => (await ben.session()).status).toBe('disconnected');
    await later(HOUR);
    await until(async () => (await ben.session()).status).toBe('expired');
    expect((await header.read<object>()).resource).toEqual(before);
    expect(town.logged.join('\n')).toMatch(/store\.unreadable|store_unreadable/u);
  });
});

/** Writes lines that only the next version knows, and a change of its own, as it would. */
async function writtenLater(sid: Header['session']['id'], whats: readonly object[]): Promise<void> {
  const read = await now.stores.sessions.header(sid);
  if (read === undefined) throw new Error('There is no such session');
  const { value: header, etag } = read;
  const at = town.clock.now();
  const entries = whats.map((what, i) => ({ sid, seq: header.seq + 1 + i, at, by: { kind: 'house' }, what }));
  const seq = header.seq + entries.length;
  const ver = header.session.ver + 1;
  const audit = { sid, ver, at, actor: 'house', events: [{ type: 'moodRead', at }] };
  const done = await now.stores.sessions.commit({
    over: etag,
    header: { ...header, seq, owed: seq, session: { ...header.session, ver } },
    // Of kinds that this version has no types for.
    entries: JSON.parse(JSON.stringify(entries)) as readonly Entry[],
    dedupe: [],
    audit: JSON.parse(JSON.stringify(audit)) as AuditRecord,
  });
  expect(done.outcome).toBe('committed');
  now.house.sessions.forget(header.session.customer);
}
