import type { Clock } from '../../src/clock.ts';
import type { Chance } from './chance.ts';

/** Something that things happen to: an instance of the house. What happens to nobody happens in the network. */
export interface Body {
  readonly name: string;
  /** A dead one is never woken again, and hears of no answer. */
  alive: boolean;
  /** Until then (ms, true time) nothing reaches it: it stands still, and then goes on with what it was about. */
  frozenUntil: number;
  /** How long it stood still the last time, ms. */
  frozenForMs: number;
  /** What its clock shows beside the true time, ms. */
  skewMs: number;
}

/** True time, and what is to happen in it, one thing after the other. */
export interface World {
  /** True time, ms. */
  readonly now: () => number;
  /** Lets something happen no sooner than `ms` from now; `to` whom, where it is not the network. Gives what cancels it. */
  readonly after: (ms: number, happen: () => void, to?: Body) => () => void;
  /** The clock as one of them sees it. Whoever waits longer than a moment is woken late by up to `lazyMs`, by chance. */
  readonly clockOf: (body: Body) => Clock;
  lazyMs: number;
  /** Goes on until it is so, or until true time has passed `limitMs`; whether it came about. */
  readonly until: (isSo: () => boolean, limitMs: number) => Promise<boolean>;
  /** Goes on for so long. */
  readonly pass: (ms: number) => Promise<void>;
  /** Time passes while nobody is awake: everything that becomes due by then happens after it, in order. */
  readonly leap: (ms: number) => void;
  /** How much of the time was leapt over, ms. */
  readonly leapt: () => number;
  /** How many things have happened: the same seed counts the same. */
  readonly happened: () => number;
  /** Writes down what was observed, with the time. */
  readonly note: (what: string) => void;
  readonly notes: readonly string[];
  /** Things yet to happen to this one. */
  readonly waitingFor: (body: Body) => number;
}

interface Thing {
  at: number;
  readonly order: number;
  readonly happen: () => void;
  readonly to: Body | undefined;
  cancelled: boolean;
}

export const START = Date.UTC(2030, 0, 7, 9);

/** Makes one that begins at `START`. `settled` comes back once everything that can run without time has run. */
export function makeWorld(settled: () => Promise<void>, chance: Chance): World {
  const heap: Thing[] = [];
  const notes: string[] = [];
  let now = START;
  let leapt = 0;
  let order = 0;
  let happened = 0;

  const after: World['after'] = (ms, happen, to) => {
    const thing: Thing = { at: now + Math.max(0, ms), order: (order += 1), happen, to, cancelled: false };
    push(heap, thing);
    return () => void (thing.cancelled = true);
  };

  /** The next thing that does happen, by `limit`; whoever is frozen has it later. */
  const next = (limit: number): Thing | undefined => {
    for (;;) {
      const first = heap[0];
      if (first === undefined || first.at > limit) return undefined;
      pop(heap);
      if (first.cancelled || first.to?.alive === false) continue;
      const thawsAt = first.to?.frozenUntil ?? 0;
      if (thawsAt <= Math.max(now, first.at)) return first;
      first.at = thawsAt;
      push(heap, first);
    }
  };

  const until: World['until'] = async (isSo, limitMs) => {
    const limit = now + limitMs;
    while (!isSo()) {
      const thing = next(limit);
      if (thing === undefined) {
        now = Math.max(now, limit);
        return isSo();
      }
      now = Math.max(now, thing.at);
      happened += 1;
      thing.happen();
      await settled();
    }
    return true;
  };

  const world: World = {
    now: () => now,
    after,
    lazyMs: 0,
    clockOf: (body) => ({
      now: () => now + body.skewMs,
      after: (ms, wake) => after(ms + (ms < MOMENT_MS ? 0 : chance.below(world.lazyMs + 1)), wake, body),
    }),
    until,
    pass: async (ms) => {
      await until(() => false, ms);
    },
    leap: (ms) => {
      now += ms;
      leapt += ms;
    },
    leapt: () => leapt,
    happened: () => happened,
    note: (what) => notes.push(`${String(now - START).padStart(8)} ${what}`),
    notes,
    waitingFor: (body) => heap.filter((thing) => thing.to === body && !thing.cancelled).length,
  };
  return world;
}

const MOMENT_MS = 250;

const isBefore = (a: Thing, b: Thing): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Thing[], thing: Thing): void {
  let at = heap.push(thing) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, thing)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = thing;
}

function pop(heap: Thing[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    const left = heap[child];
    const right = heap[child + 1];
    if (left === undefined) break;
    if (right !== undefined && isBefore(right, left)) child += 1;
    const least = heap[child];
    if (least === undefined || isBefore(last, least)) break;
    heap[at] = least;
    at = child;
  }
  heap[at] = last;
}
