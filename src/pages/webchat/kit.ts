import { DirectLine } from 'botframework-directlinejs';
import type { PromptAnswer } from '../../cards/views.ts';
import { type Abroad, house as houseAt, Told, type Opened } from '../chat/house.ts';
import { type Chat, joinChat, type Joining } from '../chat/kit.ts';
import { takeToken } from '../chat/landing-token.ts';
import { tabMemory } from '../chat/memory.ts';
import { interceptCards, noteFor, unreadNote } from '../chat/prompt.ts';
import { siteSession } from '../chat/sign-in.ts';
import { greeted } from '../chat/share.ts';
import { type Button, isOver, type Situation, standing } from '../chat/standing.ts';
import type { DirectLineClient, Store, WebChat } from '../chat/vendor.ts';
import { wordsOf } from '../chat/wording.ts';
import { pageClock } from '../clock.ts';
import { followLink } from './link.ts';

/** Where the customer stands, for the site to show beside its Web Chat. */
export interface ChatStatus {
  /** One sentence, in the widget's language and wording. Belongs into an element with `role="status"`. */
  readonly text: string;
  readonly tone: 'good' | 'wait' | 'bad' | 'over';
  /** What the customer can do besides writing: hand one to `press`. */
  readonly buttons: readonly Button[];
}

/** What Web Chat is rendered with: spread it into `renderWebChat`, beside what is the site's own. */
export interface WebChatProps {
  readonly directLine: object;
  readonly store: object;
  readonly locale: string;
  readonly dir: 'ltr' | 'rtl';
  /** The agent sees that the customer is writing. */
  readonly sendTypingIndicator: true;
}

export interface ReconnectKitOptions {
  /** Origin of the house, such as `https://chat.example.com`; this page's origin must be one that its settings name. */
  readonly house: string;
  /** The widget's id; the first one when not given. */
  readonly widget?: string;
  /** The site's own Web Chat, `window.WebChat`. */
  readonly webChat: Pick<WebChat, 'createStore'>;
  /** Draws Web Chat; called at once and whenever the chat has to be drawn anew. */
  readonly render: (props: WebChatProps) => void;
  readonly status?: (status: ChatStatus) => void;
  /**
   * Where somebody is signed in on the site as the page loads: gives the site's token for them, asked again before it ends
   * and when it is refused. A chat that was begun before the sign-in goes on as theirs.
   */
  readonly signIn?: () => Promise<string>;
  /** Asks whether to follow the link this page was opened with; the browser's own dialog when not given. */
  readonly confirm?: (question: string) => boolean | Promise<boolean>;
}

/** The chat on the site's page. */
export interface ReconnectKit {
  readonly press: (button: Button) => Promise<void>;
  /** Before the page goes to the site's sign-in and comes back; no drop. */
  readonly close: () => void;
  /** Whoever was anonymous has signed in, without leaving the page: the chat goes on as theirs. */
  readonly signedIn: (signIn: () => Promise<string>) => Promise<void>;
  /** They have signed out: this browser is forgotten, and a new chat is begun. */
  readonly signedOut: () => Promise<void>;
}

/** Whose chat a tab holds is known to the house; here it only matters whether somebody is signed in. */
const SOMEBODY = 'signed in';
const nobody = (): Promise<string> => Promise.reject(new Error('Nobody is signed in here'));

// First of all: it may stand in nobody's history.
const landedWith = takeToken();

/**
 * Makes a site's own Web Chat come back: its line mends itself, other tabs mirror it, a returning customer is asked,
 * and a page opened by a reconnect link goes on with that chat once its customer says so.
 *
 * @throws Error when the house refuses to open a chat, with a sentence for people.
 *
 * @example
 * await reconnect({
 *   house: 'https://chat.example.com',
 *   webChat: window.WebChat,
 *   render: (props) => window.WebChat.renderWebChat(props, document.getElementById('chat')),
 *   status: ({ text }) => (document.getElementById('status').textContent = text),
 * });
 */
