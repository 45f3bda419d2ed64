import type { Request, Response, Next, Server } from 'restify';
import type { Clock } from '../clock.ts';
import type { Log, Lookups } from '../handoff/ports.ts';
import { addressOf } from './caller.ts';
import { refusalOf, reply, tooMany } from './http.ts';

/**
 * How much of something is taken in a window of so many ms: `free` of it by each instance without asking the others, and
 * `shared` more that all instances count together.
 */
export interface Budget {
  readonly windowMs: number;
  readonly free: number;
  readonly shared: number;
}

/** What is counted: of whom, and how much is far more than people do. */
export const BUDGETS = {
  /** What Direct Line brings of one customer: lines, events, typing. */
  line: { windowMs: 10_000, free: 100, shared: 100 },
  /** What the pages of one customer ask. */
  page: { windowMs: 10_000, free: 100, shared: 100 },
  /** Tokens for Direct Line of one customer. */
  token: { windowMs: 60_000, free: 30, shared: 30 },
  /** Browsers from one address that we have never seen: an office or a phone network is one address. */
  newFromAddress: { windowMs: 60_000, free: 60, shared: 120 },
  /** The same from everywhere. Whoever is known already gets in all the same. */
  new: { windowMs: 60_000, free: 60, shared: 3_000 },
  /** Activities from one address that no channel has signed. */
  forged: { windowMs: 60_000, free: 60, shared: 60 },
  /** Everything that is asked from one address, channels left out. */
  address: { windowMs: 10_000, free: 600, shared: 600 },
} as const satisfies Readonly<Record<string, Budget>>;

/** What there is a budget of. */
export type Spending = keyof typeof BUDGETS;

/** Keeps people from being crowded out by a few who flood the house. */
export interface Budgets {
  /** Counts one more of somebody's. @throws Refused 429 with `Retry-After`, when it is one too many in this window */
  readonly spend: (what: Spending, whose?: string) => Promise<void>;
  /** Refuses who has been told already, in this window and by this instance; counts nothing. @throws Refused 429 */
  readonly barred: (what: Spending, whose: string) => void;
}

interface Spent {
  n: number;
  isOver: boolean;
}

/**
 * Makes them. Who stays within an instance's free share costs no store request; who is over has been told so costs none
 * either, until the window ends.
 */
export function budgets(lookups: Pick<Lookups, 'count'>, clock: Clock): Budgets {
  const windows = new Map<Spending, { readonly window: number; readonly by: Map<string, Spent> }>();

  const spentBy = (what: Spending, whose: string, window: number): Spent => {
    const current = windows.get(what);
    const by = current?.window === window ? current.by : new Map<string, Spent>();
    if (by !== current?.by) windows.set(what, { window, by });
    const spent = by.get(whose) ?? { n: 0, isOver: false };
    by.set(whose, spent);
    return spent;
  };

  return {
    spend: async (what, whose = '') => {
      const { windowMs, free, shared }: Budget = BUDGETS[what];
      const now = clock.now();
      const spent = spentBy(what, whose, Math.floor(now / windowMs));
      spent.n += 1;
      if (spent.n <= free) return;
      if (!spent.isOver) {
        const count = await lookups.count(`${what}|${whose}`, now, windowMs);
        if (count <= shared) return;
        spent.isOver = true;
      }
      throw tooMany(windowMs - (now % windowMs));
    },
    barred: (what, whose) => {
      const { windowMs }: Budget = BUDGETS[what];
      const now = clock.now();
      if (spentBy(what, whose, Math.floor(now / windowMs)).isOver) throw tooMany(windowMs - (now % windowMs));
    },
  };
}

/**
 * The address whose budget a request is counted against. What no proxy of ours has brought is of this network, a probe's:
 * it has none.
 */
export const addressIn = (req: Request): string | undefined =>
  req.headers['x-forwarded-for'] === undefined ? undefined : addressOf(req, true);

/**
 * Holds every address to its budget, whatever it asks, except channels: they speak for many, and are let in by their
 * signature; whoever has none has a budget of forgeries.
 */
export function budgetOfAddresses(
  server: Server,
  given: { readonly budgets: Budgets; readonly log: Log },
): void {
  server.pre((req: Request, res: Response, next: Next) => {
    const address = addressIn(req);
    if (req.path() === '/api/messages' || address === undefined) {
      next();
      return;
    }
    given.budgets.spend('address', address).then(
      () => next(),
      (reason: unknown) => {
        reply(res, refusalOf(reason, req, given.log));
        next(false);
      },
    );
  });
}
