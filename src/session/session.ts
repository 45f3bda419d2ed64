import type { QueuedWhy } from './event.ts';
import type { AgentId, ConversationId, CustomerId, SessionId } from './ids.ts';

/** An agent as a session remembers them. */
export interface AgentRef {
  readonly id: AgentId;
  /** Full name; customers are shown the first. */
  readonly name: string;
}

/** An agent asked into a colleague's session. */
export interface Guest extends AgentRef {
  readonly invitedAt: number;
  /** Since when they are in; absent until they come. */
  readonly joinedAt?: number;
}

/** Whose session it is. A signed-in customer is verified by the site's token; an anonymous one only by their device. */
export type Subject =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'signedIn';
      readonly issuer: string;
      readonly name?: string;
      /** The account's own partition, where the session lies in that of the device it was begun on. */
      readonly account?: CustomerId;
    };

/** Who last said something, and when (ms). Not decided: it follows the ledger, so `fold(audit)` leaves it out. */
export interface LastSaid {
  readonly by: 'customer' | 'agent' | 'bot';
  readonly at: number;
  /** When they began to have the last word: who writes twice has waited since the first time. */
  readonly since?: number;
}

/** What every session carries, whatever its status. All `…At` and `…Until` are ms since the epoch. */
export interface Facts {
  readonly id: SessionId;
  readonly customer: CustomerId;
  readonly widget: string;
  readonly stream: string;
  readonly subject: Subject;
  /** The thread the customer was last seen in; a session has many over time. */
  readonly conversation: ConversationId;
  readonly openedAt: number;
  /** +1 per decided change. */
  readonly ver: number;
  /** +1 when the owner, the conversation or the subject changes: fences deliveries, cards and prompts. */
  readonly epoch: number;
  /** Everyone who ever owned it, oldest first, each once; the last owner is `previous`. */
  readonly agents: readonly AgentRef[];
  /** Who last owned it: asked first on return. */
  readonly previous?: AgentRef;
  /** When the customer first queued: their place in line, kept through every return. */
  readonly queuedAt?: number;
  /** What the bot said the customer wants; shown to agents. */
  readonly reason?: string;
  /** The earlier session this one continues: taken back, or its customer lets the new agent see it. */
  readonly follows?: SessionId;
  /** Which links and codes are good: those of this number, 0 when absent. +1 revokes all that were given before. */
  readonly linkFamily?: number;
  /** Work streams it stood in before it was moved to `stream`, each once. */
  readonly formerStreams?: readonly string[];
  /** Agents who were asked to take over or to join, and never owned it, each once. */
  readonly asides?: readonly AgentRef[];
  /** Agents asked into it by its owner, who stays the owner; they take no slot. */
  readonly guests?: readonly Guest[];
  readonly lastSaid?: LastSaid;
}

/** With the bot; a customer who goes away stays here. */
export interface Bot extends Facts {
  readonly status: 'bot';
  /** Since when the bot has them: opened, came back, or left the line. Auto-close never counts from before. */
  readonly since: number;
}
/** Waiting for any agent. */
export interface Queued extends Facts {
  readonly status: 'queued';
  readonly queuedAt: number;
  /** When this wait began; `queueLimit` runs from here. */
  readonly waitingSince: number;
  /** Set once the customer was told that they may leave a message. */
  readonly limitToldAt?: number;
  /** When we open, as they were last told. */
  readonly opensAt?: number;
  readonly message?: LeftMessage;
  /** How it came to wait here, where an agent had it or was asked before. */
  readonly moved?: Moved;
  /** Agents who passed on it; they are not asked again. */
  readonly declinedBy: readonly AgentId[];
}
/** The last rung of the ladder: why it went on to the queue, from whom, and how long they were asked. */
export interface Moved {
  readonly why: QueuedWhy;
  readonly from?: AgentRef;
  readonly askedMs?: number;
}
/** A message left in place of waiting: it keeps the place, and its customer may go. */
export interface LeftMessage {
  readonly leftAt: number;
  /** It waits until here. */
  readonly until: number;
  /** The customer is here again, and stands in line. */
  readonly backAt?: number;
}
/** Customer and agent both here. */
export interface Active extends Facts {
  readonly status: 'active';
  readonly owner: AgentRef;
  /** When both were last brought together. */
  readonly since: number;
  /** When both were last warned of the coming end; a warning before the last word counts for nothing. */
  readonly warnedAt?: number;
  /** Set while its agent is silent and the customer waits: since when they count as gone. */
  readonly agentSilentAt?: number;
  /** Set once anyone may take it over: still its owner's, until somebody does or they are back. */
  readonly offeredOnAt?: number;
  /** When their agent was reminded of the answer they owe; one before the customer's words counts for nothing. */
  readonly remindedAt?: number;
  /** When supervisors were told that it is still owed; the same holds. */
  readonly overdueAt?: number;
}
/** How the place with the agents stood when the customer went. */
export type Was =
  /** The agent's slot is kept blocked. */
  | { readonly was: 'held'; readonly owner: AgentRef; readonly agentHeldUntil: number }
  /** No slot; the previous agent will be asked on return. */
  | { readonly was: 'offered' }
  /** Their place in line is kept, and ages, but is not offered. */
  | { readonly was: 'queued'; readonly queuedAt: number; readonly declinedBy: readonly AgentId[] };
