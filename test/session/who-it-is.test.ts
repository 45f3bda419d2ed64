import { describe, expect, it, test } from 'vitest';
import { isTimeZone } from '../../src/session/zone.ts';
import { readCustomerId } from '../../src/session/ids.ts';
import type { Subject } from '../../src/session/session.ts';
import { anna, customer, ended, MIN, sid, story, withAnna, type Story } from './given.ts';

const shop = 'https://shop.example';
const account = readCustomerId('dl_s0000000000000000000');
const eva: Subject = { kind: 'signedIn', issuer: shop, name: 'Eva' };
const says = (s: Story, subject: Subject) => s.does({ type: 'identify', subject });
const answer = (s: Story) => s.answer();
const refused = (s: Story) => s.answer().refused?.kind;

describe('a customer whom the site names', () => {
  it('is known by it from then on, under a new epoch', () => {
    const s = says(withAnna(), eva);
    expect(s.session()).toMatchObject({ subject: eva, epoch: withAnna().session().epoch + 1 });
  });

  it('may be called otherwise, and is still the same', () => {
    const s = says(says(withAnna(), eva), { ...eva, name: 'Eva Lind' });
    expect(s.session().subject).toMatchObject({ name: 'Eva Lind' });
    expect(s.answer().events).toHaveLength(1);
    expect(s.session().epoch).toBe(withAnna().session().epoch + 1);
  });

  it('is told of once', () => {
    expect(answer(says(says(withAnna(), eva), eva))).toEqual({ events: [] });
    expect(answer(says(withAnna(), { kind: 'anonymous' }))).toEqual({ events: [] });
  });

  it('never becomes nobody, nor somebody else', () => {
    const known = () => says(withAnna(), eva);
    expect(refused(says(known(), { kind: 'anonymous' }))).toBe('notNow');
    expect(refused(says(known(), { ...eva, issuer: 'https://other.example' }))).toBe('notNow');
    expect(refused(says(known(), { ...eva, ...(account && { account }) }))).toBe('notNow');
    expect(refused(says(known(), { ...eva, account: customer }))).toBeUndefined();
  });
});

describe('a chat continues an earlier one', () => {
  const earlier = sid('earlier');
  it('once, and never itself', () => {
    const s = withAnna().does({ type: 'continues', earlier });
    expect(s.session().follows).toBe(earlier);
    expect(refused(s.does({ type: 'continues', earlier }))).toBe('already');
    expect(refused(s.does({ type: 'continues', earlier: sid('another') }))).toBe('notNow');
    expect(refused(withAnna().does({ type: 'continues', earlier: withAnna().session().id }))).toBe('notNow');
  });
});

describe('taking back', () => {
  const takeBack = { type: 'takeBack', agent: anna, followUp: sid('second') } as const;
  it('is for what was closed: what is with its agent already is theirs, and the rest is not over', () => {
    expect(refused(withAnna().does(takeBack))).toBe('already');
    expect(refused(story().does(takeBack))).toBe('notNow');
    expect(refused(withAnna().does({ type: 'record', agent: anna, wrapUp: { notes: 'x' } }))).toBe('notNow');
    expect(refused(ended().does(takeBack).does(takeBack))).toBe('already');
  });

  it('what never had an agent is nobody’s to take back, or to note something of', () => {
    const byBot = () => story().does({ type: 'close', by: 'bot' });
    expect(refused(byBot().does(takeBack))).toBe('notYours');
    expect(refused(byBot().does({ type: 'record', agent: anna, wrapUp: { notes: 'x' } }))).toBe('notYours');
  });

  it('notes stand until the wrap-up is over, to the millisecond', () => {
    const noted = (ms: number) =>
      ended()
        .after(ms)
        .does({ type: 'record', agent: anna, wrapUp: { notes: 'x' } });
    const { wrapUpUntil = 0 } = ended().session() as { readonly wrapUpUntil?: number };
    expect(refused(noted(wrapUpUntil - ended().now() - 1))).toBeUndefined();
    expect(noted(wrapUpUntil - ended().now()).answer().refused).toEqual({ kind: 'tooLate', at: wrapUpUntil });
    expect(refused(noted(MIN))).toBeUndefined();
  });
});

test('a time zone is what this runtime knows as one', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});
