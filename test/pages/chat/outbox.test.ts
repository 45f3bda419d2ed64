import { beforeEach, describe, expect, test } from 'vitest';
import type { PageClock } from '../../../src/pages/clock.ts';
import type { Activity } from '../../../src/pages/chat/activity.ts';
import type { Observer } from '../../../src/pages/chat/observable.ts';
import { outbox, type Outbox } from '../../../src/pages/chat/outbox.ts';
import { movableClock, type MovableClock } from '../../../src/clock.ts';

const MINUTE = 60_000;

let clock: MovableClock;
let box: Outbox;
let kept: readonly Activity[];
/** What was handed to the service, oldest first, and who waits for its answer. */
let posted: { readonly activity: Activity; readonly observer: Observer<string> }[];
beforeEach(() => {
  clock = movableClock();
  posted = [];
  kept = [];
  const pageClock: PageClock = { ...clock, set: () => undefined, follow: () => () => undefined };
  box = outbox({
    clock: pageClock,
    kept: [],
    keep: (unsent) => (kept = unsent),
    onRefused: () => undefined,
    isOnline: () => true,
  });
});

const service = {
  postActivity: (activity: Activity) => ({
    subscribe: (observer: Observer<string>) => {
      posted.push({ activity, observer });
      return { unsubscribe: () => undefined };
    },
  }),
};
/** Web Chat hands a message in, under a name of its own; *Retry* hands the same words in under another. */
const says = (text: string, name: string): void => {
  box.post({ type: 'message', text, channelData: { clientActivityID: name } }).subscribe({});
};
const names = () => posted.map(({ activity }) => activity.channelData?.['clientActivityID']);
const isKept = () => kept.map(({ text }) => text);

describe('a customer who presses Retry on a message that never left', () => {
  test('has it said once: the old posting is given up for the new', () => {
    says('Where is my parcel?', 'first');
    clock.advance(5 * MINUTE);
    says('Where is my parcel?', 'again');
    expect(isKept()).toEqual(['Where is my parcel?']);
    box.use(service);
    posted[0]?.observer.next?.('id');
    expect(names()).toEqual(['again']);
  });

  test('loses nothing that others of their words still wait for', () => {
    says('Hello?', 'hello');
    says('Where is my parcel?', 'first');
    clock.advance(5 * MINUTE);
    says('Where is my parcel?', 'again');
    expect(isKept()).toEqual(['Hello?', 'Where is my parcel?']);
  });
});

describe('a customer who says the same twice', () => {
  test('has it said twice, as long as Web Chat offers no Retry', () => {
    says('Hello?', 'one');
    clock.advance(4 * MINUTE);
    says('Hello?', 'two');
    box.use(service);
    posted[0]?.observer.next?.('id');
    expect(names()).toEqual(['one', 'two']);
  });

  test('keeps the first, which everybody has seen by then, though its answer never came', () => {
    box.use(service);
    says('Hello?', 'one');
    box.echoed('one');
    clock.advance(5 * MINUTE);
    says('Hello?', 'two');
    expect(names()).toEqual(['one', 'two']);
    expect(isKept()).toEqual(['Hello?', 'Hello?']);
  });
});
