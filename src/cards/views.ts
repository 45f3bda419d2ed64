import type { AgentId, SessionId } from '../session/ids.ts';
import type { Status } from '../session/session.ts';

/** One line of a transcript as a page shows it; JSON on the wire. */
export interface Line {
  /** `<sid>:<seq>`. */
  readonly id: string;
  readonly sid: SessionId;
  readonly seq: number;
  /** When it was said, ms. */
  readonly at: number;
  readonly side: 'customer' | 'bot' | 'agent' | 'house';
  readonly kind: 'message' | 'notice' | 'comment';
  /** Who said it: the agent's full name for agents, the first name for customers; absent for customer and bot. */
  readonly name?: string;
  /** The agent who said it; for agents only. */
  readonly by?: AgentId;
  readonly text: string;
  readonly format: 'plain' | 'markdown';
  readonly attachments?: readonly unknown[];
  readonly suggestedActions?: unknown;
  /** The channel's own id of the line: a live repeat with this id is the same line. */
  readonly activityId?: string;
  /** Of a notice. */
  readonly code?: string;
  /** The way back that a notice gives; for the customer only. */
  readonly link?: LinkShown;
}

/** A reconnect link as its customer sees it; JSON on the wire. */
export interface LinkShown {
  /** Absent where the widget's settings name no `portalUrl`. */
  readonly url?: string;
  /** Three words. */
  readonly code: string;
  /** The code's end, ms. */
  readonly codeUntil: number;
}

/** Where a customer stands, as their page is told; JSON on the wire. Names are first names. */
export interface CustomerState {
  /** `none`: no session in this conversation yet. */
  readonly status: 'none' | 'choosing' | Status;
  readonly sid?: SessionId;
  readonly epoch?: number;
  /** The agent: owner, or the one who is asked or waited for. */
  readonly agent?: string;
  /** Suspended, and the customer is not waiting for the agent: they have set it aside, or are away. */
  readonly setAside?: true;
  /** Place in line from 1, when known. */
  readonly place?: number;
  /** What the page counts down to, if anything (ms): the offer's end, the agent's *back by*. */
  readonly until?: number;
  /** Number of the last entry the state includes. */
  readonly seq?: number;
  /** The server's clock when this was written, ms. */
  readonly now: number;
}

/** What the reconnect prompt shows; made from the header and the roster, rendered by `promptCard`. */
export interface Prompt {
  readonly sid: SessionId;
  readonly epoch: number;
  /** Proof that this house showed this prompt in this conversation. */
  readonly nonce: string;
  readonly status: Status;
  /** First name of the previous agent, when there was one. */
  readonly agent?: string;
  /** `here`: answers now; `away`: with `backAt` if told; `unknown`: no agent yet. */
  readonly agentIs: 'here' | 'away' | 'unknown';
  readonly backAt?: number;
  /** Place in line from 1, when they stood in line. */
  readonly place?: number;
  /** Only for verified customers. */
  readonly name?: string;
  readonly lastLine?: {
    readonly by: 'customer' | 'agent' | 'bot';
    readonly text: string;
    readonly at: number;
  };
  /** Until when the agent keeps the place, and until when a return is possible. */
  readonly agentHeldUntil?: number;
  readonly returnUntil?: number;
  readonly others: number;
  readonly now: number;
}

/** What the prompt's buttons carry (`Action.Submit` data, under `reconnect`), and what `POST /api/reconnect` takes as `prompt`. */
export interface PromptAnswer {
  readonly sid: SessionId;
  readonly epoch: number;
  readonly nonce: string;
  readonly choice: 'agent' | 'anyone' | 'fresh';
}
