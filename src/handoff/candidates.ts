import { customerOf, type CustomerId, type SessionId } from '../session/ids.ts';
import { forgetAll, partitionsOf, sessionsInMind, sessionsOf } from './aliases.ts';
import type { Sessions } from './handle.ts';
import type { CustomerIndex } from './header.ts';

/** Where a customer's sessions are gathered, in whichever partitions they lie: whatever asks for them asks here. */
export interface Candidates {
  /** Their index with all of their sessions; from memory when warm. */
  readonly of: (customer: CustomerId) => Promise<CustomerIndex | undefined>;
  /** The same as the store has it now. */
  readonly freshOf: (customer: CustomerId) => Promise<CustomerIndex | undefined>;
  /** What is remembered of them, however old; nothing is read. */
  readonly inMind: (customer: CustomerId) => CustomerIndex | undefined;
  /** Whether a session lies in one of their partitions. */
  readonly has: (customer: CustomerId, sid: SessionId) => Promise<boolean>;
}

/** Makes it over the indexes that the door to sessions keeps warm. */
export function candidates(sessions: Pick<Sessions, 'index' | 'inMind' | 'forget'>): Candidates {
  const of: Candidates['of'] = async (customer) => {
    const own = await sessions.index(customer);
    return own?.aliases === undefined ? own : { ...own, sessions: await sessionsOf(sessions, customer) };
  };
  return {
    of,
    freshOf: async (customer) => {
      await forgetAll(sessions, customer);
      return of(customer);
    },
    inMind: (customer) => {
      const own = sessions.inMind.index(customer);
      return own === undefined ? undefined : { ...own, sessions: sessionsInMind(sessions, customer) };
    },
    has: async (customer, sid) => (await partitionsOf(sessions, customer)).includes(customerOf(sid)),
  };
}
