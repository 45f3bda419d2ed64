import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type restify from 'restify';
import type { Clock } from '../../clock.ts';
import { activityRoutes } from './activity-routes.ts';
import { admission, newClaims, requireTrustedOrigin } from './admission.ts';
import { openBotLine } from './bot-line.ts';
import { connectorPrefix, connectorRoutes } from './connector-routes.ts';
import { controlRoute } from './control-route.ts';
import { conversationRoutes } from './conversation-routes.ts';
import { openConversations, readWatermark } from './conversations.ts';
import { openFrontDoor } from './front-door.ts';
import { type Knobs, realKnobs, turn } from './knobs.ts';
import { Refusal } from './refusal.ts';
import { openStore } from './store.ts';
import { openStreams } from './streams.ts';
import { type IssuedToken, tokenOffice } from './tokens.ts';

export type { ConnectorFault, Knobs } from './knobs.ts';
export type { IssuedToken } from './tokens.ts';

export interface LocalDirectLineOptions {
  /** The SQLite file, created when absent; `:memory:` forgets everything at the end. */
  readonly file: string;
  readonly clock: Clock;
  /** What `POST /v3/directline/tokens/generate` wants as bearer. */
  readonly secret: string;
  /** Signs tokens; the same key keeps them valid over a restart. */
  readonly signingKey: string;
  /** Where the bot reaches the connector, such as `http://127.0.0.1:3978/local/connector/directline`. */
  readonly serviceUrl: string;
  /** Where the bot is, such as `http://127.0.0.1:3978/api/messages`. */
  readonly botEndpoint: string;
  /** Where clients reach this server, such as `http://127.0.0.1:3978`; stream and file URLs begin with it. */
  readonly publicOrigin: string;
  readonly knobs?: Partial<Knobs>;
  readonly log: (event: { readonly event: string } & Readonly<Record<string, unknown>>) => void;
}

export interface LocalDirectLine {
  /**
   * Adds the routes, ahead of everything the server `use`s, and takes its WebSocket upgrades under `/v3/directline`.
   * When the server stops: `close()`, then the server's connections, which a hanging connector may hold open.
   */
  readonly mount: (server: restify.Server) => void;
  /** Handles an upgrade if it is for a Direct Line stream; false when it is not ours. For servers that sort upgrades themselves. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Assign to turn them. */
  readonly knobs: Knobs;
  /** Issues a token for a new conversation, as `tokens/generate` does; throws for a user id not starting with `dl_`. */
  readonly issueToken: (
    user?: { readonly id: string; readonly name?: string },
    trustedOrigins?: readonly string[],
  ) => Promise<IssuedToken>;
  /** Makes a conversation unknown from now on, as the service does after two silent weeks. */
  readonly forget: (conversationId: string) => void;
  /** Cuts the stream of one conversation, or all, without a closing handshake. */
  readonly dropSockets: (conversationId?: string) => void;
  /** Cuts all streams, gives up waiting for the bot, closes the file. */
  readonly close: () => void;
}

/**
 * Runs Direct Line 3.0 and its connector inside a restify server, for unmodified clients (botframework-directlinejs,
 * Web Chat) and an unmodified bot adapter. Behaves like the service as far as it is documented or was observed, see
 * `Knobs` for what can be turned. Everything said survives a restart on the same file. For local use and tests: who can
 * reach the connector can speak as the bot.
 *
 * Edges: an expired token gets 403 `TokenExpired`, an unknown or expired conversation 404, a failing bot 502 (the
 * activity is kept and echoed all the same), and repeats by `clientActivityID` are passed on, as the service does.
 */
export function localDirectLine(options: LocalDirectLineOptions): LocalDirectLine {
  const { clock, log } = options;
  const knobs = realKnobs();
  turn(knobs, options.knobs ?? {});
  const store = openStore(options.file);
  store.purge(clock.now() - knobs.historyLifeMs);
  const streams = openStreams(clock);
  const tokens = tokenOffice({ ...options, knobs });
  const conversations = openConversations({ store, streams, clock, knobs });
  const bot = openBotLine({ ...options, knobs, conversations });

  const control = controlRoute({ conversations, streams, knobs });

  const openStream = async (
    id: string,
    url: URL,
    upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
  ) => {
    const ticket = await tokens.readStreamTicket(url.searchParams.get('t') ?? '');
    if (ticket.conversation !== id)
      throw new Refusal(403, 'BadArgument', 'The stream is of another conversation');
    requireTrustedOrigin(upgrade.request, ticket);
    conversations.find(id);
    const seen = readWatermark(url.searchParams.get('watermark')) ?? 0;
    streams.accept(id, upgrade, () => conversations.since(id, seen));
  };

  const upgrade: LocalDirectLine['upgrade'] = (request, socket, head) => {
    const url = URL.parse(request.url ?? '/', 'http://directline.invalid');
    const id = streamPath.exec(url?.pathname ?? '')?.[1];
    if (url === null || id === undefined) return false;
    socket.on('error', () => socket.destroy());
    openStream(id, url, { request, socket, head }).catch((error: unknown) => {
      if (!(error instanceof Refusal)) log({ event: 'directline/bug', path: url.pathname, error });
      const status = error instanceof Refusal ? error.status : 500;
      socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\n\r\n`);
    });
    return true;
  };

  return {
    mount: (server) => {
      const parts = {
        ...options,
        admission: admission({ tokens, conversations }),
        tokens,
        conversations,
        bot,
        knobs,
      };
      openFrontDoor(server, {
        prefix: '/v3/directline',
        routes: [...conversationRoutes(parts), ...activityRoutes(parts)],
        crossOrigin: true,
        log,
      });
      openFrontDoor(server, {
        prefix: connectorPrefix,
        routes: connectorRoutes({ conversations, knobs }),
        crossOrigin: false,
        log,
      });
      openFrontDoor(server, { prefix: control.path, routes: [control], crossOrigin: false, log });
      server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (!upgrade(request, socket, head) && isOnlyListener(server)) socket.destroy();
      });
    },
    upgrade,
    knobs,
    issueToken: async (user, trustedOrigins) =>
      tokens.issue(newClaims(conversations.newId(), user, trustedOrigins)),
    forget: conversations.forget,
    dropSockets: streams.drop,
    close: () => {
      bot.close();
      streams.close();
      store.close();
    },
  };
}

const streamPath = /^\/v3\/directline\/conversations\/([\w-]+)\/stream$/;

// Restify hands on every upgrade, so nobody answers one that none of its listeners knows. Somebody else's listener may
// hang on restify or, beside restify's own, on the server below it.
const isOnlyListener = (server: restify.Server) =>
  server.listenerCount('upgrade') === 1 && server.server.listenerCount('upgrade') === 1;
