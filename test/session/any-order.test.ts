import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Command } from '../../src/session/command.ts';
import { fold } from '../../src/session/fold.ts';
import type { Session } from '../../src/session/session.ts';
import { slotOf } from '../../src/session/slots.ts';
import { agentOf, isOver, ownerOf } from '../../src/session/whose.ts';
import { commands, HOUR, MIN, shapes, type Story } from './given.ts';

const ends = ({ type, ...more }: Command): boolean =>
  type === 'close' || ('mode' in more && more.mode === 'close');
const count = commands(0).length;
const all = Array.from({ length: count }, (_, i) => i);
const goesOn = all.filter((i) => !ends(commands(0)[i]!));

/** One step of anybody: which command, after how long, and who has spoken meanwhile. */
const steps = fc.array(
  fc.record({
    command: fc.oneof(
      { arbitrary: fc.constantFrom(...goesOn), weight: 29 },
      { arbitrary: fc.constantFrom(...all), weight: 1 },
    ),
    wait: fc.constantFrom(0, 0, 1, MIN, 5 * MIN, HOUR),
    said: fc.constantFrom(undefined, undefined, 'customer', 'agent'),
  }),
  { minLength: 1, maxLength: 40, size: 'max' },
);
const begun = fc.constantFrom(...Object.keys(shapes));
const PARAMETERS = { seed: 6, numRuns: 200 };

/** Walks on from a shape, and judges every change. */
function everyChange(judge: (before: Session, after: Session, s: Story) => void): void {
  fc.assert(
    fc.property(begun, steps, (shape, path) => {
      const s = shapes[shape]!();
      for (const { command, wait, said } of path) {
        s.unnoticed(wait);
        if (said !== undefined && !isOver(s.session())) s.said(said);
        const before = s.session();
        judge(before, s.does(commands(s.now())[command]!).session(), s);
      }
    }),
    PARAMETERS,
  );
}

it('I1: whatever is done in whatever order, a session has another owner under the next epoch only', () => {
  everyChange((before, after) => {
    const moved =
      ownerOf(before)?.id !== ownerOf(after)?.id ||
      before.conversation !== after.conversation ||
      before.subject.kind !== after.subject.kind;
    expect(after.epoch - before.epoch).toBe(moved ? 1 : 0);
  });
});

it('I8: once closed or expired it stays so, with the same owner, place in time and people', () => {
  everyChange((before, after) => {
    if (!isOver(before)) return;
    const { id, status, epoch, agents, previous, conversation } = before;
    expect(after).toMatchObject({ id, status, epoch, agents, conversation });
    expect(after.previous).toStrictEqual(previous);
    expect(slotOf(after) === undefined || slotOf(before) !== undefined).toBe(true);
  });
});

it('its audit rebuilds it after every change, one record for each version', () => {
  everyChange((before, after, s) => {
    expect(after.ver - before.ver).toBe(s.answer().events.length > 0 ? 1 : 0);
    expect(s.audit().map(({ ver }) => ver)).toEqual(s.audit().map((_, i) => i + 1));
    const { lastSaid: _, ...stored } = after;
    expect(fold(s.audit())).toStrictEqual(stored);
  });
});

it('it takes a place with nobody but the agent it is with, asks, or was closed by, and never past its time', () => {
  everyChange((_, after, s) => {
    const slot = slotOf(after);
    if (slot === undefined) return;
    expect(slot.agent).toBe((agentOf(after) ?? after.previous)?.id);
    expect(slot.kind === 'owned').toBe(after.status === 'active');
    expect(slot.until ?? Infinity).toBeGreaterThan(s.now());
  });
});

it('nobody is in it twice: not among its agents, its guests, or those who were asked', () => {
  everyChange((_, after) => {
    const once = (people: readonly { readonly id: string }[] = []): void => {
      expect(new Set(people.map(({ id }) => id)).size).toBe(people.length);
    };
    once(after.agents);
    once(after.guests);
    once(after.asides);
    expect(after.guests?.map(({ id }) => id) ?? []).not.toContain(ownerOf(after)?.id);
  });
});
