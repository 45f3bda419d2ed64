import type { Clock } from '../clock.ts';
import type { AgentId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import type { Leases, Log } from './ports.ts';
import type { AgentRecord } from './roster.ts';

/** Who is alive: agents by the tabs they hold open and by what they do, instances by a lease each. */
export interface Life {
  /** The agent's last sign of life, ms: now while a tab of theirs is open at an instance that lives. */
  readonly aliveAt: (record: AgentRecord) => Promise<number>;
  /** Whether a tab of theirs is open at an instance that lives. */
  readonly hasTab: (record: AgentRecord) => Promise<boolean>;
  /** A tab's stream is open here until the function given back is called. Costs nothing while it stays open. */
  readonly opened: (agent: AgentId) => () => void;
  /** Notes what is still to be noted, and that nothing is open here any more. */
  readonly stop: () => Promise<void>;
}

/** Writes a change of an agent's record, over the version read. */
export type ChangeAgent = (
  id: AgentId,
  next: (record: AgentRecord) => AgentRecord | undefined,
) => Promise<unknown>;

/** An instance that has not renewed for so long is dead, and its streams with it. */
const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
/** A tab that reloads, or whose network flaps, is not worth two writes. */
const LINGER_MS = 5_000;
/** How long a lease that was read is believed. */
const BELIEVED_MS = 1_000;

/** Makes it for the instance that `holder` names. */
export function life(given: {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly holder: string;
  readonly change: ChangeAgent;
  readonly log: Log;
}): Life {
  const { leases, clock, holder, log } = given;
  const open = new Map<AgentId, number>();
  /** Whom the store shows here, as far as this instance wrote it. */
  const noted = new Set<AgentId>();
  const lingering = new Map<AgentId, () => void>();
  const writing = new Map<AgentId, Promise<void>>();
  const read = new Map<string, { readonly at: number; readonly until: Promise<number> }>();
  let renewing: (() => void) | undefined;

  const isOpen = (agent: AgentId): boolean => (open.get(agent) ?? 0) > 0;

  const leasedUntil = (other: string): Promise<number> => {
    const now = clock.now();
    const known = read.get(other);
    if (known !== undefined && now - known.at < BELIEVED_MS) return known.until;
    const until = leases.until(leaseOf(other)).then((at) => at ?? 0);
    until.catch(() => read.delete(other));
    read.set(other, { at: now, until });
    return until;
  };
  /** When the tab at this instance was last known to be open. */
  const openAt = async (agent: AgentId, other: string, since: number): Promise<number> => {
    const now = clock.now();
    if (other === holder) return isOpen(agent) ? now : since;
    const until = await leasedUntil(other);
    return until > now ? now : Math.max(since, until - LEASE_MS);
  };
  const tabsOf = async ({ id, tabs = {} }: AgentRecord): Promise<readonly (readonly [string, number])[]> =>
    Promise.all(
      Object.entries(tabs).map(async ([other, since]) => [other, await openAt(id, other, since)] as const),
    );

  /** One after the other per agent: what is stored follows what is open. */
  const note = (agent: AgentId): Promise<void> => {
    const next: Promise<void> = (writing.get(agent) ?? Promise.resolve())
      .then(async () => {
        const wanted = isOpen(agent);
        if (wanted === noted.has(agent)) return;
        const now = clock.now();
        await given.change(agent, (record) => withTab(record, holder, wanted, now));
        if (wanted) noted.add(agent);
        else noted.delete(agent);
      })
      .catch((reason: unknown) => log('life.unnoted', { agent, reason: whereOf(reason) }))
      .finally(() => {
        if (writing.get(agent) === next) writing.delete(agent);
      });
    writing.set(agent, next);
    return next;
  };

  const renew = async (): Promise<void> => {
    if ((await leases.take(leaseOf(holder), holder, clock.now(), LEASE_MS)) === false)
      log('life.lease_lost', {});
    // What could not be written then is written now.
    for (const agent of new Set([...open.keys(), ...noted]))
      if (isOpen(agent) !== noted.has(agent) && !lingering.has(agent)) await note(agent);
  };
  const keepRenewing = (): void => {
    renewing ??= clock.after(RENEW_MS, () => {
      renewing = undefined;
      if (open.size === 0 && noted.size === 0) return;
      renew()
        .catch((reason: unknown) => log('life.unrenewed', { reason: whereOf(reason) }))
        .finally(keepRenewing);
    });
  };

  const opened = (agent: AgentId): (() => void) => {
    open.set(agent, (open.get(agent) ?? 0) + 1);
    lingering.get(agent)?.();
    lingering.delete(agent);
    if (renewing === undefined) {
      keepRenewing();
      renew().catch((reason: unknown) => log('life.unrenewed', { reason: whereOf(reason) }));
    }
    void note(agent);
    let isMine = true;
    return () => {
      if (!isMine) return;
      isMine = false;
      const left = (open.get(agent) ?? 1) - 1;
      if (left > 0) open.set(agent, left);
      else open.delete(agent);
      if (left > 0) return;
      lingering.set(
        agent,
        clock.after(LINGER_MS, () => {
          lingering.delete(agent);
          void note(agent);
        }),
      );
    };
  };

  return {
    aliveAt: async (record) =>
      Math.max(record.seenAt ?? 0, record.presence.at, ...(await tabsOf(record)).map(([, at]) => at)),
    hasTab: async (record) => {
      const now = clock.now();
      return (await tabsOf(record)).some(([, at]) => at >= now);
    },
    opened,
    stop: async () => {
      renewing?.();
      for (const cancel of lingering.values()) cancel();
      lingering.clear();
      open.clear();
      await Promise.all([...noted].map(note));
      await leases.release(leaseOf(holder), holder);
    },
  };
}

const leaseOf = (holder: string): string => `instance:${holder}`;

/** Other instances' tabs that were opened so long ago are long gone, or tell so again. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;

function withTab(record: AgentRecord, holder: string, isOpen: boolean, now: number): AgentRecord {
  const { tabs = {}, blockedAt: _, ...rest } = record;
  const others = Object.entries(tabs).filter(
    ([other, since]) => other !== holder && now - since < FORGOTTEN_MS,
  );
  const own = isOpen ? [[holder, now] as const] : [];
  return { ...rest, tabs: Object.fromEntries([...others, ...own]), seenAt: now };
}
