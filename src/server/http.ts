import type { Next, Request, RequestHandler, Response } from 'restify';
import { HandoffError, whereOf, type HandoffErrorCode } from '../handoff/errors.ts';
import type { Log } from '../handoff/ports.ts';

/** An answer: status, JSON body, further headers. */
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A no with a sentence for the person, and what else they need to go on. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'Refused';
    this.status = status;
    this.code = code;
    this.more = more;
    this.headers = headers;
  }
}

/** The no to whoever asks too much at once; it says for how long. */
export function tooMany(waitMs: number, message = 'That was a lot at once. Please wait a moment.'): Refused {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  return new Refused(429, 'too_many', message, { retryAfter }, { 'Retry-After': String(retryAfter) });
}

const STATUS: Readonly<Record<HandoffErrorCode, number>> = {
  store_unavailable: 503,
  store_unreadable: 500,
  store_contended: 503,
  being_erased: 503,
  bad_input: 400,
  not_permitted: 403,
  not_found: 404,
  channel_gone: 502,
  turn_timeout: 504,
};
const SENTENCE: Readonly<Record<HandoffErrorCode, string>> = {
  store_unavailable: 'We cannot reach your chats right now. Nothing is lost; please try again in a moment.',
  store_unreadable: 'Something went wrong on our side. Nothing is lost.',
  store_contended: 'Very many people did the same thing at once. Please try again.',
  being_erased: 'What we hold of this customer is just being erased. Please try again in a moment.',
  bad_input: 'That could not be understood.',
  not_permitted: 'You do not have the permission for that.',
  not_found: 'There is no such chat.',
  channel_gone: 'The chat service does not answer right now. Please try again in a moment.',
  turn_timeout: 'That took too long. Please try again.',
};

/**
 * A no to somebody who is not even told that it is there: answered like what is not, and noted as a denial. Ids alone in
 * its message.
 */
export class Hidden extends HandoffError {
  constructor(message: string) {
    super('not_found', message);
    this.name = 'Hidden';
  }
}

/** Makes a restify handler of a function from request to answer; every failure becomes a clear, harmless body. */
export const route =
  (log: Log, run: (req: Request, res: Response) => Promise<Answer | undefined>): RequestHandler =>
  (req: Request, res: Response, next: Next) => {
    Promise.resolve()
      .then(() => run(req, res))
      .then((answer) => {
        if (answer !== undefined) reply(res, answer);
      })
      .catch((reason: unknown) => reply(res, refusalOf(reason, req, log)))
      .finally(() => next(false));
  };

/** Sends an answer, unless one is under way. */
export function reply(res: Response, answer: Answer): void {
  if (res.headersSent) return;
  const text = JSON.stringify(answer.body);
  res.writeHead(answer.status ?? 200, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    ...answer.headers,
  });
  res.end(text);
}

/** What a failure is answered with: a no as it is, everything else without what is inside. */
export function refusalOf(reason: unknown, req: Request, log: Log): Answer {
  if (reason instanceof Refused) {
    if (DENIALS.has(reason.status)) denied(log, req, reason.status, reason.code);
    return {
      status: reason.status,
      body: { error: { code: reason.code, message: reason.message }, ...reason.more },
      headers: reason.headers,
    };
  }
  if (reason instanceof HandoffError) {
    if (reason.code === 'not_permitted' || reason instanceof Hidden)
      denied(log, req, STATUS[reason.code], reason.message);
    if (STATUS[reason.code] >= 500)
      log('http.failed', { path: req.path(), code: reason.code, reason: reason.message });
    const message = reason.code === 'bad_input' ? reason.message : SENTENCE[reason.code];
    return { status: STATUS[reason.code], body: { error: { code: reason.code, message } } };
  }
  log('http.bug', { path: req.path(), reason: whereOf(reason) });
  return {
    status: 500,
    body: { error: { code: 'bug', message: 'Something went wrong on our side. Nothing is lost.' } },
  };
}

const DENIALS: ReadonlySet<number> = new Set([401, 403]);

/** For whoever looks for break-ins: every request of somebody who may not make it leaves a line. Never its address. */
function denied(log: Log, req: Request, status: number, why: string): void {
  log('denied', { method: req.method, route: patternOf(req), status, why });
}

/** The pattern of a request's route, never its address: that has ids in it. What no route takes has none. */
export function patternOf(req: Request): string | undefined {
  const route: unknown = req.getRoute();
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined;
  return typeof path === 'string' ? path : undefined;
}

/** The JSON object in a request's body. */
export function bodyOf(req: Request): Readonly<Record<string, unknown>> {
  const body: unknown = req.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Refused(400, 'bad_input', 'The body must be a JSON object sent as application/json.');
  }
  return body as Readonly<Record<string, unknown>>;
}

/** The bearer token of a request, if it has one. */
export function bearerOf(req: Request): string | undefined {
  const [, token] = /^Bearer ([^\s]+)$/u.exec(req.header('authorization', '')) ?? [];
  return token;
}

/** Requests of pages whose origin is listed. */
const letInOnes = new WeakSet<Request>();

/** Notes that a request comes from a page of a listed origin. */
export const letIn = (req: Request): void => void letInOnes.add(req);

/** Refuses a request that another site's page has made the browser send; listed origins are as good as our own. */
export function sameOrigin(req: Request): void {
  if (letInOnes.has(req)) return;
  const site = req.headers['sec-fetch-site'];
  const isOurs = site === undefined ? isOwnOrigin(req) : site === 'same-origin' || site === 'none';
  if (!isOurs) throw new Refused(403, 'not_permitted', 'This must be asked from our own page.');
}

/** Judges what browsers without `Sec-Fetch-Site` send; programs send no `Origin` at all. */
function isOwnOrigin({ headers: { origin, host } }: Request): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
