import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { waitsSince } from '../session/silence.ts';
import type { Adoption } from './adoption.ts';
import { isCardBehind, type AgentCards } from './agent-cards.ts';
import type { Agents } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import type { Delivery } from './delivery.ts';
import { HandoffError, whereOf } from './errors.ts';
import type { Sessions } from './handle.ts';
import type { Header } from './header.ts';
import type { InteractionHook } from './interaction-hook.ts';
import type { Interactions } from './interactions.ts';
import { owedNow } from './owed.ts';
import type { InboxStore, Leases, Log, News, NewsPage, SessionStore } from './ports.ts';
import type { Erasures } from './privacy/erasures.ts';
import { placements } from './rows.ts';
import type { Sweep } from './sweep.ts';
import type { Telemetry } from './telemetry.ts';

/** The one leased reader of all instances: what follows from the feed for everybody is written by it. */
export interface Projector {
  /** Hands over the page that this instance's tail has read from `from`; one that does not go on from the last is let go. */
  readonly take: (from: string | undefined, page: NewsPage) => void;
  /** Writes what follows from one page, and what had to wait. */
  readonly round: () => Promise<'more' | 'caughtUp' | 'waits'>;
  /** Writes at once what waits. */
  readonly showNow: () => Promise<void>;
  /** Writes what waits, saves the place and gives the lease back. */
  readonly stop: () => Promise<void>;
}

const LEASE = 'feed';
const LEASE_MS = 20_000;
/** A header that still owes or lags this long after its write is taken up by the reader: its writer may be dead. */
const STALE_MS = 5_000;
/** After so many looks, some 40 minutes in all, the next change of the session has to bring it up again. */
const LOOKS = 9;
const WARM_SESSIONS = 100_000;
/** What a list shows of a chat may lag so long where nothing but words has changed: quick lines are one write. */
const WORDS_MS = 2_500;
/** More pages than this are not kept while the store is slow; they are read again. */
const PAGES = 50;

/** What a session's rows show, as they were written. */
interface Projected {
  readonly ver: number;
  readonly seq: number;
  readonly by: string | undefined;
}
/** A deadline on file, and what it was judged on. */
interface Filed {
  readonly dueAt: number;
  readonly ver: number;
  readonly waits: number | undefined;
}

export interface ProjectorParts {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly leases: Leases;
  readonly agents: Pick<Agents, 'settle'>;
  readonly delivery: Delivery;
  readonly cards: AgentCards;
  readonly sweep: Sweep;
  readonly adoption: Pick<Adoption, 'repair'>;
  readonly interactions: Pick<Interactions, 'keep'>;
  readonly hook: InteractionHook | undefined;
  readonly erasures: Pick<Erasures, 'round'>;
  readonly observe: Telemetry['tell'] | undefined;
  /** Hears of a page that the tail has not read. */
  readonly tell: (news: readonly News[]) => void;
  /** Everything up to there is projected and told: the tail goes on from there, for both. */
  readonly follow: (at: string) => void;
  readonly clock: Clock;
  readonly holder: string;
  readonly log: Log;
}

/**
 * Makes the reader. It goes on from the place it finds saved, and once it has caught up it lives on the pages that the
 * tail of its instance reads anyway. Its place is saved with the lease, and lies never past what is yet to be written:
 * a crash repeats work and skips none.
 */
