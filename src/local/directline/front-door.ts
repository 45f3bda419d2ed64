import type { IncomingMessage, ServerResponse } from 'node:http';
import type restify from 'restify';
import { badArgument, Refusal } from './refusal.ts';

/** One request, as a route sees it. */
export interface Exchange {
  readonly request: IncomingMessage;
  /** The parts of the path the route's pattern names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The body's bytes; throws 413 beyond `maxBytes`. */
  readonly bytes: (maxBytes: number) => Promise<Buffer<ArrayBuffer>>;
  /** The body as JSON, undefined when it is empty; throws 400, 413 or 415. */
  readonly json: (maxBytes: number) => Promise<unknown>;
}

/** What a route answers; a `body` of bytes goes out as it is, anything else as JSON. `never` leaves the caller waiting. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'never';

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Such as `/v3/directline/conversations/:conversation`. */
  readonly path: string;
  readonly answer: (exchange: Exchange) => Promise<Answer> | Answer;
}

/**
 * Puts routes before everything else the server does, so that body parsers meant for others never touch what comes
 * here: Direct Line's answers to bad input are its own, and restify's multipart parser would write files to the disk.
 * Requests outside `prefix` pass by untouched. With `crossOrigin`, pages of every origin may ask.
 */
export function openFrontDoor(server: restify.Server, door: FrontDoor): void {
  server.pre((request: restify.Request, response: restify.Response, next: restify.Next) => {
    const url = URL.parse(request.url ?? '/', 'http://directline.invalid');
    if (url === null || !isUnder(door.prefix, url.pathname)) next();
    else void handle(request, response, url, door).finally(() => next(false));
  });
}

interface FrontDoor {
  readonly prefix: string;
  readonly routes: readonly Route[];
  readonly crossOrigin: boolean;
  readonly log: (event: { readonly event: string } & Readonly<Record<string, unknown>>) => void;
}

const isUnder = (prefix: string, path: string) => path === prefix || path.startsWith(`${prefix}/`);

async function handle(request: IncomingMessage, response: ServerResponse, url: URL, door: FrontDoor) {
  const cors = door.crossOrigin ? crossOrigin(request) : {};
  try {
    const answer = request.method === 'OPTIONS' ? { status: 204 } : await route(request, url, door.routes);
    if (answer !== 'never') send(response, { ...answer, headers: { ...cors, ...answer.headers } });
  } catch (error) {
    if (!(error instanceof Refusal)) door.log({ event: 'directline/bug', path: url.pathname, error });
    const { status, code, message } =
      error instanceof Refusal ? error : new Refusal(500, 'ServiceError', 'The local Direct Line failed');
    send(response, { status, body: { error: { code, message } }, headers: cors });
  }
}

async function route(request: IncomingMessage, url: URL, routes: readonly Route[]): Promise<Answer> {
  const here = routes.flatMap((candidate) => {
    const params = match(candidate.path, url.pathname);
    return params === undefined ? [] : [{ candidate, params }];
  });
  if (here.length === 0) throw new Refusal(404, 'BadArgument', 'No such resource');
  const found = here.find(({ candidate }) => candidate.method === request.method);
  if (found === undefined)
    throw new Refusal(405, 'BadArgument', `${request.method ?? 'That'} is not possible here`);
  const bytes = (maxBytes: number) => readBytes(request, maxBytes);
  return found.candidate.answer({
    request,
    params: found.params,
    query: url.searchParams,
    bytes,
    json: async (maxBytes) => readJson(request, await bytes(maxBytes)),
  });
}

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return undefined;
    } else {
      const decoded = decode(value);
      if (decoded === undefined || decoded === '') return undefined;
      params[part.slice(1)] = decoded;
    }
  }
  return params;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // Reads to the end even when it is too much: a client still sending would not see the answer.
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    }
  } catch {
    throw badArgument('The body broke off');
  }
  if (size > maxBytes)
    throw new Refusal(413, 'MessageSizeTooBig', `The body is larger than ${maxBytes} bytes`);
  return Buffer.concat(chunks);
}

function readJson(request: IncomingMessage, bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  if (!/^application\/([^;]+\+)?json\b/i.test(request.headers['content-type'] ?? ''))
    throw new Refusal(415, 'BadArgument', 'The body must be application/json');
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw badArgument('The body is not valid JSON');
  }
}

function send(response: ServerResponse, answer: Exclude<Answer, 'never'>): void {
  if (response.destroyed || response.headersSent) return;
  const { status, body, headers } = answer;
  const isJson = body !== undefined && !(body instanceof Uint8Array);
  // restify's writeHead does not return the response as Node's does.
  response.writeHead(
    status,
    isJson ? { 'content-type': 'application/json; charset=utf-8', ...headers } : headers,
  );
  response.end(isJson ? JSON.stringify(body) : body);
}

// Every origin may ask: what a page may do is decided by its token and the token's trusted origins.
function crossOrigin(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-allow-methods': 'GET, POST, PUT, DELETE, OPTIONS',
    'access-control-allow-headers': 'authorization, content-type, x-ms-bot-agent, x-requested-with',
    'access-control-max-age': '600',
    vary: 'origin',
  };
}
