import {
  readAgentId,
  readConversationId,
  readCustomerId,
  type AgentId,
  type ConversationId,
  type CustomerId,
} from '../../src/session/ids.ts';

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError('A simulation gave an id that is none');
  return value;
};

/** A customer with pages, each in a conversation of its own. */
export interface SimCustomer {
  readonly id: CustomerId;
  /** Their account with the site, once they sign in. */
  readonly account: CustomerId;
  /** Stands in everything they say and are told, and in nothing else. */
  readonly mark: string;
  /** The conversation each of their pages shows. */
  readonly tabs: ConversationId[];
  /** Links they were given, oldest first. */
  readonly links: string[];
  pages: number;
  said: number;
}

export function makeCustomer(at: number): SimCustomer {
  const mark = `mark-of-customer-${at}`;
  const customer: SimCustomer = {
    id: must(readCustomerId(`dl_customer-${String(at).padStart(12, '0')}`)),
    account: must(readCustomerId(`dl_account-${String(at).padStart(12, '0')}`)),
    mark,
    tabs: [],
    links: [],
    pages: 0,
    said: 0,
  };
  newPage(customer, 0);
  newPage(customer, 1);
  return customer;
}

/** Shows a new conversation on a page. */
export function newPage(customer: SimCustomer, tab: number): void {
  customer.pages += 1;
  customer.tabs[tab] = must(readConversationId(`${customer.id}-page-${customer.pages}`));
}

/** Shows that conversation. */
export function moveTo(customer: SimCustomer, tab: number, conversation: string): void {
  customer.tabs[tab] = must(readConversationId(conversation));
}

export interface SimAgent {
  readonly id: AgentId;
  readonly name: string;
  acts: number;
  presses: number;
}

export const makeAgent = (at: number): SimAgent => ({
  id: must(readAgentId(`contoso:agent-${at}`)),
  name: `Agent${at} Bell`,
  ...{ acts: 0, presses: 0 },
});

/** An activity as Direct Line would post it. */
export const fromCustomer = (
  { id }: SimCustomer,
  conversation: ConversationId,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  type: 'message',
  channelId: 'directline',
  serviceUrl: 'https://directline.sim',
  conversation: { id: conversation },
  from: { id, role: 'user' },
  recipient: { id: 'bot', name: 'Bot' },
  ...more,
});

/** The conversation of their personal chat with the bot. */
export const chatOf = ({ id }: Pick<SimAgent, 'id'>): string => `chat-${id}`;

/** An activity as Teams would post it, from their personal chat with the bot. */
export const fromAgent = (
  { id, name }: SimAgent,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> => ({
  channelId: 'msteams',
  serviceUrl: 'https://teams.sim',
  conversation: { id: chatOf({ id }), conversationType: 'personal', tenantId: 'contoso' },
  channelData: { tenant: { id: 'contoso' } },
  from: { id: `29:${id}`, name, aadObjectId: id.slice('contoso:'.length) },
  recipient: { id: 'bot', name: 'Bot' },
  ...more,
});

/** The activity by which Teams says that an agent has added the bot. */
export const installedBy = (agent: SimAgent): Readonly<Record<string, unknown>> =>
  fromAgent(agent, {
    ...{ type: 'conversationUpdate', id: `installed-${agent.id}` },
    membersAdded: [{ id: 'bot' }],
  });
