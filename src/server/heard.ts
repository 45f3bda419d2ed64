import type { Next, Request, RequestHandler, Response } from 'restify';
import type { Came, Telemetry } from '../handoff/telemetry.ts';
import { patternOf } from './http.ts';

/** Asked all the time, or open for hours: neither is a piece of work. */
const UNHEARD: ReadonlySet<string> = new Set(['/health', '/ready', '/api/stream']);

/** Makes a handler, before all others, that hears each request until its answer is out. */
export const heard =
  (telemetry: Telemetry): RequestHandler =>
  (req: Request, res: Response, next: Next) => {
    if (UNHEARD.has(req.path())) {
      next();
      return;
    }
    const { method = '' } = req;
    const answered = (): Promise<void> =>
      new Promise((done) => {
        res.once('close', () => done());
        next();
      });
    void telemetry.during({ kind: 'request', method }, answered, () => came(req, res));
  };

function came(req: Request, { statusCode }: Response): Came {
  const route = patternOf(req);
  return {
    outcome: String(statusCode),
    failed: statusCode >= 500,
    ...(route !== undefined && { route }),
  };
}
