import type { Clock } from '../clock.ts';
import type { AgentAbsence } from '../session/event.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import { isHere, type AgentState } from '../session/routing.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { HandoffError } from './errors.ts';
import { agentRecords } from './agent-records.ts';
import { everyone } from './everyone.ts';
import { life, type Life } from './life.ts';
import { stricter, teamsStatuses } from './teams-statuses.ts';
import { lasting, placed, settled, slotsUsed } from './places.ts';
import type { AgentReference, AgentStore, Leases, Log, TeamsPresence } from './ports.ts';
import type { AgentRecord } from './roster.ts';

/** Who an agent is, as their verified tab token or Teams activity says. */
export interface AgentIdentity {
  readonly id: AgentId;
  readonly name: string;
  readonly roles: readonly string[];
  /** When that was said of them, ms; what is older than what is known changes nothing. */
  readonly saidAt?: number;
}

/** The agents: permission, presence, capacity, and their slots. */
export interface Agents {
  /** The record as stored; absent for who never signed in. */
  readonly record: (id: AgentId) => Promise<AgentRecord | undefined>;
  /** Notes what a fresh token says; a new agent starts available. */
  readonly admit: (identity: AgentIdentity) => Promise<AgentRecord>;
  readonly setPresence: (id: AgentId, presence: Omit<AgentRecord['presence'], 'at'>) => Promise<AgentRecord>;
  /** Notes where the agent's personal chat is. Whoever has not signed in yet is noted without permission. */
  readonly noteReference: (id: AgentId, reference: AgentReference) => Promise<void>;
  /** Step one of three: blocks a place for 30 s while the session is being written. */
  readonly reserve: (id: AgentId, sid: SessionId) => Promise<void>;
  /** Step three: makes the places of everyone who had this session true to its header. */
  readonly settle: (session: Session) => Promise<void>;
  /** Notes for which session a line is that names none; whoever was first stays, and is given back. */
  readonly claimLine: (id: AgentId, line: string, sid: SessionId) => Promise<SessionId>;
  /** The line came to nothing there: it may go elsewhere. */
  readonly freeLine: (id: AgentId, line: string) => Promise<void>;
  /** A tab of theirs is open here until the function given back is called. */
  readonly opened: Life['opened'];
  /** Notes that they did something; at most one write in a while, and none while a tab of theirs is open. */
  readonly seen: (record: AgentRecord) => Promise<void>;
  /** A supervisor says how many sessions this agent may have; it stays when the setting changes. */
  readonly setCapacity: (id: AgentId, capacity: number) => Promise<AgentRecord>;
  /** Notes that Teams refuses our cards to them. */
  readonly blocked: (id: AgentId) => Promise<void>;
  /** How they stand for a customer who waits on them; `lately`: as the roster was read within the last second. */
  readonly noticed: (id: AgentId, how?: 'lately') => Promise<Noticed>;
  readonly stop: () => Promise<void>;
  /** Whether this agent is present and permitted, freshly read. */
  readonly isHere: (agent: AgentRef | undefined) => Promise<boolean>;
  /** Everyone as routing sees them; may lag by a second, in a large house by some. */
  readonly states: () => Promise<readonly AgentState[]>;
  /** Everyone as stored; may lag as much. */
  readonly everyone: () => Promise<readonly AgentRecord[]>;
  /** Begins to read what `lately` will be asked, where that can be told without knowing who it will be. */
  readonly ahead: () => void;
  /** One of them as stored; may lag as much. */
  readonly lately: (id: AgentId) => Promise<AgentRecord | undefined>;
}

/** An agent's last sign of life, and why they are not waited for, if so. */
export interface Noticed {
  readonly agent: AgentId;
  readonly aliveAt: number;
  readonly absent?: AgentAbsence;
}

const PERMITTED_MS = 24 * 3_600_000;
const PENDING_MS = 30_000;
/** Acts so close together are one sign of life. */
const SEEN_MS = 30_000;

/** Whether a record permits chats now: the role is there and the permission has not lapsed. */
export const isPermitted = (record: AgentRecord, now: number): boolean =>
  now < record.permittedUntil && holdsRole(record);

/** Whether their last token named a role that permits chats, however long ago that was. */
export const holdsRole = ({ roles }: Pick<AgentRecord, 'roles'>): boolean =>
  roles.some((role) => role === 'Chat.Agent' || role === 'Chat.Supervisor');

