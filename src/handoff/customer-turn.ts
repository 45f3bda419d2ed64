import { createHash } from 'node:crypto';
import type { PromptAnswer, ShareAnswer } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import { customerOf, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Message } from '../session/ledger.ts';
import { isMessage } from '../session/message.ts';
import type { Agents } from './agents.ts';
import { makeBotTurn, speaksHere } from './bot-turn.ts';
import { recentlyUsed } from './cache.ts';
import type { Customers } from './customers.ts';
import type { Files } from './files.ts';
import type { CustomerReference, IndexEntry } from './header.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { OutgoingActivity } from './ports.ts';
import { isFinal, type Saying } from './step.ts';
import { makeWelcome } from './welcome.ts';

/** What a customer's activity means to us; read once at the rim. */
export type Inbound =
  | { readonly kind: 'message'; readonly message: Message; readonly keys: InboundKeys }
  /** The page (or a stock Web Chat) has opened this conversation, or shows it again. */
  | { readonly kind: 'join' }
  /** The channel says that the customer was added to the conversation. */
  | { readonly kind: 'arrived' }
  /** A prompt's button, sent as a card submit by a page without our kit. */
  | { readonly kind: 'answer'; readonly answer: PromptAnswer }
  /** Whether an earlier chat may be shown to whoever has the new one; sent likewise. */
  | { readonly kind: 'share'; readonly share: ShareAnswer }
  /** We could not tell whether they have a chat: look again, or begin a new one. */
  | { readonly kind: 'unsure'; readonly again: boolean }
  /** The offer to leave a message, taken up on a card. */
  | { readonly kind: 'leaveMessage' }
  /** The customer is writing. */
  | { readonly kind: 'typing' }
  /** Other events: the bot's while the bot has the session, nobody's otherwise. */
  | { readonly kind: 'other' };

/** What tells a resend from a new line: the client's own id where it gives one, else the channel's. */
export interface InboundKeys {
  readonly activity?: string;
  readonly client?: string;
}

/** What the bot said in a turn, and whether it asked for a person. */
export interface BotSaid {
  readonly says: readonly Saying[];
  readonly handoff?: { readonly reason?: string };
}

/** One inbound activity of a customer, with the bot at hand. */
export interface CustomerTurn {
  readonly inbound: Inbound;
  readonly reference: CustomerReference;
  /** Lets the bot take its turn for this session; what it sends goes to the customer at once. */
  readonly runBot: (sid: SessionId) => Promise<BotSaid>;
  /** Lets the bot greet, as it would somebody new. */
  readonly greet: (sid: SessionId) => Promise<BotSaid>;
  /** Sends an activity of our own into this conversation; it is not part of any ledger. */
  readonly reply: (activity: OutgoingActivity) => Promise<void>;
}

/** Takes a customer's activities; settles only when what was said is stored. */
export type TakeCustomerTurn = (turn: CustomerTurn) => Promise<void>;

const RECENT = 10_000;

/**
 * Makes the customer's turn. With no agent: the bot runs, then one batch stores what came in and what the bot said.
 * With an agent: written first, acknowledged, then carried.
 */
