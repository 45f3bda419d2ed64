import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Adoption } from './adoption.ts';
import type { AgentCards } from './agent-cards.ts';
import type { Agents } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import type { Delivery } from './delivery.ts';
import { HandoffError, whereOf } from './errors.ts';
import { filing } from './filing.ts';
import type { Sessions } from './handle.ts';
import type { Header } from './header.ts';
import type { InteractionHook } from './interaction-hook.ts';
import type { Interactions } from './interactions.ts';
import { isBehind, outbox, type Place } from './outbox.ts';
import type { InboxStore, Leases, Log, News, NewsPage, SessionStore } from './ports.ts';
import type { Erasures } from './privacy/erasures.ts';
import { placements } from './rows.ts';
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

/** Its value is the place up to which everything is written. */
export const LEASE = 'feed';
const LEASE_MS = 20_000;
/** The bot has it, or has asked for a person: it has stood in no list yet. */
const FIRST_VERSIONS = 2;
const WARM_SESSIONS = 100_000;
/**
 * Rows wait so long for more where nothing but words has changed, and are written once for all of them; until then every
 * instance shows the words it has heard of (`withRecentWords`).
 */
const WORDS_MS = 45_000;
/** More pages than this are not kept while the store is slow; they are read again. */
const PAGES = 50;

/** What a session's rows show, as they were written. */
interface Projected {
  readonly ver: number;
  readonly seq: number;
}
/** Words that are yet to be shown; `from`: where the page with the first of them begins. */
interface Worded {
  readonly header: Header;
  readonly when: number;
  readonly from: Place;
}

export interface ProjectorParts {
  readonly sessions: Pick<Sessions, 'learn'>;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly leases: Leases;
  readonly agents: Pick<Agents, 'settle'>;
  readonly delivery: Pick<Delivery, 'catchUp'>;
  readonly cards: Pick<AgentCards, 'catchUp'>;
  readonly sweep: Parameters<typeof filing>[0]['sweep'];
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
 * tail of its instance reads anyway. Its place is saved with the lease, and lies never past what is yet to be written or carried:
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
  const fileDeadline = filing(given);
  /** The longest waiting first. */
  const worded = new Map<SessionId, Worded>();
  const owing = outbox(clock);
  /** How many pages were projected since the place was found. */
  let page = 0;

  const hold = async (): Promise<boolean> => {
    const now = clock.now();
    if (heldUntil - now > LEASE_MS / 2) return true;
    const isNew = heldUntil <= now;
    const taken = await leases.take(LEASE, given.holder, now, LEASE_MS, isNew ? undefined : settledAt());
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
  /** The place that may be saved: whoever goes on from there writes what waits here. */
  const settledAt = (): string | undefined => {
    const [words] = worded.values();
    const [owed, waits] = [owing.oldest(), words?.from];
    const first = waits === undefined || (owed !== undefined && owed.page < waits.page) ? owed : waits;
    return first === undefined ? at : first.at;
  };
  const savePlace = async (): Promise<void> => {
    const place = settledAt();
    if (place !== undefined) await leases.save(LEASE, given.holder, place);
  };
  const lose = (): void => {
    heldUntil = 0;
    // What was put off is not projected: this instance may be the next reader, too, and reads it again.
    for (const sid of worded.keys()) projected.drop(sid);
    worded.clear();
    owing.clear();
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
    else if (done.seq !== seq) await projectWords(header);
    if (isBehind(header)) owing.owes(header, { at, page });
    else owing.settled(session.id);
  };
  const projectWhole = async (header: Header): Promise<void> => {
    const { session } = header;
    const isNew = session.ver <= FIRST_VERSIONS && projected.get(session.id) === undefined;
    for (const { view, row } of placements(header))
      await given.inbox.put(view, session.id, session.ver, header.seq, row, isNew);
    worded.delete(session.id);
    await given.agents.settle(session);
    await given.adoption.repair(header);
    await given.interactions.keep(header);
    await fileDeadline(header);
    projected.set(session.id, { ver: session.ver, seq: header.seq });
  };
  /** Nobody came, went or decided: only the lists it stands in show it. */
  const projectWords = async (header: Header): Promise<void> => {
    const { id, ver } = header.session;
    await fileDeadline(header);
    const { when, from } = worded.get(id) ?? { when: clock.now() + WORDS_MS, from: { at, page } };
    worded.set(id, { header, when, from });
    projected.set(id, { ver, seq: header.seq });
  };
  /** Writes the words that have waited until `by`. */
  const showWords = async (by: number): Promise<void> => {
    for (const [sid, { header, when }] of worded) {
      if (when > by) continue;
      const rows = placements(header).filter(({ row }) => row !== undefined);
      await Promise.all(
        rows.map(({ view, row }) => given.inbox.put(view, sid, header.session.ver, header.seq, row)),
      );
      // Words that came while this was written wait for their own turn.
      if (worded.get(sid)?.header === header) worded.delete(sid);
    }
  };

  /** Starts what is overdue and does not wait for it: one channel that hangs must not hold up everybody's rows. */
  const takeUp = async (): Promise<void> => {
    for (const one of owing.lapsed()) {
      const { sid } = one;
      const read = await store.header(sid);
      const next = read !== undefined && isBehind(read.value) ? owing.again(one, read.value) : undefined;
      if (read === undefined || next === undefined) {
        owing.settled(sid);
        continue;
      }
      given.sessions.learn(read.value, read.etag);
      given.delivery.catchUp(read.value);
      given.cards.catchUp(read.value);
      if (next === 'here') continue;
      await given.inbox.file({ sid, dueAt: next.dueAt });
      owing.settled(sid);
    }
  };

  const projectPage = async ({ news, next }: NewsPage): Promise<void> => {
    const latest = new Map<SessionId, Header>();
    for (const one of news) if (one.kind === 'header') latest.set(one.header.session.id, one.header);
    for (const one of news) if (one.kind === 'erasing') one.sessions.forEach((sid) => worded.delete(sid));
    if (given.observe !== undefined) tellLate(news, given.observe, clock.now());
    for (const header of latest.values()) {
      await project(header).catch((reason: unknown) => {
        if (isPassing(reason)) throw reason;
        // One session that cannot be shown must not keep everybody else's from being shown.
        log('feed.passed_over', { session: header.session.id, reason: whereOf(reason) });
      });
    }
    at = next;
    page += 1;
  };
  /** Goes on from the place that was saved, until there is no past left. */
  const catchUp = async (): Promise<'more' | 'caughtUp'> => {
    // No place kept is a first deployment, or a lost one: what was written meanwhile has its rows yet to come.
    const page = await store.news(at, 'beginning');
    given.tell(page.news);
    await projectPage(page);
    if (!page.isEnd) return 'more';
    // From here on whoever starts knows where to begin: before whatever of that past is yet to be carried.
    await savePlace();
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
        await savePlace();
      }
      lose();
      await leases.release(LEASE, given.holder);
    },
  };
}

/** What goes away by itself: the page is projected again. */
const isPassing = (reason: unknown): boolean =>
  reason instanceof HandoffError &&
  (reason.code === 'store_unavailable' || reason.code === 'store_contended');

/** How far behind the reader is, by the latest line of what it has read. */
function tellLate(news: readonly News[], observe: Telemetry['tell'], now: number): void {
  const written = news.flatMap((one) => (one.kind === 'entry' ? [one.entry.at] : []));
  if (written.length > 0) observe({ kind: 'fed', lateMs: now - Math.max(...written) });
}