export function projector(given: ProjectorParts): Projector {
  const { store, leases, clock, log } = given;
  /** Everything before it is projected, but for the words that wait. */
  let at: string | undefined;
  let heldUntil = 0;
  /** Where the tail's next page has to begin; `undefined` while there is a past to catch up with. */
  let follows: string | undefined;
  let pages: readonly NewsPage[] = [];
  const projected = recentlyUsed<SessionId, Projected>(WARM_SESSIONS, clock.now);
  const filed = recentlyUsed<SessionId, Filed>(WARM_SESSIONS, clock.now);
  /** Headers whose words are yet to be shown, and when. */
  const worded = new Map<SessionId, { readonly header: Header; readonly when: number }>();
  /** Headers that owe something; looked at again when their writer had its time, then less and less often. */
  const owing = new Map<SessionId, { readonly when: number; readonly looks: number }>();

  const hold = async (): Promise<boolean> => {
    const now = clock.now();
    if (heldUntil - now > LEASE_MS / 2) return true;
    const isNew = heldUntil <= now;
    if (!isNew) await showWords(Infinity);
    const taken = await leases.take(LEASE, given.holder, now, LEASE_MS, isNew ? undefined : at);
    if (taken === false && !isNew) log('feed.lease_lost', {});
    if (taken === false || isNew) lose();
    if (taken === false) return false;
    if (isNew) {
      at = taken.value;
      await given.hook?.begin();
    }
    heldUntil = now + LEASE_MS;
    return true;
  };
  const lose = (): void => {
    heldUntil = 0;
    worded.clear();
    fallBack();
  };
  const fallBack = (): void => {
    follows = undefined;
    pages = [];
  };

  const project = async (header: Header): Promise<void> => {
    const { session, seq } = header;
    const done = projected.get(session.id);
    // A version that differs in marks alone has the same rows.
    if (done?.ver !== session.ver) await projectWhole(header);
    else if (done.seq !== seq) await projectWords(header, done);
    if (!isBehind(header)) owing.delete(session.id);
    else if (done?.ver !== session.ver || done.seq !== seq)
      owing.set(session.id, { when: clock.now() + STALE_MS, looks: 0 });
  };
  const projectWhole = async (header: Header): Promise<void> => {
    const { session } = header;
    for (const { view, row } of placements(header))
      await given.inbox.put(view, session.id, session.ver, header.seq, row);
    worded.delete(session.id);
    await given.agents.settle(session);
    await given.adoption.repair(header);
    await given.interactions.keep(header);
    await fileDeadline(header);
    projected.set(session.id, shownBy(header));
  };
  /** Nobody came, went or decided: only the lists it stands in show it, and those who wait are looked for there. */
  const projectWords = async (header: Header, done: Projected): Promise<void> => {
    const { id } = header.session;
    await fileDeadline(header);
    const when = worded.get(id)?.when ?? clock.now() + (done.by === header.lastLine?.by ? WORDS_MS : 0);
    worded.set(id, { header, when });
    projected.set(id, { ...done, seq: header.seq });
  };
  /** Writes the words that have waited until `by`. */
  const showWords = async (by: number): Promise<void> => {
    for (const [sid, { header, when }] of worded) {
      if (when > by) continue;
      const rows = placements(header).filter(({ row }) => row !== undefined);
      await Promise.all(
        rows.map(({ view, row }) => given.inbox.put(view, sid, header.session.ver, header.seq, row)),
      );
      worded.delete(sid);
      projected.set(sid, shownBy(header));
    }
  };

  /** Only an earlier deadline is filed anew; a later one is found when the filed one fires. */
  const fileDeadline = async (header: Header): Promise<void> => {
    const { id, ver } = header.session;
    const known = filed.get(id);
    const isAhead = known !== undefined && known.dueAt > clock.now();
    const waits = waitsSince(header.session);
    // Words alone bring nothing nearer that has to be asked of the store, unless its customer begins to wait by them.
    const isJudged = isAhead && known.ver === ver && known.waits === waits;
    const dueAt = isJudged ? given.sweep.ownDueAt(header) : await given.sweep.dueAt(header);
    if (dueAt === undefined) return;
    if (isAhead && known.dueAt <= dueAt) {
      if (!isJudged) filed.set(id, { dueAt: known.dueAt, ver, waits });
      return;
    }
    // One that has passed is filed for now: whoever holds only some shards never looks at minutes long gone.
    const next = Math.max(dueAt, clock.now() + 1);
    await given.inbox.file({ sid: id, dueAt: next });
    filed.set(id, { dueAt: next, ver, waits });
  };

  /** Starts what is overdue and does not wait for it: one channel that hangs must not hold up everybody's rows. */
  const takeUp = async (): Promise<void> => {
    const now = clock.now();
    for (const [sid, { when, looks }] of owing) {
      if (when > now) continue;
      owing.delete(sid);
      const read = await store.header(sid);
      if (read === undefined || !isBehind(read.value) || looks >= LOOKS) continue;
      given.sessions.learn(read.value, read.etag);
      given.delivery.catchUp(read.value);
      given.cards.catchUp(read.value);
      owing.set(sid, { when: now + STALE_MS * 2 ** looks, looks: looks + 1 });
    }
  };

  const projectPage = async ({ news, next }: NewsPage): Promise<void> => {
    const latest = new Map<SessionId, Header>();
    for (const one of news) if (one.kind === 'header') latest.set(one.header.session.id, one.header);
    if (given.observe !== undefined) tellLate(news, given.observe, clock.now());
    for (const header of latest.values()) {
      await project(header).catch((reason: unknown) => {
        if (isPassing(reason)) throw reason;
        // One session that cannot be shown must not keep everybody else's from being shown.
        log('feed.passed_over', { session: header.session.id, reason: whereOf(reason) });
      });
    }
    at = next;
  };
  /** Goes on from the place that was saved, until there is no past left. */
  const catchUp = async (): Promise<'more' | 'caughtUp'> => {
    // No place kept is a first deployment, or a lost one: what was written meanwhile has its rows yet to come.
    const page = await store.news(at, 'beginning');
    given.tell(page.news);
    await projectPage(page);
    if (!page.isEnd) return 'more';
    follows = page.next;
    given.follow(page.next);
    return 'caughtUp';
  };
  const goOn = async (): Promise<'more' | 'caughtUp' | 'waits'> => {
    const [page] = pages;
    if (page === undefined) return 'waits';
    await projectPage(page);
    pages = pages.filter((one) => one !== page);
    if (pages.length > 0) return 'more';
    return page.isEnd ? 'caughtUp' : 'waits';
  };

  return {
    take: (from, page) => {
      if (follows === undefined || from !== follows) return;
      follows = page.next;
      pages = [...pages, page];
      if (pages.length > PAGES) fallBack();
    },
    round: async () => {
      if (!(await hold())) return 'caughtUp';
      const came = await (follows === undefined ? catchUp() : goOn());
      await showWords(clock.now());
      await takeUp();
      given.hook?.round();
      given.erasures.round();
      return came;
    },
    showNow: () => showWords(Infinity),
    stop: async () => {
      if (heldUntil > clock.now()) {
        await showWords(Infinity);
        if (at !== undefined) await leases.save(LEASE, given.holder, at);
      }
      lose();
      await leases.release(LEASE, given.holder);
    },
  };
}

const shownBy = ({ session: { ver }, seq, lastLine }: Header): Projected => ({ ver, seq, by: lastLine?.by });

/** Whether something of it has yet to reach a channel; what is held for a customer who is away has not. */
const isBehind = (header: Header): boolean => owedNow(header) > header.delivered || isCardBehind(header);

/** What goes away by itself: the page is projected again. */
const isPassing = (reason: unknown): boolean =>
  reason instanceof HandoffError &&
  (reason.code === 'store_unavailable' || reason.code === 'store_contended');

/** How far behind the reader is, by the latest line of what it has read. */
function tellLate(news: readonly News[], observe: Telemetry['tell'], now: number): void {
  const written = news.flatMap((one) => (one.kind === 'entry' ? [one.entry.at] : []));
  if (written.length > 0) observe({ kind: 'fed', lateMs: now - Math.max(...written) });
}
