import { createLocalJWKSet, createRemoteJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import type { Request } from 'restify';
import type { Clock } from '../clock.ts';
import type { AgentIdentity } from '../handoff/agents.ts';
import { readAgentId } from '../session/ids.ts';
import { bearerOf, Refused } from './http.ts';

/** Who signs the tab's tokens: Entra, or the local house. */
export interface TabIssuer {
  readonly issuer: string;
  /** The tab's application: its ID, or its Application ID URI. */
  readonly audience: string;
  readonly tenant: string;
  readonly keys: JSONWebKeySet | { readonly jwksUrl: string };
}

/** Reads who an agent is from their Teams tab token. @throws Refused 401 whatever is wrong with it */
export type AgentIdentities = (req: Request) => Promise<AgentIdentity>;

/**
 * Makes the reader of Teams SSO tokens: signature, issuer, audience, tenant, `access_as_user`, expiry; who it is goes by
 * tenant and object id, never by e-mail. Source: Teams docs, tab SSO.
 */
export function agentIdentities(given: TabIssuer & { readonly clock: Clock }): AgentIdentities {
  // Of version 2 of Entra's tokens the audience is the ID alone, of version 1 the whole URI.
  const { audience } = given;
  const audiences = [audience, audience.slice(audience.lastIndexOf('/') + 1)];
  const getKey =
    'jwksUrl' in given.keys ? createRemoteJWKSet(new URL(given.keys.jwksUrl)) : createLocalJWKSet(given.keys);
  return async (req) => {
    const token = bearerOf(req);
    const verified =
      token === undefined
        ? undefined
        : await jwtVerify(token, getKey, {
            issuer: given.issuer,
            audience: audiences,
            algorithms: ['RS256'],
            requiredClaims: ['exp', 'oid', 'tid', 'scp'],
            clockTolerance: 60,
            currentDate: new Date(given.clock.now()),
          }).catch(() => undefined);
    const claims = verified?.payload ?? {};
    const { oid, tid, scp, name, roles, iat } = claims;
    const scopes = typeof scp === 'string' ? scp.split(' ') : [];
    const id =
      typeof oid === 'string' && tid === given.tenant ? readAgentId(`${given.tenant}:${oid}`) : undefined;
    if (id === undefined || !scopes.includes('access_as_user')) {
      throw new Refused(
        401,
        'not_permitted',
        'Teams could not tell us who you are. Please open the tab again.',
      );
    }
    return {
      id,
      name: typeof name === 'string' && name !== '' ? name : 'Agent',
      ...(iat !== undefined && { saidAt: iat * 1_000 }),
      roles: Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [],
    };
  };
}
