import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import { hostPage, hostScript } from './fake-teams.ts';

/** The fake house's HTTP: the page under its Content-Security-Policy, the calls, the live stream, and their faults. */
export interface Doors {
  readonly url: string;
  readonly close: () => Promise<void>;
  /** Writes an event to every open stream. */
  readonly tell: (event: string, data: unknown) => void;
  /** Breaks every connection and takes none, until mended. */
  readonly cut: () => void;
  readonly mend: () => void;
  /** The next call that changes something takes effect, but its answer is lost; the browser asks again by itself. */
  readonly loseNextAnswer: () => void;
  /** The next call that changes something takes effect, but what stands before the house has given up on it. */
  readonly giveUpNextAnswer: () => void;
  readonly refuseTokens: (token: string) => void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Sent in the place of the body. */
  readonly bytes?: Uint8Array;
}

export type Answering = (path: string, query: URLSearchParams, body: string) => Answer;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob:",
  "frame-src 'self'",
].join('; ');

export async function openDoors(answer: Answering): Promise<Doors> {
  const streams = new Set<ServerResponse>();
  const refusedTokens = new Set<string>();
  const files = await pageFiles();
  let broken = false;
  let loses = false;
  let givesUp = false;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://house');
    const file = files.get(pathname);
    if (file !== undefined) send(response, 200, file.type, file.text);
    else if (broken) request.socket.destroy();
    else if (!isSignedIn(request)) refuse(response);
    else if (pathname === '/api/stream') keep(response);
    else {
      const given = answer(pathname, searchParams, await bodyOf(request));
      if (loses && request.method === 'POST') {
        loses = false;
        request.socket.destroy();
      } else if (givesUp && request.method === 'POST') {
        givesUp = false;
        send(response, 504, 'text/plain', 'No answer in time');
      } else if (given.bytes !== undefined) send(response, 200, 'application/octet-stream', given.bytes);
      else send(response, given.status, 'application/json', JSON.stringify(given.body));
    }
  };
  const isSignedIn = ({ headers }: IncomingMessage) =>
    headers.authorization !== undefined && !refusedTokens.has(headers.authorization.replace('Bearer ', ''));
  const refuse = (response: ServerResponse) =>
    send(response, 401, 'application/json', '{"error":{"code":"token","message":"Sign in again."}}');
  const keep = (response: ServerResponse) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write('event: hello\ndata: {}\n\n');
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => send(response, 500, 'text/plain', String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    tell: (event, data) => {
      for (const stream of streams) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    cut: () => {
      broken = true;
      server.closeAllConnections();
    },
    mend: () => (broken = false),
    giveUpNextAnswer: () => void (givesUp = true),
    loseNextAnswer: () => (loses = true),
    refuseTokens: (token) => refusedTokens.add(token),
  };
}

function send(response: ServerResponse, status: number, type: string, text: string | Uint8Array): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function pageFiles() {
  const source = (file: string) => new URL(`../../../src/pages/inbox/${file}`, import.meta.url);
  const bundled = async (file: string) => {
    const { outputFiles } = await build({
      entryPoints: [source(file).pathname],
      bundle: true,
      write: false,
      format: 'esm',
      minify: true,
      logLevel: 'silent',
    });
    return outputFiles[0]?.text ?? '';
  };
  return new Map([
    ['/host', { type: 'text/html', text: hostPage }],
    ['/host.js', { type: 'text/javascript', text: hostScript }],
    ['/inbox/', { type: 'text/html', text: await readFile(source('index.html'), 'utf8') }],
    ['/inbox/inbox.css', { type: 'text/css', text: await bundled('inbox.css') }],
    ['/inbox/main.js', { type: 'text/javascript', text: await bundled('main.ts') }],
  ]);
}
