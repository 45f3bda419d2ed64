import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { History } from './history.ts';

/** What becomes of a call: refused and not shown, or shown and not told. */
export type Trouble = 'refused' | 'unsure';

/** The channels' side: takes what the bot sends to Direct Line and to Teams, and writes down what customers are shown. */
export interface Connector {
  readonly serviceUrl: (channel: string) => string;
  /** Says what is to become of the next call; set it to break the channels. */
  trouble: () => Trouble | undefined;
  readonly close: () => Promise<void>;
}

const PATH = /^\/(\w+)\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/u;
/** Refusals that mean: not now. */
const BUSY = [429, 502, 503, 504];

export async function openConnector(history: History, random: () => number): Promise<Connector> {
  let trouble: Connector['trouble'] = () => undefined;
  let said = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, channel, conversation = '', updated] = PATH.exec(request.url ?? '') ?? [];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const struck = trouble();
    const line = channel === 'directline' ? lineIn(Buffer.concat(chunks).toString()) : undefined;
    if (line !== undefined) {
      const taken = struck === undefined ? 'yes' : struck === 'refused' ? 'no' : 'unsure';
      history.note('channel', {
        type: 'delivered',
        conversation: decodeURIComponent(conversation),
        ...line,
        taken,
      });
    }
    if (struck === 'unsure' && random() < 0.5) {
      request.socket.destroy();
      return;
    }
    said += 1;
    const busy = BUSY[Math.floor(random() * BUSY.length)] ?? 503;
    const status = struck === undefined ? 200 : struck === 'refused' ? busy : 500;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(status === 429 && { 'retry-after': '1' }),
    });
    response.end(JSON.stringify({ id: updated ?? `said-${said}` }));
  };

  const server = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    serviceUrl: (channel) => `http://127.0.0.1:${port}/${channel}/`,
    get trouble() {
      return trouble;
    },
    set trouble(next) {
      trouble = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Which line of which session an activity carries; typing and the bot's own words carry none. */
function lineIn(text: string): { readonly sid: string; readonly seq: number } | undefined {
  const activity = JSON.parse(text) as { channelData?: { reconnect?: { sid?: unknown; seq?: unknown } } };
  const { sid, seq } = activity.channelData?.reconnect ?? {};
  return typeof sid === 'string' && typeof seq === 'number' ? { sid, seq } : undefined;
}
