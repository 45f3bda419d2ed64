import type {
  CloudAdapter,
  Request as AdapterRequest,
  Response as AdapterResponse,
  TurnContext,
} from 'botbuilder';
import type { Server } from 'restify';
import { HandoffError, whereOf } from '../handoff/errors.ts';
import type { Log } from '../handoff/ports.ts';
import { readActivity } from './activity.ts';
import { addressIn, type Budgets } from './budgets.ts';
import { bodyOf, Refused, route, type Answer } from './http.ts';

/** What activities are answered with. */
export interface MessageRoutes {
  readonly adapter: CloudAdapter;
  readonly bot: { readonly run: (context: TurnContext) => Promise<void> };
  /** What holds off whoever floods the house; left out, nothing does. */
  readonly budgets?: Budgets;
  readonly log: Log;
}

/**
 * Takes Bot Framework activities at `POST /api/messages`. What is no activity gets a 400 that names what is missing; a
 * turn that fails gets a 5xx, so that the channel sends it again, with a body that tells nothing of our inside.
 */
export function messageRoutes(server: Server, given: MessageRoutes): void {
  const { adapter, bot, log } = given;
  const turns = new WeakMap<object, Turn>();
  adapter.onTurnError = (context, error) => {
    log(
      'turn.failed',
      error instanceof HandoffError
        ? { code: error.code, reason: error.message }
        : { reason: whereOf(error) },
    );
    const turn = turns.get(context.activity);
    // A turn of our own making tells its maker. One from outside is answered below: rejected, it would be printed by
    // the SDK together with what people wrote; merely swallowed, it would answer 200 to something that was not stored.
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
      req.body = activity;
      const address = addressIn(req);
      if (address !== undefined) given.budgets?.barred('forged', address);
      const said = listening();
      await adapter.process(req as unknown as AdapterRequest, said.response, async (context) => {
        // Only now: whoever is not the channel could spend somebody else's.
        turn.refused = await overBudget(given, context.activity);
        if (turn.refused === undefined) await bot.run(context);
      });
      if (turn.refused !== undefined) throw turn.refused;
      if (turn.failed) throw new Refused(500, 'turn_failed', 'The turn failed; sending it again is safe.');
      if (said.isForged() && address !== undefined) await given.budgets?.spend('forged', address);
      return said.answer();
    }),
  );
}

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

/** Hears what the SDK would answer: it writes the message of whatever was thrown into the body, and we do not. */
function listening(): {
  readonly response: AdapterResponse;
  readonly isForged: () => boolean;
  readonly answer: () => Answer;
} {
  let status = 200;
  let body: unknown;
  const response = {
    socket: undefined,
    end: () => response,
    header: () => response,
    send: (sent: unknown) => {
      body = sent;
      return response;
    },
    status: (code: number) => {
      status = code;
      return response;
    },
  };
  const isForged = (): boolean => status === 401;
  const answer = (): Answer => {
    if (isForged())
      throw new Refused(401, 'not_permitted', 'The activity is not signed by a channel we know.');
    if (status >= 500) throw new Refused(status, 'turn_failed', 'The turn failed; sending it again is safe.');
    return { status, body: body ?? {} };
  };
  return { response, isForged, answer };
}
