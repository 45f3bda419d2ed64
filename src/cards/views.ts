import type { ShownPage } from '../session/page.ts';
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
  /** Of a customer's line: what the page that sent it calls it, and its echo, by whatever channel. */
  readonly clientId?: string;
  /** Of a notice. */
  readonly code?: string;
  /** Of a notice that the customer is gone: why they count as gone; for agents only. */
  readonly cause?: string;
  /** Of a notice that the customer is back: how long they were away, and what they are on now, when that is another kind; for agents only. */
  readonly awayMs?: number;
  readonly device?: 'phone' | 'computer';
  /** Of a notice that it ended with messages unseen: numbers of the first of them; for agents only. */
  readonly unseen?: readonly number[];
  /** The way back that a notice gives; for the customer only. */
  readonly link?: Partial<LinkShown>;
  /** A web page that the agent would like to show; the text says so too, with its address. */
  readonly page?: ShownPage;
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
  /** They wait for us, we are closed, and then we open, ms. */
  readonly opensAt?: number;
  /** They may leave a message and go (act `leaveMessage`). */
  readonly mayLeaveMessage?: true;
  /** They have left a message, which waits until here (ms); they may stand in line again (act `backInLine`). */
  readonly messageUntil?: number;
  /** What the page counts down to, if anything (ms): the offer's end, the agent's *back by*. */
  readonly until?: number;
  /** Waiting in vain: another agent can be had, with everything said so far (act `anyone`). */
  readonly mayChooseAnyone?: true;
  /** Nobody asks them when they come back, or nobody did just now: *Start fresh* is theirs to choose (act `fresh`). */
  readonly direct?: true;
  /** Closed or expired, or `none` because it is: what became of it. */
  readonly ended?: Ended;
  /** Number of the last entry the state includes. */
  readonly seq?: number;
  /** Highest entry that any page of theirs has shown them; absent as long as none has told. */
  readonly seen?: number;
  /** The server's clock when this was written, ms. */
  readonly now: number;
}

/** Why a session ended: somebody ended it, or time did, in this state of it. */
export type EndedWhy = 'agent' | 'customer' | 'house' | 'quiet' | 'away' | 'setAside' | 'unanswered';

/** A session that is over, as its customer is told. */
export interface Ended {
  readonly sid: SessionId;
  readonly at: number;
  readonly why: EndedWhy;
  /** First name of its last agent. */
  readonly agent?: string;
  /** The number people quote, `XXXXX-XXXXX`. */
  readonly reference: string;
  /** Proof for sharing it with whoever has the next one. */
  readonly nonce: string;
  /** Where they are sent; told once, to one who came back too late. */
  readonly redirect?: string;
}

/** An earlier session whose customer is asked whether the new agent may see it. */
export interface Shareable {
  readonly earlier: SessionId;
  readonly nonce: string;
}

/** What the buttons of that question carry (`Action.Submit` data, under `reconnect.share`). */
export interface ShareAnswer extends Shareable {
  readonly yes: boolean;
}

/** What the reconnect prompt shows; made from the header and the roster, rendered by `promptCard`. */
export interface Prompt {
  readonly sid: SessionId;
  readonly epoch: number;
  /** Proof that this house showed this prompt in this conversation. */
  readonly nonce: string;
  readonly status: Status;
  /** Coming back is only tried out here. */
  readonly preview?: boolean;
  /** First name of the previous agent, when there was one. */
  readonly agent?: string;
  /** `here`: answers now; `busy`: here too; `away`: with `backAt` if told; `unknown`: no agent yet. */
  readonly agentIs: 'here' | 'busy' | 'away' | 'unknown';
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
  /** How many others wait in the line that *Anyone* leads to, and since when the first of them; absent when nobody does. */
  readonly waiting?: { readonly count: number; readonly since: number };
  /** Their other chats, in the order in which a return means them. */
  readonly others: readonly OtherChat[];
  readonly now: number;
}

/** Another session that can be returned to: nothing of what was said in it. */
export interface OtherChat {
  readonly sid: SessionId;
  readonly epoch: number;
  readonly nonce: string;
  readonly status: Status;
  /** First name. */
  readonly agent?: string;
  /** When it was set aside, or last changed. */
  readonly at: number;
}

/** What the prompt's buttons carry (`Action.Submit` data, under `reconnect`), and what `POST /api/reconnect` takes as `prompt`. */
export interface PromptAnswer {
  readonly sid: SessionId;
  readonly epoch: number;
  readonly nonce: string;
  /** `notMe`: somebody else's chat on a shared computer; it stays as it is. */
  readonly choice: 'agent' | 'anyone' | 'fresh' | 'notMe';
}
