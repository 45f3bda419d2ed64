import type { Clock } from '../clock.ts';
import type { CustomerId, SessionId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import type { Adoption } from './adoption.ts';
import type { Agents } from './agents.ts';
import { isCardBehind, type AgentCards } from './agent-cards.ts';
import { recentlyUsed } from './cache.ts';
import type { Delivery } from './delivery.ts';
import type { InteractionHook } from './interaction-hook.ts';
import type { Interactions } from './interactions.ts';
import type { Header } from './header.ts';
import type { Sessions } from './handle.ts';
import type { Bulletin } from './news.ts';
import type { InboxStore, Leases, Log, News, SessionStore } from './ports.ts';
import type { Erasures } from './privacy/erasures.ts';
import { placements } from './rows.ts';
import { owedNow } from './owed.ts';
import type { Sweep } from './sweep.ts';
import type { Telemetry } from './telemetry.ts';

/** Follows the change feed of `sessions`. */
export interface Feed {
  readonly start: () => void;
  /** Stops after the page under way and gives the lease back. */
  readonly stop: () => Promise<void>;
  /** Settles once everything committed before the call is in rows, due rows and slots of this leaseholder. */
  readonly caughtUp: () => Promise<void>;
}

const POLL_MS = 300;
const LEASE = 'feed';
const LEASE_MS = 20_000;
/** A header that still owes or lags this long after its write is taken up by the reader: its writer may be dead. */
const STALE_MS = 5_000;
/** After so many looks, some 40 minutes in all, the next change of the session has to bring it up again. */
const LOOKS = 9;
const WARM_SESSIONS = 100_000;

interface Given {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly leases: Leases;
  readonly agents: Agents;
  readonly delivery: Delivery;
  readonly cards: AgentCards;
  readonly sweep: Sweep;
  readonly adoption: Pick<Adoption, 'repair'>;
  readonly interactions: Pick<Interactions, 'keep'>;
  readonly hook: InteractionHook | undefined;
  readonly erasures: Pick<Erasures, 'round' | 'idle'>;
  readonly news: Bulletin;
  readonly observe: Telemetry['tell'] | undefined;
  readonly clock: Clock;
  readonly holder: string;
  readonly log: Log;
}

/**
 * Makes both readers of one instance: the tail, which tells this process's pages what other instances wrote, and the
 * one leased reader of all instances, which writes rows and due rows, settles slots, and takes up what a dead writer
 * left. The reader saves its place only after a page is done, so a crash repeats work and skips none.
 */
export function feed(given: Given): Feed {
  const { store, clock, log } = given;
  let stopped = true;
  const loops: Promise<void>[] = [];
  const cancels = new Set<() => void>();
  /** Rounds that found nothing new. */
  let rounds = 0;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => {
        cancels.delete(stop);
        resolve();
      });
      const stop = (): void => {
        cancel();
        resolve();
      };
      cancels.add(stop);
    });

  const loop = async (name: string, once: () => Promise<boolean>): Promise<void> => {
    while (!stopped) {
      const more = await once().catch((reason: unknown) => {
        log('feed.failed', { loop: name, reason: whereOf(reason) });
        return false;
      });
      if (!more) await pause(POLL_MS);
    }
  };

  let tailAt: string | undefined;
  const erasing = new Map<CustomerId, Set<SessionId>>();
  const tail = async (): Promise<boolean> => {
    const { news, next } = await store.news(tailAt);
    tailAt = next;
    for (const one of news) tellOne({ ...given, erasing }, one);
    return news.length > 0;
  };

  const reader = projector(given);
  const read = async (): Promise<boolean> => {
    const more = await reader.round();
    if (!more) rounds += 1;
    return more;
  };

  return {
    start: () => {
      stopped = false;
      loops.push(loop('tail', tail), loop('reader', read));
    },
    stop: async () => {
      stopped = true;
      for (const cancel of cancels) cancel();
      await Promise.all(loops);
      await given.hook?.idle();
      await given.erasures.idle();
      await given.leases
        .release(LEASE, given.holder)
        .catch((reason: unknown) => log('feed.lease_kept', { reason: whereOf(reason) }));
    },
    caughtUp: async () => {
      const from = rounds;
      while (rounds < from + 2 && !stopped) await pause(POLL_MS);
    },
  };
}

function tellOne(given: Given & { readonly erasing: Map<CustomerId, Set<SessionId>> }, one: News): void {
  if (one.kind === 'header') {
    const isNews = given.sessions.learn(one.header, one.etag);
    given.news.tell({ header: one.header });
    // What another instance wrote while this one carries the session is this one's to bring.
    if (isNews && one.header.carrier?.holder === given.holder) {
      given.delivery.catchUp(one.header);
      given.cards.catchUp(one.header);
    }
  } else if (one.kind === 'erasing') {
    tellErasing(given, one);
  } else if (one.kind === 'typing') {
    given.news.tell({ typing: one.typing });
  } else if (one.kind === 'agent') {
    given.news.tell({ agent: one.agent });
  } else {
    given.news.tell({ entries: [one.entry] });
  }
}