export function customerTurns(given: {
  readonly sessions: Sessions;
  readonly customers: Customers;
  readonly agents: Agents;
  /** Without it what a customer attaches stays where the channel keeps it. */
  readonly files: Files | undefined;
  readonly streamOf: (widget: string) => string;
  readonly wordsFor: (widget: string) => Wording;
  readonly onTyping: (sid: SessionId) => void;
  /** Hears which session's prompt was shown, and where; returns at once. */
  readonly onAsked: (sid: SessionId, conversation: ConversationId) => void;
  readonly now: () => number;
  readonly unique: () => string;
}): TakeCustomerTurn {
  const { sessions, customers, agents } = given;
  const botTurn = makeBotTurn(given);
  const welcome = makeWelcome({ ...given, botTurn });
  /** Spares the bot a second run when a resend reaches the instance that has just answered. */
  const recent = recentlyUsed<string, true>(RECENT, given.now);
  const underway = new Map<string, Promise<void>>();

  const take: TakeCustomerTurn = async (turn) => {
    const { customer, conversation } = who(turn);
    switch (turn.inbound.kind) {
      case 'arrived':
        if (!(await welcome.isExpected(turn))) await botTurn(turn, undefined);
        return;
      case 'join':
        return welcome.joined(turn);
      case 'answer':
        return welcome.answered(turn, turn.inbound.answer);
      case 'share':
        return welcome.shared(turn, turn.inbound.share);
      case 'unsure':
        return turn.inbound.again ? welcome.joined(turn) : welcome.anew(turn);
      case 'leaveMessage':
        return welcome.leavesMessage(turn);
      case 'message':
        return said(turn, turn.inbound.message, keysOf(turn, turn.inbound.keys));
      case 'typing':
      case 'other': {
        const entry = await customers.current(customer, conversation);
        if (entry === undefined || withBot(entry)) await botTurn(turn, entry?.sid);
        else if (turn.inbound.kind === 'typing') given.onTyping(entry.sid);
        return;
      }
    }
  };

  /** A resend shares the fate of what is under way, and is done when that was. */
  const said = (turn: CustomerTurn, message: Message, dedupe: readonly string[]): Promise<void> => {
    if (dedupe.length === 0) return say(turn, message, dedupe).then(() => undefined);
    const key = shortOf(`${turn.reference.user.id}|${dedupe.join()}`);
    if (recent.get(key) === true) return Promise.resolve();
    const before = underway.get(key);
    if (before !== undefined) return before;
    const now = say(turn, message, dedupe)
      .then((kept) => {
        if (kept) recent.set(key, true);
      })
      .finally(() => underway.delete(key));
    underway.set(key, now);
    return now;
  };

  /** Whether the line was kept; one that met a prompt was not. */
  const say = async (turn: CustomerTurn, message: Message, dedupe: readonly string[]): Promise<boolean> => {
    const { customer, conversation } = who(turn);
    let entry: Pick<IndexEntry, 'sid' | 'status'> | undefined = await customers.current(
      customer,
      conversation,
    );
    if (entry === undefined) {
      const meant = await customers.meant(customer, conversation);
      // This has read the index anew: another instance may have opened the session a moment ago.
      entry = await customers.current(customer, conversation);
      if (entry === undefined) {
        if (await isOfEarlier(customer, dedupe)) return true;
        const met = await welcome.spokenTo(turn, meant);
        if (met === 'asked') return false;
        entry = met;
      }
    }
    if (entry !== undefined && isFinal(entry.status) && (await isOfEarlier(customer, dedupe))) return true;
    // In line, an agent may have accepted a moment ago on another instance: from then on the bot is not called.
    const latest = entry?.status === 'queued' ? await sessions.fresh(entry.sid) : undefined;
    if (entry !== undefined && latest !== undefined)
      entry = { sid: entry.sid, status: latest.session.status };
    // What is added to a message is for whoever will read it: the bot has no part in it.
    const toPeople = latest !== undefined && isMessage(latest.session);
    const said = await taken(turn, entry?.sid, message, dedupe);
    if (entry !== undefined && (toPeople || !withBot(entry))) {
      const { refused, duplicate, header } = await bridge(turn, entry.sid, said, dedupe);
      if (refused === undefined) {
        if (!duplicate && withBot(header.session) && !isMessage(header.session))
          await botTurn(turn, entry.sid);
        return true;
      }
      // What ended is told there by a notice of its own.
      await customers.tooLate.shownIn(customer, conversation);
      entry = undefined;
    }
    await botTurn(turn, entry?.sid, said, dedupe);
    return true;
  };

  /** Whether a line was said in a chat that is over: brought once more, it opens no other and is not the bot's again. */
  const isOfEarlier = async (customer: CustomerId, dedupe: readonly string[]): Promise<boolean> => {
    const { sessions: all = [] } = (await sessions.index(customer)) ?? {};
    return all.length > 0 && sessions.heard(customer, dedupe);
  };

  /** What a line comes to in the ledger: its files are brought over first, for the channel forgets them. */
  const taken = async (
    turn: CustomerTurn,
    sid: SessionId | undefined,
    message: Message,
    dedupe: readonly string[],
  ): Promise<readonly Saying[]> => {
    const { customer, conversation } = who(turn);
    const by = { kind: 'customer' } as const;
    if (given.files === undefined || message.attachments === undefined) return [{ by, what: message }];
    const came = await given.files.takeOver(message, {
      customer: sid === undefined ? customer : customerOf(sid),
      widget: await customers.widgetOf(customer, conversation),
      key: dedupe.join() || given.unique(),
    });
    return [
      ...(came.message === undefined ? [] : [{ by, what: came.message }]),
      ...came.told.map((what): Saying => ({ by: { kind: 'house' }, what })),
    ];
  };

  /** Write first: the agent sees it from the ledger. A session that is over by now refuses it. */
  const bridge = (
    turn: CustomerTurn,
    sid: SessionId,
    say: readonly Saying[],
    dedupe: readonly string[],
  ): Promise<Outcome> =>
    sessions.ask(sid, {
      actor: 'customer',
      command: speaksHere(turn, agents),
      say,
      dedupe,
      reference: turn.reference,
    });

  return take;
}

const who = (turn: CustomerTurn) => ({
  customer: turn.reference.user.id,
  conversation: turn.reference.conversation,
});

const withBot = (entry: Pick<IndexEntry, 'status'>): boolean =>
  entry.status === 'bot' || entry.status === 'queued' || isFinal(entry.status);

/** As good as the whole, and a fifth of its size: every line is known by one for a while. */
const shortOf = (key: string): string =>
  createHash('sha256').update(key).digest().toString('latin1', 0, HALF_A_HASH);
const HALF_A_HASH = 16;

/** One key: the client's own id outlives a resend under a new activity id, and a change of conversation. */
const keysOf = (turn: CustomerTurn, keys: InboundKeys): readonly string[] => {
  const { channel, conversation } = turn.reference;
  const key =
    keys.client ?? (keys.activity === undefined ? undefined : `${channel}|${conversation}|${keys.activity}`);
  return key === undefined
    ? []
    : [key.length > 256 ? createHash('sha256').update(key).digest('base64url') : key];
};
