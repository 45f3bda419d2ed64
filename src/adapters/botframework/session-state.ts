import { BotState, type Storage, type TurnContext } from 'botbuilder';
import { SESSION_KEY } from '../../handoff/middleware.ts';

/**
 * Keeps a bot's state by session instead of by conversation: a one-line replacement for `ConversationState` that still
 * finds its dialogs when the customer returns in another conversation, where `ConversationState` would be empty.
 *
 * Outside our sessions (other channels) it keys by conversation, as `ConversationState` does.
 *
 * @example
 * const state = new SessionState(storage);
 * const dialogs = new DialogSet(state.createProperty('dialogs'));
 */
export class SessionState extends BotState {
  constructor(storage: Storage, namespace = '') {
    super(storage, (context) => Promise.resolve(`${namespace}reconnect/${keyOf(context)}`));
  }
}

function keyOf(context: TurnContext): string {
  const session: unknown = context.turnState.get(SESSION_KEY);
  if (typeof session === 'string') return `session/${session}`;
  const { channelId, conversation } = context.activity;
  return `${channelId}/conversations/${conversation.id}`;
}
