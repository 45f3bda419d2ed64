import type { Line } from '../../../cards/views.ts';
import type { InboxList, Row } from '../../../handoff/inbox.ts';
import type { SessionId } from '../../../session/ids.ts';

export type { TimelineStep } from '../../../cards/timeline.ts';
export type { Line } from '../../../cards/views.ts';
export type { InboxList, Row } from '../../../handoff/inbox.ts';
export type { SessionId } from '../../../session/ids.ts';

export type PresenceWord = 'available' | 'busy' | 'away' | 'offline';

/** The agent themselves: `GET /api/agent/me`. */
export interface Me {
  readonly id: string;
  readonly name: string;
  readonly presence: { readonly status: PresenceWord; readonly at: number; readonly backAt?: number };
  readonly capacity: number;
  readonly used: number;
  /** Of those: blocked for customers who are away, or for a wrap-up; and when the first of them lapses. */
  readonly held?: number;
  readonly heldUntil?: number;
  readonly supervisor: boolean;
  readonly streams: readonly string[];
  readonly now: number;
}

/** One page of a list, at most 50 rows; `next` fetches what follows. */
export interface RowsPage {
  readonly rows: readonly Row[];
  readonly next?: string;
  readonly now: number;
}

/** What is known of the customer of a session. */
export interface Customer {
  readonly name?: string;
  readonly verified: boolean;
  readonly widget: string;
  readonly stream: string;
  readonly openedAt: number;
  readonly device?: string;
  readonly language?: string;
}

/** What a session's widget makes possible. */
export interface Terms {
  /** Whether a reconnect link can be given: the widget's settings name its portal, and let customers come back. */
  readonly canLink: boolean;
  /** Whether customers can come back at all. */
  readonly enabled: boolean;
  /** How long a chat that is set aside is kept, at the least; ms. */
  readonly keepMs: number;
  /** The widget serves only listed agents. */
  readonly preview: boolean;
  /** Hosts whose pages can be shown to its customers. */
  readonly pageHosts: readonly string[];
  /** Which files may be sent; absent where none may. */
  readonly files?: { readonly maxBytes: number; readonly endings: readonly string[] };
  /** Why a chat may be set aside, as the work stream offers it. */
  readonly suspendReasons: readonly string[];
  /** What may come of a chat here. */
  readonly dispositions?: readonly string[];
  /** What its agent said came of it. */
  readonly wrapUp?: WrapUp;
}

/** What the customer of a session has: up to which line they have it, and up to which they have seen it, if it is known. */
export interface Marks {
  readonly delivered: number;
  readonly seen?: number;
}

/** What an agent says came of a chat; both parts may be left out. */
export interface WrapUp {
  readonly disposition?: string;
  readonly notes?: string;
}

/** An earlier chat of the same customer: `GET /api/sessions/:sid/previous`. */
export interface Previous {
  readonly sid: SessionId;
  readonly reference: string;
  readonly endedAt: number;
  readonly agent?: string;
  readonly disposition?: string;
  readonly reason?: string;
  /** Whether this agent may read what was said in it. */
  readonly mayOpen: boolean;
}

/** One session as read: its row, the newest 200 lines, its customer. */
export interface SessionView extends Terms {
  readonly row: Row;
  readonly lines: readonly Line[];
  /** What was said in the chat that was taken back into this one; the newest 200 lines. */
  readonly before?: readonly Line[];
  readonly customer: Customer;
  readonly marks: Marks;
  readonly now: number;
}

/** A page of everything of a stream and day: `GET /api/all`, for supervisors. */
export interface AllPage extends RowsPage {
  readonly stream: string;
  readonly streams: readonly string[];
  readonly day: string;
}

/** One of the roster: `GET /api/roster`, for supervisors. */
export interface RosterAgent {
  readonly id: string;
  readonly name: string;
  readonly permitted: boolean;
  readonly presence: { readonly status: PresenceWord; readonly at: number; readonly backAt?: number };
  readonly capacity: number;
  readonly used: number;
  /** Places kept for customers who are away or wait. */
  readonly held: number;
  /** Their last sign of life. */
  readonly seenAt: number;
}

