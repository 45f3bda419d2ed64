import { describe, expect, it } from 'vitest';
import type { Hours } from '../../src/session/hours.ts';
import { noticesOfChange } from '../../src/session/notices.ts';
import { RECOMMENDED, type Rules } from '../../src/session/rules.ts';
import type { Session } from '../../src/session/session.ts';
import { nextDeadline } from '../../src/session/time.ts';
import {
  anna,
  asked,
  comesBack,
  HOUR,
  inLine,
  left,
  messageLeft,
  MIN,
  setAside,
  START,
  story,
} from './given.ts';

const day = (from: number, to: number) => [{ from: from * 60, to: to * 60 }];
/** Monday to Friday, eight to five; every story begins on a Monday at nine. */
const hours: Hours = {
  timeZone: 'UTC',
  week: [[], day(8, 17), day(8, 17), day(8, 17), day(8, 17), day(8, 17), []],
  holidays: {},
};
const TUESDAY_8 = START + 23 * HOUR;
/** Writing to the bot since Monday at nine, and owed an answer by it. */
const morning = (over: Partial<Rules> = {}) => story({ hours, ...over }).said('customer');
/** On Monday at ten past five. */
const evening = (over: Partial<Rules> = {}) => morning(over).after(8 * HOUR + 10 * MIN);
const eveningLine = (over: Partial<Rules> = {}) => evening(over).does({ type: 'handoff' });
const deadline = (session: Session, over: Partial<Rules> = {}) =>
  nextDeadline(session, { ...RECOMMENDED, hours, ...over });

describe('outside business hours all clocks of sessions waiting for us stand still', () => {
  it('G3: the limit of who waits in line runs on in the morning', () => {
    const s = morning()
      .after(8 * HOUR - 4 * MIN)
      .does({ type: 'handoff' })
      .after(12 * HOUR);
    expect(s.session()).not.toHaveProperty('limitToldAt');
    s.after(3 * HOUR + 4 * MIN + 6 * MIN);
    expect(s.session()).toMatchObject({ limitToldAt: TUESDAY_8 + 6 * MIN });
  });

  it('row 31: an agent who is asked in the evening is asked until a minute after opening', () => {
    const s = evening().does({ type: 'handoff' }).does({ type: 'accept', agent: anna }).said('agent');
    left(s.after(MIN))
      .after(11 * MIN)
      .does(comesBack());
    expect(s.session()).toMatchObject({ status: 'resuming', offeredUntil: TUESDAY_8 + MIN });
    expect(s.told()).toContain('customer: outsideHours');
    expect(s.after(10 * HOUR).session().status).toBe('resuming');
    expect(s.after(5 * HOUR).session()).toMatchObject({ status: 'queued', waitingSince: TUESDAY_8 + MIN });
  });

  it('who waits for their agent to resume waits in vain only once we are open', () => {
    const s = left(setAside({ hours }).after(MIN))
      .after(9 * HOUR)
      .does(comesBack());
    expect(s.told()).toContain('customer: outsideHours');
    expect(s.after(HOUR).session()).not.toHaveProperty('waitedInVainAt');
    expect(s.after(14 * HOUR).session()).toMatchObject({ waitedInVainAt: TUESDAY_8 + MIN });
  });

  it('row 36: a silent agent whose customer waits is told of after a grace of open time, and offered on after two', () => {
    const s = story({ hours, autoCloseMs: 72 * HOUR })
      .after(8 * HOUR - 5 * MIN)
      .does({ type: 'handoff' });
    s.does({ type: 'accept', agent: anna })
      .after(4 * MIN)
      .said('customer');
    const aliveAt = s.now();
    const look = (ms: number) => s.after(ms).does({ type: 'agentNoticed', agent: anna.id, aliveAt }).told();
    expect(look(10 * HOUR)).toEqual([]);
    expect(look(5 * HOUR + MIN + 30_000)).toEqual(['both: agentSilent']);
    expect(s.session()).toMatchObject({ agentSilentAt: TUESDAY_8 + 30_000 });
    expect(look(MIN + 30_000)).toEqual(['both: offeredOn']);
  });

  it("the customer's own clocks are promises and run on: the time to return, and the hold", () => {
    const s = left(evening().does({ type: 'handoff' }).does({ type: 'accept', agent: anna }).said('agent'));
    expect(s.session()).toMatchObject({
      returnUntil: s.now() + 20 * MIN,
      agentHeldUntil: s.now() + 10 * MIN,
    });
    expect(s.after(20 * MIN).session().status).toBe('expired');
  });

  it('an offer made is not shortened by hours that change meanwhile', () => {
    const s = evening().does({ type: 'handoff' }).does({ type: 'accept', agent: anna }).said('agent');
    left(s.after(MIN))
      .after(11 * MIN)
      .does(comesBack());
    expect(nextDeadline(s.session(), RECOMMENDED)).toBe(TUESDAY_8 + MIN);
  });

  it('nothing stands still where a work stream has no hours', () => {
    expect(asked().session()).toMatchObject({ offeredUntil: asked().now() + MIN });
  });
});

