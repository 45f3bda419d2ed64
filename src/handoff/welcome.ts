import type { Prompt, PromptAnswer, ShareAnswer } from '../cards/views.ts';
import { refusalText, type Wording } from '../cards/wording.ts';
import type { ConversationId, SessionId } from '../session/ids.ts';
import type { TakeBotTurn } from './bot-turn.ts';
import type { CustomerTurn } from './customer-turn.ts';
import type { Customers } from './customers.ts';
import { HandoffError } from './errors.ts';
import type { IndexEntry } from './header.ts';
import {
  promptActivity,
  shareActivity,
  tooLateActivity,
  transcriptActivity,
  unsureActivity,
} from './own-activities.ts';
import type { OutgoingActivity } from './ports.ts';
import type { Meant } from './prompts.ts';
import type { ComingBack, Returned } from './return.ts';

type Met = Pick<IndexEntry, 'sid' | 'status'>;

/** What a customer meets who turns up in a conversation: their prompt, their transcript, what became of their chat. */
export interface Welcome {
  /** Whether something waits for them here, so that the bot does not greet them as somebody new. */
  readonly isExpected: (turn: CustomerTurn) => Promise<boolean>;
  /** Their page is here. Where the store cannot tell whether they have a chat, they are told so, and offered both. */
  readonly joined: (turn: CustomerTurn) => Promise<void>;
  /**
   * They write where no session of theirs is: the one that goes on here, unasked; `asked` when they must choose first,
   * and the line is not passed on; `undefined` when it begins a new one, which they are told if they may not expect it.
   */
  readonly spokenTo: (turn: CustomerTurn, meant: Meant) => Promise<Met | 'asked' | undefined>;
  /** The prompt's answer, from a page without our kit: same command, and the transcript as a card. */
  readonly answered: (turn: CustomerTurn, answer: PromptAnswer) => Promise<void>;
  /** An earlier chat is shown to whoever has the new one, or not; whichever they say, the new one begins. */
  readonly shared: (turn: CustomerTurn, share: ShareAnswer) => Promise<void>;
  /** They leave a message, from a page without our buttons. */
  readonly leavesMessage: (turn: CustomerTurn) => Promise<void>;
  /** They want a new chat, whatever there may be. */
  readonly anew: (turn: CustomerTurn) => Promise<void>;
}