/** Makes the agents over their store. */
export function agents(given: {
  readonly store: AgentStore;
  readonly leases: Leases;
  readonly clock: Clock;
  /** Names this instance. */
  readonly holder: string;
  /** How many sessions an agent may have of whom no supervisor has said it. */
  readonly capacity: number;
  /** How agents stand in Teams, where that may be asked. */
  readonly teamsPresence?: TeamsPresence | undefined;
  /** Reads a session as it is stored now. */
  readonly latestOf: (sid: SessionId) => Promise<Session | undefined>;
  /** Somebody came, went, or may no longer: whoever waits on them has to be looked at. */
  readonly onTurn: (id: AgentId) => void;
  /** Somebody else has changed what they may have: their own tab is to hear of it. */
  readonly onChanged: (id: AgentId) => void;
  readonly log: Log;
}): Agents {
  const { store, clock } = given;
  const roster = everyone(store, clock);

  const records = agentRecords(store, clock, (after, before) => {
    roster.wrote(after);
    if (before === undefined) return;
    const { id } = after;
    const now = clock.now();
    if (turnOf(before, now) !== turnOf(after, now)) given.onTurn(id);
    // Tabs of theirs that are open, on whatever instance, go by what they may now.
    if (mayOf(before, now) !== mayOf(after, now)) given.onChanged(id);
  });
  const { change } = records;
  const { leases, holder, log } = given;
  const alive = life({ leases, clock, holder, log, change });

  const inTeams = teamsStatuses({ read: given.teamsPresence, everyone: roster.all, clock, log });
  /** Their own word and Teams' word: whichever keeps customers away from them more. */
  const statusOf = async ({ id, presence }: AgentRecord): Promise<AgentState['status']> =>
    stricter(presence.status, (await inTeams()).get(id) ?? 'available');

  const absenceOf = async (record: AgentRecord): Promise<AgentAbsence | undefined> => {
    if (!isPermitted(record, clock.now())) return 'notPermitted';
    const status = await statusOf(record);
    if (status === 'away' || status === 'offline') return 'away';
    return record.blockedAt === undefined || (await alive.hasTab(record)) ? undefined : 'unreachable';
  };
  const stateOf = async (record: AgentRecord): Promise<AgentState> => {
    const now = clock.now();
    return {
      id: record.id,
      name: record.name,
      permitted: isPermitted(record, now),
      // Whom nothing of ours reaches is as good as away.
      status: (await absenceOf(record)) === 'unreachable' ? 'offline' : await statusOf(record),
      capacity: record.capacity,
      used: slotsUsed(record, now),
      lastReleasedAt: record.lastReleasedAt,
      streams: record.streams,
    };
  };

  const known = async (
    id: AgentId,
    next: (record: AgentRecord) => AgentRecord | undefined,
  ): Promise<AgentRecord> => {
    const record = await change(id, next);
    if (record === undefined) throw new HandoffError('not_found', `There is no agent ${id}`);
    return record;
  };
  const admit = async (identity: AgentIdentity): Promise<AgentRecord> => {
    const now = clock.now();
    const permittedUntil = now + PERMITTED_MS;
    const { name, roles, saidAt } = identity;
    const record = await change(identity.id, (before) =>
      isOutdated(before, identity) || sameAdmission(before, identity, now)
        ? undefined
        : {
            ...before,
            ...{ name, roles, permittedUntil },
            ...(saidAt !== undefined && { rolesAt: saidAt }),
            ...(before.capacityIsOwn !== true && { capacity: given.capacity }),
          },
    );
    if (record !== undefined) return record;
    const fresh = newcomer(identity, now, given.capacity);
    return (await records.create(fresh)) ? fresh : admit(identity);
  };

  /** Whether there was anything to write. */
  const settleOnce = async (session: Session): Promise<boolean> => {
    let wrote = false;
    for (const id of placed(session)) {
      await change(id, (record) => {
        const next = settled(record, session, clock.now());
        wrote ||= next !== undefined;
        return next;
      });
    }
    return wrote;
  };

  return {
    record: records.record,
    admit,
    setPresence: (id, presence) =>
      known(id, (record) => ({ ...unblocked(record), presence: { ...presence, at: clock.now() } })),
    setCapacity: async (id, capacity) => {
      const record = await known(id, (before) => ({ ...before, capacity, capacityIsOwn: true }));
      given.onChanged(id);
      return record;
    },
    opened: alive.opened,
    seen: async (record) => {
      const isNews = record.blockedAt !== undefined || clock.now() - (await alive.aliveAt(record)) > SEEN_MS;
      if (isNews) await change(record.id, (now) => ({ ...unblocked(now), seenAt: clock.now() }));
    },
    blocked: async (id) => {
      await change(id, (record) =>
        record.blockedAt === undefined ? { ...record, blockedAt: clock.now() } : undefined,
      );
    },
    noticed: async (agent, how) => {
      const record = how === 'lately' ? await roster.one(agent) : await records.record(agent);
      if (record === undefined) return { agent, aliveAt: 0, absent: 'notPermitted' };
      const [aliveAt, absent] = await Promise.all([alive.aliveAt(record), absenceOf(record)]);
      return { agent, aliveAt, ...(absent !== undefined && { absent }) };
    },
    stop: alive.stop,
    noteReference: async (id, reference) => {
      const note = (record: AgentRecord): AgentRecord | undefined =>
        JSON.stringify(record.reference) === JSON.stringify(reference) && record.blockedAt === undefined
          ? undefined
          : { ...unblocked(record), reference };
      if ((await change(id, note)) !== undefined) return;
      const stranger = {
        ...newcomer({ id, name: reference.user.name ?? '', roles: [] }, clock.now(), given.capacity),
        permittedUntil: 0,
        reference,
      };
      if (!(await records.create(stranger))) await change(id, note);
    },
    reserve: async (id, sid) => {
      await known(id, (record) =>
        record.slots[sid] === undefined
          ? {
              ...record,
              slots: {
                ...lasting(record.slots, clock.now()),
                [sid]: { state: 'pending', until: clock.now() + PENDING_MS },
              },
            }
          : undefined,
      );
    },
    settle: async (session) => {
      for (let about = session; ;) {
        if (!(await settleOnce(about))) return;
        // Whoever settles late must not undo what a later change has settled already.
        const latest = await given.latestOf(session.id);
        if (latest === undefined || latest.ver <= about.ver) return;
        about = { ...latest, agents: [...latest.agents, ...about.agents] };
      }
    },
    claimLine: async (id, line, sid) => {
      const record = await known(id, (before) =>
        sentTo(before, line) === undefined
          ? { ...before, lines: [...(before.lines ?? []).slice(1 - LINES), { line, sid }] }
          : undefined,
      );
      return sentTo(record, line) ?? sid;
    },
    freeLine: async (id, line) => {
      await change(id, ({ lines = [], ...record }) => ({
        ...record,
        lines: lines.filter((one) => one.line !== line),
      }));
    },
    isHere: async (agent) => {
      if (agent === undefined) return false;
      const record = await records.record(agent.id);
      return record !== undefined && isHere(await stateOf(record));
    },
    states: async () => Promise.all((await roster.all()).map(stateOf)),
    everyone: roster.all,
    ahead: roster.ahead,
    lately: roster.one,
  };
}

