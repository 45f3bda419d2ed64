import type { CustomerId, SessionId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import type { Sessions } from './handle.ts';
import type { Bulletin } from './news.ts';
import type { News } from './ports.ts';
import type { Erasures } from './privacy/erasures.ts';
import { LEASE, projector, type ProjectorParts } from './projector.ts';
import type { Sweep } from './sweep.ts';

/** Follows the change feed of `sessions`. */
export interface Feed {
  readonly start: () => void;
  /** Stops after the page under way and gives the lease back. */
  readonly stop: () => Promise<void>;
  /** Settles once everything committed before the call is in rows, due rows and slots of this leaseholder. */
  readonly caughtUp: () => Promise<void>;
}

/** How often the feed is looked at while something comes, and after nothing has for a while: never more than 500 ms. */
const POLL_MS = 250;
const IDLE_POLL_MS = 500;
const IDLE_AFTER_MS = 5_000;
/** When the end was last seen so long ago, what is left is read without a pause. */
const BUSY_MS = 400;

interface Given extends Omit<ProjectorParts, 'tell' | 'follow' | 'sessions' | 'sweep'> {
  readonly sweep: Pick<Sweep, 'looks' | 'heard'>;
  readonly sessions: Sessions;
  readonly erasures: Pick<Erasures, 'round' | 'idle'>;
  readonly news: Bulletin;
}

/**
 * Makes both readers of one instance: the tail, which tells this process's pages what other instances wrote, and the
 * one leased reader of all instances, which writes rows and due rows, settles slots, and takes up what a dead writer
 * left. The feed is read once for both.
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

  /** `once` gives how long to pause after it, ms. */
  const loop = async (name: string, once: () => Promise<number>): Promise<void> => {
    while (!stopped) {
      const ms = await once().catch((reason: unknown) => {
        log('feed.failed', { loop: name, reason: whereOf(reason) });
        return POLL_MS;
      });
      if (ms > 0) await pause(ms);
    }
  };

  const erasing = new Map<CustomerId, Set<SessionId>>();
  const tell = (news: readonly News[]): void => {
    for (const one of news) tellOne({ ...given, erasing }, one);
  };
  let tailAt: string | undefined;
  let hasBegun = false;
  let newsAt = 0;
  let endAt = 0;
  const tail = async (): Promise<number> => {
    // What rows do not show yet, this instance has to know.
    if (!hasBegun) tailAt ??= await given.leases.value(LEASE);
    hasBegun = true;
    const from = tailAt;
    const page = await store.news(from);
    const now = clock.now();
    tell(page.news);
    reader.take(from, page);
    // The reader may have set it to another place meanwhile.
    if (tailAt === from) tailAt = page.next;
    if (page.isEnd) endAt = now;
    if (page.news.length > 0) newsAt = now;
    // A page is of one physical partition: when there is much to read, none waits for all the others' pauses.
    if (!page.isEnd && now - endAt > BUSY_MS) return 0;
    return now - newsAt > IDLE_AFTER_MS ? IDLE_POLL_MS : POLL_MS;
  };

  const reader = projector({ ...given, tell, follow: (at) => (tailAt = at) });
  const read = async (): Promise<number> => {
    const came = await reader.round();
    if (came === 'caughtUp') rounds += 1;
    return came === 'more' ? 0 : POLL_MS;
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
      await reader.stop().catch((reason: unknown) => log('feed.lease_kept', { reason: whereOf(reason) }));
    },
    caughtUp: async () => {
      const from = rounds;
      while (rounds < from + 2 && !stopped) await pause(POLL_MS);
      await reader.showNow();
    },
  };
}

function tellOne(given: Given & { readonly erasing: Map<CustomerId, Set<SessionId>> }, one: News): void {
  if (one.kind === 'header') {
    const isNews = given.sessions.learn(one.header, one.etag);
    given.news.tell({ header: one.header });
    given.sweep.heard(one.header);
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
