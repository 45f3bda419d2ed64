import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Server } from 'restify';
import type { Clock } from '../../clock.ts';
import type { LiveJson } from '../../pages/teams-host/wire.ts';
import { teamsBot } from './bot.ts';
import { mountChats } from './chats.ts';
import { mountConnector } from './connector.ts';
import { mountGraph } from './graph.ts';
import { type Log, readBody, route } from './http.ts';
import { knobsShape, teamsKnobs } from './knobs.ts';
import { teamsLive } from './live.ts';
import { mountPage } from './page.ts';
import type { Person } from './people.ts';
import { teamsStore } from './store.ts';
import { teamsTown } from './town.ts';

export interface LocalTeamsOptions {
  /** The SQLite file that keeps everything; `:memory:` keeps nothing. */
  readonly file: string;
  readonly clock: Clock;
  /** The connector's URL as the bot sees it, such as `http://127.0.0.1:3978/local/connector/teams`. */
  readonly serviceUrl: string;
  /** Where the bot takes activities. */
  readonly botEndpoint: string;
  readonly tenantId: string;
  /** The bot's app id; its account in Teams is `28:<botId>`. */
  readonly botId: string;
  readonly people: readonly Person[];
  /** Signs the Entra-like token the tab gets from `authentication.getAuthToken`. */
  readonly signTabToken: (person: Person) => Promise<string>;
  /** The tab's page on this origin, such as `/inbox/`. */
  readonly tabUrl: string;
  readonly log: Log;
}

/**
 * Makes a local stand-in for Microsoft Teams: the host page at `/teams` (`?agent=n` acts as that person), the Bot
 * Connector at the path of `serviceUrl`, and `/local/teams` for tests (GET: counts and chats; POST: `KnobsChange`).
 * `mount` also takes the server's WebSocket upgrades under `/local/teams/chats/`, and leaves all others alone. `close`
 * ends hanging calls, sockets and the file; the server stays the caller's.
 */
export function localTeams(options: LocalTeamsOptions) {
  const { file, clock, people, log, serviceUrl } = options;
  const store = teamsStore(file);
  const live = teamsLive(people);
  const knobs = teamsKnobs(clock);
  const town = teamsTown({ ...options, store, news: live.news });
  const bot = teamsBot({ town, endpoint: options.botEndpoint, log });

  return {
    knobs,

    mount: (server: Server): void => {
      server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) =>
        live.upgrade(req, socket, head, history),
      );
      mountPage(server, log);
      const signTabToken = (person: Person) =>
        options.signTabToken({ ...person, roles: knobs.state().roles[person.n] ?? person.roles });
      mountChats(server, { ...options, signTabToken, town, bot, store });
      mountGraph(server, '/local/graph/v1.0', { people, knobs, log });
      mountConnector(server, { town, store, knobs, log, serviceUrl });
      server.get(
        '/local/teams',
        route(log, () => ({ status: 200, body: everything() })),
      );
      server.post(
        '/local/teams',
        route(log, async (req) => ({ status: 200, body: knobs.set(await readBody(req, knobsShape)) })),
      );
    },

    close: (): void => {
      knobs.close();
      live.close();
      store.close();
    },
  };

  function history(person: Person): LiveJson {
    return { kind: 'all', now: clock.now(), lines: town.lines(town.chatOf(person)) };
  }

  function everything() {
    const conversations = town.conversations().map((conversation) => ({
      id: conversation.id,
      kind: conversation.kind,
      agent: conversation.kind === 'personal' ? conversation.person.n : undefined,
      writes: store.writeCounts(conversation.id),
      activities: town.lines(conversation).map(({ activity }) => activity),
    }));
    return { knobs: knobs.state(), conversations };
  }
}
