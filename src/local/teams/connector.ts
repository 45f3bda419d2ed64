import { randomUUID } from 'node:crypto';
import type { Request, Server } from 'restify';
import { z } from 'zod';
import { botActivityShape, obeyTeamsRules } from './activity.ts';
import type { ActivityJson } from '../../pages/teams-host/wire.ts';
import { type Answer, type Log, pathParam, readBody, Refused, route } from './http.ts';
import type { Knobs } from './knobs.ts';
import { obeyRateLimits, teamsRateLimits } from './limits.ts';
import { mountRoster } from './roster.ts';
import type { TeamsStore, WriteKind } from './store.ts';
import type { Conversation, Town } from './town.ts';

export interface ConnectorSettings {
  readonly town: Town;
  readonly store: TeamsStore;
  readonly knobs: Knobs;
  readonly log: Log;
  /** The URL bots are given; its path is where the routes are mounted. */
  readonly serviceUrl: string;
}

const createShape = z.looseObject({
  members: z.array(z.looseObject({ id: z.string() })).nullish(),
  tenantId: z.string().nullish(),
  isGroup: z.boolean().nullish(),
  activity: botActivityShape.nullish(),
  channelData: z
    .looseObject({
      channel: z.looseObject({ id: z.string() }).nullish(),
      tenant: z.looseObject({ id: z.string() }).nullish(),
    })
    .nullish(),
});

const attachmentShape = z.looseObject({ name: z.string(), type: z.string(), originalBase64: z.base64() });

/**
 * Mounts the Bot Connector v3 as Teams answers it: what a bot writes, by conversation. A write counts against the
 * thread's limits when it is done; updates count too, so that a bot which only edits is held back here as well.
 */
export function mountConnector(server: Server, settings: ConnectorSettings): void {
  const { town, store, knobs, log, serviceUrl } = settings;
  const at = `${new URL(serviceUrl).pathname.replace(/\/$/, '')}/v3`;
  const on = (handle: (req: Request) => Answer | Promise<Answer>) => route(log, handle);
  const conversationOf = (req: Request) => town.conversation(pathParam(req, 'conversation'));

  const write = <T>(conversation: Conversation, kind: WriteKind, act: () => T): Promise<T> =>
    knobs.during(conversation.id, () => {
      const { uninstalled, rateLimits } = knobs.state();
      if (conversation.kind === 'personal' && uninstalled.includes(conversation.person.n)) {
        throw new Refused(403, 'MessageWritesBlocked', 'The bot was removed or blocked by this person.');
      }
      if (rateLimits && kind !== 'delete') {
        obeyRateLimits(teamsRateLimits, town.now(), (since) => store.writesSince(conversation.id, since));
      }
      const done = act();
      store.countWrite(conversation.id, kind, town.now());
      return done;
    });

  const send = async (
    conversation: Conversation,
    sent: z.infer<typeof botActivityShape>,
  ): Promise<Answer> => {
    obeyTeamsRules(sent);
    const id = await write(conversation, 'send', () => {
      if (sent.type === 'typing') return typing(town, conversation);
      return town.say(conversation, 'bot', fromBot(town, conversation, sent));
    });
    return { status: 201, body: { id } };
  };
  const sendTo = on(async (req) => {
    const sent = await readBody(req, botActivityShape);
    return send(conversationOf(req), sent);
  });

  server.post(
    `${at}/conversations`,
    on(async (req) => create(await readBody(req, createShape))),
  );
  server.post(`${at}/conversations/:conversation/activities`, sendTo);
  // The reply's parent makes no difference: only `;messageid=` in the conversation id threads in Teams.
  server.post(`${at}/conversations/:conversation/activities/:activity`, sendTo);
  server.put(
    `${at}/conversations/:conversation/activities/:activity`,
    on(async (req) => {
      const sent = await readBody(req, botActivityShape);
      obeyTeamsRules(sent);
      const conversation = conversationOf(req);
      const id = pathParam(req, 'activity');
      const activity = fromBot(town, conversation, sent);
      await write(conversation, 'update', () => town.edit(conversation, id, activity));
      return { status: 200, body: { id } };
    }),
  );
  server.del(
    `${at}/conversations/:conversation/activities/:activity`,
    on(async (req) => {
      const conversation = conversationOf(req);
      await write(conversation, 'delete', () => town.unsay(conversation, pathParam(req, 'activity')));
      return { status: 200 };
    }),
  );
  server.post(
    `${at}/conversations/:conversation/attachments`,
    on(async (req) => {
      conversationOf(req);
      const { name, type, originalBase64 } = await readBody(req, attachmentShape, 10 * 1024 * 1024);
      const id = randomUUID();
      store.addAttachment(id, name, type, Buffer.from(originalBase64, 'base64'));
      return { status: 201, body: { id } };
    }),
  );
  mountRoster(server, at, settings);

  async function create(asked: z.infer<typeof createShape>): Promise<Answer> {
    const { conversation, activity } = begin(asked);
    if (!activity) return { status: 201, body: { id: conversation.id, serviceUrl } };
    const { body } = await send(conversation, activity);
    return { status: 201, body: { id: conversation.id, activityId: idIn(body), serviceUrl } };
  }

  function begin({ members, tenantId, isGroup, activity, channelData }: z.infer<typeof createShape>) {
    const channel = channelData?.channel?.id;
    if (channel !== undefined) {
      if (!activity) throw new Refused(400, 'BadSyntax', 'A new thread in a channel needs an activity.');
      obeyTeamsRules(activity);
      return { conversation: town.startThread(channel), activity };
    }
    if (isGroup === true || members?.length !== 1) {
      throw new Refused(400, 'BadSyntax', 'Bots can start a chat with exactly one member.');
    }
    if ((tenantId ?? channelData?.tenant?.id) !== town.tenantId) {
      throw new Refused(403, 'TenantMismatch', 'The bot is not installed in this tenant.');
    }
    const person = town.personKnownAs(members[0]?.id ?? '');
    if (!person)
      throw new Refused(403, 'BotNotInConversationRoster', 'There is no such member in the tenant.');
    if (knobs.state().uninstalled.includes(person.n)) {
      throw new Refused(
        403,
        'ForbiddenOperationException',
        "The bot is not installed in the user's personal scope.",
      );
    }
    return { conversation: town.chatOf(person), activity };
  }
}

function fromBot(
  town: Town,
  conversation: Conversation,
  sent: z.infer<typeof botActivityShape>,
): ActivityJson {
  const envelope = town.envelope(conversation);
  const channelData = { ...sent.channelData, ...envelope.channelData };
  return { ...sent, ...envelope, channelData, from: town.bot };
}

// Typing is shown and forgotten; Teams gives it an id nevertheless.
function typing(town: Town, conversation: Conversation): string {
  town.typing(conversation);
  return randomUUID();
}

const idIn = (body: unknown) => z.object({ id: z.string() }).parse(body).id;
