import type { Event } from '../session/event.ts';
import type { SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Header } from './header.ts';

/** One ask that was committed, and the session around it. */
export interface Change {
  readonly before: Header | undefined;
  readonly after: Header;
  readonly entries: readonly Entry[];
  readonly events: readonly Event[];
  /** When the agent who asked last had the transcript before them, as far as this instance knows. */
  readonly readAt?: number;
}

/** Something that happened once, for whoever counts it. */
export type Fact =
  /** Told by the instance that committed it, and by no other. */
  | ({ readonly kind: 'changed' } & Change)
  /** A customer was asked whether they want to come back, for the first time in this conversation. */
  | { readonly kind: 'promptShown'; readonly widget: string }
  /** They prefer a new chat, or say that the old one is not theirs. */
  | { readonly kind: 'startedFresh'; readonly choice: 'fresh' | 'notMe'; readonly widget: string }
  /** They were told that they came too late. */
  | { readonly kind: 'tooLate'; readonly way: 'page' | 'link' | 'code'; readonly widget: string }
  /** A link or code brought nobody back. */
  | { readonly kind: 'notRedeemed'; readonly way: 'link' | 'code'; readonly why: string }
  /** A deadline was looked at, so long after its time. */
  | { readonly kind: 'swept'; readonly lateMs: number }
  /** The feed's reader has come to a line, so long after it was written. */
  | { readonly kind: 'fed'; readonly lateMs: number }
  /** So many stand in a work stream's line. */
  | { readonly kind: 'inLine'; readonly stream: string; readonly count: number };

/** Something that takes time. */
export type Work =
  /** An HTTP request. */
  | { readonly kind: 'request'; readonly method: string }
  /** An activity of a customer's or an agent's, taken; or a deadline, which is the house's own. */
  | { readonly kind: 'turn'; readonly by: 'customer' | 'agent' | 'house'; readonly what: string }
  /** The bot's own part of a customer's turn. */
  | { readonly kind: 'bot' }
  /** What an agent does, from tab or card. */
  | { readonly kind: 'act'; readonly act: string; readonly session: SessionId }
  /** One request to the store. */
  | { readonly kind: 'store'; readonly container: string; readonly operation: string }
  /** One attempt to bring something to a channel. */
  | { readonly kind: 'delivery'; readonly to: 'customer' | 'agent'; readonly what: 'line' | 'card' | 'note' };

/** What a piece of work came to. */
export interface Came {
  /** A status, a code of ours, or `ok`. */
  readonly outcome: string;
  readonly failed?: boolean;
  /** The pattern of a request's route. */
  readonly route?: string;
  /** Of a store request, in request units. */
  readonly charge?: number;
}

/**
 * Hears what the house does: ids, codes, numbers. Never a token, never what people wrote. Never throws, and nothing waits
 * for it; a house without one does none of this.
 */
export interface Telemetry {
  readonly tell: (fact: Fact) => void;
  /** Runs it, as part of the work it is called from. What it throws passes. */
  readonly during: <T>(work: Work, run: () => Promise<T>, cameTo: (result: T) => Came) => Promise<T>;
}
