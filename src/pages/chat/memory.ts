import type { CustomerState } from '../../cards/views.ts';
import type { Activity } from './activity.ts';

/**
 * What a reload of this tab needs to go on where it was. It lives in the tab's own storage: another tab or browser
 * asks for a conversation of its own.
 */
export interface Remembered {
  readonly conversation?: string;
  readonly token?: string;
  /** The conversation, once Direct Line has started it: only then can it be taken up again. */
  readonly started?: string | undefined;
  readonly watermark?: string | undefined;
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

/** Whom the site's sign-in says this browser is, as its login cookie would: kept over tabs and restarts. */
export const siteMemory = {
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
  return stored(() => JSON.parse(text) as Remembered) ?? {};
}
