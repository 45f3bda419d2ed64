import { readConversationId, type ConversationId } from '../session/ids.ts';
import { Refused } from './http.ts';

type Body = Readonly<Record<string, unknown>>;

/** The conversation that a body is about. @throws Refused 400 */
export function conversationOf(body: Body): ConversationId {
  const conversation = readConversationId(body['conversation']);
  if (conversation === undefined)
    throw new Refused(400, 'bad_input', 'conversation: is missing or malformed.');
  return conversation;
}

/** Text that a body may hold. @throws Refused 400 when it is something else */
export function textOf(body: Body, key: string): string | undefined {
  const value = body[key];
  if (value !== undefined && typeof value !== 'string')
    throw new Refused(400, 'bad_input', `${key}: must be text.`);
  return value;
}
