import { isWatched, judge } from '../../../src/handoff/presence.ts';
import { placements } from '../../../src/handoff/rows.ts';
import { isCardBehind } from '../../../src/handoff/agent-cards.ts';
import { nextDeadline } from '../../../src/session/time.ts';
import type { Evidence, Read, StoredSession } from '../evidence.ts';
import type { Broken, Check } from '../invariants.ts';

/** I12: lists show what the headers say. I16: cards have followed, and no deadline is without somebody to keep it. */
export const shown: Check = (evidence, read) => [
  ...read.sessions.flatMap((session) => [
    ...rowsOf(session, evidence, read),
    ...kept(session, evidence, read),
  ]),
  ...strays(read),
];

/** Words alone reach the rows in 45 s, and a dead reader is succeeded in 20: until then instances show them by themselves. */
const WORDS_MS = 68_000;

function rowsOf({ header, entries }: StoredSession, { now }: Evidence, { rows }: Read): readonly Broken[] {
  const { id } = header.session;
  return placements(header).flatMap(({ view, row }) => {
    const there = rows.find((one) => one.view === view && one.row.sid === id)?.row;
    if (row === undefined && there === undefined) return [];
    if (row === undefined) return [{ rule: 'I12', what: `${view} shows ${id}, which has left it` }];
    if (there === undefined) return [{ rule: 'I12', what: `${view} does not show ${id}` }];
    const unshown = entries.find(({ seq }) => seq > there.seq);
    const hasWords = there.seq === row.seq || (unshown !== undefined && now - unshown.at < WORDS_MS);
    const isSame = there.ver === row.ver && hasWords && there.list === row.list;
    return isSame
      ? []
      : [{ rule: 'I12', what: `${view} shows ${id} as of ${at(there)}, and it is at ${at(row)}` }];
  });
}
const at = ({
  ver,
  seq,
  list,
}: {
  readonly ver: number;
  readonly seq: number;
  readonly list: string;
}): string => `${ver}.${seq} in ${list}`;

/** Rows of sessions in views they do not stand in. */
function strays({ sessions, rows }: Read): readonly Broken[] {
  const views = new Map(
    sessions.map(({ header }) => [
      header.session.id,
      new Set<string>(placements(header).map(({ view }) => view)),
    ]),
  );
  return rows
    .filter(({ view, row }) => views.get(row.sid)?.has(view) !== true)
    .map(({ view, row }) => ({ rule: 'I12', what: `${view} shows ${row.sid}, which was never there` }));
}

/** Deadlines are kept by the second, and by whoever takes over from who has died. */
const LATE_MS = 28_000;

function kept(
  { header, entries }: StoredSession,
  { rulesFor, now, skewMs }: Evidence,
  { due, agents, presences }: Read,
): readonly Broken[] {
  const { session } = header;
  const found: Broken[] = [];
  const next = nextDeadline(session, rulesFor(session.widget));
  const filed = due.filter(({ sid }) => sid === session.id).map(({ dueAt }) => dueAt);
  if (next !== undefined && !filed.some((dueAt) => dueAt <= Math.max(next, now)))
    found.push({
      rule: 'I16',
      what: `${session.id} (${session.status}) ends at ${next}, and nobody will look`,
    });
  if (next !== undefined && next < now - LATE_MS)
    found.push({
      rule: 'I16',
      what: `${session.id} is ${session.status} still, and was to change at ${next}`,
    });
  const page = presences.find(
    ({ customer, presence }) =>
      customer === session.customer && presence.conversation === session.conversation,
  );
  const by = now - LATE_MS - skewMs;
  const spoken = entries.findLast((one) => one.by.kind === 'customer');
  // Whoever spoke is here, also once the bot has answered: a page that had left, and did not say that it was back.
  const heard =
    spoken === undefined ? session : { ...session, lastSaid: { by: 'customer', at: spoken.at } as const };
  const judged = judge(page?.presence, heard, by, rulesFor(session.widget));
  if (isWatched(session) && judged?.here === false)
    found.push({ rule: 'I16', what: `${session.id}: its customer has gone (${judged.cause}), unnoticed` });
  const hasReaders = agents.some(
    ({ reference, blockedAt }) => reference !== undefined && blockedAt === undefined,
  );
  if (hasReaders && isCardBehind(header))
    found.push({
      rule: 'I16',
      what: `${session.id}: cards show version ${header.cardVer} of ${session.ver}`,
    });
  return found;
}
