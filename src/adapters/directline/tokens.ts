import { HandoffError } from '../../handoff/errors.ts';
import type { CustomerId } from '../../session/ids.ts';

/** A Direct Line token and the conversation it opens; `expires_in` in seconds, as the service says it. */
export interface DirectLineToken {
  readonly token: string;
  readonly conversationId: string;
  readonly expires_in: number;
}

/** Mints the tokens that open a customer's conversations; the secret never leaves the server. */
export interface DirectLineTokens {
  /**
   * A token for a new conversation, bound to this user.
   *
   * @throws HandoffError `channel_gone` when the service refuses or does not answer.
   */
  readonly generate: (user: { readonly id: CustomerId; readonly name?: string }) => Promise<DirectLineToken>;
  /** A fresh token for the same conversation; `undefined` when this one has expired or its conversation is gone. */
  readonly refresh: (token: string) => Promise<DirectLineToken | undefined>;
}

const DEADLINE_MS = 5_000;

/**
 * Talks to Direct Line 3.0. Source: Azure Bot Service docs, Direct Line authentication; an expired token cannot be
 * refreshed, and with enhanced authentication only an unexpired token of the same user reopens a conversation.
 */
export function directLineTokens(options: {
  /** Base of the API, such as `https://directline.botframework.com/v3/directline`. */
  readonly domain: string;
  readonly secret: string;
  readonly trustedOrigins: readonly string[];
}): DirectLineTokens {
  const call = async (method: string, path: string, bearer: string, body?: unknown): Promise<Response> => {
    try {
      return await fetch(`${options.domain}${path}`, {
        method,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(DEADLINE_MS),
      });
    } catch (cause) {
      throw new HandoffError('channel_gone', 'Direct Line did not answer', { cause });
    }
  };
  /** The same, for an answer that tells whether something is there. */
  const asked = async (method: string, path: string, bearer: string, body?: unknown): Promise<Response> => {
    const response = await call(method, path, bearer, body);
    if (response.status >= 500)
      throw new HandoffError('channel_gone', `Direct Line answered ${response.status}`);
    return response;
  };
  return {
    generate: async (user) => {
      const trusted = options.trustedOrigins.length > 0 ? { trustedOrigins: options.trustedOrigins } : {};
      const response = await call('POST', '/tokens/generate', options.secret, { user, ...trusted });
      if (!response.ok)
        throw new HandoffError('channel_gone', `Direct Line refused a token with ${response.status}`);
      return readToken(await response.json());
    },
    refresh: async (token) => {
      const response = await asked('POST', '/tokens/refresh', token, {});
      if (!response.ok) return undefined;
      const fresh = readToken(await response.json());
      // Tokens are refreshed whatever they are for: whether the conversation is still there, only itself can tell.
      const there = await asked(
        'GET',
        `/conversations/${encodeURIComponent(fresh.conversationId)}`,
        fresh.token,
      );
      return there.ok ? fresh : undefined;
    },
  };
}

function readToken(body: unknown): DirectLineToken {
  if (typeof body === 'object' && body !== null && 'token' in body && 'conversationId' in body) {
    const { token, conversationId } = body;
    const life: unknown = Reflect.get(body, 'expires_in');
    if (typeof token === 'string' && typeof conversationId === 'string' && typeof life === 'number') {
      return { token, conversationId, expires_in: life };
    }
  }
  throw new HandoffError('channel_gone', 'Direct Line answered without a token');
}
