import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { waitsSince } from '../session/silence.ts';
import { whereOf } from './errors.ts';
import type { Header, Presence } from './header.ts';
import type { Due } from './inbox.ts';
import type { Look, Looked } from './look.ts';
import { earliest, type Looks } from './looks.ts';
import { owedLookAt, isBehind } from './outbox.ts';
import type { InboxStore, Log } from './ports.ts';
import { isWatched } from './presence.ts';

/**
 * The sessions one instance looks at, with a deadline on file that has passed. While somebody waits on a session's
 * customer, its looks come again and again, and mostly for nothing: one row of it then stays on file, in a minute long past,
 * and the next look is remembered here alone. Whoever takes the shard over finds that row overdue, and looks at once.
 */
export interface Watch {
  /** This one has passed, and is on file. */
  readonly note: (due: Due) => void;
  /** Takes in what the change feed brought: what was said may bring a look nearer, or put it off. */
  readonly heard: (header: Header) => void;
  /** Looks at whoever is to be looked at by now; what takes longer than some seconds is left to the next round. */
  readonly round: () => Promise<void>;
  /** Forgets these. */
  readonly drop: (isSuch: (sid: SessionId) => boolean) => void;
}

/** What the next look was worked out from. */
interface Basis {
  readonly ver: number;
  readonly seq: number;
  readonly waits: number | undefined;
  /** How its customer was last heard of, and when that was read. */
  readonly presence: Presence | undefined;
  readonly readAt: number;
  /** When its agent and its channel have to be looked at. */
  readonly agentAt: number | undefined;
  readonly owedAt: number | undefined;
}

interface Watched {
  /** When its rows on file were due. */
  rows: readonly number[];
  /** When it is to be looked at. */
  at: number;
  basis?: Basis;
  isLooking?: true;
  /** The latest that was heard of it while it was looked at. */
  heard?: Header;
}

/** So many looks at a time: whoever takes over a shard has many. */
const AT_ONCE = 8;
/** After so long whoever looks renews their leases first. */
const ROUND_MS = 4_000;
const RETRY_MS = 1_000;
/** Nothing is filed any more for a minute so long ago, by whatever clock. */
const OLD_MINUTES = 2;

