import { type IncomingActivity, readActivity } from './activity.ts';
import type { Admission } from './admission.ts';
import type { BotLine } from './bot-line.ts';
import { type Conversations, readWatermark } from './conversations.ts';
import type { Answer, Exchange, Route } from './front-door.ts';
import type { Knobs } from './knobs.ts';
import { badArgument, Refusal } from './refusal.ts';
import type { Caller } from './tokens.ts';
import { readUpload } from './upload.ts';

interface ActivityRoutesParts {
  readonly admission: Admission;
  readonly conversations: Conversations;
  readonly bot: BotLine;
  readonly knobs: Knobs;
  readonly publicOrigin: string;
}

/** What a client says and reads: activities, uploads, history, files. */
export function activityRoutes(parts: ActivityRoutesParts): readonly Route[] {
  const { admission, conversations, bot, knobs } = parts;

  /** Keeps it, echoes it, gives it to the bot; the client is answered when the bot's turn is over. */
  const post = async (who: Caller, id: string, activity: IncomingActivity): Promise<Answer> => {
    const spoilt = knobs.failNext.shift();
    if (spoilt === 429) throw new Refusal(429, 'TooManyRequests', 'Too many requests');
    const from = speaker(who, activity, conversations.find(id));
    conversations.nameUser(id, from.id);
    const said = conversations.say(id, { ...activity, from });
    if (spoilt === 502) throw new Refusal(502, 'BotError', 'The bot failed, because a knob says so');
    await bot.deliver(said, from);
    return { status: 200, body: { id: said.id } };
  };

  const postActivity = async (exchange: Exchange): Promise<Answer> => {
    const { who, conversation } = await admission.inConversation(exchange);
    const activity = readActivity(await exchange.json(knobs.maxBodyBytes));
    if (activity.type === 'conversationUpdate')
      throw badArgument('A client cannot send a conversationUpdate');
    return post(who, conversation.id, activity);
  };

  const postUpload = async (exchange: Exchange): Promise<Answer> => {
    const { who, conversation } = await admission.inConversation(exchange);
    const bytes = await exchange.bytes(knobs.maxBodyBytes * 16);
    const { activity, files } = readUpload(exchange.request.headers['content-type'], bytes);
    const attachments = files.map((file, index) => {
      const id = conversations.keepFile(conversation.id, file);
      const contentUrl = new URL(
        `/v3/directline/files/${id}/${encodeURIComponent(file.name)}`,
        parts.publicOrigin,
      );
      return {
        ...activity.attachments?.[index],
        name: file.name,
        contentType: file.type,
        contentUrl: contentUrl.href,
      };
    });
    const userId = exchange.query.get('userId');
    const from = activity.from ?? (userId === null ? undefined : { id: userId });
    return post(who, conversation.id, { ...activity, from, attachments });
  };

  const history = async (exchange: Exchange): Promise<Answer> => {
    const { conversation } = await admission.inConversation(exchange);
    const seen = readWatermark(exchange.query.get('watermark')) ?? 0;
    return { status: 200, body: conversations.since(conversation.id, seen) };
  };

  // Like the service's, the address of a file is its own key: image tags cannot send a token.
  const file = ({ params }: Exchange): Answer => {
    const found = conversations.file(params['file'] ?? '');
    if (found === undefined) throw new Refusal(404, 'BadArgument', 'Unknown file');
    return { status: 200, body: found.bytes, headers: { ...neverAPage, 'content-type': found.type } };
  };

  const inConversation = '/v3/directline/conversations/:conversation';
  return [
    { method: 'POST', path: `${inConversation}/activities`, answer: postActivity },
    { method: 'GET', path: `${inConversation}/activities`, answer: history },
    { method: 'POST', path: `${inConversation}/upload`, answer: postUpload },
    { method: 'GET', path: '/v3/directline/files/:file/:name', answer: file },
  ];
}

// Whatever somebody uploaded must not run as a page of this origin, which is also the chat's and the inbox's.
const neverAPage = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'cross-origin',
};

/** The token's user, whatever the activity claims; without one, whoever the activity or the start named. Throws 400. */
function speaker(
  who: Caller,
  activity: IncomingActivity,
  started: { readonly user: string | undefined; readonly userName: string | undefined },
): { readonly id: string; readonly name?: string } {
  const id = (who.with === 'token' ? who.user : undefined) ?? activity.from?.id ?? started.user;
  if (id === undefined) throw new Refusal(400, 'MissingProperty', 'Missing user ID');
  const name = activity.from?.name ?? started.userName;
  return name === undefined ? { id } : { id, name };
}
