import type { Clock } from '../clock.ts';
import { recentlyUsed } from './cache.ts';
import type { AgentReference, AgentWire, Sent } from './ports.ts';

/**
 * Teams takes from a bot in one thread 7 in 1 s, 8 in 2 s, 60 in 30 s and 1,800 in an hour, sends and updates alike. An
 * instance keeps to less than half of each, as [so many, in so many ms]: two are what is deployed, neither knows what the
 * other sends, and a little is left for answers to whoever presses or writes there. Of more, Teams' own refusals are heeded.
 */
const LIMITS: readonly (readonly [number, number])[] = [
  [3, 1_000],
  [4, 2_000],
  [28, 30_000],
  [870, 3_600_000],
];
const LONGEST_MS = Math.max(...LIMITS.map(([, ms]) => ms));
/**
 * Of all threads of a tenant together Teams takes about 50 in 1 s from an app (older texts say 30). Two instances send so
 * many each where nothing else is given.
 */
const PER_SECOND = 20;
const TENANTS = 1_000;
const BACK_OFF_MS = 1_000;
const BACK_OFF_MOST_MS = 60_000;
const THREADS = 20_000;

/** What was sent into one thread within the longest window, oldest first, and until when it refuses. */
interface Thread {
  readonly sent: readonly number[];
  readonly closedUntil: number;
  readonly refusals: number;
}

/**
 * Keeps a wire within Teams' limits, each thread by itself and all of a tenant together. What has to wait is not sent: it is answered `later` with
 * the time it takes, so that what is sent then is what stands then. A thread that Teams itself refuses (429) is left
 * alone for as long as it says, and longer each time.
 *
 * @param perSecond how many this instance sends into one tenant in a second, at most
 */
export function pacedWire(wire: AgentWire, clock: Clock, perSecond: number = PER_SECOND): AgentWire {
  const threads = recentlyUsed<string, Thread>(THREADS, clock.now, LONGEST_MS);
  const tenants = recentlyUsed<string, readonly number[]>(TENANTS, clock.now);

  const paced = async (to: AgentReference, run: () => Promise<Sent>): Promise<Sent> => {
    const now = clock.now();
    const thread = threads.get(to.conversation) ?? { sent: [], closedUntil: 0, refusals: 0 };
    const sent = thread.sent.filter((at) => at > now - LONGEST_MS);
    const tenant = to.tenant ?? '';
    const ofTenant = (tenants.get(tenant) ?? []).filter((at) => at > now - 1_000);
    const afterMs = Math.max(
      thread.closedUntil - now,
      waitFor([perSecond, 1_000], ofTenant, now),
      ...LIMITS.map((limit) => waitFor(limit, sent, now)),
    );
    if (afterMs > 0) return { outcome: 'later', afterMs };
    tenants.set(tenant, [...ofTenant, now]);
    threads.set(to.conversation, { ...thread, sent: [...sent, now] });
    const outcome = await run();
    const after = threads.get(to.conversation) ?? thread;
    if (outcome.outcome !== 'later') {
      if (after.refusals > 0) threads.set(to.conversation, { ...after, refusals: 0 });
      return outcome;
    }
    const backOff = Math.min(BACK_OFF_MS * 2 ** after.refusals, BACK_OFF_MOST_MS);
    const wait = Math.max(outcome.afterMs, backOff);
    threads.set(to.conversation, {
      ...after,
      closedUntil: clock.now() + wait,
      refusals: after.refusals + 1,
    });
    return { outcome: 'later', afterMs: wait };
  };

  return {
    send: (to, card, summary) => paced(to, () => wire.send(to, card, summary)),
    update: (to, activity, card, summary) => paced(to, () => wire.update(to, activity, card, summary)),
    tell: (to, text) => paced(to, () => wire.tell(to, text)),
  };
}

/** How long until one more fits a window; zero or less when it does now. */
const waitFor = ([most, ms]: readonly [number, number], sent: readonly number[], now: number): number => {
  const first = sent[sent.length - most];
  return first === undefined ? 0 : first + ms - now;
};
