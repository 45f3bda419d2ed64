import type { FileRef } from './files.ts';
import type { SessionId } from './ids.ts';
import type { ShownPage } from './page.ts';
import type { AgentRef } from './session.ts';

/** Who wrote a ledger entry. `house` = the product itself. */
export type Party =
  | { readonly kind: 'customer' }
  | { readonly kind: 'bot' }
  | ({ readonly kind: 'agent' } & AgentRef)
  | { readonly kind: 'house' };

/** Something said, as the channel carries it. At least one of text, attachments and files. */
export interface Message {
  readonly kind: 'message';
  readonly text?: string;
  readonly format?: 'plain' | 'markdown';
  /** Bot Framework attachments, JSON as received. */
  readonly attachments?: readonly unknown[];
  /** Files that the house keeps; their bytes are found by this entry and their place in it. */
  readonly files?: readonly FileRef[];
  /** Bot Framework suggested actions, JSON as sent by the bot. */
  readonly suggestedActions?: unknown;
  /** The channel's id of it, where the channel gave one: the page drops live repeats by it. */
  readonly activityId?: string;
  /** What the customer's page itself called it: one posting may reach the channel twice, under two ids. */
  readonly clientId?: string;
  /** Of an agent's message: the id of the canned response that it was made from, by which those are counted. */
  readonly canned?: string;
  /** Of a bot's message: which of its questions it asks, by the id the bot gave it. */
  readonly question?: string;
  /** A web page that the agent would like to show. */
  readonly page?: ShownPage;
}
/** Something told because of a change; `cards/wording` makes the sentence. */
export interface Notice {
  readonly kind: 'notice';
  readonly code: NoticeCode;
  readonly to: 'customer' | 'agent' | 'both';
  readonly params: Readonly<Record<string, string | number>>;
}
/** An agent's internal remark; never the customer's. */
export interface Comment {
  readonly kind: 'comment';
  readonly text: string;
}

/** One line of the ledger: everything said or told in a session, in commit order. */
export interface Entry {
  readonly sid: SessionId;
  /** Dense from 1 in each session. */
  readonly seq: number;
  /** When it was committed, ms. */
  readonly at: number;
  readonly by: Party;
  readonly what: Message | Notice | Comment;
}

/** What the house tells people; every code has a sentence per language in `cards/wording`. Params in brackets. */
export type NoticeCode =
  | 'queued' // you are in line [place]
  | 'queueLimit' // still nobody free, or nobody on; you may leave a message [why?]
  | 'outsideHours' // to customer: we are closed [opensAt, timeZone, why?]
  | 'messageLeft' // to customer [until, way, timeZone?]
  | 'leftQueue'
  | 'joined' // [agent] is here
  | 'agentSilent' // to both: no sign of life of [agent], or why they are not waited for [why?]
  | 'offeredOn' // to both: anyone may take over from [agent]
  | 'agentBack' // to both: [agent] is back before anybody did
  | 'takenOver' // to agent: [agent] has taken over from [from]
  | 'customerGone' // to agent [cause, heldUntil, returnUntil]
  | 'holdEnded' // to agent: the slot is free again [why]
  | 'customerBack' // to agent [way, awayMs, device?, unread?]: on another kind of device; messages not yet seen
  | 'welcomeBack' // to customer [agent]
  | 'asking' // to customer: asking [agent]
  | 'waitingForAway' // to customer: [agent] is away, slot kept until [until]
  | 'offeredToYou' // to agent
  | 'toQueue' // to both, why the previous agent is not taking it [why, agent, askedMs?]
  | 'suspended' // to both [by, agent, reason?, backBy?, until]
  | 'suspensionEdited' // to both [reason?, backBy?]
  | 'waitingForResume' // to customer: waiting for [agent]
  | 'resumed' // to both [agent]
  | 'endsSoon' // to both [endsAt]
  | 'answerOwed' // to agent: the customer waits for an answer [agent, waitedMs]
  | 'answerOverdue' // to agent: still; supervisors are told [agent, waitedMs]
  | 'backSoon' // to agent: promised to be back [agent, backBy, leftMs]
  | 'backByMissed' // to both: promised, and not back [agent]
  | 'closed' // to both [by, agent?]
  | 'expired' // to both
  | 'endedUnseen' // to agent [count, lines]: it ended, and so many messages were never seen; numbers of the first
  | 'takenBack' // to agent
  | 'signedIn' // to agent [name?]
  | 'linkGiven' // to both [agent, seed, codeUntil, until? | lastsMs?]; the seed is nobody's to read
  | 'linksRevoked' // to both [by]
  | 'linkReused' // to agent: a used link was tried elsewhere
  | 'waitedInVain' // to customer [agent, why]
  | 'earlierShared' // to agent
  | 'declined' // to agent: who passed, and why [agent, reason]
  | 'handingOver' // to both: [agent] asks [colleague] to take over
  | 'transferred' // to both: [agent] has handed it to [colleague] while the customer is away
  | 'invited' // to agent: [agent] asks [colleague] in
  | 'guestJoined' // to both [colleague]
  | 'guestLeft' // to both, or to agent when they had not come [colleague; by, agent: who asked them to leave]
  | 'fileRefused'; // to both: the customer's file was not taken [why, name, mostBytes?, most?, types?]

/** Whether the customer may ever see this entry. */
export const isForCustomer = (entry: Pick<Entry, 'what'>): boolean =>
  entry.what.kind === 'message' || (entry.what.kind === 'notice' && entry.what.to !== 'agent');

/** Whether it has to be carried to the customer by us: said by an agent, or told by the house. */
export const isCarriedToCustomer = (entry: Pick<Entry, 'what' | 'by'>): boolean =>
  isForCustomer(entry) && (entry.by.kind === 'agent' || entry.by.kind === 'house');
