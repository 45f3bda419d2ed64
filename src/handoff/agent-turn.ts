import { SEND_TO } from '../cards/line-card.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import type { Agents } from './agents.ts';
import type { TakePress } from './card-press.ts';
import type { LooseLine, LooseLines } from './loose-line.ts';
import type { AgentReference } from './ports.ts';

/** One activity from Teams whose sender may be an agent. */
export interface AgentTurn {
  readonly agent: AgentId;
  readonly reference: AgentReference;
  /** In their personal chat with the bot. */
  readonly personal: boolean;
  /** IANA name of the zone they are in, when the channel says so. */
  readonly timeZone?: string;
  readonly asks: { readonly kind: 'installed' } | Press | LooseLine | { readonly kind: 'other' };
}

/** A button of one of our cards, pressed. */
export interface Press {
  readonly kind: 'verb';
  readonly verb: string;
  readonly sid: SessionId | undefined;
  readonly epoch: number | undefined;
  readonly id: string;
  /** What the button carried and what was filled in on the card. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Whether the answer is wanted in the response. */
  readonly invoked: boolean;
}

/** What the sender gets. `notOurs`: the host bot takes the turn. */
export type AgentAnswer =
  | { readonly kind: 'notOurs' }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'reply'; readonly text: string }
  /** The card in the place of the one that was pressed. */
  | { readonly kind: 'card'; readonly card: unknown }
  /** A card of its own. */
  | { readonly kind: 'cardReply'; readonly card: unknown; readonly summary: string }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly text: string };

/** Takes an agent's activity from Teams. Only `reconnect/…` verbs, and personal text of people on the roster, are ours. */
export type TakeAgentTurn = (turn: AgentTurn) => Promise<AgentAnswer>;

/** Makes the agent's turn. */
export function agentTurns(given: {
  readonly agents: Agents;
  readonly press: TakePress;
  readonly looseLines: LooseLines;
}): TakeAgentTurn {
  const { agents } = given;
  return async (turn) => {
    const { asks } = turn;
    switch (asks.kind) {
      case 'installed':
        if (turn.personal) await agents.noteReference(turn.agent, turn.reference);
        return { kind: 'notOurs' };
      case 'text':
        // A typed line names no customer, and guessing one would hand it to the wrong person.
        return turn.personal ? given.looseLines.ask(turn, asks) : { kind: 'notOurs' };
      case 'verb':
        return `reconnect/${asks.verb}` === SEND_TO
          ? given.looseLines.send(turn, asks)
          : given.press(turn, asks);
      case 'other':
        return { kind: 'notOurs' };
    }
  };
}