describe('N3: outside hours nobody waits in silence', () => {
  it('who asks for a person then is told when we open, in the same write, and not that somebody comes soon', () => {
    const s = eveningLine();
    expect(s.told()).toEqual(['customer: queued', 'customer: outsideHours']);
    expect(s.session()).toMatchObject({ opensAt: TUESDAY_8 });
    const [queued] = noticesOfChange(evening().session(), s.answer().events);
    expect(queued?.params).toMatchObject({ opensAt: TUESDAY_8 });
  });

  it('who is still in line when we close is told at closing, once, and again at the next', () => {
    const s = morning()
      .after(8 * HOUR - MIN)
      .does({ type: 'handoff' });
    expect(s.told()).toEqual(['customer: queued']);
    expect(s.after(MIN).told()).toEqual(['customer: outsideHours']);
    expect(s.after(MIN).told()).toEqual([]);
    expect(deadline(s.session())).toBe(TUESDAY_8 + 9 * MIN);
    s.after(24 * HOUR);
    expect(s.session()).toMatchObject({ opensAt: TUESDAY_8 + 24 * HOUR });
  });

  it('who comes back to the line in the evening is told', () => {
    const s = left(inLine({ hours }).after(8 * HOUR + 5 * MIN))
      .after(5 * MIN)
      .does(comesBack());
    expect(s.told()).toContain('customer: outsideHours');
  });
});

