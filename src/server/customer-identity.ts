import type { Request } from 'restify';
import type { Clock } from '../clock.ts';
import { accounts } from '../handoff/accounts.ts';
import type { Sessions } from '../handoff/handle.ts';
import type { Peppers } from '../handoff/peppers.ts';
import type { SessionStore } from '../handoff/ports.ts';
import { isFinal } from '../handoff/step.ts';
import type { ConversationId, CustomerId } from '../session/ids.ts';
import type { Subject } from '../session/session.ts';
import { addressIn, type Budgets } from './budgets.ts';
import { deviceCookies, hashOf, newCustomer, newSecret, type Device } from './device.ts';
import { bearerOf, Refused } from './http.ts';
import { isAbout, isAboutNone, PASS_HEADER, passes, type Pass } from './pass.ts';
import { siteTokens, type ReadSiteToken, type SignedIn, type SiteIssuer } from './site-token.ts';

/** Who asks: their partition, whether verified, and the cookie that is to go with the answer. */
export interface CustomerIdentity {
  readonly customer: CustomerId;
  readonly subject: Subject;
  /** What told us; `nothing` made a new customer. */
  readonly by: 'siteToken' | 'cookie' | 'pass' | 'nothing';
  /** The device an anonymous customer is known by. */
  readonly device?: Device & { readonly tabOnly: boolean };
  readonly setCookie?: string;
}

/** What a browser that was let in to a chat is to keep. */
export interface Keepsakes {
  readonly setCookie: string;
  readonly pass: string;
}

/** A device of ours that a request proves to be; by a pass, in that conversation alone. */
export interface KnownDevice extends Device {
  /** `adopted`: its chats are a signed-in customer's by now. */
  readonly stands: 'open' | 'adopted';
  readonly conversation?: ConversationId;
}

/** Reads who a customer is: by the site's token, else the device cookie, else the page's pass. */
export interface CustomerIdentities {
  /** Identifies whoever wants a chat; a device we do not know becomes a new anonymous customer. @throws Refused 401 */
  readonly identify: (req: Request) => Promise<CustomerIdentity>;
  /** Identifies who must be known already. A pass counts only in the conversation it was given for. @throws Refused 401 */
  readonly known: (req: Request) => Promise<CustomerIdentity>;
  /** Whoever the site's token speaks of; `undefined` without one. @throws Refused 401 for one that does not hold */
  readonly signedIn: (req: Request) => Promise<SignedIn | undefined>;
  /** The devices that a request's cookie and pass prove it to be, and that are not forgotten. */
  readonly devices: (req: Request) => Promise<readonly KnownDevice[]>;
  /** The pass for a page of theirs that shows this conversation; the signed-in need none. */
  readonly passFor: (identity: CustomerIdentity, conversation: ConversationId) => string | undefined;
  /** For a browser that has earned it: what keeps a device of this secret, whose hash the caller stores. */
  readonly keepsakes: (customer: CustomerId, secret: string, conversation: ConversationId) => Keepsakes;
  /** Makes a tab a device of its own: it has a pass, and no cookie. */
  readonly admitTab: (customer: CustomerId, conversation: ConversationId) => Promise<string>;
  /** Whether the page's own requests show that its browser keeps no cookies. */
  readonly keepsNoCookies: (req: Request) => boolean;
  /** `Set-Cookie` that makes the browser forget its device. */
  readonly clearCookie: string;
}

/**
 * Makes the reader. An anonymous customer is random; their cookie holds a secret of its own, stored only as a hash,
 * because an id is never a credential. A token that does not verify is refused: nobody signed in silently becomes
 * anonymous. Once somebody has signed in over a device's chats, no cookie and no pass opens them any more.
 */
