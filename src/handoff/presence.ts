import type { LeaveCause, Session } from '../session/session.ts';
import type { Rules } from '../session/rules.ts';
import type { Presence } from './header.ts';

/** What silence means at this moment: still here, and when to look again, or gone, and why. */
export type Judged =
  | { readonly here: true; readonly lookAgainAt: number }
  | { readonly here: false; readonly cause: LeaveCause };

/**
 * Judges a customer's presence: a word and its moment (Direct Line tells nothing when a socket closes, so silence is
 * the only signal). Whoever spoke is here, whatever the page's beats say; a page that never beat (a stock Web Chat)
 * is judged by the customer's own words and by nothing else.
 */
export function judge(
  presence: Presence | undefined,
  session: Session,
  now: number,
  rules: Rules,
): Judged | undefined {
  if (presence === undefined) return undefined;
  const spokeAt = session.lastSaid?.by === 'customer' ? session.lastSaid.at : 0;
  const left = presence.leftAt !== undefined && presence.leftAt >= Math.max(spokeAt, presence.beatAt);
  const hidden = presence.hiddenAt !== undefined && presence.phone;
  const since = left ? (presence.leftAt ?? 0) : Math.max(presence.beatAt, spokeAt);
  const graceMs = left ? rules.leaveGraceMs : hidden ? rules.hiddenGraceMs : rules.disconnectGraceMs;
  if (now < since + graceMs) return { here: true, lookAgainAt: since + graceMs };
  return { here: false, cause: left ? 'closedWindow' : hidden ? 'phone' : 'silent' };
}

/** Whether somebody waits on this customer's presence: a customer with the bot may come and go. */
export const isWatched = (session: Session): boolean =>
  session.status === 'queued' ||
  session.status === 'active' ||
  session.status === 'resuming' ||
  (session.status === 'suspended' && session.customerBackAt !== undefined);
