import type { ShareAnswer } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import type { Activity } from './activity.ts';
import type { Chat } from './kit.ts';

/** The answer to "may the new agent see the earlier chat?" in what a card's button submitted. */
export function shareIn(value: unknown): ShareAnswer | undefined {
  if (typeof value !== 'object' || value === null || !('reconnect' in value)) return undefined;
  const said = value.reconnect;
  if (typeof said !== 'object' || said === null || !('share' in said)) return undefined;
  const { share } = said;
  const isAnswer = typeof share === 'object' && share !== null && 'earlier' in share && 'yes' in share;
  return isAnswer ? (share as ShareAnswer) : undefined;
}

/** The card that asks, right below what was answered before. */
export function shareQuestion(
  { earlier, card }: { readonly earlier: string; readonly card: unknown },
  at: number,
): Activity {
  return {
    type: 'message',
    id: `share-${earlier}`,
    timestamp: new Date(at).toISOString(),
    from: { id: 'house', role: 'bot' },
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
    channelData: { 'webchat:sequence-id': at },
  };
}

/** A bot that never greets holds nobody up. */
const GREETING_MS = 5_000;

/** Resolves once the bot has greeted in a new chat: a session that is opened before it is past that. */
export const greeted = (chat: Pick<Chat, 'connection'>, clock: PageClock): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      cancel();
      resolve();
    };
    const cancel = clock.after(GREETING_MS, done);
    chat.connection.activity$.subscribe({ next: ({ type }) => type === 'message' && done() });
  });

/** Keeps the card that was answered from being answered again. */
export function settleCard(): void {
  const card = document.activeElement?.closest('.ac-adaptiveCard');
  for (const button of card?.querySelectorAll('button') ?? []) button.disabled = true;
}
