import type { CustomerId, SessionId } from '../session/ids.ts';
import type { Agents } from './agents.ts';
import type { Candidates } from './candidates.ts';
import type { Sessions } from './handle.ts';
import type { CustomerIndex, Header, IndexEntry } from './header.ts';
import type { Standing, Waiting } from './standing.ts';
import { isAsIndexed } from './step.ts';

/** A customer's index as the store has it now, and what it leads to, of which part may be under way already. */
export interface Reading {
  readonly index: Promise<CustomerIndex | undefined>;
  /** The header of one that the index lists, as new as the index at least. */
  readonly header: (entry: IndexEntry) => Promise<Header | undefined>;
  readonly waitingIn: (stream: string) => Promise<Waiting>;
}

/** Begins to read a customer's index, and beside it whatever `wanted` makes of the one that is remembered. */
export type ReadAhead = (
  customer: CustomerId,
  wanted: (index: CustomerIndex) => {
    readonly sessions: readonly IndexEntry[];
    /** The work stream whose line will be wanted. */
    readonly stream?: string;
  },
) => Reading;

/**
 * Makes it. Memory only says what to begin with: whatever counts is read from the store in any case, and what was read for
 * nothing is thrown away. So one round does where the customer was here lately, and a read more where memory is old.
 */
export function readAhead(given: {
  readonly sessions: Sessions;
  readonly candidates: Candidates;
  readonly agents: Agents;
  readonly where: Standing;
}): ReadAhead {
  const { sessions, candidates, agents, where } = given;

  return (customer, wanted) => {
    const remembered = candidates.inMind(customer);
    const likely = remembered === undefined ? { sessions: [] } : wanted(remembered);
    const [first] = likely.sessions;
    const previous = first && sessions.inMind.header(first.sid)?.session.previous;
    const headers = new Map<SessionId, Promise<Header | undefined>>(
      likely.sessions.map(({ sid }) => [sid, unheard(sessions.fresh(sid))]),
    );
    const { stream } = likely;
    const line = stream === undefined ? undefined : unheard(where.waitingIn(stream));
    // So that it is fresh by the time it is asked for.
    if (previous !== undefined) void unheard(agents.lately(previous.id));

    return {
      index: candidates.freshOf(customer),
      header: async (entry) => {
        const early = await headers.get(entry.sid);
        // It was changed after the one was read and before the other was.
        return early !== undefined && isAsIndexed(entry, early) ? early : sessions.fresh(entry.sid);
      },
      waitingIn: (of) => (line !== undefined && of === stream ? line : where.waitingIn(of)),
    };
  };
}

/** Where nobody asks for it after all, nobody asks how it went. */
export function unheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
