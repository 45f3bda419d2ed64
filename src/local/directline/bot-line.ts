import { type Clock, sleep } from '../../clock.ts';
import type { Activity } from './activity.ts';
import type { Conversations } from './conversations.ts';
import type { Knobs } from './knobs.ts';
import { Refusal } from './refusal.ts';

export const botAccount = { id: 'bot', name: 'Bot' } as const;

export type BotLine = ReturnType<typeof openBotLine>;

type Log = (event: { readonly event: string } & Readonly<Record<string, unknown>>) => void;

// The service gives a bot this long. Real time on purpose: it is the patience for a real network call, and a moved
// clock must not cut off a turn that is running well.
const patienceMs = 15_000;

/** Sends activities to the bot's endpoint, the way the channel's service does. */
export function openBotLine(parts: {
  botEndpoint: string;
  serviceUrl: string;
  clock: Clock;
  knobs: Knobs;
  conversations: Conversations;
  log: Log;
}) {
  const closing = new AbortController();

  /** Gives the bot an activity and waits for its turn to end; throws 502 when the bot fails or is too slow. */
  const deliver = async (activity: Activity, from: { id: string; name?: string | undefined }) => {
    if (parts.knobs.botDelayMs > 0) await sleep(parts.clock, parts.knobs.botDelayMs);
    const status = await post({
      ...activity,
      serviceUrl: parts.serviceUrl,
      from: { ...from, role: 'user' },
      recipient: { ...botAccount, role: 'bot' },
    });
    if (status >= 200 && status < 300) return;
    parts.log({
      event: 'directline/bot-failed',
      conversation: activity['conversation'],
      type: activity.type,
      status,
    });
    throw new Refusal(
      502,
      'BotError',
      status === 0 ? 'The bot did not answer' : `The bot answered ${status}`,
    );
  };

  const post = async (body: unknown): Promise<number> => {
    try {
      const response = await fetch(parts.botEndpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.any([closing.signal, AbortSignal.timeout(patienceMs)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  };

  return {
    deliver,

    /** Tells the bot once that a conversation began; the client never sees it, and does not wait for it. */
    announce: (
      conversation: string,
      user: { id: string; name?: string | undefined } | undefined,
      locale: string | null | undefined,
    ): void => {
      const update: Activity = parts.conversations.whisper(conversation, {
        type: 'conversationUpdate',
        membersAdded: user === undefined ? [botAccount] : [botAccount, user],
        locale,
      });
      // A bot that fails here is in the log, and hears from the customer again with their first message.
      deliver(update, user ?? { id: conversation }).catch(() => {});
    },

    close: () => closing.abort(),
  };
}
