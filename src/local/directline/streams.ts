import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import type { Activity } from './activity.ts';

export type Streams = ReturnType<typeof openStreams>;

// The service sends an empty frame now and then so that proxies do not cut a quiet stream.
const keepAliveMs = 15_000;

/** The open WebSockets, at most one per conversation: a newer one closes the older with the reason `collision`. */
export function openStreams(clock: Clock) {
  const server = new WebSocketServer({ noServer: true, maxPayload: 65_536 });
  const open = new Map<string, WebSocket>();

  const drop = (conversation?: string) => {
    const dropped = conversation === undefined ? [...server.clients] : [open.get(conversation)];
    // Without a closing handshake, as when a cable is pulled.
    for (const socket of dropped) socket?.terminate();
  };

  return {
    /** Completes the upgrade and sends, in one frame, what `missed` returns at that moment. */
    accept: (
      conversation: string,
      upgrade: { request: IncomingMessage; socket: Duplex; head: Buffer },
      missed: () => { activities: readonly Activity[]; watermark: string },
    ): void =>
      server.handleUpgrade(upgrade.request, upgrade.socket, upgrade.head, (socket) => {
        open.get(conversation)?.close(1000, 'collision');
        open.set(conversation, socket);
        const stopKeepAlive = keepAlive(socket, clock);
        socket.on('error', () => socket.terminate());
        socket.on('close', () => {
          stopKeepAlive();
          if (open.get(conversation) === socket) open.delete(conversation);
        });
        const backlog = missed();
        if (backlog.activities.length > 0) socket.send(JSON.stringify(backlog));
      }),

    /** Sends one activity to whoever is connected; nobody is fine, they will ask by watermark. */
    publish: (conversation: string, activity: Activity, watermark: string): void =>
      open.get(conversation)?.send(JSON.stringify({ activities: [activity], watermark })),

    drop,

    close: (): void => {
      drop();
      server.close();
    },
  };
}

function keepAlive(socket: WebSocket, clock: Clock): () => void {
  let stop = () => {};
  const beat = () => {
    if (socket.readyState === socket.OPEN) socket.send('');
    stop = clock.after(keepAliveMs, beat);
  };
  stop = clock.after(keepAliveMs, beat);
  return () => stop();
}
