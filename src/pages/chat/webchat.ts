import type { PageClock } from '../clock.ts';
import type { Activity } from './activity.ts';
import type { Widget } from './house.ts';
import { cardLooks, looks } from './looks.ts';
import { renderers } from './renderers.ts';
import type { Action, BotConnection, Store, StoreMiddleware, WebChat } from './vendor.ts';
import type { Words } from './wording.ts';

/** Web Chat in an element of the page. */
export interface View {
  /** Tells the bot that this page is here and in which language; safe to repeat. */
  readonly join: () => void;
  readonly draft: () => string;
  readonly close: () => void;
}

export interface ViewOptions {
  readonly webChat: WebChat;
  readonly clock: PageClock;
  /** An empty element; the view fills it. */
  readonly element: HTMLElement;
  readonly connection: BotConnection;
  readonly words: Words;
  readonly widget: Pick<Widget, 'id' | 'company' | 'language' | 'files'>;
  readonly draft: string | undefined;
  readonly onDraft: (text: string) => void;
  /** A line of the customer has arrived. */
  readonly onSaid: () => void;
  readonly middleware: StoreMiddleware;
}

export function showWebChat(options: ViewOptions): View {
  const { webChat, element, words, widget } = options;
  const join = () =>
    store.dispatch({
      type: 'WEB_CHAT/SEND_EVENT',
      payload: { name: 'webchat/join', value: { language: widget.language, widget: widget.id } },
    });
  const store: Store = webChat.createStore({}, (api) => (next) => {
    const on = options.middleware(api)(next);
    return (action) => {
      const result = on(action);
      if (action.type === 'DIRECT_LINE/CONNECT_FULFILLED') join();
      if (action.type === 'DIRECT_LINE/POST_ACTIVITY_FULFILLED' && isMessage(action)) options.onSaid();
      return result;
    };
  });
  if (options.draft !== undefined && options.draft !== '')
    store.dispatch({ type: 'WEB_CHAT/SET_SEND_BOX', payload: { text: options.draft } });
  const stopDrafts = keepDraft(store, options.onDraft);
  const stopRoles = nameTheLog(element, words.conversation);

  webChat.renderWebChat(
    {
      directLine: options.connection,
      store,
      locale: words.language,
      dir: words.direction,
      sendTypingIndicator: true,
      styleOptions: { ...looks(widget.company), hideUploadButton: widget.files === false },
      adaptiveCardsHostConfig: cardLooks,
      overrideLocalizedStrings: (strings: Readonly<Record<string, string>>) => ({
        ...strings,
        TEXT_INPUT_PLACEHOLDER: words.placeholder,
        TRANSCRIPT_ARIA_LABEL_ALT: words.conversation,
        ACTIVITY_BOT_SAID_ALT: words.said(widget.company),
      }),
      ...renderers(words, widget.company, options.clock),
    },
    element,
  );

  return {
    join,
    draft: () => store.getState().sendBoxValue ?? '',
    close: () => {
      stopDrafts();
      stopRoles();
      store.dispatch({ type: 'DIRECT_LINE/DISCONNECT' });
      element.remove();
    },
  };
}

const isMessage = ({ payload }: Action): boolean =>
  (payload as { readonly activity?: Activity } | undefined)?.activity?.type === 'message';

function keepDraft(store: Store, keep: (text: string) => void): () => void {
  let last = store.getState().sendBoxValue ?? '';
  return store.subscribe(() => {
    const now = store.getState().sendBoxValue ?? '';
    if (now !== last) keep((last = now));
  });
}

/**
 * Makes the messages the page's one log. Web Chat gives that role to a region off-screen, which holds a copy of new
 * messages for a second, for screen readers to announce: it keeps announcing, and the log itself stays silent.
 */
function nameTheLog(element: HTMLElement, name: string): () => void {
  const apply = () => {
    const announcer = element.querySelector('.webchat__live-region-transcript[role=log]');
    announcer?.removeAttribute('role');
    announcer?.setAttribute('aria-live', 'polite');
    const log = element.querySelector('.webchat__basic-transcript__scrollable:not([role=log])');
    log?.setAttribute('role', 'log');
    log?.setAttribute('aria-label', name);
    log?.setAttribute('aria-live', 'off');
  };
  const observer = new MutationObserver(apply);
  observer.observe(element, { childList: true, subtree: true });
  apply();
  return () => observer.disconnect();
}
