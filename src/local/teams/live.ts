import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { LiveJson } from '../../pages/teams-host/wire.ts';
import type { Person } from './people.ts';

const path = /^\/local\/teams\/chats\/(\d+)\/live$/;

export type Live = ReturnType<typeof teamsLive>;

/** Keeps the sockets of open host pages, by person, and brings them news. */
export function teamsLive(people: readonly Person[]) {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  const open = new Map<number, Set<WebSocket>>(people.map(({ n }) => [n, new Set()]));

  return {
    news: ({ n }: Person, what: LiveJson): void => {
      const text = JSON.stringify(what);
      for (const socket of open.get(n) ?? []) socket.send(text);
    },

    /** Takes an upgrade if it is for here; `first` is what a new socket hears at once. */
    upgrade: (
      req: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      first: (person: Person) => LiveJson,
    ): void => {
      const match = path.exec(new URL(req.url ?? '/', 'http://local').pathname);
      if (!match) return;
      const person = people.find(({ n }) => n === Number(match[1]));
      if (!person || !isSameOrigin(req)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(req, socket, head, (page) => {
        const mine = open.get(person.n);
        mine?.add(page);
        page.on('close', () => mine?.delete(page));
        page.on('error', () => page.terminate());
        page.send(JSON.stringify(first(person)));
      });
    },

    close: (): void => {
      for (const page of [...open.values()].flatMap((set) => [...set])) page.terminate();
      sockets.close();
    },
  };
}

// Sockets are not held to the same origin by browsers; without this any page the developer visits could read chats.
function isSameOrigin({ headers: { origin, host } }: IncomingMessage): boolean {
  return origin === undefined || URL.parse(origin)?.host === host;
}
