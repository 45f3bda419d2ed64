import type { ConversationReference } from 'botbuilder';
import type { Clock } from '../../clock.ts';
import type { CustomerReference } from '../../handoff/header.ts';
import type { CustomerWire } from '../../handoff/ports.ts';
import type { ProactiveAdapter } from './proactive.ts';
import { oneAttempt, withinDeadline, withoutReplyTo } from './proactive.ts';

/** Carries activities to customers over the Bot Framework connector. */
export const customerWire =
  (adapter: ProactiveAdapter, appId: string, clock: Clock): CustomerWire =>
  (to, activity, stopped) =>
    withinDeadline(
      clock,
      async (signal, isLate) => {
        let id: string | undefined;
        await adapter.continueConversationAsync(appId, frameworkReference(to), async (context) => {
          oneAttempt(context, signal, isLate);
          withoutReplyTo(context);
          id = (await context.sendActivity({ ...activity }))?.id;
        });
        return { outcome: 'sent', ...(id !== undefined && { id }) };
      },
      stopped,
    );

/** The framework's shape of a customer's reference. */
export const frameworkReference = (to: CustomerReference): Partial<ConversationReference> => ({
  channelId: to.channel,
  serviceUrl: to.serviceUrl,
  conversation: { id: to.conversation, isGroup: false, conversationType: '', name: '' },
  bot: { id: to.bot.id, name: to.bot.name ?? '' },
  user: { id: to.user.id, name: '' },
  ...(to.locale !== undefined && { locale: to.locale }),
});