/** Makes it. */
export function makeWelcome(given: {
  readonly customers: Customers;
  readonly botTurn: TakeBotTurn;
  readonly wordsFor: (widget: string) => Wording;
  readonly now: () => number;
  /** Hears which session's prompt was shown, and where; returns at once. */
  readonly onAsked: (sid: SessionId, conversation: ConversationId) => void;
}): Welcome {
  const { customers, botTurn } = given;

  const isExpected: Welcome['isExpected'] = async (turn) => {
    const { customer, conversation } = who(turn);
    if ((await customers.current(customer, conversation)) !== undefined) return true;
    const meant = await customers.meant(customer, conversation);
    return meant.kind !== 'nothing' || (await customers.tooLate.find(customer, meant)) !== undefined;
  };
  const wordsHere = async (turn: CustomerTurn): Promise<Wording> => {
    const { customer, conversation } = who(turn);
    return given.wordsFor(await customers.widgetOf(customer, conversation));
  };

  const joined = (turn: CustomerTurn): Promise<void> => unlessUnsure(turn, () => welcomed(turn));
  const welcomed = async (turn: CustomerTurn): Promise<void> => {
    const { customer, conversation } = who(turn);
    const [meant, words] = await Promise.all([customers.meant(customer, conversation), wordsHere(turn)]);
    const entry = await customers.current(customer, conversation);
    if (entry?.conversation === conversation) {
      if (entry.status === 'disconnected') await customers.heal(entry.sid, conversation);
      return;
    }
    if (meant.kind === 'ask') return asks(turn, meant.prompt, promptActivity(meant.prompt, words));
    const returned = await comeBackUnasked(turn, meant);
    if (returned !== undefined) {
      const fresh = await customers.answerFor(customer, conversation, returned.sid, 'fresh');
      return turn.reply(transcriptActivity(returned, words, fresh));
    }
    const ended = await customers.tooLate.tell(customer, unchanged(meant));
    if (ended === undefined) return botTurn(turn, undefined);
    await turn.reply(tooLateActivity(ended, words, given.now()));
  };

  const asks = async (turn: CustomerTurn, { sid }: Prompt, activity: OutgoingActivity): Promise<void> => {
    await turn.reply(activity);
    given.onAsked(sid, who(turn).conversation);
  };

  /** Never a silent new session: where we cannot tell, we say so, and offer both. */
  const unlessUnsure = async (turn: CustomerTurn, run: () => Promise<void>): Promise<void> => {
    try {
      await run();
    } catch (reason) {
      if (!(reason instanceof HandoffError) || reason.code !== 'store_unavailable') throw reason;
      // Whatever asks the store would only fail, and late.
      await turn.reply(unsureActivity(given.wordsFor(customers.widgetInMind(who(turn).conversation))));
    }
  };

  /** A session that no agent has had yet goes on wherever its customer turns up; any does where the widget says so. */
  const comeBackUnasked = async (
    turn: CustomerTurn,
    meant: Meant,
    how: Pick<ComingBack, 'unshown'> = {},
  ): Promise<(Returned & { readonly sid: SessionId }) | undefined> => {
    if (meant.kind !== 'back') return undefined;
    const { sid, direct } = meant;
    const way = direct ? 'prompt' : 'heal';
    const { customer: user, conversation } = who(turn);
    const returned = await customers.returning.comeBack({
      ...{ sid, conversation, user, way, want: 'agent' },
      ...how,
    });
    return returned.refused === undefined ? { ...returned, sid } : undefined;
  };
  /** A page without our kit: same command, and the transcript as a card. */
  const answered = async (turn: CustomerTurn, answer: PromptAnswer): Promise<void> => {
    const { customer, conversation } = who(turn);
    const words = await wordsHere(turn);
    const returned = await customers.answer(customer, conversation, answer);
    if (returned.state.ended !== undefined) {
      await turn.reply(tooLateActivity(returned.state.ended, words, given.now()));
    } else if (returned.refused !== undefined) {
      await turn.reply({ type: 'message', text: refusalText(returned.refused, words, 'customer') });
    } else if (answer.choice === 'fresh' || answer.choice === 'notMe') {
      await greeted(turn);
      if (returned.share !== undefined) await turn.reply(shareActivity(returned.share, words));
    } else {
      await turn.reply(transcriptActivity(returned, words));
    }
  };

  const leavesMessage: Welcome['leavesMessage'] = async (turn) => {
    const { customer, conversation } = who(turn);
    if ((await customers.current(customer, conversation)) === undefined) return joined(turn);
    const { refused } = await customers.act(customer, conversation, 'leaveMessage');
    if (refused === undefined) return;
    const text = refusalText(refused, await wordsHere(turn), 'customer');
    await turn.reply({ type: 'message', text });
  };

  const greeted = async (turn: CustomerTurn): Promise<void> => {
    const { customer, conversation } = who(turn);
    const entry = await customers.current(customer, conversation);
    if (entry === undefined) await botTurn({ ...turn, runBot: turn.greet }, undefined);
  };
  const anew = async (turn: CustomerTurn): Promise<void> => {
    const { customer, conversation } = who(turn);
    await customers.startAnew(customer, conversation);
    await greeted(turn);
  };

  /** The earlier chat is shown, or not; whichever they say, the new one begins. */
  const shared = async (turn: CustomerTurn, share: ShareAnswer): Promise<void> => {
    const { customer, conversation } = who(turn);
    const words = await wordsHere(turn);
    await anew(turn);
    if (!share.yes) return turn.reply({ type: 'message', text: words.sentences['share.kept'] });
    const { refused } = await customers.share(customer, conversation, share);
    await turn.reply({
      type: 'message',
      text:
        refused === undefined || refused.kind === 'already'
          ? words.sentences['share.done']
          : refusalText(refused, words, 'customer'),
    });
  };

  /** An ended chat is not gone on with in silence: what they write begins a new one, and they are told so. */
  const announceNew = async (turn: CustomerTurn, meant: Meant): Promise<void> => {
    const ended = await customers.tooLate.tell(turn.reference.user.id, unchanged(meant));
    if (ended === undefined) return;
    const words = await wordsHere(turn);
    const activity = tooLateActivity(ended, words, given.now());
    await turn.reply({ ...activity, text: words.sentences['over.new'] });
  };

  return {
    isExpected,
    joined,
    answered,
    shared,
    leavesMessage,
    anew: (turn) => unlessUnsure(turn, () => anew(turn)),
    spokenTo: async (turn, meant) => {
      if (meant.kind === 'ask') {
        // Neither a silent new session nor a lost line: they choose first, and are told that it was not passed on.
        const words = await wordsHere(turn);
        await asks(turn, meant.prompt, {
          ...promptActivity(meant.prompt, words),
          text: words.sentences.chooseFirst,
        });
        return 'asked';
      }
      const met = goesOn(await comeBackUnasked(turn, meant, { unshown: true }));
      if (met === undefined) await announceNew(turn, meant);
      return met;
    },
  };
}

/** What was read for it, where nobody has tried to come back since. */
const unchanged = (meant: Meant): Meant | undefined => (meant.kind === 'nothing' ? meant : undefined);

const who = (turn: CustomerTurn) => ({
  customer: turn.reference.user.id,
  conversation: turn.reference.conversation,
});

function goesOn(returned: (Returned & { readonly sid: SessionId }) | undefined): Met | undefined {
  const status = returned?.state.status;
  if (returned === undefined || status === undefined || status === 'none' || status === 'choosing')
    return undefined;
  return { sid: returned.sid, status };
}
