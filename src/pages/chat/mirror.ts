import type { CustomerState, PromptAnswer } from '../../cards/views.ts';
import type { Activity } from './activity.ts';
import type { Sight } from './attention.ts';
import type { Link } from './standing.ts';

/** Where a chat stands on its Direct Line: what another page, or the next load of this one, needs to go on with it. */
export interface Where {
  readonly conversation: string;
  readonly token: string;
  /** The conversation, once Direct Line has started it: only then can it be taken up again. */
  readonly started: string | undefined;
  readonly watermark: string | undefined;
}

/** All that the pages of one browser that show the same chat know alike. */
export interface Mirror {
  /** Pages with the same `screen` show each line under the same id; another one has to be drawn from the start. */
  readonly screen: string;
  /** When the first page opened it, ms. */
  readonly since: number;
  readonly userId: string;
  readonly domain: string;
  readonly where: Where;
  readonly state: CustomerState;
  readonly link: Link;
  /** What no page has got confirmed yet. */
  readonly unsent: readonly Activity[];
  readonly shown: readonly Activity[];
}

/** What changes in a mirror: whatever is in it is new. */
export interface News {
  readonly show?: readonly Activity[];
  readonly state?: CustomerState;
  /** The house's clock in an answer that has just come. */
  readonly clock?: number;
  readonly link?: Link;
  readonly where?: Where;
  readonly unsent?: readonly Activity[];
}

/** A follower's request that came to its end: what the service called the line, or why it did not take it. */
export type Posted = { readonly id: string } | { readonly refused: { readonly status?: number } };

/**
 * What the pages of one browser say to each other. One page leads a chat: it holds Direct Line, speaks with the house
 * and tells the others; those follow, and hand it what is typed and chosen in them.
 */
export type Said =
  /** Which chats are there? Every leader answers with `live`. */
  | { readonly type: 'who' }
  | {
      readonly type: 'live';
      readonly chat: string;
      readonly sid?: string | undefined;
      readonly over: boolean;
      readonly since: number;
    }
  /** A page follows, and asks its leader for everything. */
  | { readonly type: 'hello'; readonly chat: string }
  /** The leader's answer; to all when it has just taken the lead. */
  | { readonly type: 'mirror'; readonly chat: string; readonly to?: string; readonly mirror: Mirror }
  | { readonly type: 'news'; readonly chat: string; readonly news: News }
  | { readonly type: 'ping'; readonly chat: string }
  | { readonly type: 'pong'; readonly chat: string }
  | { readonly type: 'post'; readonly chat: string; readonly key: string; readonly activity: Activity }
  | {
      readonly type: 'posted';
      readonly chat: string;
      readonly to: string;
      readonly key: string;
      readonly posted: Posted;
    }
  | { readonly type: 'answer'; readonly chat: string; readonly answer: PromptAnswer }
  | {
      readonly type: 'answered';
      readonly chat: string;
      readonly to: string;
      readonly nonce: string;
      readonly refused: string | undefined;
    }
  | { readonly type: 'sight'; readonly chat: string; readonly sight: Sight }
  | { readonly type: 'bye'; readonly chat: string }
  | { readonly type: 'chime'; readonly chat: string; readonly to: string }
  /** The session is now in this chat: pages that show it in another come along. */
  | { readonly type: 'moved'; readonly chat: string; readonly sid: string }
  /** Another browser took the chat up. */
  | { readonly type: 'elsewhere'; readonly chat: string }
  /** The customer has signed in: the chat is that person's now. */
  | { readonly type: 'identified'; readonly chat: string; readonly person: string }
  /** Nothing of this chat may stay in this browser. */
  | { readonly type: 'disband'; readonly chat: string };
