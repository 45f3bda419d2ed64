import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import type { HookState, Interaction, InteractionRecord } from './interaction.ts';
import type { InteractionStore, Log } from './ports.ts';

/**
 * Hears of every session that ended and had an agent, at least once per version of its record: a call that throws, is
 * rejected, or does not settle within 10 s is made again, after 5 s and then ever later up to an hour, through crashes and
 * restarts. `key` is the same at each attempt: whoever has taken it already answers without doing it twice.
 */
export type OnInteraction = (
  interaction: Interaction,
  call: { readonly key: string; readonly attempt: number },
) => Promise<void> | void;

/** The outbox before the hook; its truth is on the records, what it remembers only says when to look there. */
export interface InteractionHook {
  /** Looks up what is owed, by whoever owed it: for whoever has just become the feed's reader. */
  readonly begin: () => Promise<void>;
  /** Something new is to be told of this session. */
  readonly owes: (sid: SessionId) => void;
  /** Starts what is due and does not wait for it: one call that hangs holds up nobody else's. */
  readonly round: () => void;
  /** Settles when no call is under way. */
  readonly idle: () => Promise<void>;
}

const DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;
const AT_ONCE = 8;
const TRIES = 5;

/** Makes the outbox. */
export function interactionHook(given: {
  readonly store: InteractionStore;
  readonly call: OnInteraction;
  readonly clock: Clock;
  readonly log: Log;
}): InteractionHook {
  const { store, clock, log } = given;
  /** When each is to be looked at. */
  const owing = new Map<SessionId, number>();
  const running = new Map<SessionId, Promise<void>>();

  const settled = async (sid: SessionId, version: number): Promise<void> => {
    await store.settled(sid, version);
    log('interaction.told', { session: sid, version });
  };

  const tell = async (sid: SessionId): Promise<void> => {
    const record = (await store.interaction(sid))?.value;
    if (record?.hook === undefined) return;
    const { interaction, hook } = record;
    if (hook.told >= interaction.version) return settled(sid, interaction.version);
    if (hook.nextAt > clock.now()) {
      later(sid, hook.nextAt);
      return;
    }
    const failure = await attempt(interaction, hook.failed + 1).then(
      () => undefined,
      (reason: unknown) => ({ reason }),
    );
    const after = await note(sid, interaction.version, failure === undefined);
    if (failure !== undefined)
      log('interaction.hook_failed', {
        session: sid,
        attempt: hook.failed + 1,
        reason: whereOf(failure.reason),
      });
    if (after?.hook === undefined) return;
    if (after.hook.told < after.interaction.version) later(sid, after.hook.nextAt);
    else await settled(sid, after.interaction.version);
  };

  const attempt = (interaction: Interaction, nth: number): Promise<void> =>
    new Promise((done, failed) => {
      const cancel = clock.after(DEADLINE_MS, () => failed(new Error('The hook did not settle in time')));
      const { reference, version } = interaction;
      Promise.resolve()
        .then(() => given.call(interaction, { key: `${reference}/${version}`, attempt: nth }))
        .then(done, failed)
        .finally(cancel);
    });

  /** Notes on the record what came of an attempt; one that was changed meanwhile is owed anew, at once. */
  const note = async (
    sid: SessionId,
    version: number,
    taken: boolean,
  ): Promise<InteractionRecord | undefined> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const read = await store.interaction(sid);
      if (read?.value.hook === undefined) return undefined;
      const { interaction, hook } = read.value;
      const isLatest = interaction.version === version;
      const record = { interaction, hook: taken ? took(hook, version) : isLatest ? missed(hook) : hook };
      if ((await store.saveInteraction(record, read.etag)) !== false) return record;
    }
    // Whoever is writing it sees that it is owed.
    return undefined;
  };
  const took = ({ told }: HookState, version: number): HookState => ({
    told: Math.max(told, version),
    failed: 0,
    nextAt: 0,
  });
  const missed = ({ told, failed }: HookState): HookState => ({
    told,
    failed: failed + 1,
    nextAt: clock.now() + Math.min(FIRST_PAUSE_MS * 2 ** failed, LONGEST_PAUSE_MS),
  });

  const later = (sid: SessionId, when: number): void => {
    owing.set(sid, Math.min(when, owing.get(sid) ?? Infinity));
  };

  const start = (sid: SessionId): void => {
    owing.delete(sid);
    const work = tell(sid)
      .catch((reason: unknown) => {
        log('interaction.failed', { session: sid, reason: whereOf(reason) });
        later(sid, clock.now() + FIRST_PAUSE_MS);
      })
      .finally(() => running.delete(sid));
    running.set(sid, work);
  };

  return {
    begin: async () => {
      for (const sid of await store.owed()) later(sid, 0);
    },
    owes: (sid) => later(sid, 0),
    round: () => {
      const now = clock.now();
      for (const [sid, when] of owing) {
        if (running.size >= AT_ONCE) return;
        if (when <= now && !running.has(sid)) start(sid);
      }
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
