import { createHash, timingSafeEqual } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../clock.ts';
import type { Knobs } from './knobs.ts';
import { Refusal } from './refusal.ts';

/** What a token says. A token from a reconnect with the secret has no `user`, like the real one. */
export interface TokenClaims {
  readonly conversation: string;
  readonly user?: string | undefined;
  readonly name?: string | undefined;
  readonly trustedOrigins?: readonly string[] | undefined;
}

/** Who is asking: our own server with the secret, or a client with a token. */
export type Caller = { readonly with: 'secret' } | ({ readonly with: 'token' } & TokenClaims);

export interface IssuedToken {
  readonly conversationId: string;
  readonly token: string;
  /** Whole seconds. */
  readonly expires_in: number;
}

const claims = z.object({
  conv: z.string(),
  user: z.string().optional(),
  name: z.string().optional(),
  origins: z.array(z.string()).optional(),
});

// A stream URL must be opened within a minute of being handed out.
const streamLifeMs = 60_000;

export type Tokens = ReturnType<typeof tokenOffice>;

/**
 * Issues and reads the tokens of the local Direct Line: JWTs signed with HMAC-SHA-256, whose `user` claim is where
 * Web Chat learns its own user id. Tokens are not stored; they outlive a restart with the same `signingKey`.
 */
export function tokenOffice(options: { secret: string; signingKey: string; clock: Clock; knobs: Knobs }) {
  const { clock, knobs } = options;
  const key = createHash('sha256').update(options.signingKey).digest();

  const sign = (purpose: 'client' | 'stream', about: TokenClaims, lifeMs: number) =>
    new SignJWT({
      conv: about.conversation,
      ...(about.user === undefined ? {} : { user: about.user }),
      ...(about.name === undefined ? {} : { name: about.name }),
      ...(about.trustedOrigins === undefined ? {} : { origins: about.trustedOrigins }),
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(purpose)
      .setIssuedAt(new Date(clock.now()))
      .setExpirationTime(new Date(clock.now() + lifeMs))
      .sign(key);

  const read = async (purpose: 'client' | 'stream', token: string): Promise<TokenClaims> => {
    try {
      const { payload } = await jwtVerify(token, key, {
        audience: purpose,
        algorithms: ['HS256'],
        currentDate: new Date(clock.now()),
      });
      const { conv, user, name, origins } = claims.parse(payload);
      return { conversation: conv, user, name, trustedOrigins: origins };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new Refusal(403, 'TokenExpired', 'Token has expired');
      throw new Refusal(403, 'BadArgument', 'Invalid token or secret');
    }
  };

  return {
    issue: async (about: TokenClaims): Promise<IssuedToken> => ({
      conversationId: about.conversation,
      token: await sign('client', about, knobs.tokenLifeMs),
      expires_in: Math.floor(knobs.tokenLifeMs / 1000),
    }),

    /** The `t` of a stream URL. */
    streamTicket: (about: TokenClaims): Promise<string> => sign('stream', about, streamLifeMs),
    readStreamTicket: (ticket: string): Promise<TokenClaims> => read('stream', ticket),

    /** Reads an Authorization header; throws 401 when there is none, 403 `TokenExpired`, or 403. */
    caller: async (authorization: string | undefined): Promise<Caller> => {
      const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (bearer === undefined) throw new Refusal(401, 'BadArgument', 'Missing token or secret');
      if (sameText(bearer, options.secret)) return { with: 'secret' };
      return { with: 'token', ...(await read('client', bearer)) };
    },
  };
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
