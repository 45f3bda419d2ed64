import type { CustomerState, PromptAnswer } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { findChat } from './find.ts';
import type { Act, House, Opened } from './house.ts';
import { forgetChat, goTo, type Memory } from './memory.ts';
import { openConversation } from './opening.ts';
import { takePart } from './part.ts';
import type { Link } from './standing.ts';
import { type Tabs, tabsOf } from './tabs.ts';
import type { BotConnection, Vendor } from './vendor.ts';

/**
 * One customer's chat on one page: a conversation, kept alive and whole, whatever happens beneath it. Other pages of
 * the same browser that show it mirror each other: one of them leads, and when it goes, another one goes on.
 */
export interface Chat {
  /** For Web Chat's `directLine`; stays the same through every repair. */
  readonly connection: BotConnection;
  readonly userId: string;
  readonly conversation: () => string;
  /**
   * Answers the prompt: posts it once, however often it is called meanwhile, and shows the transcript it brings.
   * Gives a sentence for people when the prompt had become stale; a new one has to be asked for then.
   */
  readonly answer: (answer: PromptAnswer) => Promise<string | undefined>;
  readonly act: (act: Act) => Promise<void>;
  /** Leaves this chat to itself, silently: nothing ends on the other side, and other pages keep it. */
  readonly close: () => void;
  /**
   * Takes this chat away from every other page of the browser, as after a sign-out or on a shared computer: they
   * forget it and open anew, and no page joins this one any more. Close it too where it shall not go on here.
   */
  readonly disband: () => void;
  /**
   * Joins the chat to whoever is signed in now: every page that shows it is to join again, as that person, and goes on
   * where it was; one that is still somebody else's opens anew.
   */
  readonly identified: (person: string) => void;
}

export interface ChatOptions {
  readonly house: House;
  readonly vendor: Pick<Vendor, 'newDirectLine'>;
  readonly clock: PageClock;
  readonly memory: Memory;
  readonly widget: { readonly id: string; readonly company: string };
  /**
   * Who is signed in, by any name that is theirs alone. Only pages of the same person mirror each other, and only what
   * the same person left in the memory is gone on with; after `identify` write the new one there before joining again.
   */
  readonly person: string | undefined;
  readonly onState: (state: CustomerState) => void;
  /** Another browser took the chat up, or it ended unheard: this page has left it alone, as `close` does. */
  readonly onElsewhere: () => void;
  /** The chat has to be drawn from the start, or is gone: close this one and join again, with the same memory. */
  readonly onRejoin: () => void;
  readonly onLink: (link: Link) => void;
  /** A new conversation is beneath: the bot has to be told that we joined. */
  readonly onConversation: () => void;
  /** What stands in the place of a prompt once it was answered. */
  readonly noteFor: (choice: PromptAnswer['choice'], now: CustomerState) => string;
  /** What stands over the first of so many lines that came while they were away. */
  readonly unreadNote: (count: number) => string;
  /** Plays a sound: an agent's line came, and no page of the chat has the focus. Called on one page only. */
  readonly chime?: () => void;
}

/** What a page does that opens: it takes part in a chat if there is one, insists on a new one, or brings one along. */
export type Joining = 'join' | 'anew' | Opened;

/**
 * Joins the chat that this browser shows on another page, goes on with the one this page showed before it was loaded
 * again, or opens one. Tries as long as the network is gone.
 *
 * @throws Told when the house refuses.
 */
export async function joinChat(options: ChatOptions, joining: Joining = 'join'): Promise<Chat> {
  const { memory, person } = options;
  if (memory.read().person !== person) memory.forget();
  memory.write({ person });
  const tabs = await tabsOf({ widget: options.widget.id, person: options.person });
  try {
    if (joining !== 'join') return await begin(options, tabs, joining);
    return await tabs.oneByOne(() => begin(options, tabs, joining));
  } catch (error) {
    tabs.close();
    throw error;
  }
}

async function begin(options: ChatOptions, tabs: Tabs, joining: Joining): Promise<Chat> {
  const { memory } = options;
  if (joining !== 'join') forgetChat(memory);
  const found = joining === 'join' ? await findChat(tabs, options.clock, memory.read()) : undefined;
  if (found === undefined) {
    const opening = await openConversation(options, typeof joining === 'object' ? joining : undefined);
    memory.write({ chat: opening.mirror.where.conversation });
    return takePart(options, tabs, opening.mirror.where.conversation, opening);
  }
  if (memory.read().chat !== found) goTo(memory, found);
  return takePart(options, tabs, found);
}
