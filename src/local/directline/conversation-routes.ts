import { z } from 'zod';
import { type Admission, newClaims, readBody } from './admission.ts';
import type { BotLine } from './bot-line.ts';
import { type Conversations, readWatermark } from './conversations.ts';
import type { Answer, Exchange, Route } from './front-door.ts';
import type { Knobs } from './knobs.ts';
import { badArgument, Refusal } from './refusal.ts';
import type { Caller, TokenClaims, Tokens } from './tokens.ts';

interface ConversationRoutesParts {
  readonly admission: Admission;
  readonly tokens: Tokens;
  readonly conversations: Conversations;
  readonly bot: BotLine;
  readonly knobs: Knobs;
  readonly publicOrigin: string;
}

const account = z.looseObject({
  id: z.string().min(1).max(200).optional(),
  name: z.string().max(200).optional(),
});
const startRequest = z.looseObject({ user: account.nullish(), locale: z.string().max(100).nullish() });
const tokenRequest = z.looseObject({
  user: account.nullish(),
  trustedOrigins: z.array(z.string()).nullish(),
});

/** How a client gets in, and back in: tokens, starting, reconnecting. */
export function conversationRoutes(parts: ConversationRoutesParts): readonly Route[] {
  const { admission, tokens, conversations, bot, knobs } = parts;

  const body = async <T>(exchange: Exchange, schema: z.ZodType<T>) =>
    readBody(schema, (await exchange.json(knobs.maxBodyBytes)) ?? {});

  /** The bot hears nothing of it. */
  const generateToken = async (exchange: Exchange): Promise<Answer> => {
    const who = await admission.caller(exchange);
    if (who.with !== 'secret') throw new Refusal(403, 'BadArgument', 'Tokens are issued for the secret only');
    const { user, trustedOrigins } = await body(exchange, tokenRequest);
    return { status: 200, body: await tokens.issue(newClaims(conversations.newId(), user, trustedOrigins)) };
  };

  const refreshToken = async (exchange: Exchange): Promise<Answer> => {
    const who = await admission.caller(exchange);
    if (who.with === 'secret') throw badArgument('A secret cannot be refreshed');
    return { status: 200, body: await tokens.issue(who) };
  };

  const start = async (exchange: Exchange): Promise<Answer> => {
    const who = await admission.caller(exchange);
    const { user, locale } = await body(exchange, startRequest);
    const claims = who.with === 'token' ? who : newClaims(conversations.newId(), user);
    const speaker = claims.user ?? user?.id;
    const name = claims.name ?? user?.name;
    const isNew = conversations.start(claims.conversation, speaker, name);
    if (isNew)
      bot.announce(claims.conversation, speaker === undefined ? undefined : { id: speaker, name }, locale);
    return { status: isNew ? 201 : 200, body: await connection(parts, claims, '-') };
  };

  const reconnect = async (exchange: Exchange): Promise<Answer> => {
    const { who, conversation } = await admission.inConversation(exchange);
    if (who.with === 'secret' && knobs.enhancedAuth)
      throw new Refusal(400, 'MissingProperty', 'Missing user ID');
    const seen = readWatermark(exchange.query.get('watermark'));
    const from = seen ?? (knobs.emptyWatermark === 'all' ? '-' : conversation.lastNumber);
    return { status: 200, body: await connection(parts, claimsFor(who, conversation.id), from) };
  };

  // Only sign-in codes depend on it, which do not exist here; clients ask all the same.
  const sessionId = async (exchange: Exchange): Promise<Answer> => {
    const who = await admission.caller(exchange);
    return { status: 200, body: { sessionId: who.with === 'token' ? who.conversation : '' } };
  };

  return [
    { method: 'POST', path: '/v3/directline/tokens/generate', answer: generateToken },
    { method: 'POST', path: '/v3/directline/tokens/refresh', answer: refreshToken },
    { method: 'POST', path: '/v3/directline/conversations', answer: start },
    { method: 'GET', path: '/v3/directline/conversations/:conversation', answer: reconnect },
    { method: 'GET', path: '/v3/directline/session/getsessionid', answer: sessionId },
  ];
}

// The secret gets a token without a user, as it does from the service: whose it is, its owner has to know.
const claimsFor = (who: Caller, conversation: string): TokenClaims =>
  who.with === 'token' ? who : { conversation };

async function connection(
  { tokens, publicOrigin }: ConversationRoutesParts,
  claims: TokenClaims,
  watermark: string | number,
) {
  const stream = new URL(`/v3/directline/conversations/${claims.conversation}/stream`, publicOrigin);
  stream.protocol = stream.protocol === 'https:' ? 'wss:' : 'ws:';
  stream.searchParams.set('watermark', String(watermark));
  stream.searchParams.set('t', await tokens.streamTicket(claims));
  return { ...(await tokens.issue(claims)), streamUrl: stream.href, referenceGrammarId: 'local' };
}
