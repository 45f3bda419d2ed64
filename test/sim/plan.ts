import type { CustomerAct } from '../../src/handoff/customer-acts.ts';
import type { CardAct } from '../../src/cards/card-buttons.ts';
import type { PromptAnswer } from '../../src/cards/views.ts';

/** An agent's act, with what it needs filled in when it is done. */
export type Doing =
  | 'accept'
  | 'decline'
  | 'message'
  | 'comment'
  | 'link'
  | 'suspend'
  | 'suspendWithLink'
  | 'resume'
  | 'transferToAgent'
  | 'transferToQueue'
  | 'invite'
  | 'join'
  | 'leave'
  | 'close'
  | 'takeBack'
  | 'releaseHold'
  | 'revokeLinks';

/** Something that somebody does, or that befalls somebody. Numbers name people and instances by their place. */
export type Deed =
  | {
      readonly do: 'say';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly text?: 'agent';
      /** The channel brings it to this instance too, at the same moment. */
      readonly also?: number;
      /** It comes again, under the same id, so much later, ms. */
      readonly lateMs?: number;
      /** What comes again so is their own second try: under another id of the channel's, and the same of the client's. */
      readonly anew?: true;
      /** Without an id of the client's. */
      readonly bare?: true;
      /** With a file beside it. */
      readonly file?: true;
    }
  | {
      readonly do: 'beat';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly leaving?: true;
    }
  /** The page is reloaded, in a new conversation. */
  | { readonly do: 'open'; readonly who: number; readonly tab: number; readonly to: number }
  | {
      readonly do: 'answer';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly choice: PromptAnswer['choice'];
      readonly also?: number;
    }
  /** Uses a link that was given to `whose`. */
  | {
      readonly do: 'redeem';
      readonly who: number;
      readonly whose: number;
      readonly to: number;
      readonly also?: number;
    }
  | {
      readonly do: 'press';
      readonly who: number;
      readonly tab: number;
      readonly to: number;
      readonly act: CustomerAct;
    }
  /** `on`: whose session. `owner`: whoever has it then. */
  | {
      readonly do: 'act';
      readonly agent: number | 'owner';
      readonly on: number;
      readonly to: number;
      readonly doing: Doing;
      readonly also?: number;
    }
  /** Writes to the bot, and names nobody; whose it is meant to be for is `on`. */
  | {
      readonly do: 'line';
      readonly agent: number | 'owner';
      readonly on: number;
      readonly to: number;
      readonly also?: number;
      /** With a file beside it. */
      readonly file?: true;
    }
  /** Presses a button of the card they have of a session: the first of these that it offers. */
  | {
      readonly do: 'card';
      readonly agent: number | 'owner';
      readonly on: number;
      readonly to: number;
      readonly acts: readonly (CardAct | 'sendTo')[];
      /** On an earlier state of it, which their client still shows. */
      readonly old?: true;
      /** The channel brings it to this instance too, at the same moment. */
      readonly also?: number;
      /** It comes again so much later, ms. */
      readonly lateMs?: number;
      /** What comes again is a second click: under another id. */
      readonly anew?: true;
      /** Their client knows no Execute. */
      readonly submits?: true;
    }
  | {
      readonly do: 'presence';
      readonly agent: number;
      readonly to: number;
      readonly status: 'available' | 'away';
    }
  | { readonly do: 'permit'; readonly agent: number; readonly to: number; readonly permitted: boolean }
  /** The site says who they are, and their chats become the account's. */
  | { readonly do: 'signIn'; readonly who: number; readonly to: number }
  | { readonly do: 'erase'; readonly who: number; readonly to: number }
  /** Their page's conversation is not there any more (404), or takes nothing of ours (403). */
  | { readonly do: 'gone'; readonly who: number; readonly tab: number; readonly status: 403 | 404 }
  /** They have removed the bot, and install it again after `ms`. */
  | { readonly do: 'blocked'; readonly agent: number; readonly ms: number }
  | { readonly do: 'kill'; readonly instance: number; readonly awayMs: number }
  /** All of them die at once, and are there again after `awayMs`. */
  | { readonly do: 'powerCut'; readonly awayMs: number }
  | { readonly do: 'restart'; readonly instance: number }
  | { readonly do: 'freeze'; readonly instance: number; readonly ms: number }
  | { readonly do: 'skew'; readonly instance: number; readonly ms: number }
  | { readonly do: 'weather'; readonly store: number; readonly channel: number; readonly hangs: boolean }
  /** Nobody is awake for so long. */
  | { readonly do: 'leap'; readonly ms: number }
  /** Here begins what a scenario is about. */
  | { readonly do: 'mark' };

export type Of<D extends Deed['do']> = Extract<Deed, { do: D }>;

/** A deed, and when: ms after the beginning. */
export interface Step {
  readonly at: number;
  readonly deed: Deed;
}

/** What a run is made of. */
export interface Plan {
  readonly seed: number;
  readonly customers: number;
  readonly agents: number;
  readonly instances: number;
  readonly steps: readonly Step[];
}

/** Who is there: as many of each. */
export type Town = Pick<Plan, 'customers' | 'agents' | 'instances'>;