/** Makes it; `isKept`: whether this instance keeps the session's shard, and will for a while. */
export function watch(given: {
  readonly look: Look;
  readonly looks: Looks;
  readonly inbox: Pick<InboxStore, 'file' | 'done'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly isKept: (sid: SessionId) => boolean;
  readonly log: Log;
}): Watch {
  const { looks, inbox, clock, log } = given;
  const all = new Map<SessionId, Watched>();

  const isOld = (dueAt: number): boolean => minuteOf(dueAt) <= minuteOf(clock.now()) - OLD_MINUTES;

  /** Whoever slept through their lease leaves rows alone: they stand for what somebody else does now. */
  const remove = async (sid: SessionId, one: Watched, dueAt: number): Promise<void> => {
    if (!given.isKept(sid)) return;
    await inbox.done({ sid, dueAt });
    one.rows = one.rows.filter((row) => row !== dueAt);
  };

  /**
   * Leaves it one row, in a minute for which nothing is filed any more. This comes before anything is read of it: an
   * earlier deadline that found the passed row in its place was filed for what is read then.
   */
  const standFor = async (sid: SessionId, one: Watched): Promise<number> => {
    const old = one.rows.find(isOld) ?? (minuteOf(clock.now()) - OLD_MINUTES - 1) * 60_000;
    if (!one.rows.includes(old)) {
      await inbox.file({ sid, dueAt: old });
      one.rows = [...one.rows, old];
    }
    for (const row of one.rows) if (row !== old) await remove(sid, one, row);
    return old;
  };

  const lookAt = async (sid: SessionId, one: Watched): Promise<void> => {
    const standing = await standFor(sid, one);
    const looked = await given.look(sid, one.at);
    if (looked !== undefined && isWatched(looked.header.session)) return goOn(one, looked);
    const next = looked && earliest([looks.own(looked.header), owedLookAt(looked.header, clock.now())]);
    if (next !== undefined) await inbox.file({ sid, dueAt: Math.max(next, clock.now() + 1) });
    await remove(sid, one, standing);
    all.delete(sid);
  };
  const goOn = async (one: Watched, { header, presence, noticed }: Looked): Promise<void> => {
    const { session, seq } = header;
    if (one.basis !== undefined && isNewer(one.basis, header)) {
      // A replica lags.
      one.at = clock.now() + RETRY_MS;
      return;
    }
    one.basis = {
      ...{ ver: session.ver, seq, waits: waitsSince(session) },
      presence: presence && briefly(presence),
      readAt: clock.now(),
      agentAt: await looks.ofAgent(session, noticed),
      owedAt: owedLookAt(header, clock.now()),
    };
    one.at = nextLook(header, one.basis);
  };
  const nextLook = (header: Header, basis: Basis): number => {
    const at = earliest([
      looks.own(header),
      silentAt(header, basis),
      basis.agentAt,
      isBehind(header) ? basis.owedAt : undefined,
    ]);
    return Math.max(at ?? Infinity, clock.now() + 1);
  };
  const silentAt = ({ session }: Header, { presence, readAt }: Basis): number => {
    const isThere = presence?.conversation === session.conversation;
    const at = isThere ? looks.ofCustomer(session, presence) : undefined;
    // A page that has not beaten yet may begin to.
    return at ?? readAt + given.rulesFor(session.widget).disconnectGraceMs;
  };

  const lookOnce = async (sid: SessionId, one: Watched): Promise<void> => {
    one.isLooking = true;
    await lookAt(sid, one).catch((reason: unknown) => {
      one.at = clock.now() + RETRY_MS;
      log('sweep.failed', { session: sid, reason: whereOf(reason) });
    });
    delete one.isLooking;
    const { heard: latest } = one;
    delete one.heard;
    if (latest !== undefined) heard(latest);
  };

  const heard = (header: Header): void => {
    const { session, seq } = header;
    const one = all.get(session.id);
    if (one?.isLooking) {
      if (one.heard === undefined || isNewer(header, one.heard)) one.heard = header;
      return;
    }
    const { basis } = one ?? {};
    if (one === undefined || basis === undefined || !isNewer(header, basis)) return;
    if (!isWatched(session)) {
      one.at = Math.min(one.at, looks.own(header) ?? Infinity);
      return;
    }
    const { ver } = session;
    const waits = waitsSince(session);
    const isAsBefore = ver === basis.ver && waits === basis.waits;
    one.basis = { ...basis, ver, seq, waits, agentAt: isAsBefore ? basis.agentAt : undefined };
    one.at = nextLook(header, one.basis);
    if (!isAsBefore) askForAgent(one, session);
  };
  /** How their agent stands decides when to look: who is away is not waited for at all. */
  const askForAgent = (one: Watched, session: Session): void => {
    const waits = waitsSince(session);
    looks.ofAgent(session).then(
      (agentAt) => {
        const { basis } = one;
        if (agentAt === undefined || basis?.ver !== session.ver || basis.waits !== waits) return;
        one.basis = { ...basis, agentAt };
        one.at = Math.min(one.at, agentAt);
      },
      // The look itself asks again.
      () => (one.at = Math.min(one.at, clock.now())),
    );
  };

  return {
    note: ({ sid, dueAt }) => {
      // What lay there before this instance came is looked at after what has just become due.
      const at = isOld(dueAt) ? clock.now() : dueAt;
      const one = all.get(sid);
      if (one === undefined) all.set(sid, { rows: [dueAt], at });
      else if (!one.rows.includes(dueAt)) {
        one.rows = [...one.rows, dueAt];
        one.at = Math.min(one.at, at);
      }
    },
    heard,
    round: async () => {
      const began = clock.now();
      const due: (readonly [SessionId, Watched])[] = [];
      for (const one of all) if (one[1].at <= began) due.push(one);
      const queue = due.sort(([, a], [, b]) => a.at - b.at).values();
      const work = async (): Promise<void> => {
        while (clock.now() - began < ROUND_MS) {
          const { value } = queue.next();
          if (value === undefined) return;
          await lookOnce(...value);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    drop: (isSuch) => {
      for (const sid of all.keys()) if (isSuch(sid)) all.delete(sid);
    },
  };
}

const minuteOf = (at: number): number => Math.floor(at / 60_000);

/** What silence is judged by: a few bytes, for there are many. */
const briefly = ({ conversation, beatAt, hiddenAt, leftAt, phone }: Presence): Presence => ({
  ...{ conversation, beatAt, phone },
  ...(hiddenAt !== undefined && { hiddenAt }),
  ...(leftAt !== undefined && { leftAt }),
});

type Numbers = Pick<Basis, 'ver' | 'seq'>;
const numbersOf = (one: Header | Basis): Numbers =>
  'session' in one ? { ver: one.session.ver, seq: one.seq } : one;

function isNewer(one: Header | Basis, other: Header | Basis): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  return a.ver > b.ver || (a.ver === b.ver && a.seq > b.seq);
}
