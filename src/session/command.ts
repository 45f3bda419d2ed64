import type { AgentId, ConversationId, SessionId } from './ids.ts';
import type { StartFresh } from './rules.ts';
import type { AgentAbsence, GivenLink } from './event.ts';
import type { AgentRef, LeaveCause, Subject, WrapUp } from './session.ts';

/** Acts of an agent on a session that imply *Resume* when it is suspended (seed B). */
export type AgentAct = 'message' | 'canned' | 'link' | 'page' | 'file' | 'comment' | 'conference';

/** What somebody asks of a session. Facts the core cannot know (who is here, who is permitted) come along, already read. */
export type Command =
  /** The bot asks for a person. Asked again while queued: answered with the place in line, no second place. */
  | { readonly type: 'handoff'; readonly reason?: string }
  /** The customer leaves the line, back to the bot. */
  | { readonly type: 'leaveQueue' }
  /** The customer leaves a message in place of waiting. */
  | { readonly type: 'leaveMessage' }
  /** Nobody is on for the work stream. */
  | { readonly type: 'offerMessage' }
  /** An agent takes it (queued or resuming; also a full previous agent, over capacity). */
  | {
      readonly type: 'accept';
      readonly agent: AgentRef;
      /** Of a message: whoever left it is not on the page. */
      readonly customerAway?: boolean;
    }
  /** An agent passes. */
  | { readonly type: 'decline'; readonly agent: AgentRef; readonly reason?: string }
  /** How its agent stands, as read: their last sign of life, and why they are not waited for, if so. */
  | {
      readonly type: 'agentNoticed';
      readonly agent: AgentId;
      readonly aliveAt: number;
      readonly absent?: AgentAbsence;
    }
  /** The customer was noticed gone. */
  | { readonly type: 'customerLeft'; readonly cause: LeaveCause; readonly at: number }
  /** The customer said something in this conversation; in `disconnected` that is a silent return. */
  | { readonly type: 'customerSays'; readonly conversation: ConversationId; readonly agentHere: boolean }
  /** The customer comes back. `heal` = their page still shows the conversation. */
  | {
      readonly type: 'reconnect';
      readonly way: 'heal' | 'prompt' | 'link' | 'code';
      readonly want: 'agent' | 'anyone';
      readonly conversation: ConversationId;
      /** Whether the previous agent is present and permitted. */
      readonly agentHere: boolean;
    }
  /** The customer prefers a new session; what becomes of this one. */
  | { readonly type: 'startFresh'; readonly mode: StartFresh }
  | { readonly type: 'suspend'; readonly by: 'customer' }
  | {
      readonly type: 'suspend';
      readonly by: 'agent';
      readonly agent: AgentRef;
      readonly reason?: string;
      readonly backBy?: number;
      /** *Suspend and send link*: one act. */
      readonly link?: GivenLink;
    }
  /** An act: the customer is given a link and a code to come back with. */
  | { readonly type: 'giveLink'; readonly agent: AgentRef; readonly link: GivenLink }
  /** Every link and code given so far stops working; no act. */
  | { readonly type: 'revokeLinks'; readonly by: 'agent'; readonly agent: AgentRef }
  | { readonly type: 'revokeLinks'; readonly by: 'customer' }
  /** The customer lets whoever has this session see an earlier one of theirs. */
  | { readonly type: 'continues'; readonly earlier: SessionId }
  /** Editing a suspension is no act: it does not resume. */
  | {
      readonly type: 'editSuspension';
      readonly agent: AgentRef;
      readonly reason?: string;
      readonly backBy?: number;
    }
  /** Handed on by its agent, or by a supervisor for them. `here` = present and permitted. */
  | {
      readonly type: 'transfer';
      readonly agent: AgentRef;
      readonly by?: 'supervisor';
      readonly to:
        | { readonly kind: 'agent'; readonly agent: AgentRef; readonly here: boolean }
        | { readonly kind: 'queue'; readonly stream: string };
      readonly note?: string;
    }
  /** An act: a colleague is asked in. `here` = present and permitted. */
  | { readonly type: 'invite'; readonly agent: AgentRef; readonly guest: AgentRef; readonly here: boolean }
  /** Who was asked in comes. */
  | { readonly type: 'join'; readonly agent: AgentRef }
  /** A guest leaves, or is asked to leave by the session's agent. */
  | { readonly type: 'leaveConference'; readonly agent: AgentRef; readonly guest: AgentId }
  | { readonly type: 'resume'; readonly agent: AgentRef }
  /** Any act of an agent; resumes a suspended session. */
  | { readonly type: 'agentActs'; readonly agent: AgentRef; readonly act: AgentAct }
  /** Others have waited too long: the slot blocked for a customer who is away is needed. */
  | { readonly type: 'freeHold' }
  /** The agent gives the blocked slot back early. */
  | { readonly type: 'releaseHold'; readonly agent: AgentRef }
  | { readonly type: 'close'; readonly by: 'agent'; readonly agent: AgentRef; readonly wrapUp?: WrapUp }
  | { readonly type: 'close'; readonly by: 'customer' | 'bot' | 'house' }
  /** Within wrap-up the last agent continues a closed session in the follow-up session `followUp`. */
  | { readonly type: 'takeBack'; readonly agent: AgentRef; readonly followUp: SessionId }
  /** Within wrap-up the last agent says what came of a closed session; in place of what was said before. */
  | { readonly type: 'record'; readonly agent: AgentRef; readonly wrapUp: WrapUp }
  /** Anonymous → signed in, mid-chat: the session keeps its id. */
  | { readonly type: 'identify'; readonly subject: Subject }
  /** Nobody asks anything; time has passed. */
  | { readonly type: 'tick' };
export type CommandType = Command['type'];
