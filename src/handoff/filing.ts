import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { waitsSince } from '../session/silence.ts';
import { recentlyUsed } from './cache.ts';
import type { Header } from './header.ts';
import type { Looks } from './looks.ts';
import type { InboxStore } from './ports.ts';
import { isWatched } from './presence.ts';

/** A deadline on file, and what it was judged on. */
interface Filed {
  readonly dueAt: number;
  readonly ver: number;
  readonly waits: number | undefined;
}

const WARM_SESSIONS = 100_000;
/** What falls due so soon may be fired by now, by another clock. */
const SOON_MS = 5_000;

/**
 * Files when a session wants to be looked at, as far as that is not on file: only an earlier deadline is filed anew, a
 * later one is found when the filed one fires.
 */
export function filing({
  sweep: { looks },
  inbox,
  clock,
}: {
  readonly sweep: { readonly looks: Pick<Looks, 'own' | 'spoken' | 'all'> };
  readonly inbox: Pick<InboxStore, 'file'>;
  readonly clock: Clock;
}): (header: Header) => Promise<void> {
  const filed = recentlyUsed<SessionId, Filed>(WARM_SESSIONS, clock.now);
  return async (header) => {
    const { session } = header;
    const { id, ver } = session;
    const known = filed.get(id);
    const isSame = known?.ver === ver;
    const isAhead = known !== undefined && known.dueAt > clock.now() + SOON_MS;
    // Once it has fired, whoever keeps it looks again by what they hear, as long as somebody waits on the customer.
    if (isSame && !isAhead && isWatched(session)) return;
    const waits = waitsSince(session);
    const dueAt = await dueOf(header, isAhead && isSame ? { isWaiting: known.waits !== waits } : undefined);
    if (dueAt === undefined) return;
    if (isAhead && known.dueAt <= dueAt) {
      if (!isSame || known.waits !== waits) filed.set(id, { dueAt: known.dueAt, ver, waits });
      return;
    }
    // One that has passed is filed for now: whoever holds only some shards never looks at minutes long gone.
    const next = Math.max(dueAt, clock.now() + 1);
    await inbox.file({ sid: id, dueAt: next });
    filed.set(id, { dueAt: next, ver, waits });
  };

  /** Words alone bring nothing nearer that has to be asked of the store, unless its customer begins to wait by them. */
  function dueOf(header: Header, words?: { readonly isWaiting: boolean }): Promise<number | undefined> {
    if (words === undefined) return looks.all(header);
    return words.isWaiting ? looks.spoken(header) : Promise.resolve(looks.own(header));
  }
}
