import type { IncomingMessage } from 'node:http';
import type { z } from 'zod';
import type { Conversations } from './conversations.ts';
import type { Exchange } from './front-door.ts';
import { badArgument, Refusal } from './refusal.ts';
import type { StoredConversation } from './store.ts';
import type { Caller, TokenClaims, Tokens } from './tokens.ts';

export type Admission = ReturnType<typeof admission>;

/** Decides who a request is from and whether it may go where it wants. */
export function admission({ tokens, conversations }: { tokens: Tokens; conversations: Conversations }) {
  /** Throws 401 or 403. */
  const caller = async ({ request }: Exchange): Promise<Caller> => {
    const found = await tokens.caller(request.headers.authorization);
    if (found.with === 'token') requireTrustedOrigin(request, found);
    return found;
  };

  return {
    caller,

    /** The caller, and the living conversation the path names: a token opens only its own. Throws 401, 403 or 404. */
    inConversation: async (
      exchange: Exchange,
    ): Promise<{ who: Caller; conversation: StoredConversation }> => {
      const who = await caller(exchange);
      const id = exchange.params['conversation'] ?? '';
      if (who.with === 'token' && who.conversation !== id)
        throw new Refusal(403, 'BadArgument', 'The token is for another conversation');
      return { who, conversation: conversations.find(id) };
    },
  };
}

/** Refuses a browser page on an origin its token does not trust; throws 403. */
export function requireTrustedOrigin(request: IncomingMessage, { trustedOrigins }: TokenClaims): void {
  const { origin } = request.headers;
  // Same-origin GETs and programs send no Origin.
  if (trustedOrigins !== undefined && origin !== undefined && !trustedOrigins.includes(origin))
    throw new Refusal(403, 'BadOrigin', 'The token does not trust this origin');
}

/** Claims of a token for a new conversation; throws 400 for a user id that does not start with `dl_`. */
export function newClaims(
  conversation: string,
  user: { readonly id?: string | undefined; readonly name?: string | undefined } | null | undefined,
  trustedOrigins?: readonly string[] | null,
): TokenClaims {
  if (user?.id !== undefined && !user.id.startsWith('dl_'))
    throw badArgument("A user id in a token must start with 'dl_'");
  return { conversation, user: user?.id, name: user?.name, trustedOrigins: trustedOrigins ?? undefined };
}

/** Reads a request body by its schema; throws a 400 that names the first wrong field. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw badArgument(`Wrong in the body: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
