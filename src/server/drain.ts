import type { Next, Request, Response, Server } from 'restify';

/** What a server is at, and an end to it. */
export interface Drain {
  readonly isStopping: () => boolean;
  /** Takes no more work and ends event streams; settles when nothing that was begun is under way. */
  readonly stop: () => Promise<void>;
}

/** Answered to the end, so that whoever watches can see that it is one. */
const WATCHED: ReadonlySet<string> = new Set(['/health', '/ready']);

/**
 * Watches what a server is at; mount it before everything else. Once it stops, a new request is refused with 503, to be
 * sent again: pages, tabs and channels find another instance. What was begun is answered.
 */
export function drain(server: Server): Drain {
  const underWay = new Set<Response>();
  let stopping = false;
  let idle = (): void => undefined;

  server.pre((req: Request, res: Response, next: Next) => {
    const isWatched = WATCHED.has(req.path());
    if (stopping) res.shouldKeepAlive = false;
    if (stopping && !isWatched) {
      refuse(res);
      next(false);
      return;
    }
    if (!isWatched) {
      underWay.add(res);
      res.on('close', () => {
        underWay.delete(res);
        if (underWay.size === 0) idle();
      });
    }
    next();
  });

  return {
    isStopping: () => stopping,
    stop: () =>
      new Promise((resolve) => {
        stopping = true;
        idle = resolve;
        if (underWay.size === 0) resolve();
        for (const res of underWay) {
          res.shouldKeepAlive = false;
          if (isStream(res)) res.end();
        }
      }),
  };
}

const isStream = (res: Response): boolean =>
  String(res.getHeader('Content-Type') ?? '').startsWith('text/event-stream');

function refuse(res: Response): void {
  const message = 'This instance is stopping. Please send it again.';
  res.writeHead(503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Retry-After': '1',
  });
  res.end(JSON.stringify({ error: { code: 'stopping', message } }));
}
