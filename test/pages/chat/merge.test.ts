import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line } from '../../../src/cards/views.ts';
import type { Activity } from '../../../src/pages/chat/activity.ts';
import { type Merge, transcriptMerge } from '../../../src/pages/chat/merge.ts';
import { type CustomerId, sessionIdOf } from '../../../src/session/ids.ts';

const userId = 'dl_abcdefghijklmnop1234';
const sid = sessionIdOf(userId as CustomerId, 'session-1');
const start = Date.parse('2026-03-02T10:00:00Z');

const line = (seq: number, more: Partial<Line> = {}): Line => ({
  id: `${sid}:${seq}`,
  sid,
  seq,
  at: start + seq,
  side: 'bot',
  kind: 'message',
  text: `line ${seq}`,
  format: 'plain',
  activityId: `activity-${seq}`,
  ...more,
});

/** The line as Direct Line delivers it: the house's own with number, the others only with the channel's id. */
function delivered(of: Line, skew = 0): Activity {
  const ours = of.side === 'agent' || of.side === 'house';
  return {
    type: 'message',
    id: ours ? `delivery-${of.seq}` : (of.activityId ?? ''),
    timestamp: new Date(of.at + skew).toISOString(),
    from: { id: of.side === 'customer' ? userId : 'bot' },
    text: of.text,
    replyToId: 'something unknown',
    channelData: ours
      ? { reconnect: { sid, seq: of.seq } }
      : of.side === 'customer'
        ? { clientActivityID: `client-${of.seq}` }
        : {},
  };
}

/** Web Chat's own reducer, as far as it matters here: by id and client id once, sorted by sequence id. */
function screen() {
  let shown: Activity[] = [];
  const order = (activity: Activity) => Number(activity.channelData?.['webchat:sequence-id']);
  return {
    take: (activities: readonly Activity[]) => {
      for (const one of activities) {
        const client = one.channelData?.['clientActivityID'];
        shown = shown.filter(
          (other) =>
            other.id !== one.id &&
            (client === undefined || other.channelData?.['clientActivityID'] !== client),
        );
        shown = [...shown, one].sort((a, b) => order(a) - order(b));
      }
    },
    shown: () => shown,
    texts: () => shown.map(({ text }) => text),
  };
}

const merging = (): Merge => transcriptMerge({ userId, company: 'Northwind' });

describe('a returning customer', () => {
  it('sees the whole transcript in order, once, each line on its side', () => {
    const view = screen();
    view.take(
      merging().lines([
        line(1, { side: 'customer' }),
        line(2, { side: 'bot' }),
        line(3, { side: 'house', kind: 'notice', code: 'joined' }),
        line(4, { side: 'agent', name: 'Jonas' }),
      ]),
    );
    expect(view.texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
    expect(view.shown().map(({ from }) => from?.role)).toEqual(['user', 'bot', 'bot', 'bot']);
    expect(view.shown().map(({ from }) => from?.name)).toEqual([
      undefined,
      'Northwind',
      'Northwind',
      'Jonas',
    ]);
  });

  it('never sees a comment of an agent', () => {
    expect(merging().lines([line(1, { side: 'agent', kind: 'comment' })])).toEqual([]);
  });

  it('gets the echo of their own message in its place when the transcript was faster', () => {
    const merge = merging();
    const view = screen();
    const mine = line(2, { side: 'customer' });
    view.take(merge.lines([line(1), mine, line(3)]));
    // As Web Chat holds it, still sending.
    view.take([
      {
        type: 'message',
        text: mine.text,
        channelData: { clientActivityID: 'client-2', 'webchat:sequence-id': 9e15 },
      },
    ]);
    view.take(merge.live(delivered(mine)));
    expect(view.texts()).toEqual(['line 1', 'line 2', 'line 3']);
  });

  it('sees a message once that was posted twice because its first answer was lost', () => {
    const merge = merging();
    const view = screen();
    const mine = line(1, { side: 'customer' });
    view.take(merge.live(delivered(mine)));
    view.take(merge.live({ ...delivered(mine), id: 'posted again' }));
    expect(view.texts()).toEqual(['line 1']);
  });

  it('sees a message once whose echo was lost together with its conversation', () => {
    const merge = merging();
    const view = screen();
    const mine = line(1, { side: 'customer', clientId: 'client-1' });
    // As Web Chat holds it, still waiting for the echo.
    view.take([
      {
        type: 'message',
        text: mine.text,
        channelData: { clientActivityID: 'client-1', 'webchat:sequence-id': 9e15 },
      },
    ]);
    view.take(merge.lines([mine, line(2)]));
    expect(view.texts()).toEqual(['line 1', 'line 2']);
    // Posted again in the next conversation, where it has another id.
    view.take(merge.live({ ...delivered(mine), id: 'posted again' }));
    expect(view.texts()).toEqual(['line 1', 'line 2']);
  });

  it('waits for no answered message that Web Chat has never seen', () => {
    const [shown] = merging().live(delivered(line(1)));
    expect(shown).not.toHaveProperty('replyToId');
  });
});

describe('whatever way and however often the lines come', () => {
  const side = fc.constantFrom<Line['side']>('customer', 'bot', 'agent', 'house');
  const story = fc.array(fc.record({ side, gap: fc.nat(3) }), { minLength: 1, maxLength: 12 }).map((said) => {
    let at = start;
    return said.map(({ side: by, gap }, index) => {
      at += gap;
      return line(index + 1, {
        side: by,
        at,
        ...(by === 'house' ? { kind: 'notice' as const, code: 'queued' } : {}),
      });
    });
  });
  const arrival = fc.record({
    whole: fc.boolean(),
    /** Another page goes on from what was shown. */
    handedOn: fc.boolean(),
    upTo: fc.nat(11),
    skew: fc.integer({ min: -50, max: 50 }),
  });

  it('they are shown once, in the order of the ledger, on their side, as soon as the transcript is there', () => {
    fc.assert(
      fc.property(story, fc.array(arrival, { maxLength: 30 }), (lines, arrivals) => {
        let merge = merging();
        const view = screen();
        for (const { whole, handedOn, upTo, skew } of arrivals) {
          if (handedOn) {
            merge = merging();
            merge.adopt(view.shown());
          }
          const until = lines.slice(0, (upTo % lines.length) + 1);
          view.take(whole ? merge.lines(until) : merge.live(delivered(until.at(-1)!, skew)));
        }
        view.take(merge.lines(lines));
        expect(view.texts()).toEqual(lines.map(({ text }) => text));
        expect(view.shown().map(({ from }) => from?.role)).toEqual(
          lines.map(({ side: by }) => (by === 'customer' ? 'user' : 'bot')),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('nothing that is shown already is given again', () => {
    fc.assert(
      fc.property(story, (lines) => {
        const merge = merging();
        merge.lines(lines);
        expect(merge.lines(lines)).toEqual([]);
        for (const one of lines) merge.live(delivered(one));
        expect(lines.flatMap((one) => merge.live(delivered(one)))).toEqual([]);
      }),
    );
  });
});
