import type { GivenLink, Row, Terms } from '../wire/wire.ts';
import { calledBy } from './banner.ts';
import { isAway } from './marks.ts';
import type { Given } from './state.ts';
import { elapsed, moment } from './time.ts';

/** Why no link can be given here; `undefined` when one can, or nobody knows yet. */
export function whyNoLink(terms: Terms | undefined): string | undefined {
  if (terms === undefined || terms.canLink) return undefined;
  return terms.enabled
    ? 'This chat’s settings name no portal address'
    : 'This chat’s settings let nobody come back';
}

/** How long a link works, in a sentence. */
function lastsText({ until, lastsMs }: GivenLink, now: number): string {
  if (until !== undefined) return `It works until ${moment(until, now)}.`;
  return lastsMs === undefined
    ? ''
    : `It works while the chat runs, and for ${elapsed(lastsMs)} after it breaks off.`;
}

/** Where a link is, how long it works, and for whom. */
export function givenText(row: Row, { link, sent }: Given, now: number): string {
  const name = calledBy(row);
  const where = !sent
    ? 'Not in the chat: mail it, or read out the code.'
    : isAway(row)
      ? `Sent in the chat, where it waits for ${name}: mail it too, or read out the code.`
      : `Sent to ${name} in the chat.`;
  const who = row.verified ? `Only ${name}, signed in, can use it.` : 'Whoever has it can use it.';
  return [where, lastsText(link, now), who].filter(Boolean).join(' ');
}

/** What *Suspend and send link* will do, with `backBy` if one is named. */
export function keepingText(row: Row, terms: Terms, now: number, backBy?: number): string {
  const until = Math.max(now + terms.keepMs, backBy ?? 0, row.returnUntil ?? 0, row.suspendedUntil ?? 0);
  const told = backBy === undefined ? '' : ` ${calledBy(row)} is told: back ${moment(backBy, now)}.`;
  return `The chat is set aside, and the link works until ${moment(until, now)}.${told}`;
}
