import type { Clock } from '../clock.ts';
import type { AgentAct, Command } from '../session/command.ts';
import type { SessionId } from '../session/ids.ts';
import { sessionIdOf, customerOf } from '../session/ids.ts';
import type { AgentRef, Session } from '../session/session.ts';
import type { Agents } from './agents.ts';
import { isPermitted } from './agents.ts';
import { HandoffError } from './errors.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { AgentRecord } from './roster.ts';
import type { Saying } from './step.ts';

/** What an agent does, from the tab or from a card; the same verbs in both. */
export interface DeskAct {
  /** The agent's own id for this act: repeating it changes nothing. At most 64 characters. */
  readonly id: string;
  readonly act:
    | 'accept'
    | 'decline'
    | 'message'
    | 'comment'
    | 'suspend'
    | 'editSuspension'
    | 'resume'
    | 'releaseHold'
    | 'close'
    | 'takeBack';
  /** The epoch of the card that was pressed: on a later one nothing happens. The tab is never behind, and gives none. */
  readonly epoch?: number;
  readonly text?: string;
  readonly reason?: string;
  readonly backBy?: number;
}

/** The agents' side of the house. */
export interface Desk {
  /**
   * Does it, as this agent. Refusals are values; `resent` acts answer with the session as it is.
   *
   * @throws HandoffError `not_permitted` without the chat permission; `bad_input` a message without text; `not_found`.
   */
  readonly act: (agent: AgentRef, sid: SessionId, act: DeskAct) => Promise<Outcome>;
  /** The agent's record, when permitted now. */
  readonly permitted: (agent: Pick<AgentRef, 'id'>) => Promise<AgentRecord>;
  /** Whether this agent may read this session: it is in the queue, was ever theirs, or they are a supervisor. */
  readonly mayRead: (record: AgentRecord, session: Session) => boolean;
}

/** Makes the desk. */
export function desk(given: {
  readonly sessions: Sessions;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly unique: () => string;
}): Desk {
  const { sessions, agents, clock } = given;

  const permitted: Desk['permitted'] = async (agent) => {
    const record = await agents.record(agent.id);
    if (record === undefined || !isPermitted(record, clock.now())) {
      throw new HandoffError('not_permitted', `Agent ${agent.id} does not hold the chat permission`);
    }
    return record;
  };

  /** The follow-up session of a take back: opened where the customer was, and the agent's at once. */
  const continueIn = async (followUp: SessionId, { header }: Outcome, agent: AgentRef): Promise<void> => {
    const { id, widget, stream, subject, reason } = header.session;
    await sessions.ask(followUp, {
      actor: agent.id,
      command: () => ({ type: 'handoff', ...(reason !== undefined && { reason }) }),
      opening: { widget, stream, subject, reference: header.reference, follows: id },
    });
    await agents.reserve(agent.id, followUp);
    await sessions.ask(followUp, { actor: agent.id, command: () => ({ type: 'accept', agent }) });
  };

  /** Whoever pressed it: one that was begun, by this act or one that died, is finished. */
  const continueAgain = async (outcome: Outcome, agent: AgentRef): Promise<void> => {
    const { session } = outcome.header;
    if (session.status !== 'closed' || session.followedBy === undefined || session.previous?.id !== agent.id)
      return;
    await continueIn(session.followedBy, outcome, agent);
  };

  return {
    permitted,
    mayRead: (record, session) =>
      record.roles.includes('Chat.Supervisor') ||
      session.status === 'queued' ||
      session.agents.some((agent) => agent.id === record.id) ||
      (session.status === 'resuming' && session.asked.id === record.id),
    act: async (agent, sid, act) => {
      await permitted(agent);
      const takes = act.act === 'accept';
      if (takes) await agents.reserve(agent.id, sid);
      const followUp = act.act === 'takeBack' ? sessionIdOf(customerOf(sid), given.unique()) : undefined;
      const outcome = await sessions
        .ask(sid, {
          actor: agent.id,
          command: (session) =>
            act.epoch === undefined || act.epoch === session.epoch
              ? commandOf(agent, act, followUp)
              : { type: 'tick' },
          say: sayingsOf(agent, act),
          dedupe: [`act|${agent.id}|${act.id}`],
        })
        .catch(async (reason: unknown) => {
          const header = takes ? await sessions.header(sid).catch(() => undefined) : undefined;
          if (header !== undefined) await agents.settle(withAgent(header.session, agent));
          throw reason;
        });
      // A reserved place that came to nothing is given back; one that came to something is made true by `settle`.
      const accepted = outcome.events.some((event) => event.type === 'accepted');
      if (takes && !accepted) await agents.settle(withAgent(outcome.header.session, agent));
      if (followUp !== undefined) await continueAgain(outcome, agent);
      return outcome;
    },
  };
}

const withAgent = (session: Session, agent: AgentRef): Session => ({
  ...session,
  agents: [...session.agents, agent],
});

function commandOf(agent: AgentRef, act: DeskAct, followUp: SessionId | undefined): Command {
  const reason = act.reason === undefined ? {} : { reason: act.reason };
  const backBy = act.backBy === undefined ? {} : { backBy: act.backBy };
  switch (act.act) {
    case 'accept':
      return { type: 'accept', agent };
    case 'decline':
      return { type: 'decline', agent, ...reason };
    case 'suspend':
      return { type: 'suspend', by: 'agent', agent, ...reason, ...backBy };
    case 'editSuspension':
      return { type: 'editSuspension', agent, ...reason, ...backBy };
    case 'resume':
      return { type: 'resume', agent };
    case 'releaseHold':
      return { type: 'releaseHold', agent };
    case 'close':
      return { type: 'close', by: 'agent', agent };
    case 'takeBack':
      if (followUp === undefined) throw new TypeError('A follow-up session needs its id');
      return { type: 'takeBack', agent, followUp };
    case 'message':
    case 'comment':
      return { type: 'agentActs', agent, act: act.act satisfies AgentAct };
  }
}

const MAX_TEXT = 8_000;

function sayingsOf(agent: AgentRef, act: DeskAct): readonly Saying[] {
  if (act.act !== 'message' && act.act !== 'comment') return [];
  const text = act.text?.trim() ?? '';
  if (text === '') throw new HandoffError('bad_input', 'text: a message needs words');
  if (text.length > MAX_TEXT) throw new HandoffError('bad_input', `text: at most ${MAX_TEXT} characters`);
  const by = { kind: 'agent', ...agent } as const;
  return act.act === 'message'
    ? [{ by, what: { kind: 'message', text, format: 'markdown' } }]
    : [{ by, what: { kind: 'comment', text } }];
}
