import type { Activity } from './activity.ts';
import type { Observable } from './observable.ts';

/** botframework-directlinejs' `ConnectionStatus`. */
export const Connection = {
  uninitialized: 0,
  connecting: 1,
  online: 2,
  expiredToken: 3,
  failed: 4,
  ended: 5,
} as const;

/** What Web Chat needs of a Direct Line. */
export interface BotConnection {
  readonly connectionStatus$: Observable<number>;
  readonly activity$: Observable<Activity>;
  readonly postActivity: (activity: Activity) => Observable<string>;
  readonly end: () => void;
  /** Read by Web Chat for the user id in it. */
  readonly token: string;
}

/** botframework-directlinejs' object; `token`, `conversationId` and `watermark` change while it lives. */
export interface DirectLineClient extends BotConnection {
  readonly conversationId?: string;
  readonly watermark?: string;
}

export interface DirectLineOptions {
  readonly token: string;
  readonly conversationId?: string;
  readonly domain: string;
  readonly watermark?: string | undefined;
  /** Draws the delay before a socket is opened again, 3 s + random() * 12 s. */
  readonly random: () => number;
  readonly WebSocket: typeof WebSocket;
}

export interface Action {
  readonly type: string;
  readonly payload?: unknown;
}
export interface Store {
  readonly dispatch: (action: Action) => unknown;
  readonly getState: () => { readonly sendBoxValue?: string };
  readonly subscribe: (listener: () => void) => () => void;
}
type Next = (action: Action) => unknown;
export type StoreMiddleware = (store: Pick<Store, 'dispatch' | 'getState'>) => (next: Next) => Next;

/** An element of the React inside Web Chat: data that can be copied and changed. */
export interface WebChatElement {
  readonly type: unknown;
  readonly key: unknown;
  readonly ref: unknown;
  readonly props: Readonly<Record<string, unknown>>;
}

export interface WebChat {
  readonly createStore: (initial: object, middleware: StoreMiddleware) => Store;
  readonly renderWebChat: (props: Readonly<Record<string, unknown>>, element: HTMLElement) => void;
}

export interface Vendor {
  readonly webChat: WebChat;
  readonly newDirectLine: (options: DirectLineOptions) => DirectLineClient;
}

interface Globals {
  readonly WebChat?: WebChat;
  readonly DirectLine?: { readonly DirectLine: new (options: DirectLineOptions) => DirectLineClient };
}

/** Loads Web Chat and Direct Line, both unmodified; rejects when a script does not come. Safe to try again. */
export async function loadVendor(): Promise<Vendor> {
  await Promise.all([script('/vendor/webchat.js'), script('/vendor/directline.js')]);
  const { WebChat: webChat, DirectLine: directLine } = globalThis as Globals;
  if (webChat === undefined || directLine === undefined) throw new Error('The chat scripts did not load');
  return { webChat, newDirectLine: (options) => new directLine.DirectLine(options) };
}

const loaded = new Set<string>();

async function script(source: string): Promise<void> {
  if (loaded.has(source)) return;
  const element = document.createElement('script');
  element.src = source;
  await new Promise<void>((resolve, reject) => {
    element.addEventListener('load', () => resolve());
    element.addEventListener('error', () => {
      element.remove();
      reject(new Error(`${source} did not load`));
    });
    document.head.append(element);
  });
  loaded.add(source);
}
