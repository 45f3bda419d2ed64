import restify, { type Next, type Request, type Response, type Server } from 'restify';
import { whereOf } from '../handoff/errors.ts';
import type { Log } from '../handoff/ports.ts';
import type { Telemetry } from '../handoff/telemetry.ts';
import { jsonBodies } from './body.ts';
import { answerUnread, HARMLESS } from './harmless.ts';
import { heard } from './heard.ts';
import { Refused } from './http.ts';

/**
 * A connection that nobody asks over stays open for longer than what stands before us keeps it (App Service's own proxy
 * 60 s): who of both closes first decides whether a request can be sent into a closed one, and come back as a 502.
 */
const KEPT_OPEN_MS = 75_000;

/**
 * Makes the HTTP server: body limits, harmless errors, and headers that hold on every answer. Routes are mounted by
 * their rooms; the server has no rules of its own.
 */
export function createServer(log: Log, telemetry?: Telemetry): Server {
  const server = restify.createServer({ name: 'reconnect' });
  server.server.keepAliveTimeout = KEPT_OPEN_MS;
  answerUnread(server.server);
  server.pre((_: Request, res: Response, next: Next) => {
    for (const [name, value] of Object.entries(HARMLESS)) res.setHeader(name, value);
    next();
  });
  if (telemetry !== undefined) server.pre(heard(telemetry));
  server.use(restify.plugins.queryParser({ mapParams: false }));
  server.use(jsonBodies);
  // What fails before a route is reached, in the shape of our own errors. `sendRaw` tells restify that it is answered.
  server.on('restifyError', (req: Request, res: Response, error: unknown, done: () => void) => {
    const { status, code, message } = error instanceof Refused ? error : known(statusOf(error));
    if (status >= 500) log('http.bug', { path: req.path(), reason: whereOf(error) });
    if (!res.headersSent) {
      res.sendRaw(status, JSON.stringify({ error: { code, message } }), {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': 'no-store',
      });
    }
    done();
  });
  return server;
}

const known = (
  status: number,
): { readonly status: number; readonly code: string; readonly message: string } => {
  switch (status) {
    case 404:
      return { status, code: 'not_found', message: 'There is nothing here.' };
    case 405:
      return { status, code: 'bad_method', message: 'That method is not possible here.' };
    default:
      return status < 500
        ? { status, code: 'bad_input', message: 'That could not be understood.' }
        : { status: 500, code: 'bug', message: 'Something went wrong on our side. Nothing is lost.' };
  }
};

function statusOf(error: unknown): number {
  const status: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined;
  return typeof status === 'number' ? status : 500;
}
