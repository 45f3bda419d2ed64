import type { PageClock } from '../clock.ts';
import { type Activity, clientIdOf } from './activity.ts';
import type { Observable, Observer } from './observable.ts';

/**
 * Keeps what the customer posted until the service has it: through dead sockets, expired tokens and reloads, in the
 * order it was typed. A posting may arrive twice; the house knows it by its `clientActivityID`.
 */
export interface Outbox {
  readonly post: (activity: Activity) => Observable<string>;
  /** Sends over this client from now on, and once more what the one before it had not confirmed. */
  readonly use: (client: Posting) => void;
  /** Stops sending until the next `use`. */
  readonly pause: () => void;
  /** The service has shown it to everybody: the next may go, even while the bot is still busy with this one. */
  readonly echoed: (clientId: string) => void;
  /** The page goes: everything that is not confirmed is handed over at once, in its order, to what outlives the page. */
  readonly leave: (handOver: (activity: Activity) => void) => void;
}

/** What hands an activity to the service, such as Direct Line's object. */
export interface Posting {
  readonly postActivity: (activity: Activity) => Observable<string>;
}

interface Item {
  readonly activity: Activity;
  readonly since: number;
  readonly observers: Observer<string>[];
  state: 'waiting' | 'sending' | 'echoed';
  attempts: number;
  /** Those of them that the browser was online for. */
  counted: number;
  stop: () => void;
}

/**
 * So many attempts take five minutes, after which Web Chat itself gives a message up: from then on its *Retry* is the way.
 * What fails while the browser knows that it is offline is not counted: nobody has to press for that.
 */
const MOST_ATTEMPTS = 24;
const LONGEST_PAUSE_MS = 15_000;
/** Past this Web Chat may show *Retry*, and hand in the same words under another name. */
const GIVEN_UP_MS = 290_000;

export function outbox(options: {
  readonly clock: PageClock;
  readonly kept: readonly Activity[];
  readonly keep: (unsent: readonly Activity[]) => void;
  /** The service no longer knows the token or the conversation. */
  readonly onRefused: () => void;
  readonly isOnline: () => boolean;
}): Outbox {
  const { clock } = options;
  let client: Posting | undefined;
  let items: Item[] = [];
  /** The service's ids of what it has, by Web Chat's. */
  const sent = new Map<string, string>();

  const keep = () => options.keep(items.map((item) => item.activity).filter(isPlainMessage));
  const add = (activity: Activity, observer: Observer<string>) => {
    if (activity.type === 'typing') {
      pass(activity, observer);
      return;
    }
    const name = clientIdOf(activity);
    const id = name === undefined ? undefined : sent.get(name);
    if (id !== undefined) {
      settle([observer], id);
      return;
    }
    // Another page of the browser may hand in again what its last leader had not confirmed.
    const same = name === undefined ? undefined : named(name);
    if (same !== undefined) {
      same.observers.push(observer);
      return;
    }
    const since = clock.now();
    for (const old of items) if (isRetryOf(activity, old) && since - old.since > GIVEN_UP_MS) drop(old);
    items.push({ ...{ activity, observers: [observer], since, state: 'waiting' }, ...fresh() });
    keep();
    pump();
  };
  // Late it would be untrue, and before a line it would hold that up: sent once, beside the others, or not at all.
  const pass = (activity: Activity, observer: Observer<string>) => {
    if (client === undefined) settle([observer], 'dropped');
    else client.postActivity({ ...activity }).subscribe(observer);
  };
  const named = (name: string) => items.find(({ activity }) => clientIdOf(activity) === name);
  const drop = (item: Item) => {
    item.stop();
    items = items.filter((one) => one !== item);
  };
  const remove = (item: Item) => {
    drop(item);
    keep();
    pump();
  };

  const pump = () => {
    if (client === undefined || items.some((item) => item.state === 'sending')) return;
    const next = items.find((item) => item.state === 'waiting');
    if (next !== undefined) send(next, client);
  };

  const send = (item: Item, over: Posting) => {
    item.state = 'sending';
    item.attempts += 1;
    const subscription = over.postActivity({ ...item.activity }).subscribe({
      next: (id) => {
        if (id === 'retry') again(item);
        else {
          const name = clientIdOf(item.activity);
          if (name !== undefined) sent.set(name, id);
          remove(item);
          settle(item.observers, id);
        }
      },
      error: (error) => {
        const status = statusOf(error);
        if (status === 401 || status === 403 || status === 404) options.onRefused();
        if (isFinal(status)) fail(item, error);
        else again(item);
      },
    });
    item.stop = () => subscription.unsubscribe();
  };

  const again = (item: Item) => {
    if (options.isOnline()) item.counted += 1;
    if (item.counted > MOST_ATTEMPTS) {
      fail(item, new Error('The message could not be sent'));
      return;
    }
    // It stays `sending` meanwhile, so that nothing typed later overtakes it.
    const cancel = clock.after(Math.min(500 * 2 ** item.attempts, LONGEST_PAUSE_MS), () => {
      if (client !== undefined) send(item, client);
    });
    item.stop = cancel;
  };

  const fail = (item: Item, error: unknown) => {
    remove(item);
    for (const observer of item.observers) observer.error?.(error);
  };

  for (const activity of options.kept) add(activity, {});

  return {
    post: (activity) => ({
      subscribe: (observer) => {
        add(activity, observer);
        return { unsubscribe: () => {} };
      },
    }),
    use: (next) => {
      client = next;
      for (const item of items) {
        item.stop();
        item.state = 'waiting';
      }
      pump();
    },
    pause: () => {
      client = undefined;
    },
    echoed: (clientId) => {
      const item = named(clientId);
      if (item === undefined) return;
      item.state = 'echoed';
      pump();
    },
    leave: (handOver) => {
      for (const { activity, state } of items)
        if (state !== 'echoed' && isPlainMessage(activity)) handOver(activity);
    },
  };
}

const fresh = (): Pick<Item, 'attempts' | 'counted' | 'stop'> => ({
  attempts: 0,
  counted: 0,
  stop: () => {},
});

const isRetryOf = (activity: Activity, { activity: old, state }: Item): boolean =>
  state !== 'echoed' && activity.type === 'message' && old.type === 'message' && activity.text === old.text;

function settle(observers: readonly Observer<string>[], id: string): void {
  for (const observer of observers) {
    observer.next?.(id);
    observer.complete?.();
  }
}

// Files are blobs of this very page and cannot be kept; events are told anew by whoever needs them.
const isPlainMessage = (activity: Activity): boolean =>
  activity.type === 'message' && (activity.attachments ?? []).length === 0;

const isFinal = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && status < 500 && ![401, 403, 404, 408, 429].includes(status);

function statusOf(error: unknown): number | undefined {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  return typeof status === 'number' ? status : undefined;
}
