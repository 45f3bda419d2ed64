import type { LineReading } from '../cards/line.ts';
import type { LinkShown } from '../cards/views.ts';
import type { Clock } from '../clock.ts';
import { serves, type Serving } from '../session/asked-back.ts';
import type { GivenLink } from '../session/event.ts';
import { customerOf, type SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { returnableUntil } from '../session/suspension.ts';
import { isOver } from '../session/whose.ts';
import { CODE_MS } from './codes.ts';
import { HandoffError } from './errors.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { Header } from './header.ts';
import { hashOf, linkWith } from './links-token.ts';
import type { Secrets, SecretsOfSeed } from './links-secrets.ts';
import type { Beside, KeyRecord, Lookups, SessionStore } from './ports.ts';
import { timeGone } from './time-gone.ts';

/** A way back as whoever gave it, or asked for it, is told; JSON on the wire. */
export interface GivenAnswer extends LinkShown {
  /** Until when the session can be returned to, as it stands (ms); absent while the customer is here. */
  readonly until?: number;
  /** How long it lasts from the moment they go, while they are here. */
  readonly lastsMs?: number;
}

/** A link and a code whose keys are not written yet. */
export interface Prepared {
  readonly link: GivenLink;
  /** Their keys: to be written with the step that gives them. */
  readonly beside: readonly BesideKey[];
}
export type BesideKey = Extract<Beside, { kind: 'key' }>;

/** What copying a link came to. */
export type Copied = { readonly given: GivenAnswer } | { readonly refused: Refusal };

/** Reconnect links and return codes, as they are given; how they are used is in `links-redeem.ts`. */
export interface Links {
  /**
   * Makes a link and a code, which open nothing until `beside` is written. `family` is the session's `linkFamily`, 0 when
   * it has none.
   */
  readonly make: (sid: SessionId, family: number) => Prepared;
  /** Reserves the code of a link; twice is fine. `false`: somebody else has these words, they must not be given. */
  readonly reserve: (sid: SessionId, link: GivenLink) => Promise<boolean>;
  /** Makes a link whose code is reserved. */
  readonly prepare: (sid: SessionId, family: number) => Promise<Prepared>;
  /**
   * A fresh link and code beside no step: no act, nothing resumes, nothing is told.
   *
   * @throws HandoffError `not_found` no such session.
   */
  readonly copy: (sid: SessionId) => Promise<Copied>;
  /** Whether links can be given in a session: it is known where its widget is deployed, and people may return to it at all. */
  readonly canGive: (session: Pick<Session, 'widget' | 'previous'>) => boolean;
  /** A link and its code as its customer is shown them. */
  readonly shown: (session: Session, link: GivenLink) => LinkShown;
  /** The same for whoever writes out the lines of this session. */
  readonly shownTo: (session: Pick<Session, 'widget'>) => NonNullable<LineReading['linkOf']>;
  /** The link that an act of this agent gave, the one repeated too; `undefined` when it gave none. */
  readonly givenBy: (outcome: Outcome) => Promise<GivenAnswer | undefined>;
}

/** Codes in use are few among eight billion. */
const CODES = 5;
/** An act that is repeated was made a moment ago. */
const LOOK_BACK = 100;

/** Makes them. Links are built from the widget's own `portalUrl`, never from what a request says of its host. */
export function links(given: {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly lookups: Lookups;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly widget: (id: string) => Serving & { readonly portalUrl?: string };
}): Links {
  const { store, lookups, secrets, clock } = given;

  const secretsIn = (sid: SessionId, seed: string): SecretsOfSeed => {
    const made = secrets.of(sid, seed);
    if (made === undefined)
      throw new HandoffError('not_found', `A link of ${sid} was made with another pepper`);
    return made;
  };

  const make: Links['make'] = (sid, family) => {
    const seed = secrets.newSeed();
    const madeAt = clock.now();
    const codeUntil = madeAt + CODE_MS;
    const { link, codeHash } = secretsIn(sid, seed);
    return {
      link: { seed, codeUntil },
      beside: [
        newKey(hashOf(link), { sid, kind: 'link', family, madeAt }),
        newKey(codeHash, { sid, kind: 'code', family, madeAt, until: codeUntil }),
      ],
    };
  };

  const reserve: Links['reserve'] = (sid, { seed, codeUntil: until }) => {
    const { codeHash: key } = secretsIn(sid, seed);
    return lookups.putCode(key, { customer: customerOf(sid), key, until });
  };

  const prepare: Links['prepare'] = async (sid, family) => {
    for (let round = 0; round < CODES; round += 1) {
      const made = make(sid, family);
      if (await reserve(sid, made.link)) return made;
    }
    throw new HandoffError('store_contended', `${CODES} codes in a row were taken`);
  };

  const shownTo: Links['shownTo'] =
    ({ widget }) =>
    (sid, seed) => {
      const made = secrets.of(sid, seed);
      return made && linkOf(sid, widget, made);
    };

  const linkOf = (
    sid: SessionId,
    widget: string,
    { link, code }: SecretsOfSeed,
  ): Omit<LinkShown, 'codeUntil'> => {
    const { portalUrl } = given.widget(widget);
    const token = { customer: customerOf(sid), secret: link };
    return { ...(portalUrl !== undefined && { url: linkWith(portalUrl, token) }), code };
  };

  const shown: Links['shown'] = ({ id, widget }, { seed, codeUntil }) => ({
    ...linkOf(id, widget, secretsIn(id, seed)),
    codeUntil,
  });

  return {
    make,
    reserve,
    prepare,
    shown,
    shownTo,
    canGive: ({ widget: id, previous }) => {
      const widget = given.widget(id);
      return widget.portalUrl !== undefined && serves(widget, previous);
    },
    copy: async (sid) => {
      // Whether what was given before is revoked is nothing to guess from memory.
      const header = await given.sessions.fresh(sid);
      if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
      const rules = given.rulesFor(header.session.widget);
      const session = timeGone(header.session, clock.now(), rules);
      if (isOver(session)) {
        const at = session.status === 'closed' ? session.closedAt : session.expiredAt;
        return { refused: { kind: 'over', status: session.status, at } };
      }
      const { link, beside } = await prepare(sid, session.linkFamily ?? 0);
      await store.addKeys(customerOf(sid), beside);
      const until = returnableUntil(session);
      return {
        given: {
          ...shown(session, link),
          ...(until === undefined ? { lastsMs: rules.reconnectLimitMs } : { until }),
        },
      };
    },
    givenBy: async ({ header, entries, events, duplicate }) => {
      const event = events.find((one) => one.type === 'linkGiven');
      if (event !== undefined) {
        const { link, until, lastsMs } = event;
        return { ...shown(header.session, link), ...lasting(until, lastsMs) };
      }
      if (!duplicate || entries.length > 0) return undefined;
      return lastGiven(header);
    },
  };

  async function lastGiven({ session, seq }: Header): Promise<GivenAnswer | undefined> {
    const latest = await store.entries(session.id, { upTo: seq, last: LOOK_BACK });
    const what = latest.findLast(
      (entry) => entry.what.kind === 'notice' && entry.what.code === 'linkGiven',
    )?.what;
    if (what?.kind !== 'notice') return undefined;
    const { seed, codeUntil, until, lastsMs } = what.params;
    if (typeof seed !== 'string' || typeof codeUntil !== 'number') return undefined;
    return { ...shown(session, { seed, codeUntil }), ...lasting(until, lastsMs) };
  }
}

const newKey = (hash: string, value: KeyRecord): BesideKey => ({ kind: 'key', hash, over: undefined, value });

const lasting = (until: unknown, lastsMs: unknown): Pick<GivenAnswer, 'until' | 'lastsMs'> => ({
  ...(typeof until === 'number' && { until }),
  ...(typeof lastsMs === 'number' && { lastsMs }),
});
