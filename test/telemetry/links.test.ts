import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHouse, until, type TestHouse } from '../server/house.ts';
import { browserOf, redeem, talking, type Talk } from '../server/ways.ts';
import { ear, type Ear } from './ear.ts';

let house: TestHouse;
let heard: Ear;
beforeAll(async () => {
  heard = ear();
  house = await openHouse({ telemetry: heard.telemetry });
});
afterAll(() => house.close());

const steps = async (way: string): Promise<Readonly<Record<string, number>>> => {
  const all: Record<string, number> = {};
  for (const { by, sum } of await heard.of('reconnect.funnel', { 'reconnect.way': way })) {
    const step = [by['reconnect.step'], by['reconnect.reason']].filter(Boolean).join(': ');
    all[step] = (all[step] ?? 0) + sum;
  }
  return all;
};

/** They use it, and their page opens the conversation they are given. */
async function comesBack(brought: Parameters<typeof redeem>[1], key?: string): Promise<void> {
  const back = await redeem(house, brought, key === undefined ? {} : { key });
  expect(back.status).toBe(200);
  await browserOf(house, back);
}

/** They say nothing for so long that they are noticed gone. */
async function isGone(talk: Talk): Promise<void> {
  await house.ask('POST', '/local/clock', { advanceMs: 4 * 60_000 });
  await until(async () => {
    await house.ask('POST', '/local/clock', { advanceMs: 2_000 });
    const bearer = await house.tabToken();
    const { body } = await house.ask('GET', `/api/sessions/${talk.sid}`, undefined, { bearer });
    return (body['row'] as { readonly status?: string }).status === 'disconnected';
  }, 'they are noticed gone');
}

describe('row 94: the ways back by link and code are counted', () => {
  test('a link that is given, used once, tried again, and one that never was', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    await isGone(talk);
    // Twice the same click is one return.
    await Promise.all([comesBack({ token }, 'k'), comesBack({ token }, 'k')]);
    await redeem(house, { token }, { key: 'another' });
    await redeem(house, { token: `${token}x` });
    expect(await steps('link')).toEqual({
      offered: 1,
      continued: 1,
      'failed: used': 1,
      'failed: unknown': 1,
    });
    const away = await heard.of('reconnect.away.duration', { 'reconnect.way': 'link' });
    expect(away.map(({ count }) => count)).toEqual([1]);
    expect(
      await heard.count('reconnect.reunions', { 'reconnect.way': 'link', 'reconnect.same_agent': 'true' }),
    ).toBe(1);
    expect(
      await heard.count('reconnect.ladder.steps', {
        'reconnect.step': 'straight',
        'reconnect.reason': 'held',
      }),
    ).toBe(1);
  });

  test('a code that brings somebody back, and one that comes too late', async () => {
    const talk = await talking(house);
    const { code } = await talk.give();
    await comesBack({ code });
    const other = await talking(house);
    const { token } = await other.give();
    await other.act('close');
    await redeem(house, { token });
    expect(await steps('code')).toEqual({ continued: 1 });
    expect((await steps('link'))['too_late']).toBe(1);
  });
});

test('row 94: one who comes back to a chat that was set aside is led to its agent, and reunited when they resume it', async () => {
  const before = await heard.count('reconnect.reunions');
  const talk = await talking(house);
  const { token } = await talk.give();
  await talk.act('suspend');
  await comesBack({ token });
  expect(await heard.count('reconnect.ladder.steps', { 'reconnect.step': 'set_aside' })).toBe(1);
  expect(await heard.count('reconnect.reunions')).toBe(before);
  await talk.act('message', { text: 'I have found it' });
  await talk.act('message', { text: 'It leaves tonight' });
  expect(await heard.count('reconnect.reunions')).toBe(before + 1);
  const answers = await heard.of('reconnect.answer.duration', { 'reconnect.after': 'return' });
  const opened = answers.filter(({ by }) => by['reconnect.transcript_opened'] === 'true');
  expect(opened.reduce((sum, { count }) => sum + count, 0)).toBe(1);
});

test('row 94: a chat that its agent hands on, before they said anything, has come back once', async () => {
  const before = await heard.count('reconnect.reunions');
  const talk = await talking(house);
  const { token } = await talk.give();
  await comesBack({ token });
  await talk.act('transfer', { to: 'queue:support' });
  await talk.act('accept');
  await talk.act('close');
  expect(await heard.count('reconnect.reunions')).toBe(before + 1);
  const steps = await heard.of('reconnect.ladder.steps', { 'reconnect.reason': 'transferred' });
  expect(steps).toEqual([]);
});
