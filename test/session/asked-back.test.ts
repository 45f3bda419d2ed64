import { describe, expect, it } from 'vitest';
import { isAskedBack, serves } from '../../src/session/asked-back.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import type { Subject } from '../../src/session/session.ts';
import { anna, ben, left, setAsideAndGone, withAnna, type Story } from './given.ts';

const eva: Subject = { kind: 'signedIn', issuer: 'https://shop.example', name: 'Eva' };
const signedIn = (s: Story) => s.does({ type: 'identify', subject: eva });
const asked = (s: Story, over: Partial<Rules> = {}) => isAskedBack(s.session(), { ...RECOMMENDED, ...over });

describe('a customer who is back is asked to return', () => {
  it('when the site says who they are; whoever is a device only, where anyone is asked', () => {
    expect([asked(left(signedIn(withAnna()))), asked(left(withAnna()))]).toEqual([true, false]);
    expect(asked(left(withAnna()), { promptAudience: 'anyone' })).toBe(true);
    expect(asked(left(signedIn(withAnna())), { promptAudience: 'anyone' })).toBe(true);
  });

  it('by nobody where nobody is asked', () => {
    expect(asked(left(signedIn(withAnna())), { promptAudience: 'nobody' })).toBe(false);
    expect(asked(left(withAnna()), { promptAudience: 'nobody' })).toBe(false);
  });

  it('unless they closed the window where that leaves the link and the code only', () => {
    const closed = left(signedIn(withAnna()), 'closedWindow');
    expect(asked(closed, { closedWindow: 'noPrompt' })).toBe(false);
    expect(asked(closed)).toBe(true);
    expect(asked(left(signedIn(withAnna())), { closedWindow: 'noPrompt' })).toBe(true);
    expect(asked(signedIn(setAsideAndGone()), { closedWindow: 'noPrompt' })).toBe(true);
  });
});

describe('there is a way back', () => {
  it('where it is switched on', () => {
    expect(serves({ enabled: true, preview: false }, undefined)).toBe(true);
    expect(serves({ enabled: false, preview: false }, anna)).toBe(false);
  });

  it('in a preview for sessions of its agents alone', () => {
    const preview = { enabled: true, preview: true, previewAgents: [anna.id, ben.id] };
    expect([serves(preview, ben), serves({ ...preview, previewAgents: [anna.id] }, ben)]).toEqual([
      true,
      false,
    ]);
    expect(serves(preview, undefined)).toBe(false);
    expect(serves({ ...preview, enabled: false }, anna)).toBe(false);
    expect(serves({ enabled: true, preview: true }, anna)).toBe(false);
  });
});
