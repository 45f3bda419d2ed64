import type { TurnContext } from 'botbuilder';
import type { Server } from 'restify';
import { HandoffError, whereOf } from '../handoff/errors.ts';
import type { Log } from '../handoff/ports.ts';
import { readActivity } from './activity.ts';
import { addressIn, type Budgets } from './budgets.ts';
import { bodyOf, Refused, route } from './http.ts';

/** What activities are answered with. */
export interface MessageRoutes {
  readonly adapter: Hearing;
  readonly bot: { readonly run: Run };
  /** What holds off whoever floods the house; left out, nothing does. */
  readonly budgets?: Budgets;
  readonly log: Log;
}

type Run = (context: TurnContext) => Promise<void>;

/** Runs turns, once it is known who sends the activity. */
export interface Hearing {
  onTurnError: (context: TurnContext, error: Error) => Promise<void>;
  /** Settles with what the sender is answered; 401 for who is not the channel. */
  readonly hear: (
    authorization: string,
    activity: Readonly<Record<string, unknown>>,
    run: Run,
  ) => Promise<{ readonly status: number; readonly body?: unknown }>;
}

/**
 * Takes Bot Framework activities at `POST /api/messages`. What is no activity gets a 400 that names what is missing; a
 * turn that fails gets a 5xx, so that the channel sends it again, with a body that tells nothing of our inside.
 */
export function messageRoutes(server: Server, given: MessageRoutes): void {
  const { adapter, bot, log } = given;
  const turns = new WeakMap<object, Turn>();
  const failed = (error: unknown): void =>
    log(
      'turn.failed',
      error instanceof HandoffError
        ? { code: error.code, reason: error.message }
        : { reason: whereOf(error) },
    );
  adapter.onTurnError = (context, error) => {
    failed(error);
    const turn = turns.get(context.activity);
    // A turn of our own making tells its maker. One from outside is answered below: merely swallowed, it would answer
    // 200 to something that was not stored.
    if (turn === undefined) return Promise.reject(error);
    turn.failed = true;
    return Promise.resolve();
  };
  server.post(
    '/api/messages',
    route(log, async (req) => {
      const activity = readActivity(bodyOf(req));
      const turn: Turn = { failed: false };
      turns.set(activity, turn);
      const address = addressIn(req);
      if (address !== undefined) given.budgets?.barred('forged', address);
      const { status, body } = await adapter
        .hear(req.headers.authorization ?? '', activity, async (context) => {
          // Only now: whoever is not the channel could spend somebody else's.
          turn.refused = await overBudget(given, context.activity);
          if (turn.refused === undefined) await bot.run(context);
        })
        .catch((error: unknown) => {
          failed(error);
          throw turnFailed(500);
        });
      if (turn.refused !== undefined) throw turn.refused;
      if (turn.failed) throw turnFailed(500);
      if (status === 401) {
        if (address !== undefined) await given.budgets?.spend('forged', address);
        throw new Refused(401, 'not_permitted', 'The activity is not signed by a channel we know.');
      }
      if (status >= 500) throw turnFailed(status);
      return { status, body: body ?? {} };
    }),
  );
}

const turnFailed = (status: number): Refused =>
  new Refused(status, 'turn_failed', 'The turn failed; sending it again is safe.');

interface Turn {
  failed: boolean;
  /** Too much of one customer's at once: nothing was written, the channel may send it again. */
  refused?: Refused | undefined;
}

/** What one customer sends over Direct Line; agents are few, and Teams holds them to less than we would. */
async function overBudget(
  { budgets }: MessageRoutes,
  { channelId, from }: TurnContext['activity'],
): Promise<Refused | undefined> {
  if (budgets === undefined || channelId !== 'directline') return undefined;
  try {
    await budgets.spend('line', from.id);
    return undefined;
  } catch (reason) {
    if (reason instanceof Refused) return reason;
    throw reason;
  }
}
