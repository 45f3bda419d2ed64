import { z } from 'zod';
import { readActivity } from './activity.ts';
import { botAccount } from './bot-line.ts';
import type { Conversations } from './conversations.ts';
import type { Answer, Exchange, Route } from './front-door.ts';
import type { Knobs } from './knobs.ts';
import { badArgument, Refusal } from './refusal.ts';

/** Where the connector is mounted; a `serviceUrl` ends with it. */
export const connectorPrefix = '/local/connector/directline';

interface ConnectorParts {
  readonly conversations: Conversations;
  readonly knobs: Knobs;
}

const attachmentData = z.looseObject({
  type: z.string().min(1),
  name: z.string().nullish(),
  originalBase64: z.union([z.base64(), z.looseObject({ data: z.array(z.int().min(0).max(255)) })]),
});

/**
 * The connector service behind `serviceUrl`, as the bot's SDK calls it. Nobody is authenticated: a bot without an app id
 * sends no token.
 */
export function connectorRoutes({ conversations, knobs }: ConnectorParts): readonly Route[] {
  const conversation = ({ params }: Exchange) => conversations.find(params['conversation'] ?? '');
  const activityId = ({ params }: Exchange) => params['activity'] ?? '';

  const say = async (exchange: Exchange, replyToId?: string): Promise<Answer> => {
    const activity = readActivity(await exchange.json(knobs.maxBodyBytes));
    const { id } = conversation(exchange);
    const said = conversations.say(id, {
      ...activity,
      from: { ...botAccount, ...activity.from },
      ...(replyToId === undefined ? {} : { replyToId }),
    });
    return { status: 200, body: { id: said.id } };
  };

  const rewrite = async (exchange: Exchange): Promise<Answer> => {
    const activity = readActivity(await exchange.json(knobs.maxBodyBytes));
    conversations.rewrite(conversation(exchange).id, activityId(exchange), {
      ...activity,
      from: { ...botAccount, ...activity.from },
    });
    return { status: 200, body: { id: activityId(exchange) } };
  };

  const unsay = (exchange: Exchange): Answer => {
    conversations.unsay(conversation(exchange).id, activityId(exchange));
    return { status: 200 };
  };

  const members = (exchange: Exchange) => {
    const { user, userName } = conversation(exchange);
    return [botAccount, ...(user === undefined ? [] : [{ id: user, name: userName ?? '' }])];
  };

  const member = (exchange: Exchange): Answer => {
    const found = members(exchange).find(({ id }) => id === exchange.params['member']);
    if (found === undefined)
      throw new Refusal(404, 'MemberNotFoundInConversation', 'Nobody of that id is here');
    return { status: 200, body: found };
  };

  const keepAttachment = async (exchange: Exchange): Promise<Answer> => {
    const read = attachmentData.safeParse(await exchange.json(knobs.maxBodyBytes * 16));
    if (!read.success) throw badArgument('An attachment needs a type and originalBase64');
    const { type, name, originalBase64: content } = read.data;
    const bytes =
      typeof content === 'string' ? Buffer.from(content, 'base64') : Uint8Array.from(content.data);
    return {
      status: 200,
      body: {
        id: conversations.keepFile(conversation(exchange).id, { type, name: name ?? 'attachment', bytes }),
      },
    };
  };

  const attachment = ({ params }: Exchange) => {
    const file = conversations.file(params['attachment'] ?? '');
    if (file === undefined) throw new Refusal(404, 'BadArgument', 'Unknown attachment');
    return file;
  };

  const attachmentInfo = (exchange: Exchange): Answer => {
    const { name, type, bytes } = attachment(exchange);
    return { status: 200, body: { name, type, views: [{ viewId: 'original', size: bytes.length }] } };
  };

  const attachmentBytes = (exchange: Exchange): Answer => {
    const { type, bytes } = attachment(exchange);
    return {
      status: 200,
      body: bytes,
      headers: { 'content-type': type, 'x-content-type-options': 'nosniff' },
    };
  };

  const inConversation = `${connectorPrefix}/v3/conversations/:conversation`;
  const routes: readonly Route[] = [
    { method: 'POST', path: `${connectorPrefix}/v3/conversations`, answer: refuseNewConversation },
    { method: 'POST', path: `${inConversation}/activities`, answer: (exchange) => say(exchange) },
    {
      method: 'POST',
      path: `${inConversation}/activities/:activity`,
      answer: (exchange) => say(exchange, activityId(exchange)),
    },
    { method: 'PUT', path: `${inConversation}/activities/:activity`, answer: rewrite },
    { method: 'DELETE', path: `${inConversation}/activities/:activity`, answer: unsay },
    {
      method: 'GET',
      path: `${inConversation}/members`,
      answer: (at) => ({ status: 200, body: members(at) }),
    },
    { method: 'GET', path: `${inConversation}/members/:member`, answer: member },
    {
      method: 'GET',
      path: `${inConversation}/pagedmembers`,
      answer: (at) => ({ status: 200, body: { members: members(at) } }),
    },
    {
      method: 'GET',
      path: `${inConversation}/activities/:activity/members`,
      answer: (at) => ({ status: 200, body: members(at) }),
    },
    { method: 'POST', path: `${inConversation}/attachments`, answer: keepAttachment },
    { method: 'GET', path: `${connectorPrefix}/v3/attachments/:attachment`, answer: attachmentInfo },
    {
      method: 'GET',
      path: `${connectorPrefix}/v3/attachments/:attachment/views/:view`,
      answer: attachmentBytes,
    },
  ];
  return routes.map((route) => (route.method === 'GET' ? route : spoilable(route, knobs)));
}

function refuseNewConversation(): Answer {
  throw new Refusal(405, 'BadArgument', 'A bot cannot start a conversation on Direct Line');
}

/** The route, unless a connector fault takes hold of the request first. */
function spoilable(route: Route, knobs: Knobs): Route {
  return {
    ...route,
    answer: async (exchange) => {
      const fault = takeFault(knobs, exchange.request.url ?? '');
      if (fault === undefined) return route.answer(exchange);
      if (fault.delivered === true) await route.answer(exchange);
      if (fault.status === 'hang') return 'never';
      const error = { code: 'Fault', message: 'A connector fault says so' };
      return { status: fault.status, body: { error } };
    },
  };
}

function takeFault(knobs: Knobs, url: string) {
  const path = decodeURIComponent(url);
  const fault = knobs.connectorFaults.find((candidate) => path.includes(candidate.path ?? ''));
  if (fault === undefined) return undefined;
  const left = fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [];
  knobs.connectorFaults = knobs.connectorFaults.flatMap((other) => (other === fault ? left : [other]));
  return fault;
}
