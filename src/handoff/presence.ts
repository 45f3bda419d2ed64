import type { LeaveCause, Session } from '../session/session.ts';
import { isMessage } from '../session/message.ts';
import type { Rules } from '../session/rules.ts';
import type { Presence } from './header.ts';

/** What silence means at this moment: still here, and when to look again, or gone, and why. */
export type Judged =
  | { readonly here: true; readonly lookAgainAt: number }
  | { readonly here: false; readonly cause: LeaveCause };

/** What was typed as the page was closed is sent beside its word of leaving, and may come so much later. */
const LAST_WORDS_MS = 5_000;

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
  const left =
    presence.leftAt !== undefined && presence.leftAt >= Math.max(spokeAt - LAST_WORDS_MS, presence.beatAt);
  const hidden = presence.hiddenAt !== undefined && presence.phone;
  const since = left ? (presence.leftAt ?? 0) : Math.max(presence.beatAt, spokeAt);
  const graceMs = left ? rules.leaveGraceMs : hidden ? rules.hiddenGraceMs : rules.disconnectGraceMs;
  if (now < since + graceMs) return { here: true, lookAgainAt: since + graceMs };
  return { here: false, cause: left ? 'closedWindow' : hidden ? 'phone' : 'silent' };
}

/** Whether somebody waits on this customer's presence: one with the bot, or who left a message, may come and go. */
export const isWatched = (session: Session): boolean =>
  (session.status === 'queued' && !isMessage(session)) ||
  session.status === 'active' ||
  session.status === 'resuming' ||
  (session.status === 'suspended' && session.customerBackAt !== undefined);

/**
 * Whether whoever left a message is still on the page: their page beats, or, where none does, they have only just
 * written. Nobody watches them, so this is asked when an agent takes it.
 */
export function isStillHere(
  presence: Presence | undefined,
  session: Session,
  now: number,
  rules: Rules,
): boolean {
  const judged = judge(presence, session, now, rules);
  if (judged !== undefined) return judged.here;
  return session.lastSaid?.by === 'customer' && now < session.lastSaid.at + rules.disconnectGraceMs;
}
