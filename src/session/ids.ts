declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** A customer's opaque id, `dl_…`: Direct Line user id, partition key and prefix of their session ids. Never a credential. */
export type CustomerId = Branded<'CustomerId'>;
/** A session's id, `<customer>.<unique>`: its partition is read off it, never looked up. */
export type SessionId = Branded<'SessionId'>;
/** An agent's id, `<tenant>:<object id>` of Entra: what a tab token and a Teams activity both carry. */
export type AgentId = Branded<'AgentId'>;
/** A channel's thread, `conversation.id`. */
export type ConversationId = Branded<'ConversationId'>;

const CUSTOMER = /^dl_[A-Za-z0-9_-]{16,64}$/;
const SESSION = /^(dl_[A-Za-z0-9_-]{16,64})\.([A-Za-z0-9_-]{8,40})$/;
const AGENT = /^[A-Za-z0-9-]{1,64}:[A-Za-z0-9-]{1,64}$/;

/** Reads a customer id from outside; `undefined` when it is none. */
export const readCustomerId = (text: unknown): CustomerId | undefined =>
  typeof text === 'string' && CUSTOMER.test(text) ? (text as CustomerId) : undefined;

/** Reads a session id from outside; `undefined` when it is none. */
export const readSessionId = (text: unknown): SessionId | undefined =>
  typeof text === 'string' && SESSION.test(text) ? (text as SessionId) : undefined;

/** Reads an agent id from outside; `undefined` when it is none. */
export const readAgentId = (text: unknown): AgentId | undefined =>
  typeof text === 'string' && AGENT.test(text) ? (text as AgentId) : undefined;

/** Reads a conversation id from outside; `undefined` when it is empty or over 512 characters. */
export const readConversationId = (text: unknown): ConversationId | undefined =>
  typeof text === 'string' && text.length > 0 && text.length <= 512 ? (text as ConversationId) : undefined;

/** The session's customer, and so its partition. */
export const customerOf = (session: SessionId): CustomerId =>
  session.slice(0, session.indexOf('.')) as CustomerId;

/** Names a new session of a customer; `unique` is 8–40 characters of the URL-safe base64 alphabet. */
export function sessionIdOf(customer: CustomerId, unique: string): SessionId {
  const id = readSessionId(`${customer}.${unique}`);
  if (id === undefined)
    throw new TypeError('A session id needs 8 to 40 URL-safe characters after the customer');
  return id;
}
