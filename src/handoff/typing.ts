import { firstName } from '../cards/names.ts';
import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { isTheirs } from '../session/whose.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { Sessions } from './handle.ts';
import type { Bulletin } from './news.ts';
import type { CustomerWire, SessionStore } from './ports.ts';

/**
 * That somebody is writing, told to the other side while both are here. It is in no ledger and no header, holds nothing
 * up and goes by itself: whoever shows it stops `SHOWN_MS` after the last word of it.
 */
export interface Typing {
  /** An agent writes: straight to their customer's channel, without a store request. */
  readonly agent: (agent: AgentRef, sid: SessionId) => Promise<void>;
  /** The customer writes: tabs of this instance hear it at once, those of others by the change feed. */
  readonly customer: (sid: SessionId) => Promise<void>;
}

/** How long it is shown without another word of it. */
export const SHOWN_MS = 5_000;
/** Pages tell every 3 s; what comes closer together, from two tabs say, is told once. */
const EVERY_MS = 2_500;
const WRITERS = 10_000;

/** Whether this agent speaks with the customer: its owner, or a guest who has come. */
const talksIn = (session: Session, agent: AgentRef): boolean =>
  isTheirs(session, agent) ||
  session.guests?.some(({ id, joinedAt }) => id === agent.id && joinedAt !== undefined) === true;

/** Makes it. */
export function typing(given: {
  readonly sessions: Pick<Sessions, 'header'>;
  readonly store: Pick<SessionStore, 'types'>;
  readonly wire: CustomerWire;
  readonly news: Bulletin;
  readonly clock: Clock;
}): Typing {
  const { sessions, clock } = given;
  const told = recentlyUsed<string, number>(WRITERS, clock.now);

  const isNews = (writer: string): boolean => {
    const now = clock.now();
    if (now - (told.get(writer) ?? -Infinity) < EVERY_MS) return false;
    told.set(writer, now);
    return true;
  };

  return {
    agent: async (agent, sid) => {
      const header = await sessions.header(sid);
      if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
      const { session, reference } = header;
      if (session.status !== 'active' || !talksIn(session, agent) || !isNews(`${agent.id}|${sid}`)) return;
      const name = firstName(agent.name);
      await given.wire(reference, { type: 'typing', channelData: { reconnect: { sid, agent: name } } });
    },
    customer: async (sid) => {
      const status = (await sessions.header(sid))?.session.status;
      if (status !== 'active' || !isNews(sid)) return;
      const at = clock.now();
      given.news.tell({ typing: { sid, at } });
      await given.store.types(sid, at);
    },
  };
}
