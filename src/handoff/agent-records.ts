import type { Clock } from '../clock.ts';
import type { AgentId } from '../session/ids.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { AgentStore, Stored } from './ports.ts';
import type { AgentRecord } from './roster.ts';

/** The agents' records, one at a time. */
export interface AgentRecords {
  /** As the store has it now; one read. */
  readonly record: (id: AgentId) => Promise<AgentRecord | undefined>;
  /** Whether there was none before. */
  readonly create: (record: AgentRecord) => Promise<boolean>;
  /**
   * Changes one over the version read, until nobody was in between; `undefined` from `next` leaves it as it is. One that
   * this instance has just read or written is not read again for that: only a write rests on it, and its etag fences that.
   */
  readonly change: (
    id: AgentId,
    next: (record: AgentRecord) => AgentRecord | undefined,
  ) => Promise<AgentRecord | undefined>;
}

const TRIES = 20;
const AGENTS = 1_000;
/** An act asks whether its agent may, blocks a place and makes it theirs, all within this. */
const JUST_NOW_MS = 2_000;

/** Makes it over the store; `wrote` hears of every write, with what was there before. */
export function agentRecords(
  store: Pick<AgentStore, 'agent' | 'create' | 'replace'>,
  clock: Pick<Clock, 'now'>,
  wrote: (after: AgentRecord, before: AgentRecord | undefined) => void,
): AgentRecords {
  const held = recentlyUsed<AgentId, Stored<AgentRecord>>(AGENTS, clock.now, JUST_NOW_MS);

  const readAnew = async (id: AgentId): Promise<Stored<AgentRecord> | undefined> => {
    const read = await store.agent(id);
    if (read === undefined) held.drop(id);
    else held.set(id, read);
    return read;
  };

  return {
    record: async (id) => (await readAnew(id))?.value,
    create: async (record) => {
      const etag = await store.create(record);
      if (etag === false) return false;
      held.set(record.id, { value: record, etag });
      wrote(record, undefined);
      return true;
    },
    change: async (id, next) => {
      let hint = held.get(id);
      for (let tries = 0; tries < TRIES; tries += 1) {
        const read = hint ?? (await readAnew(id));
        if (read === undefined) return undefined;
        const wanted = next(read.value);
        const etag = wanted !== undefined && (await store.replace(wanted, read.etag));
        if (wanted !== undefined && etag !== false) {
          held.set(id, { value: wanted, etag });
          wrote(wanted, read.value);
          return wanted;
        }
        // Nothing is written, so nothing fences: such an answer must not rest on what may be old.
        if (wanted === undefined && hint === undefined) return read.value;
        hint = undefined;
      }
      throw new HandoffError('store_contended', `Agent ${id} was written by others ${TRIES} times in a row`);
    },
  };
}