/** A reconnect link for the customer, and the three words that do the same until `codeUntil`. */
export interface GivenLink {
  readonly url: string;
  readonly code: string;
  readonly codeUntil: number;
  /** Until when the link works; absent while the customer is here. */
  readonly until?: number;
  /** How long it works once they go, while they are here. */
  readonly lastsMs?: number;
}

export type Act =
  | 'accept'
  | 'decline'
  | 'message'
  | 'comment'
  | 'file'
  | 'close'
  | 'suspend'
  | 'editSuspension'
  | 'resume'
  | 'releaseHold'
  | 'takeBack'
  | 'transfer'
  | 'invite'
  | 'removeGuest'
  | 'join'
  | 'leave'
  | 'link'
  | 'revokeLinks'
  | 'record'
  | 'canned'
  | 'page';

/** `POST /api/sessions/:sid/acts`. The same `id` sent again changes nothing. */
export interface ActRequest {
  readonly id: string;
  readonly act: Act;
  readonly epoch: number;
  /** Refused when the session has changed hands since that epoch. */
  readonly ifEpoch?: number;
  readonly text?: string;
  readonly reason?: string;
  readonly backBy?: number;
  /** With `close` and `record`: what came of it. */
  readonly disposition?: string;
  readonly notes?: string;
  /** With `suspend`: the customer is given a reconnect link in the same act. */
  readonly link?: true;
  /** With `transfer`: `agent:<id>` or `queue:<work stream>`, and a note for colleagues alone. */
  readonly to?: string;
  readonly note?: string;
  /** With `invite` and `removeGuest`: who. */
  readonly guest?: string;
  /** With `canned`: the id of the response that `text` was made from. */
  readonly response?: string;
  /** With `page`: what is to be shown. */
  readonly url?: string;
  readonly title?: string;
}

/** A canned response, filled for the customer of a session: `GET /api/sessions/:sid/canned`. */
export interface Canned {
  readonly id: string;
  readonly title: string;
  readonly shortcut: string;
  /** With its placeholders. */
  readonly text: string;
  readonly filled: string;
  readonly language?: string;
  /** Those of the settings are changed there. */
  readonly of: 'own' | 'shared' | 'settings';
}

/** What can be said in a session, the likeliest first. */
export interface CannedHere {
  readonly responses: readonly Canned[];
  readonly stream: string;
  /** Whether the agent may write what everyone of the work stream shares. */
  readonly mayShare: boolean;
}

/** One as it is written down. */
export interface CannedDraft {
  readonly of: 'own' | 'shared';
  readonly stream: string;
  readonly title: string;
  readonly shortcut: string;
  readonly text: string;
  readonly language?: string;
}

/** A colleague, as whoever looks for one sees them: `GET /api/agents`. */
export interface Colleague {
  readonly id: string;
  readonly name: string;
  readonly status: PresenceWord;
  /** Present and permitted: only they can be asked. */
  readonly here: boolean;
  readonly backAt?: number;
  readonly capacity: number;
  readonly used: number;
  readonly streams: readonly string[];
}

/** Whom, and which queues, a chat can be handed to. */
export interface Directory {
  readonly agents: readonly Colleague[];
  readonly streams: readonly string[];
  readonly now: number;
}

/** What an act led to. */
export interface ActAnswer {
  readonly row: Row;
  readonly lines: readonly Line[];
  /** What the act gave the customer. */
  readonly link?: GivenLink;
  readonly now: number;
}

/** News of one row; `row: null` = in none of this agent's lists any more. */
export interface RowNews {
  readonly sid: SessionId;
  readonly ver: number;
  readonly seq: number;
  readonly row: Row | null;
  readonly list: InboxList | null;
  /** Absent for who may not read the session. */
  readonly marks?: Marks;
}

/** What the live stream brings. */
export type News =
  | { readonly type: 'hello' }
  | { readonly type: 'row'; readonly change: RowNews }
  | { readonly type: 'line'; readonly line: Line }
  /** Of any session, to supervisors; `view` names its stream and day. */
  | { readonly type: 'all'; readonly view: string; readonly row: Row }
  /** The customer of a session was writing at that moment, ms. */
  | { readonly type: 'typing'; readonly sid: SessionId; readonly at: number }
  | { readonly type: 'me'; readonly me: Me }
  | { readonly type: 'now'; readonly now: number };