/** So many lines are known to be sent. */
const LINES = 20;

const sentTo = ({ lines = [] }: AgentRecord, line: string): SessionId | undefined =>
  lines.find((one) => one.line === line)?.sid;

/** What somebody who waits on them would notice. */
const turnOf = (record: AgentRecord, now: number): string =>
  [
    isPermitted(record, now),
    record.presence.status,
    record.blockedAt !== undefined,
    Object.keys(record.tabs ?? {}).length > 0,
  ].join();

const mayOf = (record: AgentRecord, now: number): string =>
  [isPermitted(record, now), ...record.roles].join();

/** A sign of life: cards are tried again. */
export function unblocked(record: AgentRecord): AgentRecord {
  const { blockedAt: _, ...rest } = record;
  return rest;
}

const newcomer = ({ saidAt, ...identity }: AgentIdentity, now: number, capacity: number): AgentRecord => ({
  ...identity,
  ...(saidAt !== undefined && { rolesAt: saidAt }),
  permittedUntil: now + PERMITTED_MS,
  presence: { status: 'available', at: now },
  capacity,
  streams: [],
  slots: {},
  lastReleasedAt: now,
});

/** A token from before the last one: a permission that was taken away since does not come back by it. */
const isOutdated = ({ rolesAt = 0 }: AgentRecord, { saidAt }: AgentIdentity): boolean =>
  saidAt !== undefined && saidAt < rolesAt;

/** A token seen again within the hour changes nothing worth a write. */
const sameAdmission = (record: AgentRecord, identity: AgentIdentity, now: number): boolean =>
  record.name === identity.name &&
  record.roles.join() === identity.roles.join() &&
  record.permittedUntil - now > PERMITTED_MS - 3_600_000;
