import {
  ActivityTypes,
  CardFactory,
  MessageFactory,
  type Activity,
  type Middleware,
  type TurnContext,
} from 'botbuilder';
import type { Clock } from '../clock.ts';
import type { AgentTurn, TakeAgentTurn } from './agent-turn.ts';
import { isCardPress, readAgentTurn, readCustomerReference, readInbound } from './activities.ts';
import { recordBot } from './bot-record.ts';
import type { TakeCustomerTurn } from './customer-turn.ts';
import { HandoffError } from './errors.ts';
import type { Log } from './ports.ts';

/** Key under `turnState` where the session's id stands while the bot has a turn; `SessionState` reads it. */
export const SESSION_KEY = Symbol('reconnect.session');
/** Key under `turnState` that marks a turn of our own making: it is the bot's, and recorded by who made it. */
export const OURS = Symbol('reconnect.ours');

/** A little less than the ten seconds a turn has: its refusal, too, has to be out by then. */
const TURN_MS = 9_500;

/**
 * Stands between the channels and the bot. A customer's activity on Direct Line goes through the house, which lets the
 * bot answer while it has the session; an agent's act in Teams is the house's alone; everything else is the host bot's
 * and costs no store request.
 *
 * A turn answers within 10 s; a failure of the store fails the turn, so that the channel's 5xx invites a resend and
 * nothing is acknowledged that is not stored.
 */
export function middleware(given: {
  readonly takeCustomerTurn: TakeCustomerTurn;
  readonly takeAgentTurn: TakeAgentTurn;
  readonly clock: Clock;
  readonly log: Log;
}): Middleware {
  return {
    onTurn: async (context, next) => {
      const { activity } = context;
      if (context.turnState.get(OURS) === true || isContinued(activity)) return next();
      const reference = readCustomerReference(activity);
      const turn = reference === undefined ? readAgentTurn(activity) : undefined;
      if (turn === undefined && isCardPress(activity)) {
        // Cards are for agents, in Teams: such a press was made by hand. It is nothing to us, and the bot's to see.
        given.log('denied', {
          channel: activity.channelId,
          customer: reference?.user.id,
          why: 'notFromTeams',
        });
      }
      if (reference !== undefined) {
        return within(given.clock, () =>
          given.takeCustomerTurn({
            inbound: readInbound(activity),
            reference,
            runBot: (sid) => {
              context.turnState.set(SESSION_KEY, sid);
              return recordBot(context, next);
            },
            greet: (sid) => {
              context.turnState.set(SESSION_KEY, sid);
              Object.assign(activity, arrivalOf(reference.user.id));
              return recordBot(context, next);
            },
            reply: async (reply) => {
              await context.sendActivity({ ...reply });
            },
          }),
        );
      }
      if (
        turn === undefined ||
        !(await within(given.clock, () => agentTurn(context, turn, given.takeAgentTurn)))
      ) {
        return next();
      }
    },
  };
}

/** What the bot sees in place of a card's button that is ours: somebody new, as in any new conversation. */
const arrivalOf = (id: string): Partial<Activity> => ({
  type: ActivityTypes.ConversationUpdate,
  membersAdded: [{ id, name: '' }],
  value: undefined,
});

/** Answers an agent's act; whether it was one of ours. */
async function agentTurn(context: TurnContext, turn: AgentTurn, take: TakeAgentTurn): Promise<boolean> {
  const answer = await take(turn);
  switch (answer.kind) {
    case 'notOurs':
      return false;
    case 'nothing':
      return true;
    case 'reply':
      await context.sendActivity({ type: ActivityTypes.Message, text: answer.text, textFormat: 'plain' });
      return true;
    case 'cardReply':
      await context.sendActivity({
        ...MessageFactory.attachment(CardFactory.adaptiveCard(answer.card)),
        summary: answer.summary,
      });
      return true;
    case 'card':
      await context.sendActivity({
        type: 'invokeResponse',
        value: {
          status: 200,
          body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: answer.card },
        },
      });
      return true;
    case 'refused':
      await context.sendActivity({
        type: 'invokeResponse',
        value: {
          status: 200,
          body: {
            statusCode: answer.status,
            type: 'application/vnd.microsoft.error',
            value: { code: answer.code, message: answer.text },
          },
        },
      });
      return true;
  }
}

// A proactive turn, ours or the host's: `continueConversationAsync` runs all middleware, this one included.
const isContinued = (activity: Activity): boolean =>
  activity.type === 'event' && activity.name === 'ContinueConversation';

/** Fails a turn that takes longer than a channel waits: late is a 5xx and a resend, never "200 and lost". */
async function within<T>(clock: Clock, run: () => Promise<T>): Promise<T> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.after(TURN_MS, () =>
      reject(new HandoffError('turn_timeout', `A turn took over ${TURN_MS} ms`)),
    );
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    cancel();
  }
}
