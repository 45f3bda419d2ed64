import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHouse, type Answer, type TestHouse } from './house.ts';
import { codeOf, cookieOf, headersOf, look, redeem, statusOf, talking, wayIn } from './ways.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const later = (ms: number, of = house): Promise<Answer> => of.ask('POST', '/local/clock', { advanceMs: ms });
const MINUTE = 60_000;

describe('unknown, malformed and revoked', () => {
  let own: TestHouse;
  beforeAll(async () => {
    own = await openHouse();
  });
  afterAll(() => own.close());

  test('row 11: get one answer, to the byte', async () => {
    const talk = await talking(own);
    const revoked = await talk.give();
    expect((await talk.act('revokeLinks')).status).toBe(200);
    const unknown = await redeem(own, { token: `rt1_${talk.chat.userId}.${'B'.repeat(43)}` });
    expect(unknown.status).toBe(404);
    const others = [
      revoked.token,
      `rt1_dl_${'x'.repeat(30)}.${'B'.repeat(43)}`,
      'rt1_',
      '',
      42,
      null,
      { toString: 'x' },
      `${revoked.token}x`,
      'x'.repeat(5_000),
    ];
    for (const token of others) {
      const since = performance.now();
      const no = await redeem(own, { token });
      // Longer than looking takes, whatever was found.
      expect(performance.now() - since).toBeGreaterThan(95);
      expect([no.status, no.text]).toEqual([404, unknown.text]);
      expect(headersOf(no)).toEqual(headersOf(unknown));
      expect([(await look(own, token)).text, (await look(own, token)).status]).toEqual([unknown.text, 404]);
    }
  });

  test('row 11: the customer revokes theirs too, code and all; a link given later works', async () => {
    const talk = await talking(own);
    const old = await talk.give();
    const theirs = wayIn(await talk.page('link'));
    expect((await talk.page('revokeLinks')).status).toBe(200);
    const asked = [{ token: old.token }, { token: theirs.token }, { code: old.code }, { code: theirs.code }];
    for (const brought of asked) expect((await redeem(own, brought)).status).toBe(404);
    expect((await redeem(own, { token: wayIn(await talk.page('link')).token })).status).toBe(200);
  });
});

describe('a return code', () => {
  test('N9: is read out, typed as people type, and admits once', async () => {
    const talk = await talking(house);
    const { code, token } = await talk.give();
    expect(code).toMatch(/^[a-z]+ [a-z]+ [a-z]+$/u);
    const back = await redeem(house, { code: `  ${code.toUpperCase().replaceAll(' ', ' – ')}.` });
    expect([back.status, statusOf(back)]).toEqual([200, 'active']);
    expect((await talk.told()).some(({ text }) => text.includes('is back, with the code'))).toBe(true);
    expect(codeOf(await redeem(house, { code }))).toBe('used');
    expect((await redeem(house, { token })).status).toBe(200);
  });

  test('N9: lives ten minutes; what is left of it looks like a code that never was', async () => {
    const own = await openHouse();
    const talk = await talking(own);
    const { code, token } = await talk.give();
    await talk.chat.say('still here');
    await later(10 * MINUTE + 1, own);
    const late = await redeem(own, { code });
    const unknown = await redeem(own, { code: 'zoo zoo zoo' });
    expect([late.status, late.text]).toEqual([404, unknown.text]);
    expect((await redeem(own, { token })).status).toBe(200);
    await own.close();
  });

  test('wrong ones are counted: after ten the caller waits, and a right one waits with them', async () => {
    const own = await openHouse();
    const talk = await talking(own);
    const { code, token } = await talk.give();
    for (let i = 0; i < 10; i += 1) expect((await redeem(own, { code: `zoo zoo ${i}` })).status).toBe(404);
    const barred = await redeem(own, { code });
    expect([barred.status, codeOf(barred)]).toEqual([429, 'too_many']);
    const wait = Number(barred.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(600);
    expect((await redeem(own, { token })).status).toBe(200);
    const next = wayIn(await talk.act('link'));
    await later(wait * 1_000, own);
    expect((await redeem(own, { code: next.code })).status).not.toBe(429);
    await own.close();
  });

  test('a hundred guesses at once are heard no more often than ten', async () => {
    const own = await openHouse();
    // They are counted by the clock's ten minutes: these begin now.
    await later(10 * MINUTE - (Date.now() % (10 * MINUTE)), own);
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => redeem(own, { code: `zoo able ${i}` })),
    );
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
    await own.close();
  });
});

