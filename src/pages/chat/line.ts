import type { PageClock } from '../clock.ts';
import { type Activity, clientIdOf } from './activity.ts';
import { source } from './observable.ts';
import { outbox } from './outbox.ts';
import { type BotConnection, Connection, type DirectLineClient, type Vendor } from './vendor.ts';

/**
 * A Direct Line that mends. Web Chat ends its Direct Line object for good on an expired token; this one stays, and
 * another Direct Line client is put beneath it as often as needed. To Web Chat it is online from the first moment:
 * what is posted meanwhile waits in the outbox, and the page's own status tells the truth about the line.
 */
export interface MendingLine {
  readonly connection: BotConnection;
  /** Puts a new client beneath; the one before it is ended. */
  readonly open: (way: Way) => void;
  /** Shows activities that did not come over the line. */
  readonly show: (activities: readonly Activity[]) => void;
  readonly end: () => void;
}

export interface Way {
  readonly token: string;
  readonly domain: string;
  /** A conversation that was started before, to be taken up again after the watermark; otherwise the token's is started. */
  readonly started?: { readonly conversationId: string; readonly watermark?: string | undefined };
}

export interface Where {
  readonly token: string;
  /** The conversation, now that it is started. */
  readonly started: string | undefined;
  readonly watermark: string | undefined;
}

export interface LineOptions {
  readonly newDirectLine: Vendor['newDirectLine'];
  readonly clock: PageClock;
  /** The first way; its token tells Web Chat who the customer is. */
  readonly way: Way;
  /** What to show for an activity that came. */
  readonly receive: (activity: Activity) => readonly Activity[];
  /** The socket opened or was lost. Direct Line itself tells nobody. */
  readonly onSocket: (open: boolean) => void;
  /** The client beneath is dead: its token or conversation is no longer good. Told once per client. */
  readonly onBroken: () => void;
  /** Where the line stands, when it comes up and after every activity: what a reload needs. */
  readonly onMoved: (where: Where) => void;
  readonly unsent: readonly Activity[];
  readonly keepUnsent: (unsent: readonly Activity[]) => void;
}

/**
 * How long a client may be without its socket. The client tries again after 3 s, but where that meets a server that is
 * just starting it waits 20 s more: a fresh client is quicker, and loses nothing.
 */
const SOCKET_MS = 6_000;

export function mendingLine(options: LineOptions): MendingLine {
  const shown = new Map<string, Activity>();
  const activities = source(() => shown.values());
  const status = source(() => [Connection.connecting, Connection.online]);
  let beneath: DirectLineClient | undefined;

  const break_ = (client: DirectLineClient | undefined) => {
    if (client === undefined || client !== beneath) return;
    beneath = undefined;
    posts.pause();
    client.end();
    options.onBroken();
  };
  const posts = outbox({
    clock: options.clock,
    kept: options.unsent,
    keep: options.keepUnsent,
    onRefused: () => break_(beneath),
  });

  const show = (more: readonly Activity[]) => {
    for (const activity of more) {
      if (activity.type === 'message' && activity.id !== undefined) shown.set(activity.id, activity);
      activities.next(activity);
    }
  };

  const open = (way: Way) => {
    const before = beneath;
    let giveUp = () => {};
    const client = options.newDirectLine({
      token: way.token,
      domain: new URL(way.domain, location.origin).href,
      ...way.started,
      // Everybody would otherwise wait up to 15 s for a socket that could be opened after three.
      random: () => 0,
      WebSocket: watched((up) => {
        if (beneath !== client) return;
        options.onSocket(up);
        giveUp();
        if (!up) giveUp = options.clock.after(SOCKET_MS, () => break_(client));
      }),
    });
    beneath = client;
    giveUp = options.clock.after(SOCKET_MS, () => break_(client));
    before?.end();
    client.connectionStatus$.subscribe({
      next: (now) => {
        if (now === Connection.online && client === beneath) {
          options.onMoved(whereIs(client));
          posts.use(client);
        }
        if (now >= Connection.expiredToken) break_(client);
      },
    });
    client.activity$.subscribe({
      next: (activity) => {
        if (client !== beneath) return;
        show(options.receive(activity));
        const echo = clientIdOf(activity);
        if (echo !== undefined) posts.echoed(echo);
        options.onMoved(whereIs(client));
      },
      error: () => break_(client),
    });
  };

  const end = () => {
    const client = beneath;
    beneath = undefined;
    posts.pause();
    client?.end();
  };

  return {
    connection: {
      connectionStatus$: status,
      activity$: activities,
      postActivity: posts.post,
      end,
      token: options.way.token,
    },
    open,
    show,
    end,
  };
}

const whereIs = (client: DirectLineClient): Where => ({
  token: client.token,
  started: client.conversationId,
  // Direct Line starts with an empty one, which would ask for nothing at all.
  watermark: client.watermark === '' ? undefined : client.watermark,
});

function watched(tell: (open: boolean) => void): typeof WebSocket {
  return class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('open', () => tell(true));
      this.addEventListener('close', () => tell(false));
    }
  };
}
