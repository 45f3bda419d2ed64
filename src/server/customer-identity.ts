import { createHash, createHmac, randomBytes } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  jwtVerify,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { Request } from 'restify';
import type { Clock } from '../clock.ts';
import type { SessionStore } from '../handoff/ports.ts';
import { readCustomerId, type CustomerId } from '../session/ids.ts';
import type { Subject } from '../session/session.ts';
import { bearerOf, Refused } from './http.ts';

/** The site's sign-in, whose tokens tell who a customer is. */
export interface SiteIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: JSONWebKeySet | { readonly jwksUrl: string };
}

/** Who asks: their partition, whether verified, and the cookie to set when their device is new to us. */
export interface CustomerIdentity {
  readonly customer: CustomerId;
  readonly subject: Subject;
  readonly setCookie?: string;
}

/** Reads who a customer is from the site's token or the device cookie. */
export interface CustomerIdentities {
  /** Identifies; a device without a cookie becomes a new anonymous customer. */
  readonly identify: (req: Request) => Promise<CustomerIdentity>;
  /** Identifies who must be known already. @throws Refused 401 */
  readonly known: (req: Request) => Promise<CustomerIdentity>;
}

const TOKEN_LIFE_S = 3_600;
const COOKIE_LIFE_S = 180 * 24 * 3_600;

/**
 * Makes the reader. A signed-in customer is `HMAC(pepper, issuer|subject)`: the same on every device, and no way back
 * from the id. An anonymous one is random; their cookie holds a secret of its own, stored only as a hash, because an id
 * is never a credential. A token that does not verify is refused: nobody signed in silently becomes anonymous.
 */
export function customerIdentities(given: {
  readonly store: Pick<SessionStore, 'hasDevice' | 'addDevice'>;
  readonly pepper: string;
  readonly issuers: readonly SiteIssuer[];
  /** False only on plain http on this machine, where `__Host-` cookies cannot be set. */
  readonly secure: boolean;
  readonly clock: Clock;
}): CustomerIdentities {
  const { store, clock } = given;
  const name = given.secure ? '__Host-reconnect' : 'reconnect-device';
  const issuers = given.issuers.map((site) => ({ ...site, getKey: keySet(site) }));

  const signedIn = async (token: string): Promise<CustomerIdentity> => {
    for (const site of issuers) {
      const verified = await jwtVerify(token, site.getKey, {
        issuer: site.issuer,
        audience: site.audience,
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: TOKEN_LIFE_S,
        clockTolerance: 60,
        currentDate: new Date(clock.now()),
      }).catch(() => undefined);
      const subject = verified?.payload.sub;
      if (verified === undefined || subject === undefined || subject === '') continue;
      const hash = createHmac('sha256', given.pepper).update(`${site.issuer}|${subject}`).digest('base64url');
      const customer = readCustomerId(`dl_s${hash.slice(0, 31)}`);
      const said: unknown = verified.payload['name'];
      const called = typeof said === 'string' && said !== '' ? { name: said.slice(0, 100) } : {};
      if (customer !== undefined)
        return { customer, subject: { kind: 'signedIn', issuer: site.issuer, ...called } };
    }
    throw new Refused(401, 'not_permitted', 'Your sign-in could not be checked. Please sign in again.');
  };

  const device = async (req: Request): Promise<CustomerIdentity | undefined> => {
    const [, id, secret] =
      new RegExp(`(?:^|; )${name}=([\\w-]+)\\.([\\w-]+)`, 'u').exec(req.header('cookie', '')) ?? [];
    const customer = readCustomerId(id);
    if (customer === undefined || secret === undefined) return undefined;
    const isKnown = await store.hasDevice(customer, hashOf(secret));
    return isKnown ? { customer, subject: { kind: 'anonymous' } } : undefined;
  };

  const newDevice = async (): Promise<CustomerIdentity> => {
    const customer = readCustomerId(`dl_a${randomBytes(18).toString('base64url')}`);
    if (customer === undefined) throw new TypeError('A new customer id must be readable');
    const secret = randomBytes(32).toString('base64url');
    await store.addDevice(customer, hashOf(secret));
    const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_LIFE_S}${given.secure ? '; Secure' : ''}`;
    return { customer, subject: { kind: 'anonymous' }, setCookie: `${name}=${customer}.${secret}; ${flags}` };
  };

  const known = async (req: Request): Promise<CustomerIdentity | undefined> => {
    const token = bearerOf(req);
    return token === undefined ? device(req) : signedIn(token);
  };
  return {
    identify: async (req) => (await known(req)) ?? newDevice(),
    known: async (req) => {
      const identity = await known(req);
      if (identity === undefined) {
        throw new Refused(401, 'not_permitted', 'This browser is not known here. Please start a new chat.');
      }
      return identity;
    },
  };
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

const keySet = (site: SiteIssuer): JWTVerifyGetKey =>
  'jwksUrl' in site.keys ? createRemoteJWKSet(new URL(site.keys.jwksUrl)) : createLocalJWKSet(site.keys);
