import { already, did, notNow, type Decision } from './answers.ts';
import type { Event } from './event.ts';
import { gone } from './gone.ts';
import { addOpenTime, isOpen, nextClosing, nextOpening } from './hours.ts';
import type { Rules } from './rules.ts';
import type { Queued, Session } from './session.ts';
import type { Open } from './whose.ts';

type OutsideHours = Extract<Event, { type: 'outsideHours' }>;

/** Queued, with a message whose customer may have gone: they are not waited for, nor does anything run against them. */
export type WaitingMessage = Queued & { readonly message: NonNullable<Queued['message']> };

/** Whether what stands in line is a message. One whose customer is back stands there as everybody else does. */
export const isMessage = (session: Session): session is WaitingMessage =>
  session.status === 'queued' && session.message !== undefined && session.message.backAt === undefined;

/** Whether the customer may leave a message: they were told that nobody is free or on, or it is outside hours. */
export const mayLeaveMessage = (session: Session, now: number, { hours }: Rules): boolean =>
  session.status === 'queued' &&
  !isMessage(session) &&
  (session.limitToldAt !== undefined || session.message !== undefined || !isOpen(hours, now));

/** The customer leaves a message in place of waiting: it keeps their place, and they may go. */
export function leaveMessage(session: Open, now: number, rules: Rules): Decision {
  if (isMessage(session)) return already(session);
  if (session.status !== 'queued' || !mayLeaveMessage(session, now, rules)) return notNow(session);
  const until = Math.max(waitsUntil(now, rules), session.message?.until ?? 0);
  const isKnown = session.subject.kind === 'signedIn' || rules.promptAudience === 'anyone';
  return did({
    ...{ type: 'messageLeft', at: now, until },
    way: isKnown && rules.promptAudience !== 'nobody' ? 'prompt' : 'link',
    ...(rules.hours !== undefined && { timeZone: rules.hours.timeZone }),
  });
}

/** To the next opening and the limit from there; where nothing ever opens, as long as what is set aside. */
function waitsUntil(now: number, { hours, queueLimitMs, suspendLimitMs }: Rules): number {
  const opening = nextOpening(hours, now);
  return opening === undefined
    ? now + Math.max(queueLimitMs, suspendLimitMs)
    : addOpenTime(hours, opening, queueLimitMs);
}

/** Nobody is on for its work stream: the customer need not wait for the limit to be told so. */
export function offerMessage(session: Open, now: number, { hours }: Rules): Decision {
  const isTold = session.status !== 'queued' || session.limitToldAt !== undefined || isMessage(session);
  if (isTold || !isOpen(hours, now)) return did();
  return did({ type: 'queueLimitPassed', at: now, why: 'nobodyOn' });
}

/** Whoever left a message was told no hurry: the answer waits for them as long as what is set aside. */
export const awayFromMessage = (now: number, rules: Rules): Event => ({
  ...gone(now, 'leftMessage', rules),
  returnUntil: now + Math.max(rules.reconnectLimitMs, rules.suspendLimitMs),
});

/** What time alone brings to who stands in line: the limit, our closing, and for a message its end. */
export function inLine(session: Queued, rules: Rules): readonly Event[] {
  if (isMessage(session)) return [{ type: 'expired', at: session.message.until }];
  const limit: readonly Event[] =
    session.limitToldAt === undefined
      ? [{ type: 'queueLimitPassed', at: addOpenTime(rules.hours, waitsSince(session), rules.queueLimitMs) }]
      : [];
  const closing = closes(session, rules);
  return closing === undefined ? limit : [...limit, closing];
}

const waitsSince = ({ waitingSince, message }: Queued): number => message?.backAt ?? waitingSince;

/** The first moment they wait through closed hours without having been told when we open. */
function closes(session: Queued, { hours }: Rules): OutsideHours | undefined {
  if (hours === undefined) return undefined;
  const told = Math.max(waitsSince(session), session.opensAt ?? 0);
  const at = isOpen(hours, told) ? nextClosing(hours, told) : told;
  return at === undefined ? undefined : outsideHours(at, { hours });
}

function outsideHours(at: number, { hours }: Pick<Rules, 'hours'>): OutsideHours | undefined {
  const opensAt = nextOpening(hours, at);
  if (hours === undefined || opensAt === undefined) return undefined;
  return { type: 'outsideHours', at, opensAt, timeZone: hours.timeZone };
}

/** Who comes to wait for us while we are closed is told when we open, in the same write. */
export function toldWhenOpen(
  after: Session,
  events: readonly Event[],
  now: number,
  rules: Rules,
): readonly Event[] {
  if (isOpen(rules.hours, now)) return [];
  const closed = after.status === 'queued' && !isMessage(after) ? closes(after, rules) : undefined;
  if (closed !== undefined) return closed.at <= now ? [closed] : [];
  const arrives = events.some(({ type }) => type === 'offered' || type === 'returned');
  const waits = after.status === 'resuming' || (after.status === 'suspended' && after.customerBackAt === now);
  const told = arrives && waits ? outsideHours(now, rules) : undefined;
  return told === undefined ? [] : [told];
}
