import type { Activity } from 'botbuilder';
import type { PromptAnswer, ShareAnswer } from '../cards/views.ts';
import { readAgentId, readConversationId, readCustomerId, readSessionId } from '../session/ids.ts';
import type { Message } from '../session/ledger.ts';
import type { AgentTurn } from './agent-turn.ts';
import type { Inbound } from './customer-turn.ts';
import type { Dropped } from './dropped-files.ts';
import type { CustomerReference } from './header.ts';

/** Channels a customer's page may speak through; both are Direct Line. */
const CUSTOMER_CHANNELS: ReadonlySet<string> = new Set(['directline', 'webchat']);

/** Where this customer is, when the activity is one of ours: Direct Line, and a user id our token endpoint bound. */
export function readCustomerReference(activity: Activity): CustomerReference | undefined {
  if (!CUSTOMER_CHANNELS.has(activity.channelId)) return undefined;
  const user = readCustomerId(customerIdOf(activity));
  const conversation = readConversationId(read(activity.conversation, 'id'));
  const bot = read(activity.recipient, 'id');
  if (user === undefined || conversation === undefined || typeof bot !== 'string') return undefined;
  return {
    channel: activity.channelId,
    serviceUrl: activity.serviceUrl,
    conversation,
    bot: { id: bot, ...nameOf(activity.recipient) },
    user: { id: user },
    ...(typeof activity.locale === 'string' && { locale: activity.locale }),
  };
}

// A conversationUpdate comes from the channel; who it is about stands among the members.
function customerIdOf(activity: Activity): unknown {
  if (activity.type !== 'conversationUpdate') return read(activity.from, 'id');
  const added: unknown = activity.membersAdded;
  const ids: unknown[] = Array.isArray(added) ? added.map((member: unknown) => read(member, 'id')) : [];
  return ids.find((id) => readCustomerId(id) !== undefined) ?? read(activity.from, 'id');
}

/** What a customer's activity means; whatever is malformed means nothing and is the bot's to see. */
export function readInbound(activity: Activity): Inbound {
  switch (activity.type) {
    case 'conversationUpdate':
      return readCustomerId(customerIdOf(activity)) !== undefined && Array.isArray(activity.membersAdded)
        ? { kind: 'arrived' }
        : { kind: 'other' };
    case 'event':
      return activity.name === 'webchat/join' ? { kind: 'join' } : { kind: 'other' };
    case 'message':
      return readMessage(activity);
    case 'typing':
      return { kind: 'typing' };
    default:
      return { kind: 'other' };
  }
}

function readMessage(activity: Activity): Inbound {
  const answer = readPromptAnswer(read(activity.value, 'reconnect'));
  if (answer !== undefined) return { kind: 'answer', answer };
  const share = readShareAnswer(read(read(activity.value, 'reconnect'), 'share'));
  if (share !== undefined) return { kind: 'share', share };
  const again = read(read(activity.value, 'reconnect'), 'again');
  if (typeof again === 'boolean') return { kind: 'unsure', again };
  if (read(read(activity.value, 'reconnect'), 'leaveMessage') === true) return { kind: 'leaveMessage' };
  const text = typeof activity.text === 'string' ? activity.text : undefined;
  const attachments: unknown = activity.attachments;
  const given =
    Array.isArray(attachments) && attachments.length > 0 ? (attachments as readonly unknown[]) : undefined;
  const submitted =
    activity.value === undefined || activity.value === null ? undefined : JSON.stringify(activity.value);
  const said = text === undefined || text === '' ? submitted : text;
  if (said === undefined && given === undefined) return { kind: 'other' };
  const named = read(activity.channelData, 'clientActivityID');
  const client = typeof named === 'string' && named !== '' ? named : undefined;
  const message: Message = {
    kind: 'message',
    ...(said !== undefined && { text: said }),
    format: 'plain',
    ...(given !== undefined && { attachments: given }),
    ...(activity.id !== undefined && { activityId: activity.id }),
    ...(client !== undefined && { clientId: client }),
  };
  return {
    kind: 'message',
    message,
    keys: {
      ...(activity.id !== undefined && { activity: activity.id }),
      ...(client !== undefined && { client }),
    },
  };
}

/** Reads a prompt's answer from outside; `undefined` when it is none. */
export function readPromptAnswer(value: unknown): PromptAnswer | undefined {
  const sid = readSessionId(read(value, 'sid'));
  const epoch = read(value, 'epoch');
  const nonce = read(value, 'nonce');
  const choice = read(value, 'choice');
  if (sid === undefined || typeof epoch !== 'number' || !Number.isSafeInteger(epoch)) return undefined;
  if (typeof nonce !== 'string' || nonce.length > 64) return undefined;
  if (choice !== 'agent' && choice !== 'anyone' && choice !== 'fresh' && choice !== 'notMe') return undefined;
  return { sid, epoch, nonce, choice };
}

/** Reads the answer to whether an earlier chat may be shown; one that does not say yes says no. */
export function readShareAnswer(value: unknown): ShareAnswer | undefined {
  const earlier = readSessionId(read(value, 'earlier'));
  const nonce = read(value, 'nonce');
  if (earlier === undefined || typeof nonce !== 'string' || nonce.length > 64) return undefined;
  return { earlier, nonce, yes: read(value, 'yes') === true };
}

