import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import { agentLookAt, agentWaitedFor } from '../session/silence.ts';
import { nextDeadline } from '../session/time.ts';
import { whereOf } from './errors.ts';
import type { Header } from './header.ts';
import { SHARDS, shardOf, type Due } from './inbox.ts';
import type { Sessions } from './handle.ts';
import { isBehind, owedLookAt } from './outbox.ts';
import type { QueueTarget } from './queue-target.ts';
import type { InboxStore, Leases, Log, SessionStore } from './ports.ts';
import type { Retaining } from './privacy/retain.ts';
import type { Agents } from './agents.ts';
import { isWatched, judge } from './presence.ts';
import type { Telemetry } from './telemetry.ts';

/** The pass over lapsed deadlines: one lease per shard, a tick a second; whoever holds none rests. */
export interface Sweep {
  readonly start: () => void;
  /** Stops ticking, waits for the tick under way and gives the leases back. */
  readonly stop: () => Promise<void>;
  /** Holds ticks back while the local clock jumps, so that pages can beat before silence is judged. */
  readonly pause: () => Promise<() => void>;
  /** When this session wants to be looked at next; `undefined` = never by time alone. */
  readonly dueAt: (header: Header) => Promise<number | undefined>;
  /** The same, as far as the header itself tells; asks nobody. */
  readonly ownDueAt: (header: Header) => number | undefined;
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
const DEADLINE = { kind: 'turn', by: 'house', what: 'deadline' } as const;
const minuteOf = ({ dueAt }: Due): number => Math.floor(dueAt / 60_000);

/** Makes the sweep of one instance; `holder` names it in the leases. */
export function sweep(given: {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  /** How an agent stands for a customer who waits on them. */
  readonly noticed: Agents['noticed'];
  readonly queueTarget: QueueTarget;
  /** Takes up what a session owes to channels; returns at once. */
  readonly catchUp: (header: Header) => void;
  readonly retaining: Retaining;
  readonly telemetry?: Telemetry | undefined;
  readonly holder: string;
  readonly log: Log;
}): Sweep {
  const { sessions, store, inbox, leases, clock, log } = given;
  const held = new Map<number, number>();
  /** When to ask again for a shard that was another's. */
  const askAgainAt = new Map<number, number>();
  let lastTick = 0;
  let cancel: (() => void) | undefined;
  let stopped = true;
  let under: Promise<void> = Promise.resolve();
  let paused: Promise<void> | undefined;
  let ticking: Promise<void> = Promise.resolve();

  const ownLooks = (header: Header): readonly (number | undefined)[] => [
    nextDeadline(header.session, given.rulesFor(header.session.widget)),
    given.queueTarget.dueAt(header.session),
    given.retaining.dueAt(header),
  ];
  const dueAt = async (header: Header): Promise<number | undefined> => {
    const { session } = header;
    const rules = given.rulesFor(session.widget);
    const looks = [...ownLooks(header)];
    if (isWatched(session)) {
      const presence = await store.presence(session.customer, session.conversation);
      const judged = judge(presence, session, clock.now(), rules);
      if (judged !== undefined) looks.push(judged.here ? judged.lookAgainAt : clock.now());
    }
    const waitedFor = agentWaitedFor(session);
    if (waitedFor !== undefined) {
      looks.push(agentLookAt(session, await given.noticed(waitedFor, 'lately'), clock.now(), rules));
    }
    return earliest(looks);
  };

  const fire = async (due: Due): Promise<void> => {
    const read = await store.header(due.sid);
    if (read === undefined) {
      await given.retaining.gone(due.sid);
      return inbox.done(due);
    }
    sessions.learn(read.value, read.etag);
    const { session } = read.value;
    const rules = given.rulesFor(session.widget);
    const presence = isWatched(session)
      ? await store.presence(session.customer, session.conversation)
      : undefined;
    const judgedAt = clock.now();
    given.telemetry?.tell({ kind: 'swept', lateMs: judgedAt - due.dueAt });
    const judged = judge(presence, session, judgedAt, rules);
    const waitedFor = judged?.here === false ? undefined : agentWaitedFor(session);
    const noticed = waitedFor === undefined ? undefined : await given.noticed(waitedFor);
    const outcome = await sessions.ask(due.sid, {
      actor: 'house',
      command: (current) => {
        // Whoever has come back elsewhere meanwhile is not gone because the page they left is silent.
        if (judged?.here === false && current.conversation === session.conversation)
          return { type: 'customerLeft', cause: judged.cause, at: judgedAt };
        return noticed === undefined ? { type: 'tick' } : { type: 'agentNoticed', ...noticed };
      },
    });
    await given.queueTarget.pass(outcome.header.session);
    const retained = await given.retaining.pass(outcome.header);
    // What nobody has carried for long: the feed's place has gone on without it.
    if (isBehind(retained)) given.catchUp(retained);
    const next = earliest([await dueAt(retained), owedLookAt(retained, clock.now())]);
    const again = next === undefined ? undefined : { sid: due.sid, dueAt: Math.max(next, clock.now() + 1) };
    if (again === undefined) await inbox.done(due);
    else await refile(due, again);
    await lookBehind(due.sid, again?.dueAt);
  };

  const refile = async (due: Due, again: Due): Promise<void> => {
    // A session has one row a minute, which the earlier deadline wins: within the minute the passed one goes first.
    const sameRow = minuteOf(again) === minuteOf(due);
    if (sameRow) await inbox.done(due);
    await inbox.file(again);
    if (!sameRow) await inbox.done(due);
  };

  /** What was filed while the passed row was still there was taken for later, and went with it: it is filed now. */
  const lookBehind = async (sid: SessionId, filedAt = Infinity): Promise<void> => {
    const read = await store.header(sid);
    const next = read === undefined ? undefined : await dueAt(read.value);
    if (next !== undefined && next < filedAt)
      await inbox.file({ sid, dueAt: Math.max(next, clock.now() + 1) });
  };

  const heard = (due: Due): Promise<void> =>
    given.telemetry === undefined
      ? fire(due)
      : given.telemetry.during(
          DEADLINE,
          () => fire(due),
          () => ({ outcome: 'ok' }),
        );

  const fireAll = async (due: readonly Due[]): Promise<void> => {
    for (const one of due) {
      await heard(one).catch((reason: unknown) =>
        log('sweep.failed', {
          session: one.sid,
          reason: whereOf(reason),
        }),
      );
    }
  };

  const tick = async (): Promise<void> => {
    const now = clock.now();
    const before = held.size;
    for (let shard = 0; shard < SHARDS; shard += 1) await holdShard(shard, now);
    if (held.size === 0) return;
    // After a pause, of ours or of whoever held a shard before us, minutes may lie behind that nobody looked at.
    const gap = now - lastTick > GAP_MS || held.size > before;
    // Whoever holds every shard asks once for all of them: cheaper than sixteen questions a second.
    if (gap || held.size === SHARDS) {
      const all = await inbox.overdue(now);
      await fireAll(all.filter((due) => held.has(shardOf(due.sid))));
    } else {
      for (const shard of held.keys()) await fireAll(await inbox.due(shard, now));
    }
    lastTick = now;
  };

  const holdShard = async (shard: number, now: number): Promise<void> => {
    const until = held.get(shard) ?? 0;
    if (until - now > LEASE_MS / 2 || (askAgainAt.get(shard) ?? 0) > now) return;
    const taken = await leases.take(`due:${shard}`, given.holder, now, LEASE_MS);
    if (taken === false) {
      held.delete(shard);
      askAgainAt.set(shard, now + OTHERS_MS);
    } else {
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
    dueAt,
    ownDueAt: (header) => earliest(ownLooks(header)),
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

function earliest(looks: readonly (number | undefined)[]): number | undefined {
  const known = looks.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
