import type { Clock } from '../clock.ts';
import type { AgentId } from '../session/ids.ts';
import type { Log, TeamsPresence, TeamsStatus } from './ports.ts';
import type { AgentRecord } from './roster.ts';

type Statuses = ReadonlyMap<AgentId, TeamsStatus>;
const NONE: Statuses = new Map();
/** How long what Teams said is believed. Nothing is asked while nobody wants to know. */
const BELIEVED_MS = 30_000;

/** Makes the reader of everyone's status in Teams; any failure is as if it were not set up, and is logged once. */
export function teamsStatuses(given: {
  readonly read: TeamsPresence | undefined;
  readonly everyone: () => Promise<readonly AgentRecord[]>;
  readonly clock: Clock;
  readonly log: Log;
}): () => Promise<Statuses> {
  const { read, clock, log } = given;
  if (read === undefined) return () => Promise.resolve(NONE);
  let known: { readonly at: number; readonly statuses: Promise<Statuses> } | undefined;
  let hasFailed = false;

  const readAll = async (): Promise<Statuses> => {
    try {
      const now = clock.now();
      const agents = (await given.everyone()).filter(({ permittedUntil }) => now < permittedUntil);
      const statuses = agents.length === 0 ? NONE : await read(agents.map(({ id }) => id));
      hasFailed = false;
      return statuses;
    } catch (reason) {
      if (!hasFailed)
        log('teams.presence_failed', { reason: reason instanceof Error ? reason.name : 'unknown' });
      hasFailed = true;
      return NONE;
    }
  };

  return () => {
    const now = clock.now();
    if (known === undefined || now - known.at > BELIEVED_MS) known = { at: now, statuses: readAll() };
    return known.statuses;
  };
}

const ORDER: readonly TeamsStatus[] = ['available', 'busy', 'away', 'offline'];

/** Whichever of both keeps customers away more. */
export const stricter = (one: TeamsStatus, other: TeamsStatus): TeamsStatus =>
  ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
