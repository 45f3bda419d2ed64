import { createHash } from 'node:crypto';
import type { PromptAnswer } from '../cards/views.ts';
import { promptCard, promptText } from '../cards/prompt.ts';
import { transcriptCard } from '../cards/transcript-card.ts';
import { refusalText, type Wording } from '../cards/wording.ts';
import type { SessionId } from '../session/ids.ts';
import type { Message } from '../session/ledger.ts';
import type { Status } from '../session/session.ts';
import type { Agents } from './agents.ts';
import { makeBotTurn, speaksHere } from './bot-turn.ts';
import { recentlyUsed } from './cache.ts';
import type { Customers, Returned } from './customers.ts';
import type { CustomerReference, IndexEntry } from './header.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { OutgoingActivity } from './ports.ts';
import { isFinal, type Saying } from './step.ts';

/** What a customer's activity means to us; read once at the rim. */
export type Inbound =
  | { readonly kind: 'message'; readonly message: Message; readonly keys: InboundKeys }
  /** The page (or a stock Web Chat) has opened this conversation, or shows it again. */
  | { readonly kind: 'join' }
  /** The channel says that the customer was added to the conversation. */
  | { readonly kind: 'arrived' }
  /** A prompt's button, sent as a card submit by a page without our kit. */
  | { readonly kind: 'answer'; readonly answer: PromptAnswer }
  /** Typing, other events: the bot's while the bot has the session, nobody's otherwise. */
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
  readonly streamOf: (widget: string) => string;
  readonly wordsFor: (widget: string) => Wording;
  readonly now: () => number;
}): TakeCustomerTurn {
  const { sessions, customers, agents } = given;
  const botTurn = makeBotTurn(given);
  /** Spares the bot a second run when a resend reaches the instance that has just answered. */
  const recent = recentlyUsed<string, true>(RECENT);
  const underway = new Map<string, Promise<void>>();

  const take: TakeCustomerTurn = async (turn) => {
    const { customer, conversation } = who(turn);
    switch (turn.inbound.kind) {
      case 'arrived':
        if (!(await hasPlaceToReturnTo(turn))) await botTurn(turn, undefined);
        return;
      case 'join':
        return joined(turn);
      case 'answer':
        return answered(turn, turn.inbound.answer);
      case 'message':
        return said(turn, turn.inbound.message, keysOf(turn, turn.inbound.keys));
      case 'other': {
        const entry = await customers.current(customer, conversation);
        if (entry === undefined || withBot(entry)) await botTurn(turn, entry?.sid);
        return;
      }
    }
  };

  const hasPlaceToReturnTo = async (turn: CustomerTurn): Promise<boolean> => {
    const { customer, conversation } = who(turn);
    if ((await customers.current(customer, conversation)) !== undefined) return true;
    return (
      (await customers.prompt(customer, conversation)) !== undefined ||
      (await customers.silent(customer, conversation)) !== undefined
    );
  };

  const joined = async (turn: CustomerTurn): Promise<void> => {
    const { customer, conversation } = who(turn);
    const prompt = await customers.prompt(customer, conversation);
    const entry = await customers.current(customer, conversation);
    if (entry?.conversation === conversation) {
      if (entry.status === 'disconnected') await customers.heal(entry.sid, conversation);
      return;
    }
    if (prompt !== undefined) {
      await turn.reply(
        promptActivity(prompt, given.wordsFor(await customers.widgetOf(customer, conversation))),
      );
      return;
    }
    const returned = await returnToBot(turn);
    if (returned === undefined) return botTurn(turn, undefined);
    await turn.reply(
      transcriptActivity(returned, given.wordsFor(await customers.widgetOf(customer, conversation))),
    );
  };

  /** A session that no agent has had yet goes on wherever its customer turns up, unasked. */
  const returnToBot = async (
    turn: CustomerTurn,
  ): Promise<(Returned & { readonly sid: SessionId }) | undefined> => {
    const { customer, conversation } = who(turn);
    const sid = await customers.silent(customer, conversation);
    if (sid === undefined) return undefined;
    const returned = await customers.comeBack(sid, conversation, 'heal', 'agent');
    return returned.refused === undefined ? { ...returned, sid } : undefined;
  };

  /** A page without our kit: same command, and the transcript as a card. */
  const answered = async (turn: CustomerTurn, answer: PromptAnswer): Promise<void> => {
    const { customer, conversation } = who(turn);
    const words = given.wordsFor(await customers.widgetOf(customer, conversation));
    const returned = await customers.answer(customer, conversation, answer);
    if (returned.refused !== undefined) {
      await turn.reply({ type: 'message', text: refusalText(returned.refused, words, 'customer') });
    } else if (answer.choice === 'fresh') {
      await botTurn(turn, undefined);
    } else {
      await turn.reply(transcriptActivity(returned, words));
    }
  };

  /** A resend shares the fate of what is under way, and is done when that was. */
  const said = (turn: CustomerTurn, message: Message, dedupe: readonly string[]): Promise<void> => {
    if (dedupe.length === 0) return say(turn, message, dedupe).then(() => undefined);
    const key = `${turn.reference.user.id}|${dedupe.join()}`;
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
      const prompt = await customers.prompt(customer, conversation);
      // The prompt has read the index anew: another instance may have opened the session a moment ago.
      entry = await customers.current(customer, conversation);
      if (entry === undefined && prompt !== undefined) {
        // Neither a silent new session nor a lost line: they choose first, and are told that it was not passed on.
        const words = given.wordsFor(await customers.widgetOf(customer, conversation));
        await turn.reply({ ...promptActivity(prompt, words), text: words.sentences.chooseFirst });
        return false;
      }
      if (entry === undefined) entry = bot((await returnToBot(turn))?.sid);
    }
    // In line, an agent may have accepted a moment ago on another instance: from then on the bot is not called.
    if (entry?.status === 'queued') entry = { sid: entry.sid, status: await statusNow(entry) };
    if (entry !== undefined && !withBot(entry)) {
      const { refused, duplicate, header } = await bridge(turn, entry.sid, message, dedupe);
      if (refused === undefined) {
        if (!duplicate && withBot(header.session)) await botTurn(turn, entry.sid);
        return true;
      }
      entry = undefined;
    }
    await botTurn(turn, entry?.sid, message, dedupe);
    return true;
  };

  const statusNow = async ({ sid, status }: Pick<IndexEntry, 'sid' | 'status'>): Promise<Status> =>
    (await sessions.fresh(sid))?.session.status ?? status;

  /** Write first: the agent sees it from the ledger. A session that is over by now refuses it. */
  const bridge = (
    turn: CustomerTurn,
    sid: SessionId,
    message: Message,
    dedupe: readonly string[],
  ): Promise<Outcome> =>
    sessions.ask(sid, {
      actor: 'customer',
      command: speaksHere(turn, agents),
      say: [{ by: { kind: 'customer' }, what: message }],
      dedupe,
      reference: turn.reference,
    });

  return take;
}

