import type { CustomerState } from '../../cards/views.ts';
import type { Activity } from './activity.ts';
import type { Read } from './seen.ts';

/**
 * What a reload of this tab needs to go on where it was. It lives in the tab's own storage; what another tab needs, it
 * hears from this one while it is open.
 */
export interface Remembered {
  /** Who was signed in: what somebody else left here is not gone on with. */
  readonly person?: string | undefined;
  /** Under which name this browser's pages share the chat, and its session. */
  readonly chat?: string | undefined;
  readonly sid?: string | undefined;
  readonly conversation?: string | undefined;
  readonly token?: string | undefined;
  /** The conversation, once Direct Line has started it: only then can it be taken up again. */
  readonly started?: string | undefined;
  readonly watermark?: string | undefined;
  /** Up to which line of which session was read here. */
  readonly seen?: Read | undefined;
  /** How the chat in this conversation ended. */
  readonly over?: CustomerState | undefined;
  /** Typed, not sent. */
  readonly draft?: string;
  /** Sent, not confirmed. */
  readonly unsent?: readonly Activity[];
}

export interface Memory {
  readonly read: () => Remembered;
  readonly write: (change: Remembered) => void;
  readonly forget: () => void;
}

/** Falls back to this page's lifetime where the browser allows no storage. */
export function tabMemory(widget: string): Memory {
  const key = `reconnect:${widget}`;
  let kept = parse(stored(() => sessionStorage.getItem(key)));
  const save = (next: Remembered) => {
    kept = next;
    stored(() => sessionStorage.setItem(key, JSON.stringify(next)));
  };
  return {
    read: () => kept,
    write: (change) => save({ ...kept, ...change }),
    forget: () => save({}),
  };
}

/** Forgets the chat; draft and unsent lines stay, they are the page's. */
export const forgetChat = (memory: Memory) =>
  memory.write({
    chat: undefined,
    sid: undefined,
    conversation: undefined,
    token: undefined,
    started: undefined,
    watermark: undefined,
    over: undefined,
  });

/** Remembers another chat of this browser, to be joined next. */
export const goTo = (memory: Memory, chat: string) => {
  forgetChat(memory);
  // A chat is called by the conversation it began in: where its pages are gone, that is what to ask the house for.
  memory.write({ chat, conversation: chat });
};

/** Whom the site's sign-in says this browser is, as its login cookie would: kept over tabs and restarts. */
export const siteMemory = {
  key: 'site-person',
  read: (): string | undefined => stored(() => localStorage.getItem('site-person')) ?? undefined,
  write: (subject: string | undefined) =>
    stored(() =>
      subject === undefined
        ? localStorage.removeItem('site-person')
        : localStorage.setItem('site-person', subject),
    ),
};

function stored<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function parse(text: string | null | undefined): Remembered {
  if (text === null || text === undefined) return {};
  const kept = stored((): unknown => JSON.parse(text));
  // Written by this very module; whatever else stands there is as good as nothing.
  return typeof kept === 'object' && kept !== null ? kept : {};
}