describe('a message left in place of waiting', () => {
  it('P25: may be left after the limit, outside hours, and where nobody is on; not before', () => {
    expect(inLine().does({ type: 'leaveMessage' }).answer().refused).toEqual({
      kind: 'notNow',
      status: 'queued',
    });
    expect(
      inLine()
        .after(10 * MIN)
        .does({ type: 'leaveMessage' })
        .answer().refused,
    ).toBeUndefined();
    expect(eveningLine().does({ type: 'leaveMessage' }).answer().refused).toBeUndefined();
    const nobody = inLine().does({ type: 'offerMessage' });
    expect(nobody.told()).toEqual(['customer: queueLimit']);
    expect(nobody.does({ type: 'leaveMessage' }).answer().refused).toBeUndefined();
  });

  it('waits to the next opening and the limit from there', () => {
    const until = (s: ReturnType<typeof story>) => s.does({ type: 'leaveMessage' }).session();
    expect(until(eveningLine())).toMatchObject({ message: { until: TUESDAY_8 + 10 * MIN } });
    expect(until(inLine({ hours }).after(10 * MIN))).toMatchObject({
      message: { until: TUESDAY_8 + 10 * MIN },
    });
    const always = inLine().after(10 * MIN);
    expect(until(always)).toMatchObject({ message: { until: always.now() + 24 * HOUR } });
  });

  it('its customer may go: they do not count as gone, and keep their place', () => {
    const s = left(eveningLine().does({ type: 'leaveMessage' }).after(MIN), 'closedWindow');
    expect(s.answer().events).toEqual([]);
    expect(s.after(14 * HOUR).session()).toMatchObject({
      status: 'queued',
      queuedAt: START + 8 * HOUR + 10 * MIN,
    });
  });

  it('taken by an agent while its customer is away it is as if they had been cut off, with a day to come back', () => {
    const s = eveningLine()
      .does({ type: 'leaveMessage' })
      .after(14 * HOUR + 55 * MIN);
    s.does({ type: 'accept', agent: anna, customerAway: true });
    expect(s.session()).toMatchObject({
      status: 'disconnected',
      was: 'held',
      owner: anna,
      cause: 'leftMessage',
      agentHeldUntil: s.now() + 10 * MIN,
      returnUntil: s.now() + 24 * HOUR,
    });
    expect(s.told()).toEqual(['customer: joined', 'agent: customerGone']);
    expect(s.does({ type: 'agentActs', agent: anna, act: 'message' }).answer().refused).toBeUndefined();
    expect(
      s
        .after(3 * HOUR)
        .does(comesBack())
        .session().status,
    ).toBe('resuming');
  });

  it('taken while its customer is on the page it is a chat', () => {
    const s = messageLeft().does({ type: 'accept', agent: anna });
    expect(s.session().status).toBe('active');
  });

  it('that nobody answers in time ends, and both sides are told why', () => {
    const s = eveningLine()
      .does({ type: 'leaveMessage' })
      .after(15 * HOUR);
    expect(s.session()).toMatchObject({ status: 'expired', was: 'queued', expiredAt: TUESDAY_8 + 10 * MIN });
    const [told] = noticesOfChange(eveningLine().does({ type: 'leaveMessage' }).session(), s.answer().events);
    expect(told).toMatchObject({ code: 'expired', to: 'both', params: { why: 'unanswered' } });
  });

  it('is a place in line again for a customer who comes back: nothing ends while they wait', () => {
    const s = eveningLine()
      .does({ type: 'leaveMessage' })
      .after(14 * HOUR)
      .does(comesBack({ way: 'link' }));
    expect(s.told()).toEqual(['customer: queued', 'customer: outsideHours']);
    s.after(2 * HOUR);
    expect(s.session()).toMatchObject({ status: 'queued', queuedAt: START + 8 * HOUR + 10 * MIN });
    expect(s.session()).toHaveProperty('limitToldAt');
  });

  it('waits on when they only looked in and went again', () => {
    const s = left(eveningLine().does({ type: 'leaveMessage' }).after(HOUR).does(comesBack()).after(MIN));
    expect(s.session()).toMatchObject({ status: 'queued', message: { until: TUESDAY_8 + 10 * MIN } });
    expect(s.after(14 * HOUR).session().status).toBe('expired');
  });

  it('stays one when a supervisor hands it to another queue', () => {
    const s = messageLeft();
    const { message } = { message: undefined, ...s.session() };
    s.does({ type: 'transfer', agent: anna, by: 'supervisor', to: { kind: 'queue', stream: 'returns' } });
    expect(s.session()).toMatchObject({ status: 'queued', stream: 'returns', message });
    expect(left(s.after(MIN)).answer().events).toEqual([]);
  });

  it('stays one while they add to it', () => {
    const s = messageLeft();
    s.does({ type: 'customerSays', conversation: s.session().conversation, agentHere: false });
    expect(s.session()).toHaveProperty('message.until');
    expect(s.session()).not.toHaveProperty('message.backAt');
  });

  it('tells how the answer is found: in this browser where it is known, else by a link or code', () => {
    const way = (over: Partial<Rules>) => {
      const before = eveningLine(over);
      const session = before.session();
      return noticesOfChange(session, before.does({ type: 'leaveMessage' }).answer().events)[0]?.params;
    };
    expect(way({ promptAudience: 'anyone' })).toMatchObject({ way: 'prompt', timeZone: 'UTC' });
    expect(way({ promptAudience: 'authenticated' })).toMatchObject({ way: 'link' });
  });
});
