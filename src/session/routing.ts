import type { AgentId } from './ids.ts';

/** An agent as the roster shows them at one moment. */
export interface AgentState {
  readonly id: AgentId;
  readonly name: string;
  /** Holds the chat permission: without it nobody is offered anything (seed B, *Use Media Chat*). */
  readonly permitted: boolean;
  readonly status: 'available' | 'busy' | 'away' | 'offline';
  /** How many sessions they may have. */
  readonly capacity: number;
  /** Sessions owned or held. */
  readonly used: number;
  /** When they last gave a session up, ms; 0 = never had one. Earliest = longest idle. */
  readonly lastReleasedAt: number;
  /** The work streams they serve; empty = all. */
  readonly streams: readonly string[];
}

/** What is to be routed. */
export interface Need {
  readonly stream: string;
  /** Who had the session last. */
  readonly previous?: AgentId;
  /** Who passed on it already. */
  readonly declinedBy: readonly AgentId[];
}

/** Whether an agent is present and permitted. *Busy* is present: people are busy with our own chats. */
export const isHere = (agent: AgentState): boolean =>
  agent.permitted && (agent.status === 'available' || agent.status === 'busy');

/**
 * Ranks the agents a session is offered to, best first: the previous agent, even when full, for only routing obeys
 * capacity; then those of the work stream with a free place, longest idle first. Who passed, is away or has no permission
 * is left out.
 */
export function rankAgents(agents: readonly AgentState[], need: Need): readonly AgentState[] {
  const able = agents.filter((agent) => isHere(agent) && !need.declinedBy.includes(agent.id));
  const previous = able.filter((agent) => agent.id === need.previous);
  const others = able
    .filter(
      (agent) => agent.id !== need.previous && serves(agent, need.stream) && agent.used < agent.capacity,
    )
    .sort((a, b) => a.lastReleasedAt - b.lastReleasedAt || (a.id < b.id ? -1 : 1));
  return [...previous, ...others];
}

/** Whether anybody is on for a work stream: present, permitted, and serving it. */
export const isAnyoneOn = (agents: readonly AgentState[], stream: string): boolean =>
  agents.some((agent) => isHere(agent) && serves(agent, stream));

const serves = (agent: AgentState, stream: string): boolean =>
  agent.streams.length === 0 || agent.streams.includes(stream);
