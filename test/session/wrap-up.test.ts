import { describe, expect, it, test } from 'vitest';
import type { Command } from '../../src/session/command.ts';
import { anna, ben, ended, inLine, left, MIN, withAnna } from './given.ts';

const closes = (wrapUp: { disposition?: string; notes?: string }): Command => ({
  ...{ type: 'close', by: 'agent', agent: anna },
  wrapUp,
});
const notes = (wrapUp: { disposition?: string; notes?: string }, agent = anna): Command => ({
  ...{ type: 'record', agent },
  wrapUp,
});

test('whoever is done with the wrap-up frees their place themselves, which is kept with the chat', () => {
  const s = ended({ wrapUpSlotMs: 5 * MIN }).does({ type: 'releaseHold', agent: anna });
  expect(s.answer()).toEqual({ events: [{ type: 'holdEnded', at: s.now(), why: 'released' }] });
});

test('an agent who closes what waits in line is told that this is not the time, not that it is another’s', () => {
  const s = inLine().does({ type: 'close', by: 'agent', agent: anna });
  expect(s.answer().refused).toEqual({ kind: 'notNow', status: 'queued' });
});

describe('what came of a chat', () => {
  it('is what its agent says as they close it', () => {
    const s = withAnna().does(closes({ disposition: 'Resolved', notes: 'sent again' }));
    expect(s.session()).toMatchObject({
      status: 'closed',
      wrapUp: { disposition: 'Resolved', notes: 'sent again' },
    });
  });

  it('may be left open: an agent who says nothing closes all the same', () => {
    const s = withAnna().does(closes({}));
    expect(s.session()).not.toHaveProperty('wrapUp');
  });

  it('can be said, and said again, within wrap-up; the last word stands', () => {
    const s = ended({ wrapUpMs: 10 * MIN }).after(9 * MIN);
    s.does(notes({ disposition: 'Resolved', notes: 'x' }));
    s.does(notes({ disposition: 'Passed on' }));
    expect(s.session()).toMatchObject({ wrapUp: { disposition: 'Passed on' } });
    expect(s.session()).toHaveProperty('wrapUp', { disposition: 'Passed on' });
    expect(s.does(notes({ disposition: 'Passed on' })).answer()).toStrictEqual({ events: [] });
  });

  it('is nobody else’s to say, and nobody’s once wrap-up is over or while the chat runs', () => {
    const s = ended({ wrapUpMs: 10 * MIN });
    expect(s.does(notes({ notes: 'x' }, ben)).answer().refused).toStrictEqual({ kind: 'notYours' });
    s.unnoticed(10 * MIN);
    expect(s.does(notes({ notes: 'x' })).answer().refused?.kind).toBe('tooLate');
    expect(
      withAnna()
        .does(notes({ notes: 'x' }))
        .answer().refused?.kind,
    ).toBe('notNow');
  });

  it('can be said of a chat that its customer ended', () => {
    const s = left(withAnna({ closedWindow: 'end' }).after(MIN), 'closedWindow');
    expect(s.session()).toMatchObject({ status: 'closed', by: 'customer' });
    expect(s.does(notes({ disposition: 'Resolved' })).session()).toHaveProperty('wrapUp');
  });

  it('is told to no customer', () => {
    const s = ended().does(notes({ disposition: 'Resolved', notes: 'rude' }));
    expect(s.told()).toStrictEqual([]);
    expect(
      withAnna()
        .does(closes({ notes: 'rude' }))
        .told(),
    ).toStrictEqual(['both: closed']);
  });
});
