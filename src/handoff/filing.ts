import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { waitsSince } from '../session/silence.ts';
import { recentlyUsed } from './cache.ts';
import type { Header } from './header.ts';
import type { InboxStore } from './ports.ts';
import type { Sweep } from './sweep.ts';

/** A deadline on file, and what it was judged on. */
interface Filed {
  readonly dueAt: number;
  readonly ver: number;
  readonly waits: number | undefined;
}

const WARM_SESSIONS = 100_000;

/**
 * Files when a session wants to be looked at, as far as that is not on file: only an earlier deadline is filed anew, a
 * later one is found when the filed one fires.
 */
export function filing({
  sweep,
  inbox,
  clock,
}: {
  readonly sweep: Pick<Sweep, 'dueAt' | 'ownDueAt'>;
  readonly inbox: Pick<InboxStore, 'file'>;
  readonly clock: Clock;
}): (header: Header) => Promise<void> {
  const filed = recentlyUsed<SessionId, Filed>(WARM_SESSIONS, clock.now);
  return async (header) => {
    const { id, ver } = header.session;
    const known = filed.get(id);
    const isAhead = known !== undefined && known.dueAt > clock.now();
    const waits = waitsSince(header.session);
    // Words alone bring nothing nearer that has to be asked of the store, unless its customer begins to wait by them.
    const isJudged = isAhead && known.ver === ver && known.waits === waits;
    const dueAt = isJudged ? sweep.ownDueAt(header) : await sweep.dueAt(header);
    if (dueAt === undefined) return;
    if (isAhead && known.dueAt <= dueAt) {
      if (!isJudged) filed.set(id, { dueAt: known.dueAt, ver, waits });
      return;
    }
    // One that has passed is filed for now: whoever holds only some shards never looks at minutes long gone.
    const next = Math.max(dueAt, clock.now() + 1);
    await inbox.file({ sid: id, dueAt: next });
    filed.set(id, { dueAt: next, ver, waits });
  };
}
