import { ActivityTypes, type Activity, type TurnContext } from 'botbuilder';
import { botEventsOf, type BotLine } from '../../handoff/bot-line.ts';
import { recordBot } from '../../handoff/bot-record.ts';
import type { CustomerReference } from '../../handoff/header.ts';
import type { Sessions } from '../../handoff/handle.ts';
import { OURS, SESSION_KEY } from '../../handoff/middleware.ts';
import { customerOf, type SessionId } from '../../session/ids.ts';
import { frameworkReference } from './customer-wire.ts';
import { withoutReplyTo, type ProactiveAdapter } from './proactive.ts';

/** The bot, as the framework runs it. */
export interface Bot {
  readonly run: (context: TurnContext) => Promise<void>;
}

/** Lets the bot take a turn nobody's activity started: it hears what became of its handoff, or greets. */
export interface BotTurns {
  readonly tell: BotLine;
  /** The bot greets as it would in a new conversation: it sees the customer being added. */
  readonly greet: (
    sid: SessionId,
    reference: CustomerReference,
  ) => Promise<Awaited<ReturnType<typeof recordBot>>>;
}

/** Makes those turns over the adapter; what the bot answers is recorded into the session. */
export function botTurns(given: {
  readonly adapter: ProactiveAdapter;
  readonly bot: Bot;
  readonly appId: string;
  readonly sessions: () => Sessions;
}): BotTurns {
  const run = async (
    sid: SessionId,
    reference: CustomerReference,
    activity: Partial<Activity>,
  ): Promise<Awaited<ReturnType<typeof recordBot>>> => {
    let said: Awaited<ReturnType<typeof recordBot>> = { says: [] };
    await given.adapter.continueConversationAsync(
      given.appId,
      frameworkReference(reference),
      async (context) => {
        withoutReplyTo(context);
        Object.assign(context.activity, activity, {
          from: { id: reference.user.id, name: '', role: 'user' },
        });
        context.turnState.set(OURS, true);
        context.turnState.set(SESSION_KEY, sid);
        said = await recordBot(context, () => given.bot.run(context));
      },
    );
    return said;
  };
  return {
    tell: async (header, events) => {
      const { id } = header.session;
      for (const { name, value } of botEventsOf(header, events)) {
        const { says } = await run(id, header.reference, { type: ActivityTypes.Event, name, value });
        if (says.length === 0) continue;
        await given.sessions().ask(id, { actor: 'bot', command: () => ({ type: 'tick' }), say: says });
      }
    },
    greet: (sid, reference) =>
      run(sid, reference, {
        type: ActivityTypes.ConversationUpdate,
        name: '',
        membersAdded: [{ id: customerOf(sid), name: '' }],
      }),
  };
}
