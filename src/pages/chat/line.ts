import type { PageClock } from '../clock.ts';
import type { Activity } from './activity.ts';
import type { Where } from './mirror.ts';
import type { Outbox } from './outbox.ts';
import { Connection, type DirectLineClient, type Vendor } from './vendor.ts';

/**
 * A Direct Line that mends. Web Chat ends its Direct Line object for good on an expired token; this one stays, and
 * another Direct Line client is put beneath it as often as needed. To Web Chat it is online from the first moment:
 * what is posted meanwhile waits in the outbox, and the page's own status tells the truth about the line.
 */
export interface MendingLine {
  /** Puts a new client beneath; the one before it is ended. */
  readonly open: (way: Way) => void;
  /** Puts a new client in the place of one that may be dead without knowing it. */
  readonly renew: () => void;
  /** The service refused a posting: it no longer knows the token or the conversation. */
  readonly refused: () => void;
  readonly end: () => void;
}

export interface Way {
  readonly token: string;
  readonly domain: string;
  /** A conversation that was started before, to be taken up again after the watermark; otherwise the token's is started. */
  readonly started?: { readonly conversationId: string; readonly watermark?: string | undefined };
}

export interface LineOptions {
  readonly newDirectLine: Vendor['newDirectLine'];
  readonly clock: PageClock;
  readonly receive: (activity: Activity) => void;
  /** What is to be sent, as long as there is a line. */
  readonly posts: Pick<Outbox, 'use' | 'pause'>;
  /** The socket opened or was lost. Direct Line itself tells nobody. */
  readonly onSocket: (open: boolean) => void;
  /** The client beneath is dead: its token or conversation is no longer good. Told once per client. */
  readonly onBroken: () => void;
  /** Where the line stands, when it comes up and after every activity: what a reload needs. */
  readonly onMoved: (where: Omit<Where, 'conversation'>) => void;
}

/**
 * How long a client may be without its socket. The client tries again after 3 s, but where that meets a server that is
 * just starting it waits 20 s more: a fresh client is quicker, and loses nothing.
 */
const SOCKET_MS = 6_000;

export function mendingLine(options: LineOptions): MendingLine {
  const { posts } = options;
  let beneath: DirectLineClient | undefined;
  let domain = '';

  const break_ = (client: DirectLineClient | undefined) => {
    if (client === undefined || client !== beneath) return;
    beneath = undefined;
    posts.pause();
    client.end();
    options.onBroken();
  };
  const open = (way: Way) => {
    const before = beneath;
    ({ domain } = way);
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
        options.receive(activity);
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

  const renew = () => {
    if (beneath === undefined) return;
    const { token, started, watermark } = whereIs(beneath);
    posts.pause();
    open({
      token,
      domain,
      ...(started === undefined ? {} : { started: { conversationId: started, watermark } }),
    });
  };

  return { open, renew, refused: () => break_(beneath), end };
}

const whereIs = (client: DirectLineClient): Omit<Where, 'conversation'> => ({
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
