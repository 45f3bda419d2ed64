import { afterEach, beforeEach, expect, test } from 'vitest';
import { graphPresence } from '../../src/adapters/teams/presence.ts';
import { movableClock } from '../../src/clock.ts';
import { stricter, teamsStatuses } from '../../src/handoff/teams-statuses.ts';
import type { AgentRecord } from '../../src/handoff/roster.ts';
import { readAgentId, type AgentId } from '../../src/session/ids.ts';
import { openOffice, people, tenantId, type Office } from './office.ts';

const agentOf = (oid: string): AgentId => {
  const id = readAgentId(`${tenantId}:${oid}`);
  if (id === undefined) throw new TypeError(oid);
  return id;
};
const [tomas, ines, mary] = people.map(({ oid }) => agentOf(oid));

let office: Office;
beforeEach(async () => {
  office = await openOffice();
});
afterEach(() => office.close());

const knobs = (presences: Readonly<Record<string, string>>) =>
  fetch(`${office.origin}/local/teams`, { method: 'POST', body: JSON.stringify({ presences }) });
const reader = (over: { readonly fetch?: typeof fetch; readonly token?: string } = {}) =>
  graphPresence({
    fetch: over.fetch ?? fetch,
    token: () => Promise.resolve(over.token ?? 'a token'),
    clock: office.clock,
    endpoint: `${office.origin}/local/graph/v1.0`,
  });

test('row 72: how agents stand in Teams is read from Graph; who is unknown there is left out', async () => {
  await knobs({ 1: 'DoNotDisturb', 2: 'BeRightBack' });
  const read = await reader()([tomas, ines, mary].filter((id) => id !== undefined));
  expect([...read]).toEqual([
    [tomas, 'busy'],
    [ines, 'away'],
  ]);
});

test('a thousand agents are asked for in batches that Graph takes', async () => {
  const sizes: number[] = [];
  const counting: typeof fetch = (_, init) => {
    const { ids } = JSON.parse(typeof init?.body === 'string' ? init.body : '') as {
      readonly ids: readonly string[];
    };
    sizes.push(ids.length);
    return Promise.resolve(Response.json({ value: [] }));
  };
  await reader({ fetch: counting })(Array.from({ length: 1_000 }, (_, i) => agentOf(`agent-${i}`)));
  expect(sizes).toEqual([650, 350]);
});

/** Everyone's statuses, over a reader of Teams that a test provides. */
function statuses(read: Parameters<typeof teamsStatuses>[0]['read']) {
  const clock = movableClock();
  const logged: string[] = [];
  const everyone = () =>
    Promise.resolve([{ id: agentOf('anna'), permittedUntil: Infinity } as unknown as AgentRecord]);
  const of = teamsStatuses({ read, everyone, clock, log: (event) => logged.push(event) });
  return { clock, logged, of };
}

test('Teams is asked once in half a minute however many want to know, and not at all while nobody does', async () => {
  let asked = 0;
  const { clock, of } = statuses((ids) => {
    asked += 1;
    return Promise.resolve(new Map(ids.map((id) => [id, 'busy' as const])));
  });
  clock.advance(60_000);
  expect(asked).toBe(0);
  for (let i = 0; i < 5; i += 1) expect([...(await of()).values()]).toEqual(['busy']);
  expect(asked).toBe(1);
  clock.advance(31_000);
  await of();
  expect(asked).toBe(2);
});

test('a Graph that refuses, or is silent, is as if it were not there, and is logged once', async () => {
  const { clock, logged, of } = statuses(
    reader({ token: '', fetch: () => Promise.resolve(new Response('', { status: 403 })) }),
  );
  for (let i = 0; i < 3; i += 1) {
    expect((await of()).size).toBe(0);
    clock.advance(31_000);
  }
  expect(logged).toEqual(['teams.presence_failed']);
  expect((await statuses(undefined).of()).size).toBe(0);
});

test('an agent’s own word counts where it is the stricter one, and Teams’ where that is', () => {
  expect(stricter('away', 'available')).toBe('away');
  expect(stricter('available', 'busy')).toBe('busy');
  expect(stricter('busy', 'offline')).toBe('offline');
});
