import type { AgentId, ConversationId, CustomerId, SessionId } from './ids.ts';
import type { AgentRef, LeaveCause, Subject, WrapUp } from './session.ts';

/**
 * What has happened to a session. Events carry every moment and deadline they set, so that `evolve` needs neither clock
 * nor rules and the audit alone rebuilds the header.
 */
export type Event =
  | {
      readonly type: 'opened';
      readonly at: number;
      readonly id: SessionId;
      readonly customer: CustomerId;
      readonly widget: string;
      readonly stream: string;
      readonly subject: Subject;
      readonly conversation: ConversationId;
      readonly follows?: SessionId;
      readonly reason?: string;
    }
  | {
      readonly type: 'queued';
      readonly at: number;
      readonly queuedAt: number;
      readonly why: QueuedWhy;
      readonly reason?: string;
      readonly declinedBy: readonly AgentId[];
      /** The work stream it is moved to, and who moved it. */
      readonly stream?: string;
      readonly by?: AgentRef;
    }
  | { readonly type: 'leftQueue'; readonly at: number }
  | { readonly type: 'queueLimitPassed'; readonly at: number; readonly why?: 'nobodyOn' }
  /** They wait through hours in which we are closed, and are told when we open. */
  | {
      readonly type: 'outsideHours';
      readonly at: number;
      readonly opensAt: number;
      /** Where the hours are kept; IANA. */
      readonly timeZone: string;
    }
  | {
      readonly type: 'messageLeft';
      readonly at: number;
      readonly until: number;
      /** How they come to their answer: their browser is asked, or only a link or code leads there. */
      readonly way: 'prompt' | 'link';
      readonly timeZone?: string;
    }
  | { readonly type: 'accepted'; readonly at: number; readonly owner: AgentRef }
  /** The agent gives no sign of life while the customer waits, or is known to be absent. */
  | {
      readonly type: 'agentSilent';
      readonly at: number;
      readonly agent: AgentRef;
      readonly absent?: AgentAbsence;
    }
  /** Anyone may take it over from its agent. */
  | { readonly type: 'offeredOn'; readonly at: number; readonly agent: AgentRef }
  /** Its silent agent is back before anybody took it over. */
  | { readonly type: 'agentBack'; readonly at: number; readonly agent: AgentRef }
  | { readonly type: 'declined'; readonly at: number; readonly agent: AgentRef; readonly reason?: string }
  | {
      readonly type: 'disconnected';
      readonly at: number;
      readonly cause: LeaveCause;
      readonly returnUntil: number;
      /** Present when an agent's slot stays blocked. */
      readonly agentHeldUntil?: number;
    }
  | { readonly type: 'holdEnded'; readonly at: number; readonly why: HoldEndedWhy }
  /** The customer is here again, possibly in another conversation. */
  | {
      readonly type: 'returned';
      readonly at: number;
      readonly way: 'heal' | 'prompt' | 'link' | 'code';
      readonly conversation: ConversationId;
    }
  | {
      readonly type: 'offered';
      readonly at: number;
      readonly asked: AgentRef;
      readonly offeredUntil: number;
      readonly queuedAt: number;
      readonly agentHeldUntil?: number;
      /** Who hands it over, and the note that goes with it. */
      readonly from?: AgentRef;
      readonly note?: string;
    }
  /** Handed on while the customer is away. In a queue they keep the time they were promised. */
  | {
      readonly type: 'transferred';
      readonly at: number;
      readonly by: AgentRef;
      readonly to:
        | { readonly kind: 'agent'; readonly agent: AgentRef }
        | {
            readonly kind: 'queue';
            readonly stream: string;
            readonly queuedAt: number;
            readonly declinedBy: readonly AgentId[];
            readonly goneAt: number;
            readonly cause: LeaveCause;
            readonly returnUntil: number;
          };
    }
  | { readonly type: 'invited'; readonly at: number; readonly by: AgentRef; readonly guest: AgentRef }
  | { readonly type: 'guestJoined'; readonly at: number; readonly guest: AgentRef }
  | {
      readonly type: 'guestLeft';
      readonly at: number;
      readonly guest: AgentRef;
      /** Whether they had come. */
      readonly joined: boolean;
      /** The session's agent, who asked them to leave. */
      readonly by?: AgentRef;
    }
  | {
      readonly type: 'suspended';
      readonly at: number;
      readonly by: 'customer' | 'agent';
      readonly reason?: string;
      readonly backBy?: number;
      readonly suspendedUntil: number;
      readonly agentHeldUntil?: number;
      /** Whether the customer is on the page at that moment. */
      readonly customerHere: boolean;
    }
  | {
      readonly type: 'suspensionEdited';
      readonly at: number;
      readonly reason?: string;
      readonly backBy?: number;
      readonly suspendedUntil: number;
    }
  | { readonly type: 'resumed'; readonly at: number; readonly by: AgentRef; readonly implied: boolean }
  | { readonly type: 'warned'; readonly at: number; readonly endsAt: number }
  /** Their agent owes the customer an answer, or promised to be back soon (`backBy`); `since` when. */
  | {
      readonly type: 'agentReminded';
      readonly at: number;
      readonly about: 'answer' | 'backBy';
      readonly since: number;
      readonly backBy?: number;
    }
  /** They were reminded and it came to nothing: supervisors are told, too. */
  | {
      readonly type: 'agentOverdue';
      readonly at: number;
      readonly about: 'answer' | 'backBy';
      readonly since: number;
    }
  /** The answer that was owed has been given. */
  | { readonly type: 'answered'; readonly at: number }
  | { readonly type: 'identified'; readonly at: number; readonly subject: Subject }
  /** Their agent is away, or has not answered: the customer may choose somebody else. */
  | { readonly type: 'waitedInVain'; readonly at: number; readonly why: 'away' | 'silent' }
  | {
      readonly type: 'linkGiven';
      readonly at: number;
      readonly by: AgentRef;
      readonly link: GivenLink;
      /** Until when a return is possible as things stand; absent while the customer is here. */
      readonly until?: number;
      /** How long it lasts from the moment they go, while they are here. */
      readonly lastsMs?: number;
    }
  | { readonly type: 'linksRevoked'; readonly at: number; readonly by: 'agent' | 'customer' }
  | { readonly type: 'continues'; readonly at: number; readonly earlier: SessionId }
  | {
      readonly type: 'closed';
      readonly at: number;
      readonly by: 'agent' | 'customer' | 'bot' | 'house';
      readonly agent?: AgentRef;
      readonly wrapUpUntil: number;
      /** Present when its agent's slot stays blocked while they wrap up. */
      readonly agentHeldUntil?: number;
      readonly wrapUp?: WrapUp;
    }
  | {
      readonly type: 'takenBack';
      readonly at: number;
      readonly agent: AgentRef;
      readonly followUp: SessionId;
    }
  | { readonly type: 'recorded'; readonly at: number; readonly agent: AgentRef; readonly wrapUp: WrapUp }
  | { readonly type: 'expired'; readonly at: number };

/** What a reconnect link is made from: with the house's pepper the seed gives link and code; alone it opens nothing. */
export interface GivenLink {
  readonly seed: string;
  /** The code's end, ms. */
  readonly codeUntil: number;
}

/** Why a blocked slot is free again; `queueTarget`: others had waited too long. */
export type HoldEndedWhy = 'lapsed' | 'released' | 'startedFresh' | 'queueTarget';

/** Why a session stands in the queue; both sides are told. */
export type QueuedWhy =
  | 'handoff'
  | 'agentDeclined'
  | 'agentSilent'
  | 'agentAway'
  | 'customerChoseAnyone'
  | 'backInLine'
  | 'transferred';
/** Why an agent is not waited for: they said so, may not chat any more, or nothing of ours reaches them. */
export type AgentAbsence = 'away' | 'notPermitted' | 'unreachable';
export type EventType = Event['type'];
