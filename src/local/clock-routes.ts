import type { Next, Request, Response, Server } from 'restify';
import type { MovableClock } from '../clock.ts';
import { whereOf } from '../handoff/errors.ts';
import type { Log } from '../handoff/ports.ts';
import { bodyOf, Refused, route } from '../server/http.ts';
import type { Keeping } from './keep.ts';

/** How long pages get to beat after a jump before their silence is judged, in real ms. */
const PAGES_MS = 500;
/** How often a house looks whether another of its folder has moved their clock, in real ms. */
const LOOK_MS = 200;
/** The farthest single jump; beyond, times would soon leave what a date can say. */
const FARTHEST_MS = 366 * 24 * 3_600_000;

/**
 * `POST /local/clock { advanceMs }` moves the one clock that store, tokens, channels, deadlines and pages share; `GET`
 * streams it to pages. Pages hear of a jump and beat before the sweep looks, as they would have on a clock that ran.
 *
 * Houses in one folder share the clock: a jump of one is kept in the folder, and the others follow before they take
 * their next request, and within `LOOK_MS` without one. No house's clock ever goes back. Call the answer to stop.
 */
export function clockRoutes(
  server: Server,
  given: {
    readonly clock: MovableClock;
    readonly pauseSweep: () => Promise<() => void>;
    readonly kept: Pick<Keeping, 'ahead' | 'moved' | 'isShared'>;
    readonly log: Log;
  },
): () => void {
  const { clock, kept, log } = given;
  const pages = new Set<Response>();
  const tell = (page: Response): void => {
    page.write(`data: ${JSON.stringify({ now: clock.now() })}\n\n`);
  };

  let movers = 0;
  let sweep: Promise<() => void> = Promise.resolve(() => undefined);
  /** Moves at once, and lets the sweep go on when pages, of other houses too, had their time to beat. */
  const move = async (wanted: number): Promise<void> => {
    if (movers === 0) sweep = given.pauseSweep();
    movers += 1;
    try {
      if (wanted > clock.offset()) clock.advance(wanted - clock.offset());
      kept.moved(clock.offset());
      for (const page of pages) tell(page);
      const wait = kept.isShared() ? LOOK_MS + PAGES_MS : pages.size > 0 ? PAGES_MS : 0;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    } finally {
      const resume = await sweep;
      movers -= 1;
      if (movers === 0) resume();
    }
  };
  const follow = (): void => {
    if (kept.ahead() <= clock.offset()) return;
    move(kept.ahead()).catch((reason: unknown) => log('clock.failed', { reason: whereOf(reason) }));
  };
  const looking = setInterval(follow, LOOK_MS);
  server.pre((_: Request, __: Response, next: Next) => {
    follow();
    next();
  });

  server.get(
    '/local/clock',
    route(log, (_, res) => {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      pages.add(res);
      tell(res);
      res.on('close', () => pages.delete(res));
      return Promise.resolve(undefined);
    }),
  );
  server.post(
    '/local/clock',
    route(log, async (req) => {
      const { advanceMs } = bodyOf(req);
      if (typeof advanceMs !== 'number' || !(advanceMs >= 0 && advanceMs <= FARTHEST_MS)) {
        throw new Refused(400, 'bad_input', 'advanceMs: must be a number of milliseconds, 0 up to 366 days.');
      }
      await move(Math.max(clock.offset(), kept.ahead()) + Math.round(advanceMs));
      return { body: { now: clock.now(), aheadMs: clock.offset() } };
    }),
  );
  return () => {
    clearInterval(looking);
    for (const page of pages) page.end();
  };
}