export async function reconnect(options: ReconnectKitOptions): Promise<ReconnectKit> {
  const clock = pageClock();
  let { signIn } = options;
  const site = siteSession({
    clock,
    signIn: () => (signIn ?? nobody)(),
    onTrouble: () => {},
  });
  const house = houseAt(site, { origin: options.house, pass: keptPass(options.widget) });
  const widget = await house.widget(options.widget ?? 'default');
  const words = wordsOf(widget.wording);
  const memory = tabMemory(widget.id);
  if (signIn !== undefined) await site.become(SOMEBODY);

  let situation: Situation = {
    ...{ state: undefined, link: 'connecting', online: navigator.onLine, elsewhere: false, ending: false },
    ...{ atTheDoor: undefined, shared: false },
  };
  let chat: Chat | undefined;
  const timeOfDay = (at: number) =>
    new Intl.DateTimeFormat(words.language, { timeStyle: 'short' }).format(at);
  const change = (what: Partial<Situation>) => {
    situation = { ...situation, ...what, online: navigator.onLine };
    options.status?.(standing(situation, words, timeOfDay));
  };
  for (const type of ['online', 'offline']) addEventListener(type, () => change({}));

  const open = async (joining: Joining): Promise<void> => {
    chat?.close();
    change({ state: undefined, link: 'connecting', elsewhere: false });
    const join = () =>
      store.dispatch({
        type: 'WEB_CHAT/SEND_EVENT',
        payload: { name: 'webchat/join', value: { language: widget.language, widget: widget.id } },
      });
    const here = await joinChat(
      {
        house,
        clock,
        memory,
        widget,
        vendor: { newDirectLine: (given) => new DirectLine(given as never) as unknown as DirectLineClient },
        person: site.person(),
        onState: (state) => change({ state, elsewhere: false }),
        onElsewhere: () => change({ elsewhere: true }),
        onRejoin: () => void open('join'),
        onLink: (link) => change({ link }),
        onConversation: () => join(),
        noteFor: noteFor(words),
        unreadNote: unreadNote(words),
      },
      joining,
    );
    chat = here;
    const answers = interceptCards({
      answer: (answer) => void answered(here, answer, join),
      share: (answer) => answer.yes && void house.share(here.conversation(), answer),
    });
    const store: Store = options.webChat.createStore({}, (api) => (next) => {
      const on = answers(api)(next);
      return (action) => {
        const result = on(action);
        if (action.type === 'DIRECT_LINE/CONNECT_FULFILLED') join();
        return result;
      };
    });
    options.render({
      directLine: here.connection,
      store,
      locale: widget.language,
      dir: words.direction,
      sendTypingIndicator: true,
    });
  };
  const answered = async (here: Chat, answer: PromptAnswer, join: () => void): Promise<void> => {
    if (answer.choice === 'notMe') {
      await house.forget();
      memory.forget();
      return open('anew');
    }
    if ((await here.answer(answer)) !== undefined) join();
  };

  /** An anonymous chat of this tab becomes that of who has signed in meanwhile; nobody else's does. */
  const takeAlong = async (conversation: string | undefined): Promise<void> => {
    if (site.person() === undefined || memory.read().person !== undefined || conversation === undefined)
      return;
    try {
      await house.identify(conversation);
      memory.write({ person: site.person() });
    } catch (error) {
      if (!(error instanceof Told)) throw error;
      // It is somebody else's: theirs opens instead.
    }
  };

  const press = async (button: Button): Promise<void> => {
    if (chat === undefined) return;
    switch (button) {
      case 'newChat':
      case 'continueHere':
        memory.forget();
        return open('anew');
      case 'suspend':
      case 'end':
      case 'leaveQueue':
      case 'leaveMessage':
      case 'backInLine':
      case 'anyone':
      case 'fresh':
        return chat.act(button);
      case 'leave':
        await house.forget();
        memory.forget();
        chat.close();
        change({ atTheDoor: 'left' });
        return;
      case 'withHistory': {
        const { state } = situation;
        if (state?.ended === undefined) return;
        if (isOver(state)) {
          await press('newChat');
          await greeted(chat, clock);
        }
        await house.share(chat.conversation(), { earlier: state.ended.sid, nonce: state.ended.nonce });
        return;
      }
      case 'withdraw':
        return house.withdrawLinks(chat.conversation());
      case 'undo':
      case 'wayBack':
      case 'download':
      case 'code':
      case 'shared':
        throw new Error(`${button}: this site's page has to offer that by itself`);
    }
  };

  const back: Opened | undefined =
    landedWith === undefined
      ? undefined
      : await followLink(landedWith, {
          ...{ house, clock, words, widget: widget.id },
          confirm: options.confirm ?? ((question) => globalThis.confirm(question)),
          tell: (text) => options.status?.({ text, tone: 'wait', buttons: [] }),
        });
  if (back !== undefined) memory.forget();
  else await takeAlong(memory.read().conversation);
  await open(back ?? 'join').catch((error: unknown) => {
    change({ link: 'refused' });
    throw error instanceof Told && error.message !== '' ? new Error(error.message) : error;
  });
  return {
    press,
    close: () => chat?.close(),
    signedIn: async (given) => {
      signIn = given;
      await site.become(SOMEBODY);
      await takeAlong(chat?.conversation());
      await open('join');
    },
    signedOut: async () => {
      await site.become(undefined);
      signIn = undefined;
      await house.forget();
      memory.forget();
      await open('anew');
    },
  };
}

/** In the tab's own storage, where the browser has one: it opens this tab's chat and no other. */
function keptPass(widget = 'default'): Abroad['pass'] {
  const key = `reconnect:pass:${widget}`;
  const stored = <T>(use: () => T): T | undefined => {
    try {
      return use();
    } catch {
      return undefined;
    }
  };
  return {
    read: () => stored(() => sessionStorage.getItem(key)) || undefined,
    write: (pass) => stored(() => sessionStorage.setItem(key, pass)),
  };
}
