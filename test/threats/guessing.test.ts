import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { movableClock, systemClock } from '../../src/clock.ts';
import { BUDGETS } from '../../src/server/budgets.ts';
import { promptIn, until, type Answer } from '../server/house.ts';
import { openDesk, type TestDesk } from '../production/desk.ts';
import { agentAt, customerAt, type Agent } from '../production/people.ts';
import { codeOf, headersOf, redeem, talking } from './people.ts';

/** Two instances over one store, on a clock that stands still unless it is moved: no window ends in between. */
let desk: TestDesk;
let other: TestDesk;
let jonas: Agent;
beforeAll(async () => {
  const startedAt = Date.now();
  desk = await openDesk({}, undefined, undefined, movableClock({ ...systemClock, now: () => startedAt }));
  other = await openDesk({}, desk);
  jonas = await agentAt(desk, 'Jonas Weber', 1);
});
afterAll(async () => {
  await other.close();
  await desk.close();
});

const TOKENS = 30;
const CODES = 10;
const guess = (customer: string): string => `rt1_${customer}.${randomBytes(32).toString('base64url')}`;

/** Asks so often, twenty at once, of both instances in turn. */
async function flood(
  times: number,
  one: (of: TestDesk, n: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let n = 0; n < times; n += 20)
    answers.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(20, times - n) }, (_, i) => one(i % 2 === 0 ? desk : other, n + i)),
      )),
    );
  return answers;
}
const only = (answers: readonly Answer[], wanted: number): readonly Answer[] =>
  answers.filter(({ status }) => status === wanted);

describe('T6: who guesses', () => {
  test('links is heard so often by all instances together, is told when to come again, and learns nothing', async () => {
    const talk = await talking({ desk, jonas });
    const { token } = await talk.link();
    const { customer } = talk;
    // 256 random bits: 43 characters of six.
    expect(token).toMatch(new RegExp(`^rt1_${customer.userId}\\.[\\w-]{43}$`, 'u'));
    const from = '203.0.113.5';
    const answers = await flood(4 * TOKENS, (of) => redeem(of, { token: guess(customer.userId) }, { from }));
    const [unknown, over] = [only(answers, 404), only(answers, 429)];
    expect([unknown.length, over.length]).toEqual([TOKENS, 3 * TOKENS]);
    expect(new Set(unknown.map((answer) => `${answer.text} ${JSON.stringify(headersOf(answer))}`)).size).toBe(
      1,
    );
    for (const { headers } of over) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    for (const path of ['/api/reconnect/look', '/api/reconnect/read']) {
      const asked = { token: guess(customer.userId) };
      const answer = await other.ask('POST', path, asked, { headers: { 'x-forwarded-for': from } });
      expect([answer.status, codeOf(answer)]).toEqual([429, 'too_many']);
    }
    // Nobody else notices, and whoever sits in the same office with a link of their own is let in.
    const elsewhere = await redeem(desk, { token: guess(customer.userId) }, { from: '203.0.113.6' });
    expect(elsewhere.status).toBe(404);
    expect((await redeem(other, { token }, { from })).status).toBe(200);
  });

  test('codes is heard ten times, however many at once on however many instances; then not even with a right one', async () => {
    const talk = await talking({ desk, jonas });
    const { code } = await talk.link();
    const from = '203.0.113.15';
    const answers = await flood(4 * CODES, (of, n) => redeem(of, { code: `zoo able ${n}` }, { from }));
    expect(only(answers, 404)).toHaveLength(CODES);
    expect(only(answers, 429)).toHaveLength(3 * CODES);
    expect((await redeem(other, { code }, { from })).status).toBe(429);
    expect((await redeem(other, { code }, { from: '203.0.113.16' })).status).toBe(200);
  });

  test('answers to a prompt that was not theirs gets one answer, and then has to wait; whose it is answers it', async () => {
    const talk = await talking({ desk, jonas });
    const lea = await talk.customer.again();
    await lea.join();
    const prompt = await until(
      () => promptIn(lea.shown().map(({ activity }) => activity)),
      'she is asked whether she wants to go on',
    );
    const eve = await customerAt(desk);
    const most = 2 * BUDGETS.page.free + BUDGETS.page.shared;
    const answers = await flood(most + 60, (of, i) => {
      const nonce = i === 0 ? prompt.nonce : randomBytes(16).toString('base64url');
      const asked = { prompt: { ...prompt, nonce, choice: 'agent', conversation: eve.conversation } };
      return of.ask('POST', '/api/reconnect', asked, eve.asking);
    });
    const [unknown, over] = [only(answers, 404), only(answers, 429)];
    expect(unknown.length + over.length).toBe(answers.length);
    expect(new Set(unknown.map(({ text }) => text)).size).toBe(1);
    expect(over.length).toBeGreaterThanOrEqual(answers.length - most);
    const hers = { prompt: { ...prompt, choice: 'agent', conversation: lea.conversation } };
    expect((await desk.ask('POST', '/api/reconnect', hers, lea.asking)).status).toBe(200);
  });
});