const bot = (sid: SessionId | undefined) => (sid === undefined ? undefined : { sid, status: 'bot' as const });

const who = (turn: CustomerTurn) => ({
  customer: turn.reference.user.id,
  conversation: turn.reference.conversation,
});

const withBot = (entry: Pick<IndexEntry, 'status'>): boolean =>
  entry.status === 'bot' || entry.status === 'queued' || isFinal(entry.status);

/** The prompt as an activity; `choosing` blocks the composer of our page until it is answered. */
const promptActivity = (prompt: Parameters<typeof promptCard>[0], words: Wording): OutgoingActivity => ({
  type: 'message',
  speak: promptText(prompt, words),
  attachments: [adaptiveCard(promptCard(prompt, words))],
  channelData: { reconnect: { prompt: true, state: { status: 'choosing', now: prompt.now } } },
});

const transcriptActivity = (returned: Returned, words: Wording): OutgoingActivity => ({
  type: 'message',
  attachments: [adaptiveCard(transcriptCard(returned.transcript, words))],
  channelData: { reconnect: { state: returned.state } },
});

const adaptiveCard = (content: unknown) => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content,
});

/** One key: the client's own id outlives a resend under a new activity id, and a change of conversation. */
const keysOf = (turn: CustomerTurn, keys: InboundKeys): readonly string[] => {
  const { channel, conversation } = turn.reference;
  const key =
    keys.client ?? (keys.activity === undefined ? undefined : `${channel}|${conversation}|${keys.activity}`);
  return key === undefined
    ? []
    : [key.length > 256 ? createHash('sha256').update(key).digest('base64url') : key];
};
