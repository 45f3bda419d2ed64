import type { Said } from './mirror.ts';

/**
 * The pages of one browser that show the same widget to the same person. Each chat has one leader among them: the
 * browser's lock on its name says who, and hands it on by itself when a page closes, crashes or lets go.
 */
export interface Tabs {
  /** This page's name among them. */
  readonly id: string;
  /** Whether there can be others: without locks and a channel a page is alone. */
  readonly shared: boolean;
  /** The chats that a page leads at this moment. */
  readonly led: () => Promise<readonly string[]>;
  /**
   * Stands in line for the lead of a chat, or with `steal` takes it from a page that no longer answers. The returned
   * function gives the lead, or the place in line, up.
   */
  readonly lead: (
    chat: string,
    how: { readonly steal?: boolean; readonly onLead: () => void; readonly onDeposed: () => void },
  ) => () => void;
  /** Lets pages that open at the same moment in one after the other, so that the second finds the first one's chat. */
  readonly oneByOne: <T>(enter: () => Promise<T>) => Promise<T>;
  readonly say: (said: Said) => void;
  readonly listen: (hear: (said: Said, from: string) => void) => () => void;
  readonly close: () => void;
}

/** A page that hangs at the door keeps the others out no longer than this. */
const DOOR_MS = 5_000;

/** Where the browser forbids either (cookies blocked, no secure origin), every page is alone. */
export async function tabsOf(who: {
  readonly widget: string;
  readonly person: string | undefined;
}): Promise<Tabs> {
  // Pages of another version speak differently: they are not heard.
  const scope = ['reconnect', '1', who.widget, who.person ?? ''].map(encodeURIComponent).join('|');
  try {
    await navigator.locks.query();
    return together(scope, navigator.locks, new BroadcastChannel(scope));
  } catch {
    return alone();
  }
}

function together(scope: string, locks: LockManager, channel: BroadcastChannel): Tabs {
  const id = [...crypto.getRandomValues(new Uint32Array(2))].join('-');
  const chats = `${scope}|chat|`;
  const closing = new AbortController();
  return {
    id,
    shared: true,
    led: async () => {
      const { held = [] } = await locks.query();
      return held.flatMap(({ name = '' }) => (name.startsWith(chats) ? [name.slice(chats.length)] : []));
    },
    lead: (chat, { steal = false, onLead, onDeposed }) => {
      const leaving = new AbortController();
      let led = false;
      const hold = (): Promise<void> | undefined => {
        if (leaving.signal.aborted) return undefined;
        led = true;
        onLead();
        return new Promise((resolve) => leaving.signal.addEventListener('abort', () => resolve()));
      };
      locks
        .request(chats + chat, steal ? { steal } : { signal: leaving.signal }, hold)
        .catch(() => led && !leaving.signal.aborted && onDeposed());
      return () => leaving.abort();
    },
    oneByOne: async (enter) => {
      let leave = () => {};
      const inside = new Promise<void>((resolve) => (leave = resolve));
      await new Promise<void>((enters) => {
        const door = { signal: AbortSignal.timeout(DOOR_MS) };
        locks.request(`${scope}|door`, door, () => (enters(), inside)).catch(() => enters());
      });
      try {
        return await enter();
      } finally {
        leave();
      }
    },
    say: (said) => {
      if (!closing.signal.aborted) channel.postMessage({ said, from: id });
    },
    listen: (hear) => {
      const on = ({ data }: MessageEvent<unknown>) => {
        const heard = read(data);
        if (heard !== undefined) hear(heard.said, heard.from);
      };
      channel.addEventListener('message', on, { signal: closing.signal });
      return () => channel.removeEventListener('message', on);
    },
    close: () => {
      closing.abort();
      channel.close();
    },
  };
}

const alone = (): Tabs => ({
  id: 'alone',
  shared: false,
  led: () => Promise.resolve([]),
  lead: (_chat, { onLead }) => {
    onLead();
    return () => {};
  },
  oneByOne: (enter) => enter(),
  say: () => {},
  listen: () => () => {},
  close: () => {},
});

// Only pages of this origin and of this version can speak here: their words need no more reading than that.
function read(data: unknown): { readonly said: Said; readonly from: string } | undefined {
  if (typeof data !== 'object' || data === null || !('said' in data) || !('from' in data)) return undefined;
  return { said: data.said as Said, from: String(data.from) };
}
