import type { SessionId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import { SHARDS, shardOf, type Due } from './inbox.ts';
import { looking, type LookParts } from './look.ts';
import { looks as makeLooks, type Looks } from './looks.ts';
import type { InboxStore, Leases, Log } from './ports.ts';
import { watch, type Watch } from './watch.ts';

/** The pass over lapsed deadlines: one lease per shard, a tick a second; whoever holds none rests. */
export interface Sweep {
  readonly start: () => void;
  /** Stops ticking, waits for the tick under way and gives the leases back. */
  readonly stop: () => Promise<void>;
  /** Holds ticks back while the local clock jumps, so that pages can beat before silence is judged. */
  readonly pause: () => Promise<() => void>;
  /** When sessions want to be looked at. */
  readonly looks: Looks;
  /** Takes in what the change feed brought: what was said may bring a look nearer, or put it off. */
  readonly heard: Watch['heard'];
  /** Whether this instance looks after the first shard: what is done once for all instances is done there. */
  readonly leads: () => boolean;
  /** One tick now. */
  readonly tick: () => Promise<void>;
}

const TICK_MS = 1_000;
const LEASE_MS = 20_000;
/** Another's shard is asked for again this soon: one that is dead is succeeded once its lease has run out. */
const OTHERS_MS = 4_000;
/** Past this between two ticks, minutes may have been missed: everything overdue is looked up once. */
const GAP_MS = 30_000;
/** What has passed is asked for again so long: whatever filed it may have been late. */
const LATE_MS = 2 * 60_000;
/** What a request may take at most. */
const SPARE_MS = 5_000;

/** Makes the sweep of one instance; `holder` names it in the leases. */
export function sweep(
  given: LookParts & {
    readonly inbox: InboxStore;
    readonly leases: Leases;
    readonly holder: string;
    readonly log: Log;
  },
): Sweep {
  const { inbox, leases, clock, log } = given;
  const held = new Map<number, number>();
  /** When to ask again for a shard that was another's. */
  const askAgainAt = new Map<number, number>();
  let lastTick = 0;
  /** After a pause, of ours or of whoever held a shard before us, minutes may lie behind that nobody looked at. */
  let knowsPast = false;
  let cancel: (() => void) | undefined;
  let stopped = true;
  let under: Promise<void> = Promise.resolve();
  let paused: Promise<void> | undefined;
  let ticking: Promise<void> = Promise.resolve();

  /** Whether this instance keeps the session's shard, and will for longer than a request takes. */
  const isKept = (sid: SessionId): boolean => (held.get(shardOf(sid)) ?? 0) - clock.now() > SPARE_MS;
  const looks = makeLooks(given);
  const watching = watch({ ...given, looks, look: looking(given), isKept });

  const tick = async (): Promise<void> => {
    const now = clock.now();
    for (let shard = 0; shard < SHARDS; shard += 1) await holdShard(shard, now);
    if (held.size === 0) return;
    if (now - lastTick > GAP_MS) knowsPast = false;
    for (const due of await passed(now)) if (held.has(shardOf(due.sid))) watching.note(due);
    knowsPast = true;
    lastTick = now;
    await watching.round();
  };
  const passed = async (now: number): Promise<readonly Due[]> => {
    if (!knowsPast) return inbox.overdue(now);
    // Whoever holds every shard asks once for all of them: cheaper than sixteen questions a second.
    if (held.size === SHARDS) return inbox.overdue(now, now - LATE_MS);
    const due: Due[] = [];
    for (const shard of held.keys()) due.push(...(await inbox.due(shard, now)));
    return due;
  };

  const holdShard = async (shard: number, now: number): Promise<void> => {
    const until = held.get(shard);
    if ((until ?? 0) - now > LEASE_MS / 2 || (askAgainAt.get(shard) ?? 0) > now) return;
    const taken = await leases.take(`due:${shard}`, given.holder, now, LEASE_MS);
    const isLapsed = until !== undefined && until <= now;
    // Another may have looked after its sessions meanwhile.
    if (until !== undefined && (taken === false || isLapsed)) watching.drop((sid) => shardOf(sid) === shard);
    if (taken === false) {
      held.delete(shard);
      askAgainAt.set(shard, now + OTHERS_MS);
    } else {
      if (until === undefined || isLapsed) knowsPast = false;
      held.set(shard, now + LEASE_MS);
    }
  };

  const loop = (): void => {
    if (stopped) return;
    cancel = clock.after(TICK_MS, () => {
      under = (paused ?? Promise.resolve())
        .then(() => (ticking = tick()))
        .catch((reason: unknown) => log('sweep.tick_failed', { reason: whereOf(reason) }))
        .then(loop);
    });
  };

  return {
    looks,
    heard: watching.heard,
    leads: () => (held.get(0) ?? 0) > clock.now(),
    tick,
    start: () => {
      stopped = false;
      loop();
    },
    stop: async () => {
      stopped = true;
      cancel?.();
      await under;
      await Promise.all([...held.keys()].map((shard) => leases.release(`due:${shard}`, given.holder))).catch(
        (reason: unknown) => log('sweep.lease_kept', { reason: whereOf(reason) }),
      );
      held.clear();
      watching.drop(() => true);
    },
    pause: async () => {
      const before = paused ?? Promise.resolve();
      let release = (): void => undefined;
      const mine = new Promise<void>((resolve) => (release = resolve));
      // Whoever pauses while another does is waited for as well.
      paused = Promise.all([before, mine]).then(() => undefined);
      await ticking.catch(() => undefined);
      return release;
    },
  };
}
