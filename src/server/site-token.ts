import { createPublicKey, type KeyObject } from 'node:crypto';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import type { Clock } from '../clock.ts';
import { accountId } from '../handoff/account.ts';
import type { FindAccount } from '../handoff/accounts.ts';
import type { Peppers } from '../handoff/peppers.ts';
import type { CustomerId } from '../session/ids.ts';
import type { Subject } from '../session/session.ts';
import { Refused } from './http.ts';

/** The site's sign-in, whose tokens tell who a customer is. */
export interface SiteIssuer {
  readonly issuer: string;
  readonly audience: string;
  /** From the settings only: whatever a token says of its own keys is not listened to. A key is SPKI in PEM. */
  readonly keys: JSONWebKeySet | { readonly jwksUrl: string } | { readonly publicKey: string };
}

/** Who a site token speaks of. */
export interface SignedIn {
  readonly customer: CustomerId;
  readonly subject: Extract<Subject, { kind: 'signedIn' }>;
}

/**
 * Reads a site token.
 *
 * @throws Refused 401 whatever is wrong with it; 503 when its keys cannot be fetched, for then nobody knows.
 */
export type ReadSiteToken = (token: string) => Promise<SignedIn>;

/** The longest a token may be good for, and how far the site's clock may be off. */
const LIFE_S = 3_600;
const SKEW_S = 60;
/** How often an unknown key makes us ask the site again, and how long a key that it took back is still believed. */
const COOLDOWN_MS = 5 * 60_000;
const CACHE_MS = 10 * 60_000;

/**
 * Makes the reader; throws `RangeError` for a public key that no token could be checked with. A signed-in customer is `HMAC(pepper, issuer|subject)`: the same on every device, and no way back
 * from the id. Source: reliability.md, T45.
 */
export function siteTokens(
  given: Peppers & {
    readonly issuers: readonly SiteIssuer[];
    readonly findAccount: FindAccount;
    readonly clock: Clock;
  },
): ReadSiteToken {
  const { pepper, previousPepper } = given;
  const sites = given.issuers.map((site) => ({ ...site, verify: verifier(site, given.clock) }));
  return async (token) => {
    // Unverified, and good only for this: to ask nobody but the site it claims to be from for keys.
    const claimed = claims(token)?.iss;
    for (const site of sites.filter(({ issuer }) => issuer === claimed)) {
      const verified = await site.verify(token);
      const { sub, name } = verified ?? {};
      if (sub === undefined || sub === '') continue;
      const customer = await given.findAccount([
        accountId(pepper, site.issuer, sub),
        ...(previousPepper === undefined ? [] : [accountId(previousPepper, site.issuer, sub)]),
      ]);
      const called = typeof name === 'string' && name !== '' ? { name: name.slice(0, 100) } : {};
      return { customer, subject: { kind: 'signedIn', issuer: site.issuer, ...called } };
    }
    throw new Refused(401, 'not_permitted', 'Your sign-in could not be checked. Please sign in again.');
  };
}

/** Checks a token as one of this site's; `undefined` when it is not. */
function verifier(site: SiteIssuer, clock: Clock): (token: string) => Promise<JWTPayload | undefined> {
  const getKey = keysOf(site);
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, getKey, {
        issuer: site.issuer,
        audience: site.audience,
        algorithms: ['RS256', 'ES256'],
        requiredClaims: ['sub', 'exp', 'iat'],
        maxTokenAge: LIFE_S,
        clockTolerance: SKEW_S,
        currentDate: new Date(clock.now()),
      });
      const { exp = Infinity, iat = 0 } = payload;
      return exp - iat <= LIFE_S ? payload : undefined;
    } catch (reason) {
      if (!isUnreachable(reason)) return undefined;
      throw new Refused(
        503,
        'sign_in_unavailable',
        'Your sign-in cannot be checked right now. Nothing is lost; please try again in a moment.',
      );
    }
  };
}

function keysOf({ issuer, keys }: SiteIssuer): JWTVerifyGetKey {
  if ('jwksUrl' in keys)
    return createRemoteJWKSet(new URL(keys.jwksUrl), {
      cooldownDuration: COOLDOWN_MS,
      cacheMaxAge: CACHE_MS,
    });
  if ('publicKey' in keys) {
    const key = readKey(issuer, keys.publicKey);
    const fits = key.asymmetricKeyType === 'rsa' ? 'RS256' : 'ES256';
    return ({ alg }) => {
      if (alg !== fits) throw new errors.JOSEAlgNotAllowed();
      return key;
    };
  }
  return createLocalJWKSet(keys);
}

const UNFIT = 'its public key must be RSA of 2048 bits or more, or EC on the curve P-256';

function readKey(issuer: string, pem: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
    if (modulusLength >= 2_048 || namedCurve === 'prime256v1') return key;
  } catch (cause) {
    throw new RangeError(`signIn: ${issuer}: ${UNFIT}`, { cause });
  }
  throw new RangeError(`signIn: ${issuer}: ${UNFIT}`);
}

/** What the token is wrong about has a class of its own; all else came of fetching the keys. */
const isUnreachable = (reason: unknown): boolean =>
  !(reason instanceof errors.JOSEError) ||
  reason instanceof errors.JWKSTimeout ||
  reason instanceof errors.JWKSInvalid ||
  reason.code === 'ERR_JOSE_GENERIC';

function claims(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
