import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OutcomeJson } from '../../pages/teams-host/wire.ts';
import { obeyCardRules } from './activity.ts';
import { type Log, Refused } from './http.ts';
import { type Person, userIdOf } from './people.ts';
import type { Town } from './town.ts';

export interface BotSettings {
  readonly town: Town;
  /** Where the bot takes activities, `…/api/messages`. */
  readonly endpoint: string;
  readonly log: Log;
}

/** A button of a card as its author wrote it, with the card's inputs merged into `data`. */
export interface PressedAction {
  readonly id?: string | undefined;
  readonly verb?: string | undefined;
  readonly data?: unknown;
}

/** What became of a pressed button; `card` takes the place of the one it was on. */
export type Pressed = OutcomeJson | { readonly outcome: 'card'; readonly card: unknown };

export type Bot = ReturnType<typeof teamsBot>;

// Teams waits 15 s for a bot before it tells the person that something went wrong.
const patienceMs = 15_000;

/** Makes the line to the bot: what a person does in Teams, as the activities Teams posts. */
export function teamsBot({ town, endpoint, log }: BotSettings) {
  const from = (person: Person, activity: { readonly type: string } & Readonly<Record<string, unknown>>) => ({
    id: `f:${randomUUID()}`,
    locale: 'en-US',
    ...activity,
    ...town.envelope(town.chatOf(person)),
    from: { id: userIdOf(person.oid), name: person.name, aadObjectId: person.oid },
    recipient: town.bot,
    entities: [{ type: 'clientInfo', locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Etc/UTC' }],
  });

  const post = async (activity: { readonly type: string }): Promise<BotAnswer> => {
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(activity),
        signal: AbortSignal.timeout(patienceMs),
      });
      return { status: response.status, body: asJson(await response.text()) };
    } catch (error) {
      log({ event: 'teams.bot.unreachable', type: activity.type, error });
      return { status: 504, body: undefined };
    }
  };

  return {
    /** Tells the bot it was installed for a person, with the two activities Teams sends; true when it took both. */
    install: async (person: Person): Promise<boolean> => {
      const added = await post(
        from(person, { type: 'conversationUpdate', membersAdded: [town.bot, { id: userIdOf(person.oid) }] }),
      );
      const installed = await post(from(person, { type: 'installationUpdate', action: 'add' }));
      return isOk(added) && isOk(installed);
    },

    /** Brings a written line, or the `value` of an `Action.Submit`, to the bot; true when it took it. */
    message: async (
      person: Person,
      message: {
        id?: string;
        text?: string;
        attachments?: readonly object[];
        value?: unknown;
        replyToId?: string;
      },
    ) => isOk(await post(from(person, { type: 'message', textFormat: 'plain', ...message }))),

    /** Presses an `Action.Execute` on the card in the message `replyToId`. */
    press: async (person: Person, replyToId: string, action: PressedAction): Promise<Pressed> => {
      const value = { action: { type: 'Action.Execute', ...action }, trigger: 'manual' };
      return pressed(
        await post(from(person, { type: 'invoke', name: 'adaptiveCard/action', replyToId, value })),
      );
    },
  };
}

interface BotAnswer {
  readonly status: number;
  readonly body: unknown;
}

const isOk = ({ status }: BotAnswer) => status >= 200 && status < 300;

const responseShape = z.object({ statusCode: z.number(), type: z.string(), value: z.unknown().optional() });
const errorShape = z.object({ message: z.string() });

function pressed({ status, body }: BotAnswer): Pressed {
  if (status === 501) return failed('The bot does not know this button.');
  if (status === 504) return failed('The bot did not answer. Try again.');
  if (status < 200 || status >= 300) return failed('Something went wrong. Try again.');
  const read = responseShape.safeParse(body);
  if (!read.success)
    return body === undefined ? { outcome: 'done' } : failed('The bot gave an answer Teams cannot show.');
  return shown(read.data);
}

function shown({ statusCode, type, value }: z.infer<typeof responseShape>): Pressed {
  switch (type) {
    case 'application/vnd.microsoft.card.adaptive':
      return cardOrFault(value);
    case 'application/vnd.microsoft.activity.message':
      return { outcome: 'said', text: String(value) };
    case 'application/vnd.microsoft.error': {
      const error = errorShape.safeParse(value);
      return failed(error.success ? error.data.message : `The bot refused this (${statusCode}).`);
    }
    default:
      return failed('The bot gave an answer Teams cannot show.');
  }
}

function cardOrFault(card: unknown): Pressed {
  try {
    obeyCardRules(card);
    return { outcome: 'card', card };
  } catch (error) {
    if (error instanceof Refused) return failed(error.message);
    throw error;
  }
}

const failed = (text: string): Pressed => ({ outcome: 'failed', text });

function asJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