/** Whoever shows their chats is told when nothing is left of them, and not while they are being ended. */
function tellErasing(
  { sessions, erasing, news }: Given & { readonly erasing: Map<CustomerId, Set<SessionId>> },
  one: Extract<News, { kind: 'erasing' }>,
): void {
  const gone = erasing.get(one.customer) ?? new Set();
  for (const sid of [...one.sessions, ...sessions.erase(one.customer)]) gone.add(sid);
  if (!one.done) erasing.set(one.customer, gone);
  else {
    erasing.delete(one.customer);
    news.tell({ gone: [...gone] });
  }
}

/** The leased reader's work: one page of the feed a round, and what had to wait. */
function projector(given: Given) {
  const { store, leases, clock, log } = given;
  let at: string | undefined;
  let heldUntil = 0;
  const projected = recentlyUsed<SessionId, { readonly ver: number; readonly seq: number }>(WARM_SESSIONS);
  const filed = recentlyUsed<SessionId, number>(WARM_SESSIONS);
  /** Headers that owe something; looked at again when their writer had its time, then less and less often. */
  const owing = new Map<SessionId, { readonly when: number; readonly looks: number }>();

  const hold = async (): Promise<boolean> => {
    const now = clock.now();
    if (heldUntil - now > LEASE_MS / 2) return true;
    const fresh = heldUntil <= now;
    const taken = await leases.take(LEASE, given.holder, now, LEASE_MS);
    if (taken === false) {
      heldUntil = 0;
      return false;
    }
    if (fresh) {
      at = taken.value ?? at;
      await given.hook?.begin();
    }
    heldUntil = now + LEASE_MS;
    return true;
  };

  const project = async (header: Header): Promise<void> => {
    const { session, seq } = header;
    const done = projected.get(session.id);
    // A version that differs in marks alone has the same rows.
    if (done?.ver !== session.ver || done.seq !== seq) {
      for (const { view, row } of placements(header)) {
        await given.inbox.put(view, session.id, session.ver, seq, row);
      }
      if (done?.ver !== session.ver) await given.agents.settle(session);
      if (done?.ver !== session.ver) await given.adoption.repair(header);
      if (done?.ver !== session.ver) await given.interactions.keep(header);
      await fileDeadline(header);
      projected.set(session.id, { ver: session.ver, seq });
      if (isBehind(header)) owing.set(session.id, { when: clock.now() + STALE_MS, looks: 0 });
    }
    if (!isBehind(header)) owing.delete(session.id);
  };

  /** Only an earlier deadline is filed anew; a later one is found when the filed one fires. */
  const fileDeadline = async (header: Header): Promise<void> => {
    const { id } = header.session;
    const dueAt = await given.sweep.dueAt(header);
    const known = filed.get(id);
    if (dueAt === undefined || (known !== undefined && known <= dueAt && known > clock.now())) return;
    await given.inbox.file({ sid: id, dueAt });
    filed.set(id, dueAt);
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

  return {
    /** Reads one page, writes what follows from it, and saves the place; whether there may be more. */
    round: async (): Promise<boolean> => {
      if (!(await hold())) return false;
      // No place kept is a first deployment, or a lost one: what was written meanwhile has its rows yet to come.
      const { news, next } = await store.news(at, 'beginning');
      const latest = new Map<SessionId, Header>();
      for (const one of news) if (one.kind === 'header') latest.set(one.header.session.id, one.header);
      if (given.observe !== undefined) tellLate(news, given.observe, clock.now());
      for (const header of latest.values()) await project(header);
      await takeUp();
      given.hook?.round();
      given.erasures.round();
      // What is only typed leaves nothing behind: its place is saved with the next thing that does.
      const leavesRows = news.some(({ kind }) => kind !== 'typing' && kind !== 'agent');
      if (at !== next && (leavesRows || at === undefined)) {
        if (!(await leases.save(LEASE, given.holder, next))) {
          heldUntil = 0;
          log('feed.lease_lost', {});
          return false;
        }
      }
      at = next;
      return news.length > 0;
    },
  };
}

/** Whether something of it has yet to reach a channel; what is held for a customer who is away has not. */
const isBehind = (header: Header): boolean => owedNow(header) > header.delivered || isCardBehind(header);

/** How far behind the reader is, by the latest line of what it has read. */
function tellLate(news: readonly News[], observe: Telemetry['tell'], now: number): void {
  const written = news.flatMap((one) => (one.kind === 'entry' ? [one.entry.at] : []));
  if (written.length > 0) observe({ kind: 'fed', lateMs: now - Math.max(...written) });
}
