import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hashOf, readToken, tokenOf } from '../../src/handoff/links-token.ts';
import { secretsOf } from '../../src/handoff/links-secrets.ts';
import type { Caller, Who } from '../../src/handoff/links-find.ts';
import { readCustomerId, sessionIdOf } from '../../src/session/ids.ts';
import type { Session, Subject } from '../../src/session/session.ts';
import { customer as mia, ended, sid, withAnna } from '../session/given.ts';
import { openGate, PEPPER, rim, stranger, type Gate } from './gate.ts';

let gate: Gate;
let chat: Session;
beforeEach(async () => {
  gate = openGate();
  chat = await gate.stands(withAnna().session());
});
afterEach(() => gate.close());

const account = readCustomerId('dl_s0000000000000000000')!;
const lea = readCustomerId('dl_BBBBBBBBBBBBBBBBBBBBBB')!;
const as = (who: Who, from = stranger.from): Caller => ({ from, who: () => Promise.resolve(who) });
const secretIn = (token: string): string => readToken(token)!.secret;
/** How often sessions were read. */
const questions = (): number => gate.engine.counters.requests('read', 'sessions');
/** The same session as somebody else's, or in another widget. */
const standsAs = (
  name: string,
  over: Partial<Pick<Session, 'widget' | 'customer'>> & { subject?: Subject },
) => gate.stands({ ...withAnna().session(), id: sid(name), ...over });

describe('what opens nothing', () => {
  test('all that is wrong with a link is answered alike, and as late, and the store was asked', async () => {
    const revoked = await gate.gives(chat.id);
    await gate.during(
      gate.house.sessions.ask(chat.id, {
        actor: 'customer',
        command: () => ({ type: 'revokeLinks', by: 'customer' }),
      }),
    );
    const foreign = await standsAs('lea', { subject: { kind: 'signedIn', issuer: 'https://shop.example' } });
    const { token: hers } = await gate.gives(foreign.id);
    const answers: unknown[][] = [];
    for (const text of [hers, revoked.token, `${revoked.token.slice(0, -2)}xx`, 'rt1_nonsense', '']) {
      gate.house.sessions.forget(mia);
      gate.engine.counters.reset();
      const from = gate.clock.now();
      const answer = await gate.clicks(text);
      answers.push([answer, gate.clock.now() - from, gate.engine.counters.requests('query', 'sessions') > 0]);
    }
    expect(answers).toEqual(answers.map(() => [{ kind: 'unknown' }, 100, true]));
  });

  test('a key that lies with one customer and names the chat of another', async () => {
    const { token } = await gate.gives(chat.id);
    const key = await gate.stores.sessions.key(mia, hashOf(secretIn(token)));
    await gate.stores.sessions.addKeys(lea, [{ hash: hashOf(secretIn(token)), value: key!.value }]);
    expect(await gate.clicks(tokenOf({ customer: lea, secret: secretIn(token) }))).toEqual({
      kind: 'unknown',
    });
    expect((await gate.clicks(token)).kind).toBe('back');
  });

  test('a key of a chat that is nowhere any more; a store that fails is no such answer', async () => {
    const secret = 's'.repeat(43);
    await gate.stores.sessions.addKeys(mia, [
      { hash: hashOf(secret), value: { ...{ sid: sid('erased'), kind: 'link', family: 0, madeAt: 1 } } },
    ]);
    const token = tokenOf({ customer: mia, secret });
    expect(await gate.clicks(token)).toEqual({ kind: 'unknown' });
    const stop = gate.engine.faults.add({ fault: { kind: 'status', status: 403 }, operation: 'query' });
    await expect(gate.clicks(token)).rejects.toMatchObject({ code: 'store_unavailable' });
    stop();
  });

  test('a link where the way back has been switched off since', async () => {
    const off = await standsAs('off', { widget: 'off' });
    const { token } = await gate.gives(off.id);
    expect(await gate.clicks(token)).toEqual({ kind: 'unknown' });
  });

  test('a code that leads to a link’s key, and a link that leads to nobody', async () => {
    const { token } = await gate.gives(chat.id);
    const [hash = ''] = secretsOf({ pepper: PEPPER }).codeHashes('zoo zoo zoo');
    await gate.stores.lookups.putCode(hash, {
      ...{ customer: mia, key: hashOf(secretIn(token)), until: gate.clock.now() + 60_000 },
    });
    expect(await gate.types('zoo zoo zoo')).toEqual({ kind: 'unknown' });
    expect(await gate.clicks(tokenOf({ customer: lea, secret: secretIn(token) }))).toEqual({
      kind: 'unknown',
    });
  });
});