/** The customer is gone without saying so. */
export type Disconnected = Facts & {
  readonly status: 'disconnected';
  readonly goneAt: number;
  readonly cause: LeaveCause;
  /** The promise made when they went: until here they can come back. */
  readonly returnUntil: number;
  readonly warnedAt?: number;
} & Was;
/** Set aside on purpose; its agent must resume it. */
export interface Suspended extends Facts {
  readonly status: 'suspended';
  readonly owner: AgentRef;
  readonly by: 'customer' | 'agent';
  readonly suspendedAt: number;
  /** Why it was set aside; `reason` stays what the bot said the customer wants. */
  readonly suspendReason?: string;
  /** When the agent promised to be back. */
  readonly backBy?: number;
  /** When they promised it. */
  readonly promisedAt?: number;
  /** When they were reminded of the promise. */
  readonly remindedAt?: number;
  /** When the promise was broken, once everybody was told so. */
  readonly overdueAt?: number;
  readonly suspendedUntil: number;
  /** The customer is here again and waits for the agent: no clock runs against them. */
  readonly customerBackAt?: number;
  /** When they went who had been here meanwhile, ms; absent: when it was set aside, or they are here. */
  readonly goneAt?: number;
  /** Set once their agent is away, or has not answered: they were told that they may choose somebody else. */
  readonly waitedInVainAt?: number;
  /** While set and not passed, the agent's slot is blocked. */
  readonly agentHeldUntil?: number;
  readonly warnedAt?: number;
}
/** The customer is back; the previous agent is being asked. */
export interface Resuming extends Facts {
  readonly status: 'resuming';
  readonly asked: AgentRef;
  readonly offeredUntil: number;
  /** When they were first asked. */
  readonly askedAt?: number;
  /** Their earlier place, for when the answer is no. */
  readonly queuedAt: number;
  /** Who hands it over, and the note that goes with it; absent when a returning customer's previous agent is asked. */
  readonly from?: AgentRef;
  readonly note?: string;
  /** Set when the slot is still held: the customer chose to wait for an agent who is away. */
  readonly agentHeldUntil?: number;
}
/** What an agent says came of a session; both parts are theirs to leave out. Never the customer's. */
export interface WrapUp {
  /** One of the work stream's dispositions. */
  readonly disposition?: string;
  readonly notes?: string;
}
/** Ended by somebody. Final. */
export interface Closed extends Facts {
  readonly status: 'closed';
  readonly by: 'agent' | 'customer' | 'bot' | 'house';
  readonly closedAt: number;
  /** Until then its agent may take it back into a follow-up session, and say what came of it. */
  readonly wrapUpUntil: number;
  /** What its agent said came of it. */
  readonly wrapUp?: WrapUp;
  /** While set and not passed, the slot of who had it last is blocked for the wrap-up. */
  readonly agentHeldUntil?: number;
  /** The follow-up session, once taken back. */
  readonly followedBy?: SessionId;
}
/** Ended by time. Final. */
export interface Expired extends Facts {
  readonly status: 'expired';
  readonly was: 'bot' | 'queued' | 'active' | 'disconnected' | 'suspended';
  readonly expiredAt: number;
}

/** Why a customer counts as gone. */
export type LeaveCause = 'closedWindow' | 'silent' | 'phone' | 'leftMessage';

/** One customer's need, from the first words to its end; each status carries exactly its own data (design 4). */
export type Session = Bot | Queued | Active | Disconnected | Suspended | Resuming | Closed | Expired;
export type Status = Session['status'];