/** What a Teams activity asks of the house, when its sender can be an agent at all. */
export function readAgentTurn(activity: Activity): AgentTurn | undefined {
  if (activity.channelId !== 'msteams') return undefined;
  const tenant = read(read(activity.channelData, 'tenant'), 'id') ?? read(activity.conversation, 'tenantId');
  const oid = read(activity.from, 'aadObjectId');
  const agent =
    typeof tenant === 'string' && typeof oid === 'string' ? readAgentId(`${tenant}:${oid}`) : undefined;
  const conversation = read(activity.conversation, 'id');
  const bot = read(activity.recipient, 'id');
  const user = read(activity.from, 'id');
  if (
    agent === undefined ||
    typeof conversation !== 'string' ||
    typeof bot !== 'string' ||
    typeof user !== 'string'
  ) {
    return undefined;
  }
  return {
    agent,
    reference: {
      serviceUrl: activity.serviceUrl,
      conversation,
      bot: { id: bot, ...nameOf(activity.recipient) },
      user: { id: user, ...nameOf(activity.from) },
      ...(typeof tenant === 'string' && { tenant }),
    },
    personal: read(activity.conversation, 'conversationType') === 'personal',
    ...zoneOf(activity),
    asks: readAsks(activity),
  };
}

/** Where the sender's clock is: Teams says it beside the activity, or among what it tells of the client. */
function zoneOf(activity: Activity): { readonly timeZone?: string } {
  const entities: unknown = activity.entities;
  const told = Array.isArray(entities) ? entities.map((one: unknown) => read(one, 'timezone')) : [];
  const zone = [read(activity, 'localTimezone'), ...told].find((one) => typeof one === 'string');
  return typeof zone === 'string' && zone.length <= 64 ? { timeZone: zone } : {};
}

/** Whether an activity presses a button of an agent's card, whoever sent it through whatever channel. */
export function isCardPress({ type, value }: Activity): boolean {
  const verb = read(type === 'invoke' ? read(value, 'action') : value, 'verb');
  return typeof verb === 'string' && verb.startsWith('reconnect/');
}

function readAsks(activity: Activity): AgentTurn['asks'] {
  if (activity.type === 'invoke' && activity.name === 'adaptiveCard/action') {
    const action = read(activity.value, 'action');
    return verbAsk(read(action, 'verb'), read(action, 'data'), activity.id, true) ?? { kind: 'other' };
  }
  if (activity.type === 'message') {
    const verb = verbAsk(read(activity.value, 'verb'), activity.value, activity.id, false);
    return verb ?? looseLine(activity);
  }
  if (activity.type === 'conversationUpdate' || activity.type === 'installationUpdate') {
    return { kind: 'installed' };
  }
  return { kind: 'other' };
}

function looseLine(activity: Activity): AgentTurn['asks'] {
  const attachments: unknown = activity.attachments;
  const given: readonly unknown[] = Array.isArray(attachments) ? attachments : [];
  return {
    kind: 'text',
    id: activity.id ?? '',
    text: typeof activity.text === 'string' ? activity.text.trim() : '',
    // Teams sends what was written a second time, as an attachment of HTML.
    dropped: given.filter((one) => read(one, 'contentType') !== 'text/html').map(droppedIn),
  };
}

/** A file of the sender's, or a picture in the message. Source: Teams docs, `Send and receive files through a bot`. */
function droppedIn(attachment: unknown): Dropped {
  const type = read(attachment, 'contentType');
  const isFile = type === 'application/vnd.microsoft.teams.file.download.info';
  const isPicture = typeof type === 'string' && type.startsWith('image/');
  const url = isFile ? read(read(attachment, 'content'), 'downloadUrl') : read(attachment, 'contentUrl');
  const name = read(attachment, 'name') ?? (isPicture ? 'image' : undefined);
  return typeof url === 'string' && (isFile || isPicture)
    ? { name, at: { kind: isFile ? 'download' : 'inline', url } }
    : { name };
}

function verbAsk(
  verb: unknown,
  data: unknown,
  id: string | undefined,
  invoked: boolean,
): AgentTurn['asks'] | undefined {
  if (typeof verb !== 'string' || !verb.startsWith('reconnect/')) return undefined;
  const epoch = read(data, 'epoch');
  return {
    kind: 'verb',
    verb: verb.slice('reconnect/'.length),
    sid: readSessionId(read(data, 'sid')),
    epoch: typeof epoch === 'number' ? epoch : undefined,
    id: (id ?? '').slice(0, 64),
    inputs: typeof data === 'object' && data !== null ? { ...data } : {},
    invoked,
  };
}

const nameOf = (account: unknown): { readonly name?: string } => {
  const name = read(account, 'name');
  return typeof name === 'string' ? { name } : {};
};

/** One property of something from outside; `undefined` when there is no such thing. */
function read(from: unknown, key: string): unknown {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, key)) return undefined;
  return (from as Readonly<Record<string, unknown>>)[key];
}
