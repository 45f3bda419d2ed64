import { hashOf, readToken } from '../../../src/handoff/links-token.ts';
import { evolveAll } from '../../../src/session/evolve.ts';
import type { Session } from '../../../src/session/session.ts';
import type { Audited, Evidence, HashedKey, Redeemed, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/**
 * I7: a link or code takes somebody back once, only whoever may, and only in time; each one used is one return in the audit.
 * And whoever may and is in time is not told that there is no such link.
 */
export const keys: Check = (evidence, { sessions }) => {
  const { redeemed } = evidence;
  return [
    ...sessions.flatMap(returnedByKey),
    ...[...new Set(redeemed.map(({ token }) => token))].flatMap((token) =>
      ofOne(
        redeemed.filter((one) => one.token === token),
        sessions,
      ),
    ),
    ...redeemed.flatMap((one) =>
      one.came === 'back' ? byWhoMay(one, sessions, evidence) : unknownTo(one, sessions),
    ),
  ];
};

function returnedByKey({ header, audit, keys: all }: StoredSession): readonly Broken[] {
  const used = all.filter((key) => key.used !== undefined).length;
  const returns = audit
    .flatMap(({ events }) => events)
    .filter((event) => event.type === 'returned' && (event.way === 'link' || event.way === 'code')).length;
  if (used === returns) return [];
  return [
    { rule: 'I7', what: `${header.session.id}: ${used} keys were used and brought ${returns} returns` },
  ];
}

/** All the clicks on one link: one of them at most is back, and whose answer was lost gets it again. */
function ofOne(clicks: readonly Redeemed[], sessions: readonly StoredSession[]): readonly Broken[] {
  const back = new Set(clicks.filter(({ came }) => came === 'back').map(({ attempt }) => attempt));
  if (back.size > 1)
    return [{ rule: 'I7', what: `a link took people back ${back.size} times: ${[...back].join(', ')}` }];
  // Whoever did not hear that they are back asks again, and is told so within a minute.
  const used = clicks[0] && keyOf(clicks[0], sessions)?.key.used;
  if (used === undefined || back.size > 0 || clicks.some(({ came }) => came === 'failed')) return [];
  return clicks
    .filter(({ came }) => came === 'ask' || came === 'used')
    .filter(({ firstSentAt, answeredAt }) => firstSentAt < used.at && answeredAt < used.at + AGAIN_MS)
    .map(({ attempt, came }) => ({ rule: 'I7', what: `${attempt} was told “${came}”, and nobody is back` }));
}
const AGAIN_MS = 50_000;

/** The key that a link's token opens, as it is stored. */
function keyOf(
  { token: text }: Redeemed,
  sessions: readonly StoredSession[],
): { readonly key: HashedKey; readonly session: Session } | undefined {
  const token = readToken(text);
  const hash = token === undefined ? '' : hashOf(token.secret);
  for (const { header, keys: all } of sessions) {
    const key = all.find((one) => one.hash === hash);
    if (key !== undefined) return { key, session: header.session };
  }
  return undefined;
}

/** The return that a click led to, with the session as it was then. */
function returnOf(
  { opens }: Redeemed,
  { audit }: StoredSession,
): { readonly before: Session; readonly record: Audited } | undefined {
  let before: Session | undefined;
  for (const record of audit) {
    const leads = record.events.some((event) => event.type === 'returned' && event.conversation === opens);
    if (leads) return before && { before, record };
    before = evolveAll(before, record.events);
  }
  return undefined;
}

function byWhoMay(
  use: Redeemed,
  sessions: readonly StoredSession[],
  { skewMs, erased }: Evidence,
): readonly Broken[] {
  const whose = readToken(use.token)?.customer;
  const found = sessions.map((session) => returnOf(use, session)).find((one) => one !== undefined);
  if (found === undefined) {
    if (erased.length > 0) return [];
    return [{ rule: 'I7', what: `${use.attempt} was told it is back, and no audit has it` }];
  }
  const { before, record } = found;
  const broken = (what: string): Broken => ({ rule: 'I7', what: `${before.id}: ${use.attempt} ${what}` });
  const { subject } = before;
  const isTheirs =
    before.customer === whose &&
    (subject.kind === 'anonymous' || use.account === (subject.account ?? before.customer));
  const end = endOf(before);
  return [
    ...(isTheirs ? [] : [broken(`brought back ${use.by}, whose chat it is not`)]),
    ...(end !== undefined && record.at > end + skewMs ? [broken('came after its end')] : []),
  ];
}

/** Until when they could come back, as they were promised. */
function endOf(before: Session): number | undefined {
  switch (before.status) {
    case 'disconnected':
      return before.returnUntil;
    case 'suspended':
      return before.customerBackAt === undefined ? before.suspendedUntil : undefined;
    case 'closed':
      return before.closedAt;
    case 'expired':
      return before.expiredAt;
    default:
      return undefined;
  }
}

function unknownTo(use: Redeemed, sessions: readonly StoredSession[]): readonly Broken[] {
  const found = keyOf(use, sessions);
  if (use.came !== 'unknown' || found === undefined) return [];
  const { key, session } = found;
  const { subject, linkFamily = 0 } = session;
  const isTheirs = subject.kind === 'anonymous' || use.account === (subject.account ?? session.customer);
  if (key.family !== linkFamily || key.until !== undefined || !isTheirs) return [];
  return [
    { rule: 'I7', what: `${session.id}: ${use.attempt} was told that there is no such link, and there is` },
  ];
}
