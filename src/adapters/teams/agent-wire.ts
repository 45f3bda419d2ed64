import {
  ActivityTypes,
  CardFactory,
  MessageFactory,
  type ConversationReference,
  type TurnContext,
} from 'botbuilder';
import type { Clock } from '../../clock.ts';
import type { AgentReference, AgentWire, Sent } from '../../handoff/ports.ts';
import {
  oneAttempt,
  withinDeadline,
  withoutReplyTo,
  type ProactiveAdapter,
} from '../botframework/proactive.ts';

/** Brings cards to agents' personal chats in Teams, and changes them in place. */
export function agentWire(adapter: ProactiveAdapter, appId: string, clock: Clock): AgentWire {
  const speak = (
    to: AgentReference,
    run: (context: TurnContext) => Promise<string | undefined>,
  ): Promise<Sent> =>
    withinDeadline(clock, async (signal, isLate) => {
      let id: string | undefined;
      await adapter.continueConversationAsync(appId, frameworkReference(to), async (context) => {
        oneAttempt(context, signal, isLate);
        withoutReplyTo(context);
        id = await run(context);
      });
      return { outcome: 'sent', ...(id !== undefined && { id }) };
    });
  return {
    send: (to, card, summary) =>
      speak(to, async (context) => (await context.sendActivity(message(card, summary)))?.id),
    update: (to, activity, card, summary) =>
      speak(to, async (context) => {
        await context.updateActivity({ ...message(card, summary), id: activity });
        return undefined;
      }),
    tell: (to, text) =>
      speak(
        to,
        async (context) =>
          (await context.sendActivity({ type: ActivityTypes.Message, text, textFormat: 'plain' }))?.id,
      ),
  };
}

const message = (card: unknown, summary: string) => ({
  ...MessageFactory.attachment(CardFactory.adaptiveCard(card)),
  summary,
});

export const frameworkReference = (to: AgentReference): Partial<ConversationReference> => ({
  channelId: 'msteams',
  serviceUrl: to.serviceUrl,
  conversation: {
    id: to.conversation,
    isGroup: false,
    conversationType: 'personal',
    name: '',
    ...(to.tenant !== undefined && { tenantId: to.tenant }),
  },
  bot: { id: to.bot.id, name: to.bot.name ?? '' },
  user: { id: to.user.id, name: to.user.name ?? '' },
});
