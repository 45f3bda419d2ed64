import type { Request, RequestHandler } from 'restify';
import { z } from 'zod';

/** An expected no to a caller: the status, and a body of the shape the Bot Connector uses. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export type Log = (entry: { readonly event: string } & Readonly<Record<string, unknown>>) => void;

/** Makes a restify handler of a function; a `Refused` becomes its status, any other error a 500 that says nothing. */
export const route =
  (log: Log, handle: (req: Request) => Answer | Promise<Answer>): RequestHandler =>
  async (req, res) => {
    const { status, body, headers } = await answered(log, req, handle);
    const text = body === undefined ? '' : JSON.stringify(body);
    res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers });
    res.end(text);
  };

async function answered(log: Log, req: Request, handle: (req: Request) => Answer | Promise<Answer>) {
  try {
    return { headers: {}, body: undefined, ...(await handle(req)) };
  } catch (error) {
    if (error instanceof Refused) {
      const { status, code, message, headers } = error;
      return { status, headers, body: { error: { code, message } } };
    }
    log({ event: 'teams.bug', path: req.path(), error });
    return {
      status: 500,
      headers: {},
      body: { error: { code: 'ServiceError', message: 'An error occurred.' } },
    };
  }
}

/** Reads the JSON body into `shape`, whether or not a body parser ran before. Throws `Refused` 400 or 413, by name. */
export async function readBody<T>(req: Request, shape: z.ZodType<T>, maxBytes = 256 * 1024): Promise<T> {
  const body = parsed(await bodyOf(req, maxBytes));
  if (byteLength(body) > maxBytes) throw tooLarge(maxBytes);
  const read = shape.safeParse(body);
  if (!read.success) throw new Refused(400, 'BadSyntax', z.prettifyError(read.error));
  return read.data;
}

/** A path parameter, decoded. */
export function pathParam(req: Request, name: string): string {
  const params: unknown = req.params;
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  if (typeof value !== 'string') throw new Refused(400, 'BadSyntax', `The path has no ${name}.`);
  return value;
}

export const byteLength = (value: unknown): number =>
  value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));

async function bodyOf(req: Request, maxBytes: number): Promise<unknown> {
  const body: unknown = req.body;
  if (body !== undefined || req.readableEnded) return body;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: unknown): unknown {
  if (!Buffer.isBuffer(body) && typeof body !== 'string') return body;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new Refused(400, 'BadSyntax', 'The body is not JSON.');
  }
}

const tooLarge = (maxBytes: number) =>
  new Refused(413, 'RequestEntityTooLarge', `The body is larger than ${maxBytes} bytes.`);
