import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { readCustomerId, sessionIdOf, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Closed, Expired, Session } from '../session/session.ts';
import { isOver, type Open } from '../session/whose.ts';
import { readCode } from './codes.ts';
import { HandoffError } from './errors.ts';
import type { Device } from './header.ts';
import type { Sessions } from './handle.ts';
import type { Secrets } from './links-secrets.ts';
import { hashOf, readToken } from './links-token.ts';
import type { KeyRecord, Lookups, SessionStore, Stored } from './ports.ts';
import type { ReadForReturn, Return } from './return.ts';
import { isFinal } from './step.ts';
import { timeGone } from './time-gone.ts';

/** What somebody brought: a link's token or a code, as it came in. */
export type Brought = { readonly way: 'link' | 'code'; readonly text: string };

/** Who brought it. */
export interface Caller {
  /** What they sit at. */
  readonly device?: Device | undefined;
  /** Their address on the network; wrong tries are counted by it. */
  readonly from: string;
  /** Their own key for this request: repeating it gives the same answer. */
  readonly idempotencyKey?: string;
  /** Finds out as whom they are known; asked while the key is being read. */
  readonly who: () => Promise<Who>;
}

/** As whom somebody is known. */
export interface Who {
  /** Whose devices this browser is: by its cookie, or its pass. */
  readonly devices: readonly CustomerId[];
  /** Who the site says they are. */
  readonly account?: CustomerId;
}

/** A key in the hand of somebody who may use it, had it not been used. */
export interface Key {
  readonly way: Brought['way'];
  readonly hash: string;
  /** What the caller holds and the store does not. */
  readonly opener: string;
  readonly stored: Stored<KeyRecord>;
  readonly who: Who;
  /** What a return with it is worked out from. */
  readonly read: ReadForReturn;
}

/** What a key opens for this caller. `session`: as it stands now, whether or not anybody has written so. */
export type Found =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'over'; readonly key: Key; readonly session: Closed | Expired }
  | {
      readonly kind: 'used';
      readonly key: Key;
      readonly used: NonNullable<KeyRecord['used']>;
      readonly session: Open;
    }
  | { readonly kind: 'good'; readonly key: Key; readonly session: Open };

/** Looks for what somebody brought. Unknown, malformed, foreign and revoked make the same calls and get the same answer. */
export type Find = (brought: Brought, caller: Caller) => Promise<Found>;

/** Makes it. */
export function finder(given: {
  readonly sessions: Pick<Sessions, 'index'>;
  readonly returning: Pick<Return, 'read'>;
  readonly store: SessionStore;
  readonly lookups: Lookups;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  /** Whether there is a way back to it: the master switch, and the preview. */
  readonly isServed: (session: Session) => boolean;
}): Find {
  const { store, secrets, clock } = given;

  const whereIs = async ({ way, text }: Brought): Promise<Where> => {
    if (way === 'link') {
      const token = readToken(text);
      return token === undefined
        ? nowhere(text)
        : { customer: token.customer, hash: hashOf(token.secret), opener: token.secret };
    }
    // What is no code is asked for all the same, and lies under no hash.
    const opener = readCode(text) ?? text;
    const asked = secrets.codeHashes(opener).map((hash) => given.lookups.code(hash));
    const found = (await Promise.all(asked)).find((one) => one !== undefined);
    return found === undefined ? nowhere(text) : { customer: found.customer, hash: found.key, opener };
  };

  const readFor = (sid: SessionId): Promise<ReadForReturn | undefined> =>
    given.returning.read(sid).catch((reason: unknown) => {
      if (reason instanceof HandoffError && reason.code === 'not_found') return undefined;
      throw reason;
    });

  /** The session a link most likely opens, so that all is read at once wherever its customer is known already. */
  const likely = async (customer: CustomerId): Promise<SessionId> => {
    const index = await given.sessions.index(customer);
    return index?.sessions.find((entry) => !isFinal(entry.status))?.sid ?? nobodys(customer);
  };

  return async (brought, caller) => {
    const { customer, hash, opener } = await whereIs(brought);
    const guess = likely(customer);
    const [stored, guessed, ahead, who] = await Promise.all([
      store.key(customer, hash),
      guess,
      guess.then(readFor),
      caller.who(),
    ]);
    const { sid = guessed, kind, until = Infinity, used } = stored?.value ?? {};
    const read = sid === guessed ? ahead : await readFor(sid);
    if (stored === undefined || read === undefined) return { kind: 'unknown' };
    const { session: written } = read.header;
    const now = clock.now();
    const opens =
      written.customer === customer &&
      kind === brought.way &&
      now < until &&
      given.isServed(written) &&
      isGoodFor(stored.value, written, who);
    if (!opens) return { kind: 'unknown' };
    const session = timeGone(written, now, given.rulesFor(written.widget));
    const key: Key = { way: brought.way, hash, opener, stored, who, read };
    if (isOver(session)) return { kind: 'over', key, session };
    return used === undefined ? { kind: 'good', key, session } : { kind: 'used', key, used, session };
  };
}

interface Where {
  readonly customer: CustomerId;
  readonly hash: string;
  readonly opener: string;
}

/** Where nothing is: asked for all the same, so that the time an answer takes tells nothing. */
function nowhere(text: string): Where {
  const hash = createHash('sha256').update(`nowhere|${text}`).digest('base64url');
  const customer = readCustomerId(`dl_${hash}`);
  if (customer === undefined) throw new TypeError('A hash must read as a customer id');
  return { customer, hash, opener: text };
}
const nobodys = (customer: CustomerId) => sessionIdOf(customer, 'nobodys-session');

/** Not revoked, and, where the session is a verified customer's, in their own hand. */
export function isGoodFor(
  { family }: Pick<KeyRecord, 'family'>,
  session: Session,
  who: Pick<Who, 'account'>,
): boolean {
  if (family !== (session.linkFamily ?? 0)) return false;
  const { subject } = session;
  return subject.kind === 'anonymous' || who.account === (subject.account ?? session.customer);
}

/** Whether it is the customer's own browser, or they are signed in as whom the session belongs to. */
export const isTheirOwn = (session: Session, { devices, account }: Who): boolean =>
  session.subject.kind === 'anonymous'
    ? devices.includes(session.customer)
    : account === (session.subject.account ?? session.customer);
