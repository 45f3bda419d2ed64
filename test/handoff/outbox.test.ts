import { beforeEach, expect, test } from 'vitest';
import { movableClock, type MovableClock } from '../../src/clock.ts';
import type { Header } from '../../src/handoff/header.ts';
import { outbox, type Outbox } from '../../src/handoff/outbox.ts';
import { customer, header, session } from '../store/samples.ts';

let clock: MovableClock;
let box: Outbox;
beforeEach(() => {
  clock = movableClock({ now: () => Date.UTC(2030, 0, 7), after: () => () => undefined });
  box = outbox(clock);
});
const place = (page: number) => ({ at: `page ${page}`, page });
/** Of which a line is yet to be carried. */
const owing = (seq: number, name = 'mia'): Header =>
  header(session(customer(name)), { seq, owed: seq, delivered: seq - 1 });

test('whoever reads on after a crash begins before the first line that nobody has carried yet', () => {
  box.owes(owing(1), place(1));
  box.owes(owing(1, 'ben'), place(2));
  expect(box.oldest()).toEqual(place(1));
  box.owes(owing(2), place(7));
  expect(box.oldest()).toEqual(place(1));
  box.settled(owing(2).session.id);
  expect(box.oldest()).toEqual(place(2));
  box.settled(owing(1, 'ben').session.id);
  expect(box.oldest()).toBeUndefined();
});

test('a line that takes long is looked after by a deadline, and holds up nobody’s place', () => {
  box.owes(owing(1), place(1));
  expect(box.lapsed()).toEqual([]);
  const looks = [5_000, 5_000, 10_000].map((ms) => {
    clock.advance(ms);
    const [one] = box.lapsed();
    return one && box.again(one, owing(1));
  });
  expect(looks).toEqual(['here', 'here', 'here']);
  clock.advance(20_000);
  const [last] = box.lapsed();
  expect(last && box.again(last, owing(1))).toEqual({ dueAt: clock.now() + 60_000 });
});