describe('a code', () => {
  test('is good for ten minutes, and at the tenth no more', async () => {
    const [early, late] = [await gate.gives(chat.id), await gate.gives(chat.id)];
    gate.clock.advance(600_000 - 1);
    expect((await gate.types(early.code)).kind).toBe('back');
    gate.clock.advance(1);
    expect(await gate.types(late.code)).toEqual({ kind: 'unknown' });
    expect((await gate.clicks(late.token)).kind).toBe('back');
  });

  test('typed as it is heard is found, and is spent with its use; nonsense is not', async () => {
    const { code } = await gate.gives(chat.id);
    expect([
      await gate.types('no such words'),
      await gate.types(''),
      await gate.types('zoo zoo zoo'),
    ]).toEqual([{ kind: 'unknown' }, { kind: 'unknown' }, { kind: 'unknown' }]);
    expect((await gate.types(code.toUpperCase().replaceAll(' ', '-'))).kind).toBe('back');
    expect(await gate.types(code)).toEqual({ kind: 'used' });
  });
});

test('a code given before the pepper was replaced is found by houses with the new one', async () => {
  const { code } = await gate.gives(chat.id);
  const renewed = gate.another({ pepper: 'a newer pepper of thirty-two characters', previousPepper: PEPPER });
  const typed = renewed.redemptions.redeem({ way: 'code', text: code }, stranger, rim());
  expect((await gate.during(typed)).kind).toBe('back');
});

test('a link of somebody whose chats are all over tells so', async () => {
  const done = await gate.stands({
    ...withAnna().session(),
    ...{ customer: lea, id: sessionIdOf(lea, 'the-only-one') },
  });
  const { token } = await gate.gives(done.id);
  await gate.during(
    gate.house.sessions.ask(done.id, {
      actor: 'customer',
      command: () => ({ type: 'close', by: 'customer' }),
    }),
  );
  expect((await gate.looks(token)).kind).toBe('over');
});

describe('whose it is', () => {
  test('an anonymous customer’s is whoever’s has it; told as theirs on the browser that was theirs', async () => {
    const { token } = await gate.gives(chat.id);
    expect(await gate.looks(token, as({ devices: [lea], account }))).toEqual({ kind: 'open', agent: 'Anna' });
    await gate.clicks(token);
    expect(await gate.looks(token, as({ devices: [lea], account: mia }))).toEqual({ kind: 'open' });
    expect(await gate.looks(token, as({ devices: [lea, mia] }))).toEqual({ kind: 'ask' });
    expect(await gate.clicks(token, as({ devices: [mia] }))).toEqual({ kind: 'ask' });
    expect(await gate.clicks(token, as({ devices: [lea] }))).toEqual({ kind: 'used' });
  });

  test('a verified customer’s is theirs alone, by the account they signed in with over it or that it began with', async () => {
    const began = await standsAs('began', { subject: { kind: 'signedIn', issuer: 'https://shop.example' } });
    const over = await standsAs('over', {
      subject: { kind: 'signedIn', issuer: 'https://shop.example', account },
    });
    const [one, two] = [await gate.gives(began.id), await gate.gives(over.id)];
    const others: Who[] = [{ devices: [mia] }, { devices: [mia], account: lea }];
    for (const who of others) {
      expect(await gate.looks(one.token, as(who))).toEqual({ kind: 'unknown' });
      expect(await gate.looks(two.token, as(who))).toEqual({ kind: 'unknown' });
    }
    expect(await gate.looks(one.token, as({ devices: [], account }))).toEqual({ kind: 'unknown' });
    expect(await gate.looks(two.token, as({ devices: [], account: mia }))).toEqual({ kind: 'unknown' });
    expect((await gate.clicks(one.token, as({ devices: [], account: mia }))).kind).toBe('back');
    expect((await gate.clicks(two.token, as({ devices: [], account }))).kind).toBe('back');
    expect(await gate.clicks(one.token, as({ devices: [], account: mia }))).toEqual({ kind: 'ask' });
    expect(await gate.clicks(two.token, as({ devices: [], account }))).toEqual({ kind: 'ask' });
  });
});

test('a link to the one chat that goes on is found in one round of questions, whatever has ended beside it', async () => {
  const { token } = await gate.gives(chat.id);
  const asked = async (): Promise<number> => {
    gate.house.sessions.forget(mia);
    gate.engine.counters.reset();
    await gate.looks(token);
    return questions();
  };
  await asked();
  const alone = await asked();
  await gate.stands({ ...ended().session(), id: sessionIdOf(mia, 'over-already') });
  expect(await asked()).toBe(alone);
  await gate.stands({ ...withAnna().session(), id: sessionIdOf(mia, 'another-one') });
  expect(await asked()).toBeGreaterThan(alone);
});
