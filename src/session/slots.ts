import type { AgentId } from './ids.ts';
import type { Session } from './session.ts';

/** One session's place with an agent: `owned` = at work, `held` = blocked for a customer who is away or waits. */
export interface Slot {
  readonly agent: AgentId;
  readonly kind: 'owned' | 'held';
  /** When a held place lapses by itself, ms. */
  readonly until?: number;
}

/** Which agent's place this session takes, if any. The one source for capacity: slots used = sessions owned or held. */
export function slotOf(session: Session): Slot | undefined {
  switch (session.status) {
    case 'active':
      return { agent: session.owner.id, kind: 'owned' };
    case 'disconnected':
      return session.was === 'held' ? held(session.owner.id, session.agentHeldUntil) : undefined;
    case 'suspended':
      return held(session.owner.id, session.agentHeldUntil);
    case 'resuming':
      return held(session.asked.id, session.agentHeldUntil);
    case 'closed':
      return session.previous && held(session.previous.id, session.agentHeldUntil);
    default:
      return undefined;
  }
}

const held = (agent: AgentId, until: number | undefined): Slot | undefined =>
  until === undefined ? undefined : { agent, kind: 'held', until };
