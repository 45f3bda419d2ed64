import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../src/handoff/links-limits.ts';
import type { Session } from '../../src/session/session.ts';
import { withAnna } from '../session/given.ts';
import { openGate, rim, stranger, type Gate } from './gate.ts';

let gate: Gate;
let chat: Session;
beforeEach(async () => {
  gate = openGate();
  chat = await gate.stands(withAnna().session());
});
afterEach(() => gate.close());

describe('who is wrong too often', () => {
  const WINDOW = 600_000;
  const left = (): number => WINDOW - (gate.clock.now() % WINDOW);
  const wrong = async (
    times: number,
    from: string,
    what: 'types' | 'clicks' = 'types',
  ): Promise<unknown[]> => {
    const kinds: unknown[] = [];
    for (let i = 0; i < times; i += 1)
      kinds.push((await gate[what](what === 'types' ? 'zoo zoo zoo' : 'rt1_', { ...stranger, from })).kind);
    return kinds;
  };

  test('T6: is not heard any more after ten codes, the right one neither, until the ten minutes are over', async () => {
    const { code } = await gate.gives(chat.id);
    expect(await wrong(10, 'a')).toEqual(Array.from({ length: 10 }, () => 'unknown'));
    const barred = await gate.types(code, { ...stranger, from: 'a' });
    expect(barred).toEqual({ kind: 'tooMany', retryAfterMs: left() });
    gate.clock.advance(left() - 1);
    expect((await gate.types(code, { ...stranger, from: 'a' })).kind).toBe('tooMany');
    gate.clock.advance(1);
    const fresh = await gate.gives(chat.id);
    expect((await gate.types(fresh.code, { ...stranger, from: 'a' })).kind).toBe('back');
  });

  test('bars nobody else, from codes or from links', async () => {
    const { code, token } = await gate.gives(chat.id);
    await wrong(11, 'a');
    for (let i = 0; i < 11; i += 1) await gate.reads('rt1_', { ...stranger, from: 'b' });
    expect((await gate.looks(token, { ...stranger, from: 'a' })).kind).toBe('open');
    expect((await gate.types(code, { ...stranger, from: 'b' })).kind).toBe('back');
  });

  test('is told to wait after thirty links, and still heard with a right one', async () => {
    const { token } = await gate.gives(chat.id);
    expect(await wrong(30, 'a', 'clicks')).toEqual(Array.from({ length: 30 }, () => 'unknown'));
    const waits = await gate.clicks('rt1_', { ...stranger, from: 'a' });
    expect(waits).toEqual({ kind: 'tooMany', retryAfterMs: left() + 100 });
    expect((await gate.types('zoo zoo zoo', { ...stranger, from: 'a' })).kind).toBe('unknown');
    expect((await gate.clicks(token, { ...stranger, from: 'a' }, rim())).kind).toBe('back');
  });

  test('with three hundred wrong codes from everywhere each has one try, and links are none of it', async () => {
    const { lookups } = gate.stores;
    const many = async (name: string, n: number): Promise<void> => {
      for (let i = 0; i < n; i += 1) await lookups.count(name, gate.clock.now(), WINDOW);
    };
    await many('code', 297);
    await wrong(2, 'a');
    await wrong(1, 'b', 'clicks');
    expect((await gate.types('zoo zoo zoo', { ...stranger, from: 'a' })).kind).toBe('unknown');
    expect((await gate.types('zoo zoo zoo', { ...stranger, from: 'a' })).kind).toBe('tooMany');
    expect(await wrong(2, 'c')).toEqual(['unknown', 'tooMany']);
  });

  test('at the eleventh wrong one of a moment, is told to wait', async () => {
    const { lookups } = gate.stores;
    for (let i = 0; i < 9; i += 1) await lookups.count('code|a', gate.clock.now(), WINDOW);
    const { wrong: note } = limits(lookups, gate.clock);
    expect([await note('code', 'a'), await note('code', 'a')]).toEqual([undefined, left()]);
  });
});