export function customerIdentities(
  given: Peppers & {
    readonly store: Pick<SessionStore, 'hasDevice' | 'addDevice'>;
    /** Customers' indexes; hints. */
    readonly sessions: Pick<Sessions, 'index' | 'reindex' | 'forget'>;
    readonly issuers: readonly SiteIssuer[];
    /** False only on plain http on this machine, where `__Host-` cookies cannot be set. */
    readonly secure: boolean;
    readonly clock: Clock;
    /** What holds off whoever floods the house; left out, nothing does. */
    readonly budgets?: Budgets;
  },
): CustomerIdentities {
  const { store } = given;
  const { index } = given.sessions;
  const cookies = deviceCookies(given.secure);
  const signed = passes(given);
  const readSiteToken: ReadSiteToken = siteTokens({ ...given, findAccount: accounts(given.sessions) });

  const standing = async ({ customer, hash }: Device): Promise<'open' | 'adopted' | 'unknown'> => {
    const [isKnown, of] = await Promise.all([store.hasDevice(customer, hash), index(customer)]);
    if (!isKnown) return 'unknown';
    return of?.subject?.kind === 'signedIn' ? 'adopted' : 'open';
  };

  const byCookie = async (req: Request): Promise<CustomerIdentity | undefined> => {
    const cookie = cookies.read(req);
    if (cookie === undefined || (await standing(cookie)) !== 'open') return undefined;
    const { customer, hash, secret } = cookie;
    return {
      customer,
      subject: { kind: 'anonymous' },
      by: 'cookie',
      device: { customer, hash, tabOnly: false },
      setCookie: cookies.set(customer, secret),
    };
  };

  const byPass = async (pass: Pass): Promise<CustomerIdentity | undefined> => {
    if ((await standing(pass)) !== 'open') return undefined;
    const { customer, hash, tabOnly } = pass;
    return { customer, subject: { kind: 'anonymous' }, by: 'pass', device: { customer, hash, tabOnly } };
  };

  const byDevice = async (
    req: Request,
    isFor: (pass: Pass) => boolean | Promise<boolean>,
  ): Promise<CustomerIdentity | undefined> => {
    const shown = signed.read(req);
    const pass = shown !== undefined && (await isFor(shown)) ? shown : undefined;
    // On a shared computer the cookie may be the next person's already; whose tab this is, its pass tells.
    const tab = pass?.tabOnly === true ? await byPass(pass) : undefined;
    return tab ?? (await byCookie(req)) ?? (pass && (await byPass(pass)));
  };

  const signedIn = async (req: Request): Promise<SignedIn | undefined> => {
    // Whatever stands there, and be it nothing, was meant to say who they are.
    if (req.headers.authorization === undefined) return undefined;
    const token = bearerOf(req);
    if (token === undefined) throw new Refused(401, 'not_permitted', 'Please sign in again.');
    return readSiteToken(token);
  };
  const bySite = async (req: Request): Promise<CustomerIdentity | undefined> => {
    const site = await signedIn(req);
    return site && { ...site, by: 'siteToken' };
  };

  const newDevice = async (req: Request): Promise<CustomerIdentity> => {
    const address = addressIn(req);
    if (address !== undefined) await given.budgets?.spend('newFromAddress', address);
    await given.budgets?.spend('new');
    const [customer, secret] = [newCustomer(), newSecret()];
    const hash = hashOf(secret);
    await store.addDevice(customer, hash);
    return {
      customer,
      subject: { kind: 'anonymous' },
      by: 'nothing',
      device: { customer, hash, tabOnly: false },
      setCookie: cookies.set(customer, secret),
    };
  };

  const spending = async (identity: CustomerIdentity): Promise<CustomerIdentity> => {
    await given.budgets?.spend('page', identity.customer);
    return identity;
  };

  /** A page may ask for a new chat with its pass as long as that can show it nothing but the chat it is for. */
  const showsNothingElse = async ({ customer, conversation }: Pass): Promise<boolean> =>
    ((await index(customer))?.sessions ?? []).every(
      (one) =>
        isFinal(one.status) ||
        one.conversation === conversation ||
        one.earlier?.includes(conversation) === true,
    );

  return {
    identify: async (req) => {
      const isFor = (pass: Pass) => (isAboutNone(req) ? showsNothingElse(pass) : isAbout(req, pass));
      return spending((await bySite(req)) ?? (await byDevice(req, isFor)) ?? (await newDevice(req)));
    },
    known: async (req) => {
      const identity = (await bySite(req)) ?? (await byDevice(req, (pass) => isAbout(req, pass)));
      if (identity !== undefined) return spending(identity);
      throw new Refused(401, 'not_permitted', 'This browser is not known here. Please start a new chat.');
    },
    signedIn,
    devices: async (req) => {
      const known = await Promise.all(
        [cookies.read(req), signed.read(req)].map(async (device): Promise<readonly KnownDevice[]> => {
          const stands = device === undefined ? 'unknown' : await standing(device);
          return device === undefined || stands === 'unknown' ? [] : [{ ...device, stands }];
        }),
      );
      return known.flat();
    },
    passFor: ({ device }, conversation) => device && signed.give({ ...device, conversation }),
    keepsakes: (customer, secret, conversation) => ({
      setCookie: cookies.set(customer, secret),
      pass: signed.give({ customer, hash: hashOf(secret), conversation, tabOnly: false }),
    }),
    admitTab: async (customer, conversation) => {
      const hash = hashOf(newSecret());
      await store.addDevice(customer, hash);
      return signed.give({ customer, hash, conversation, tabOnly: true });
    },
    keepsNoCookies: (req) =>
      req.headers[PASS_HEADER] !== undefined &&
      cookies.read(req) === undefined &&
      signed.read(req)?.tabOnly !== true,
    clearCookie: cookies.clear,
  };
}
