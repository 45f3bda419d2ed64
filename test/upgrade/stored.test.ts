import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movableClock, systemClock } from '../../src/clock.ts';
import type { Header } from '../../src/handoff/header.ts';
import { readAgentId, readConversationId, readCustomerId, readSessionId } from '../../src/session/ids.ts';
import { fold } from '../../src/session/fold.ts';
import { timelineOf } from '../../src/session/timeline.ts';
import { openTown, passes, type TestHouse, type Town } from '../handoff/house.ts';
import { post } from '../handoff/people.ts';
import { lived, type Documents } from './life.ts';
import { rawStore } from './raw.ts';

/**
 * What version 0.1 has stored: never written anew, only added to. Whatever changes in the code, this loads.
 */
const stored = JSON.parse(readFileSync(new URL('documents.json', import.meta.url), 'utf8')) as Documents;
const all = Object.values(stored.containers).flat();
const kindsOf = ({ containers }: Documents): readonly string[] => [
  ...new Set(Object.values(containers).flatMap((documents) => documents.map(({ kind }) => String(kind)))),
];
const ofKind = (kind: string): readonly Readonly<Record<string, unknown>>[] =>
  all.filter((one) => one['kind'] === kind);
const headers = ofKind('header').map(({ body }) => body as Header);

let town: Town;
let house: TestHouse;
beforeAll(async () => {
  // As if it had been stored a moment ago.
  const started = Date.now();
  town = await openTown(movableClock({ ...systemClock, now: () => stored.at + Date.now() - started }));
  const raw = rawStore(town.store.cosmos);
  for (const [container, documents] of Object.entries(stored.containers))
    for (const document of documents) await raw.container(container).items.create({ ...document });
  raw.close();
  house = await town.open();
});
afterAll(() => town.close());

test('every kind of document that is written today stands among those that must load for ever', async () => {
  const written = kindsOf(await lived());
  expect(written.length).toBeGreaterThan(20);
  expect(written.filter((kind) => !kindsOf(stored).includes(kind))).toEqual([]);
  expect(new Set(headers.map(({ session }) => session.status)).size).toBe(8);
});

describe('what was stored by the first version', () => {
  test.each(headers.map((header) => [header.session.status, header] as const))(
    'a chat that is %s is read whole, with its lines, its changes and its story',
    async (_, header) => {
      const { sessions } = house.stores;
      const { id } = header.session;
      expect((await sessions.header(id))?.value).toEqual(header);
      expect((await sessions.entries(id, {})).map(({ seq }) => seq)).toEqual(
        Array.from({ length: header.seq }, (_one, i) => i + 1),
      );
      const audit = await sessions.audit(id);
      const { lastSaid: _words, ...decided } = header.session;
      expect(fold(audit)).toEqual(decided);
      expect(timelineOf(audit, await sessions.asked(id)).length).toBeGreaterThan(0);
    },
  );

  test('everything beside chats is read', async () => {
    const { agents, inbox, leases, lookups, shelves, interactions, holdings, sessions, botState } =
      house.stores;
    const text = (kind: string, field: string): string => String(ofKind(kind)[0]?.[field]);
    for (const { body } of ofKind('index')) {
      const { customer } = body as { customer: string };
      expect((await sessions.index(known(readCustomerId(customer))))?.value).toEqual(body);
    }
    for (const { customer, body } of ofKind('presence')) {
      const at = known(readConversationId((body as { conversation: string }).conversation));
      expect(await sessions.presence(known(readCustomerId(customer)), at)).toEqual(body);
    }
    for (const { customer, id, body } of ofKind('key'))
      expect((await sessions.key(known(readCustomerId(customer)), String(id).slice(2)))?.value).toEqual(body);
    const [device] = ofKind('device');
    expect(
      await sessions.hasDevice(known(readCustomerId(device?.['customer'])), String(device?.['id']).slice(2)),
    ).toBe(true);
    expect(await agents.roster()).toEqual(ofKind('agent').map(({ body }) => body));
    const anna = known(readAgentId(text('agent', 'agent')));
    expect((await inbox.page(`agent:${anna}`, 'mine', 50)).rows.length).toBeGreaterThan(0);
    expect((await inbox.overdue(stored.at + 365 * 24 * 3_600_000)).length).toBe(ofKind('due').length);
    expect(await leases.until('feed')).toBeTypeOf('number');
    expect((await lookups.code(text('code', 'id').replace(/^code:/u, '')))?.customer).toMatch(/^dl_/u);
    expect((await shelves.shelf(`own:${anna}`))?.value.uses).toEqual({ hello: 2 });
    const [interaction] = ofKind('interaction');
    const sid = known(readSessionId(String(interaction?.['id']).slice(2)));
    expect((await interactions.interaction(sid))?.value).toEqual(interaction?.['body']);
    expect(await interactions.owed()).toContain(sid);
    expect(await interactions.sessionOf(text('reference', 'id').replace(/^[a-z]+:/u, ''))).toBe(sid);
    expect((await holdings.erasures()).map(({ value }) => value)).toEqual(
      ofKind('erasure').map(({ body }) => body),
    );
    const [state] = ofKind('botState');
    const [first] = headers.filter(({ session }) => session.customer === state?.['customer']);
    const key = `reconnect/session/${first?.session.id ?? ''}`;
    expect((await botState.read([key]))[key]).toEqual(state?.['body']);
  });

  test('goes on: whoever was in a chat says something, and it is taken', async () => {
    const open = headers.filter(({ session: { status } }) => status !== 'closed' && status !== 'expired');
    for (const { session, reference } of open) {
      const said = await post(house, {
        ...{ type: 'message', id: `later-${session.id}`, text: 'Are you there?', channelId: 'directline' },
        ...{ serviceUrl: town.connector.url, conversation: { id: reference.conversation } },
        ...{ from: { id: session.customer }, recipient: { id: 'bot' } },
      });
      expect([session.status, said]).toEqual([session.status, 200]);
      const entries = await house.stores.sessions.entries(session.id, {});
      expect(JSON.stringify(entries.at(-1) ?? {}) + JSON.stringify(entries)).toContain('Are you there?');
    }
    await passes(town.clock, () => false, 500, 3_000).catch(() => undefined);
    expect(town.logged.filter((line) => line.includes('unreadable'))).toEqual([]);
  });
});

function known<T>(read: T | undefined): T {
  if (read === undefined) throw new Error('An id of the documents is none');
  return read;
}
