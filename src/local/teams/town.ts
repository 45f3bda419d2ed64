import type { Clock } from '../../clock.ts';
import type { ActivityJson, ChatLine, LiveJson } from '../../pages/teams-host/wire.ts';
import { Refused } from './http.ts';
import { chatIdOf, type Person, userIdOf } from './people.ts';
import type { TeamsStore } from './store.ts';

/** The one team of the local tenant and its channels. */
export const team = {
  id: '19:local-support-general@thread.tacv2',
  name: 'Support',
  aadGroupId: '6f1d7c1e-0000-4000-8000-000000000001',
  channels: [
    { id: '19:local-support-general@thread.tacv2', name: 'General' },
    { id: '19:local-support-handoffs@thread.tacv2', name: 'Handoffs' },
  ],
} as const;

/** A conversation the bot is in: a person's personal chat, or a thread in a channel. */
export type Conversation =
  | { readonly kind: 'personal'; readonly id: string; readonly person: Person }
  | { readonly kind: 'thread'; readonly id: string; readonly channel: string };

export interface TownSettings {
  readonly clock: Clock;
  readonly store: TeamsStore;
  readonly people: readonly Person[];
  readonly tenantId: string;
  readonly botId: string;
  readonly serviceUrl: string;
  /** Told of every change in a person's chat, after it is stored. */
  readonly news: (person: Person, what: LiveJson) => void;
}

export type Town = ReturnType<typeof teamsTown>;

/**
 * Who is in the local tenant and what was said there: the one place that changes a chat. Every person counts as having
 * the app (as by an admin's setup policy), so the bot may write to somebody who never opened their chat.
 */
export function teamsTown({ clock, store, people, tenantId, botId, serviceUrl, news }: TownSettings) {
  const bot = { id: `28:${botId}`, name: 'Reconnect' };
  const byChat = new Map(people.map((person) => [chatIdOf(person.oid, botId), person]));

  const find = (id: string): Conversation | undefined => {
    const person = byChat.get(id);
    if (person) return { kind: 'personal', id, person };
    const thread = store.thread(id);
    return thread && { kind: 'thread', ...thread };
  };
  const tell = (conversation: Conversation, what: LiveJson) => {
    if (conversation.kind === 'personal') news(conversation.person, what);
  };

  return {
    people,
    bot,
    tenantId,
    serviceUrl,
    now: clock.now,

    /** The fields every activity in a conversation carries in Teams, whoever sends it. */
    envelope: (conversation: Conversation) => ({
      channelId: 'msteams',
      serviceUrl,
      timestamp: new Date(clock.now()).toISOString(),
      conversation: { id: conversation.id, tenantId, ...shapeOf(conversation) },
      channelData: { tenant: { id: tenantId }, ...channelDataOf(conversation) },
    }),

    personNumbered: (n: number): Person => {
      const person = people.find((one) => one.n === n);
      if (!person) throw new Refused(404, 'PersonNotFound', `There is no agent ${n} here.`);
      return person;
    },
    /** Finds a person by user id (`29:…`) or Entra object id. */
    personKnownAs: (id: string) => people.find((one) => one.oid === id || userIdOf(one.oid) === id),
    chatOf: (person: Person): Conversation => ({
      kind: 'personal',
      id: chatIdOf(person.oid, botId),
      person,
    }),
    conversation: (id: string): Conversation => {
      const found = find(id);
      if (!found) throw new Refused(404, 'ConversationNotFound', `There is no conversation ${id}.`);
      return found;
    },
    conversations: (): Conversation[] =>
      [...byChat.keys(), ...store.threads().map(({ id }) => id)].flatMap((id) => find(id) ?? []),
    members: (conversation: Conversation): readonly Person[] =>
      conversation.kind === 'personal' ? [conversation.person] : people,

    /** Starts a thread in a channel of the team. */
    startThread: (channel: string): Conversation => {
      if (!team.channels.some(({ id }) => id === channel)) {
        throw new Refused(404, 'ChannelNotFound', `There is no channel ${channel}.`);
      }
      const id = `${channel};messageid=${store.nextId(clock.now())}`;
      store.addThread({ id, channel });
      return { kind: 'thread', id, channel };
    },

    say: (conversation: Conversation, author: ChatLine['author'], activity: ActivityJson): string => {
      const id = store.nextId(clock.now());
      const line = { id, author, activity: { ...activity, id } };
      store.add(conversation.id, line);
      tell(conversation, { kind: 'put', line });
      return id;
    },
    edit: (conversation: Conversation, id: string, activity: ActivityJson): void => {
      const before = store.line(conversation.id, id);
      if (!before) throw notSaid(id);
      const line = { ...before, activity: { ...activity, id } };
      store.replace(conversation.id, id, line.activity);
      tell(conversation, { kind: 'put', line });
    },
    unsay: (conversation: Conversation, id: string): void => {
      if (!store.remove(conversation.id, id)) throw notSaid(id);
      tell(conversation, { kind: 'gone', id });
    },
    typing: (conversation: Conversation): void => tell(conversation, { kind: 'typing' }),
    line: (conversation: Conversation, id: string): ChatLine => {
      const line = store.line(conversation.id, id);
      if (!line) throw notSaid(id);
      return line;
    },
    lines: (conversation: Conversation): ChatLine[] => store.lines(conversation.id),
  };
}

const shapeOf = (conversation: Conversation) =>
  conversation.kind === 'personal'
    ? { conversationType: 'personal' }
    : { conversationType: 'channel', isGroup: true };

const channelDataOf = (conversation: Conversation) =>
  conversation.kind === 'personal' ? {} : { team: { id: team.id }, channel: { id: conversation.channel } };

const notSaid = (id: string) =>
  new Refused(404, 'ActivityNotFoundInConversation', `There is no message ${id} in this conversation.`);
