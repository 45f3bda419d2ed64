import { agentCard, agentCardSummary } from '../cards/agent-cards.ts';
import { agentCardView } from '../cards/agent-view.ts';
import { refusalText, type Wording } from '../cards/wording.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import type { Agents } from './agents.ts';
import { isPermitted } from './agents.ts';
import type { Desk } from './desk.ts';
import { readDoing, type Doing } from './desk-act.ts';
import { HandoffError } from './errors.ts';
import type { AgentReference } from './ports.ts';
import type { ReadForCard } from './card-reading.ts';

/** One activity from Teams whose sender may be an agent. */
export interface AgentTurn {
  readonly agent: AgentId;
  readonly reference: AgentReference;
  /** In their personal chat with the bot. */
  readonly personal: boolean;
  readonly asks:
    | { readonly kind: 'installed' }
    /** A button of one of our cards; `invoked` wants its answer in the response. */
    | {
        readonly kind: 'verb';
        readonly verb: string;
        readonly sid: SessionId | undefined;
        readonly epoch: number | undefined;
        readonly id: string;
        /** What was filled in on the card. */
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly invoked: boolean;
      }
    | { readonly kind: 'text' }
    | { readonly kind: 'other' };
}

/** What the sender gets. `notOurs`: the host bot takes the turn. */
export type AgentAnswer =
  | { readonly kind: 'notOurs' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'card'; readonly card: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly text: string };

/** Takes an agent's activity from Teams. Only `reconnect/…` verbs, and personal text of people on the roster, are ours. */
export type TakeAgentTurn = (turn: AgentTurn) => Promise<AgentAnswer>;

const VERBS: ReadonlySet<string> = new Set<Doing['act']>([
  'accept',
  'decline',
  'link',
  'suspend',
  'resume',
  'releaseHold',
  'close',
  'takeBack',
]);

/** Makes the agent's turn. */
export function agentTurns(given: {
  readonly agents: Agents;
  readonly desk: Desk;
  /** What is said about no session. */
  readonly words: Wording;
  /** What is said about one of a widget. */
  readonly wordsFor: (widget: string) => Wording;
  readonly now: () => number;
  readonly readForCard: ReadForCard;
}): TakeAgentTurn {
  const { agents, desk, words } = given;
  const refused = (status: number, code: string, text: string): AgentAnswer => ({
    kind: 'refused',
    status,
    code,
    text,
  });

  return async (turn) => {
    const { asks } = turn;
    switch (asks.kind) {
      case 'installed':
        if (turn.personal) await agents.noteReference(turn.agent, turn.reference);
        return { kind: 'notOurs' };
      case 'text': {
        if (!turn.personal) return { kind: 'notOurs' };
        const record = await agents.record(turn.agent);
        if (record === undefined || !isPermitted(record, given.now())) return { kind: 'notOurs' };
        // A typed line names no customer, and guessing one would hand it to the wrong person.
        return { kind: 'reply', text: words.sentences.writeInInbox };
      }
      case 'verb': {
        const { sid, verb } = asks;
        if (sid === undefined || asks.epoch === undefined || !VERBS.has(verb)) {
          return refused(400, 'badInput', words.sentences.cardUnknown);
        }
        const record = await agents.record(turn.agent);
        if (record === undefined || !isPermitted(record, given.now())) {
          return refused(403, 'notPermitted', words.sentences.notPermitted);
        }
        // A service URL goes stale; what came in last is where they are now.
        if (turn.personal) await agents.noteReference(record.id, turn.reference);
        const agent = { id: record.id, name: record.name };
        try {
          const {
            header,
            events,
            refused: no,
          } = await desk.act(agent, sid, {
            id: `card-${asks.id}`,
            ...readDoing({ ...asks.inputs, act: verb }),
            epoch: asks.epoch,
          });
          const own = given.wordsFor(header.session.widget);
          if (!asks.invoked && no !== undefined)
            return { kind: 'reply', text: refusalText(no, own, 'agent') };
          const view = agentCardView(header.session, agent.id, await given.readForCard(header));
          if (asks.invoked) return { kind: 'card', card: agentCard(view, own) };
          // An old client shows no answer in the card: it is told in a line what a stale click met.
          return events.length > 0
            ? { kind: 'nothing' }
            : { kind: 'reply', text: agentCardSummary(view, own) };
        } catch (reason) {
          if (reason instanceof HandoffError && reason.code === 'not_found') {
            return refused(404, 'notFound', words.sentences.cardUnknown);
          }
          // What its button asked for is not possible any more: the settings have changed since it was drawn.
          if (reason instanceof HandoffError && reason.code === 'bad_input') {
            return refused(400, 'badInput', words.sentences.cardUnknown);
          }
          throw reason;
        }
      }
      case 'other':
        return { kind: 'notOurs' };
    }
  };
}