describe('wrong tokens', () => {
  test('are counted: after thirty the caller is told to wait; a right one is heard all the same', async () => {
    const own = await openHouse();
    const talk = await talking(own);
    const { token } = await talk.give();
    for (let i = 0; i < 30; i += 1) expect((await redeem(own, { token: `nonsense ${i}` })).status).toBe(404);
    const barred = await redeem(own, { token: 'nonsense' });
    expect([barred.status, codeOf(barred)]).toEqual([429, 'too_many']);
    expect(Number(barred.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await redeem(own, { token })).status).toBe(200);
    await own.close();
  });
});

describe('an answer that is lost', () => {
  test('is given again, to the byte, to whoever sends the same request within a minute; another request is refused', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    const first = await redeem(house, { token }, { key: 'mine' });
    await talk.act('message', { text: 'Said in between' });
    const again = await redeem(house, { token }, { key: 'mine' });
    expect([again.status, again.text, again.headers.get('set-cookie')]).toEqual([
      200,
      first.text,
      first.headers.get('set-cookie'),
    ]);
    expect((await redeem(house, { token }, { key: 'another' })).status).toBe(409);
    expect((await redeem(house, { token })).status).toBe(409);
    const backs = (await talk.told()).filter(({ code }) => code === 'customerBack');
    expect(backs).toHaveLength(1);
    await later(61_000);
    expect((await redeem(house, { token }, { key: 'mine' })).status).toBe(409);
  });
});

describe('two servers on one store', () => {
  let house: TestHouse;
  let other: TestHouse;
  beforeAll(async () => {
    house = await openHouse();
    other = await openHouse({ folder: house.folder, name: 'south', cosmos: house.store });
  });
  afterAll(async () => {
    await other.close();
    await house.close();
  });

  test('row 10: of fifty clicks at once on one link exactly one wins', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        redeem(i % 2 === 0 ? house : other, { token }, { key: `click-${i}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    expect((await talk.told()).filter(({ code }) => code === 'customerBack')).toHaveLength(1);
  });

  test('the answer that one has given and lost, the other gives again', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    const first = await redeem(house, { token }, { key: 'lost' });
    const again = await redeem(other, { token }, { key: 'lost' });
    // Each of these two is deployed at its own address.
    const text = again.text.replaceAll(other.origin, house.origin);
    expect([again.status, text, again.headers.get('set-cookie')]).toEqual([
      200,
      first.text,
      first.headers.get('set-cookie'),
    ]);
  });

  test('what one has revoked a moment ago, the other does not take', async () => {
    const talk = await talking(house);
    const { token } = await talk.give();
    expect(await look(other, token)).toMatchObject({ status: 200 });
    await talk.act('revokeLinks');
    expect((await redeem(other, { token })).status).toBe(404);
  });
});

test('row 12: no token, no code and no cookie stands in any log, or in any document of the store', async () => {
  const own = await openHouse();
  const talk = await talking(own);
  const way = await talk.give();
  const back = await redeem(own, { token: way.token }, { key: 'k' });
  const byCode = await redeem(own, { code: way.code });
  await redeem(own, { token: way.token });
  await redeem(own, { token: `${way.token}x` });
  const secrets = [way, wayIn(back), wayIn(byCode), wayIn(await talk.page('link'))].flatMap(
    ({ token, code }) => [token.slice(token.lastIndexOf('.') + 1), code, code.replaceAll(' ', '-')],
  );
  const cookies = [back, byCode].map((answer) => cookieOf(answer).split('.').at(-1) ?? '');
  const tokens = [back, byCode].map((answer) => String(answer.body['token']));
  await own.settled();
  const stored = readdirSync(own.folder)
    .filter((name) => name.startsWith('cosmos.db'))
    .map((name) => readFileSync(join(own.folder, name)).toString('latin1'));
  expect(stored.join('')).toContain(talk.chat.userId);
  for (const secret of [...secrets, ...cookies, ...tokens]) {
    expect(secret.length).toBeGreaterThan(8);
    for (const text of [...stored, own.logged()]) expect(text.includes(secret)).toBe(false);
  }
  await own.close();
});
