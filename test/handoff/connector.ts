import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One call of a bot to its channel. */
export interface Sent {
  readonly how: 'send' | 'update';
  readonly conversation: string;
  /** The id the channel gave it, or the id that was updated. */
  readonly id: string;
  /** By the town's clock. */
  readonly at: number;
  readonly activity: Readonly<Record<string, unknown>>;
}

/**
 * What a channel may do instead of answering: a status, with the seconds it asks to be left alone; silence; all that it
 * should, but late; a connection cut before or after the message is in.
 */
export type Trouble =
  number | { readonly status: number; readonly retryAfter: number } | 'hang' | 'late' | 'cut' | 'cutAfter';

/** A channel's connector over HTTP that writes down what it is asked to say. */
export interface Connector {
  readonly url: string;
  /** Everything that has arrived for good, oldest first. */
  readonly sent: readonly Sent[];
  /** Attempts, those that failed too. */
  readonly attempts: () => number;
  /** Makes the next calls go wrong; `where` narrows it to one conversation, `at` to what contains this text. */
  readonly trouble: (what: Trouble, times?: number, where?: string, at?: string) => void;
  /** Keeps a picture that somebody put into a message, for the bot to fetch; an address sends whoever asks there. */
  readonly holds: (id: string, picture: Uint8Array | string) => void;
  /** Answers what hangs, and takes all trouble away. */
  readonly calm: () => void;
  readonly close: () => Promise<void>;
}

export async function openConnector(now: () => number): Promise<Connector> {
  const sent: Sent[] = [];
  const hanging = new Set<() => void>();
  let troubles: { readonly what: Trouble; left: number; readonly where?: string; readonly at?: string }[] =
    [];
  let attempts = 0;
  const pictures = new Map<string, Uint8Array | string>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, picture] = /^\/v3\/attachments\/([^/]+)\/views\/original$/u.exec(request.url ?? '') ?? [];
    if (picture !== undefined) {
      const held = pictures.get(picture);
      const type = { 'content-type': 'application/octet-stream' };
      if (typeof held === 'string') response.writeHead(302, { location: held });
      else response.writeHead(held === undefined ? 404 : 200, type);
      response.end(typeof held === 'string' ? '' : held);
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [, conversation = '', updated] =
      /^\/v3\/conversations\/([^/]+)\/activities(?:\/([^/?]+))?/u.exec(request.url ?? '') ?? [];
    const activity = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, unknown>;
    attempts += 1;
    const how = request.method === 'PUT' ? 'update' : 'send';
    const id = how === 'update' ? decodeURIComponent(updated ?? '') : `said-${sent.length + 1}`;
    const said: Sent = { how, conversation: decodeURIComponent(conversation), id, at: now(), activity };
    const trouble = troubles.find(
      (one): boolean =>
        one.left > 0 &&
        (one.where === undefined || one.where === said.conversation) &&
        (one.at === undefined || JSON.stringify(activity).includes(one.at)),
    );
    if (trouble !== undefined) trouble.left -= 1;
    const answer = (status: number, body: unknown, more: Readonly<Record<string, string>> = {}): void => {
      if (response.destroyed || response.headersSent) return;
      response.writeHead(status, { 'content-type': 'application/json', ...more });
      response.end(JSON.stringify(body));
    };
    const what = trouble?.what;
    switch (what) {
      case undefined:
        sent.push(said);
        {
          answer(200, { id });
          return;
        }
      case 'hang':
        hanging.add(() => answer(500, {}));
        return;
      case 'late':
        hanging.add(() => {
          sent.push(said);
          answer(200, { id });
        });
        return;
      case 'cut':
        response.destroy();
        return;
      case 'cutAfter':
        sent.push(said);
        response.destroy();
        return;
      default: {
        const { status, retryAfter } =
          typeof what === 'number' ? { status: what, retryAfter: undefined } : what;
        const refusal = { error: { code: 'Refused', message: 'by the test' } };
        answer(status, refusal, retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) });
        return;
      }
    }
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    sent,
    attempts: () => attempts,
    trouble: (what, times = 1, where, at) =>
      troubles.push({
        ...{ what, left: times },
        ...(where !== undefined && { where }),
        ...(at !== undefined && { at }),
      }),
    holds: (id, picture) => void pictures.set(id, picture),
    calm: () => {
      troubles = [];
      for (const answer of hanging) answer();
      hanging.clear();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
