import { afterAll, beforeAll, expect, test } from 'vitest';
import { until, type Answer } from '../server/house.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, tabToken, type Agent } from '../production/people.ts';
import { pressed } from './people.ts';

const AGENTS = 20;
const SESSIONS = 50;
/** So many agents press on one card at the same time. */
const AT_ONCE = 3;

let desks: readonly [TestDesk, TestDesk];
beforeAll(async () => {
  const desk = await openDesk();
  desks = [desk, await openDesk({}, desk)];
});
afterAll(async () => {
  for (const desk of [...desks].reverse()) await desk.close();
});

const oidOf = (n: number): string => `b3a0c6f2-5d1e-4a7b-8c11-00000000000${n}`;
const deskOf = (n: number): TestDesk => desks[n % 2 === 0 ? 0 : 1];
/** Everything, so many at the same time. */
async function all<T>(count: number, atOnce: number, one: (n: number) => Promise<T>): Promise<readonly T[]> {
  const done: T[] = [];
  for (let n = 0; n < count; n += atOnce) {
    const length = Math.min(atOnce, count - n);
    done.push(...(await Promise.all(Array.from({ length }, (_, i) => one(n + i)))));
  }
  return done;
}

interface Row {
  readonly sid: string;
  readonly epoch: number;
}
const rowsOf = async (agent: Agent, list: string): Promise<readonly Row[]> =>
  (await agent.tab('GET', `/api/inbox/${list}`)).body['rows'] as readonly Row[];

test(`T21: of ${AGENTS} agents who press Accept on ${SESSIONS} chats, over two instances, each chat has one, and nobody’s places are miscounted`, async () => {
  const [desk] = desks;
  const agents = await all(AGENTS, 5, (n) => agentAt(deskOf(n), `Agent ${n}`, n));
  const [first] = agents;
  if (first === undefined) throw new Error('Nobody is here');
  await all(SESSIONS, 5, async (n) => (await customerAt(deskOf(n))).say('agent'));
  const waiting = await until(async () => {
    const rows = await rowsOf(first, 'queue');
    return rows.length === SESSIONS && rows;
  }, 'all of them wait');

  const presses = waiting.flatMap(({ sid, epoch }, s) =>
    Array.from({ length: AT_ONCE }, (_, i) => ({ sid, epoch, agent: (s * AT_ONCE + i * 7) % AGENTS })),
  );
  const answers = await all(presses.length, 5 * AT_ONCE, async (n) => {
    const { sid = '', epoch = 0, agent = 0 } = presses[n] ?? {};
    const answer = await pressed(deskOf(n), 'accept', { sid, epoch }, { oid: oidOf(agent) });
    return { sid, agent, answer };
  });
  const isTheirs = ({ text }: Answer): boolean => text.includes('You are with');
  for (const { answer } of answers)
    expect([answer.status, answer.text]).toEqual([200, expect.stringMatching(/You are with| has taken /u)]);
  const winners = answers.filter(({ answer }) => isTheirs(answer));
  expect(new Set(winners.map(({ sid }) => sid)).size).toBe(SESSIONS);
  expect(winners).toHaveLength(SESSIONS);

  // And so it stands, in every list and in every count, whichever instance is asked.
  const bearer = await tabToken(desk, { oid: oidOf(99), name: 'Sam Roth', roles: ['Chat.Supervisor'] });
  const won = Array.from({ length: AGENTS }, (_, n) => winners.filter(({ agent }) => agent === n).length);
  await until(async () => {
    const lists = await Promise.all(agents.map((agent) => rowsOf(agent, 'mine')));
    return lists.every((rows, n) => rows.length === won[n]);
  }, 'each agent’s list has their chats');
  for (const of of desks) {
    const used = await until(async () => {
      const { body } = await of.ask('GET', '/api/roster', undefined, { bearer });
      const roster = body['agents'] as readonly { readonly id: string; readonly used: number }[];
      const each = won.map((_, n) => roster.find(({ id }) => id.endsWith(oidOf(n)))?.used);
      return JSON.stringify(each) === JSON.stringify(won) && each;
    }, `their places are ${won.join()}`);
    expect(used.reduce((sum = 0, n = 0) => sum + n, 0)).toBe(SESSIONS);
  }
});
