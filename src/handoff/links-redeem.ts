import { firstName } from '../cards/names.ts';
import type { Ended, Line } from '../cards/views.ts';
import { sleep, type Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Closed, Expired } from '../session/session.ts';
import { agentOf, isOver } from '../session/whose.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { Sessions } from './handle.ts';
import { inTurn } from './in-turn.ts';
import { isTheirOwn, type Brought, type Caller, type Find, type Found } from './links-find.ts';
import type { Limits } from './links-limits.ts';
import type { Back, Rim, Use } from './links-use.ts';
import type { Log } from './ports.ts';
import type { Standing } from './standing.ts';
import type { Telemetry } from './telemetry.ts';

/** What came of using a key. */
export type Redeemed =
  | { readonly kind: 'back'; readonly back: Back }
  /** Used before, by this very customer: their chat opens as usual. */
  | { readonly kind: 'ask' }
  /** Used before, by somebody or elsewhere: the agent was told. */
  | { readonly kind: 'used' }
  | { readonly kind: 'over'; readonly ended: Ended; readonly session: Closed | Expired }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'tooMany'; readonly retryAfterMs: number };

/** What a link would open, asked before the click. */
export type Looked = { readonly kind: 'open'; readonly agent?: string } | No;

type No = Exclude<Redeemed, { kind: 'back' }>;

/** The way back by link and by code. */
export interface Redemptions {
  /** Tells what a link would open; changes nothing. */
  readonly look: (text: string, caller: Caller) => Promise<Looked>;
  /**
   * Uses a link or code: once, by whoever may, while its session can be returned to; in one step with the return. The
   * same caller's repeat within a minute gets the very same answer, from any instance.
   */
  readonly redeem: (brought: Brought, caller: Caller, rim: Rim) => Promise<Redeemed>;
  /** What was said in a chat whose time ran out, for whoever holds a link to it that was never used. Changes nothing. */
  readonly read: (text: string, caller: Caller) => Promise<Read | No>;
}

/** A transcript as its customer reads it. */
export interface Read {
  readonly kind: 'read';
  readonly lines: readonly Line[];
}

const TELL_AGAIN_MS = 10 * 60_000;
/** Longer than looking takes: what is warm or cold must not tell a revoked link from one that never was. */
const WRONG_MS = 100;
const TOLD = 10_000;
const TRIES = 8;
const LOST_RACE_MS = 15;

/** Makes it. */
export function redemptions(given: {
  readonly find: Find;
  readonly keys: Use;
  readonly limits: Limits;
  readonly sessions: Sessions;
  readonly clock: Clock;
  /** What is told of a session that is over, with where its customer is sent. */
  readonly endedOf: (session: Closed | Expired) => Ended;
  readonly linesOf: Standing['linesOf'];
  readonly observe: Telemetry['tell'] | undefined;
  readonly log: Log;
}): Redemptions {
  const { find, keys, limits, sessions, clock, log } = given;
  /** Many clicks on one link, here: one opens a conversation, the others find it used. */
  const byKey = inTurn();
  /** Codes are tried one by one, so that nobody is heard more often at once than one after the other. */
  const byCaller = inTurn();
  /** Of which copies agents were told, here; the ledger knows of all. */
  const told = recentlyUsed<string, true>(TOLD, clock.now);

  const wrong = async ({ way }: Brought, { from }: Caller, since: number): Promise<No> => {
    const retryAfterMs = await limits.wrong(way === 'link' ? 'token' : 'code', from);
    await sleep(clock, Math.max(0, since + WRONG_MS - clock.now()));
    return retryAfterMs === undefined ? { kind: 'unknown' } : { kind: 'tooMany', retryAfterMs };
  };

  const over = (session: Closed | Expired): No => ({
    kind: 'over',
    session,
    ended: given.endedOf(session),
  });

  const once: Redemptions['redeem'] = async (brought, caller, rim) => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      // Who lost a race may read what the winner has replaced.
      if (tries > 0) await sleep(clock, LOST_RACE_MS * tries);
      const since = clock.now();
      const found = await find(brought, caller);
      const repeated = found.kind === 'unknown' ? undefined : await keys.repeat(found.key, caller);
      if (repeated !== undefined) return { kind: 'back', back: repeated };
      switch (found.kind) {
        case 'unknown':
          return wrong(brought, caller, since);
        case 'over':
          // A late click finds, and saves, the expiry.
          if (!isOver(found.key.read.header.session)) await tick(found.session.id);
          return over(found.session);
        case 'used':
          return reused(brought, found, caller);
        case 'good': {
          const back = await keys.use(found.key, caller, rim);
          if (back !== undefined) return { kind: 'back', back };
        }
      }
    }
    throw new HandoffError('store_contended', `A key was used by others ${TRIES} times in a row`);
  };
  const typed: Redemptions['redeem'] = async (brought, caller, rim) => {
    const retryAfterMs = await limits.barredFromCodes(caller.from);
    return retryAfterMs === undefined ? once(brought, caller, rim) : { kind: 'tooMany', retryAfterMs };
  };
  const tick = (sid: SessionId) =>
    sessions.ask(sid, { actor: 'customer', command: () => ({ type: 'tick' }) });

  const reused = async (
    brought: Brought,
    { key, used, session }: Extract<Found, { kind: 'used' }>,
    caller: Caller,
  ): Promise<Redeemed> => {
    if (isTheirOwn(session, key.who)) return { kind: 'ask' };
    const round = `reused|${key.hash}|${Math.floor((clock.now() - used.at) / TELL_AGAIN_MS)}`;
    if (told.get(round) !== true) {
      await sessions.ask(session.id, {
        actor: 'house',
        command: () => ({ type: 'tick' }),
        say: [
          { by: { kind: 'house' }, what: { kind: 'notice', code: 'linkReused', to: 'agent', params: {} } },
        ],
        dedupe: [round],
      });
      told.set(round, true);
    }
    if (brought.way === 'code') await limits.wrong('code', caller.from);
    return { kind: 'used' };
  };

  return {
    look: async (text, caller) => {
      const brought: Brought = { way: 'link', text };
      const since = clock.now();
      const found = await find(brought, caller);
      switch (found.kind) {
        case 'unknown':
          return wrong(brought, caller, since);
        case 'over':
          return over(found.session);
        case 'used':
          // Elsewhere it is refused at the click, and its agent told: a look, also a scanner's, changes and tells nothing.
          return { kind: isTheirOwn(found.session, found.key.who) ? 'ask' : 'open' };
        case 'good': {
          const agent = firstName((agentOf(found.session) ?? found.session.previous)?.name ?? '');
          return { kind: 'open', ...(agent !== '' && { agent }) };
        }
      }
    },
    read: async (text, caller) => {
      const since = clock.now();
      const found = await find({ way: 'link', text }, caller);
      // Who closes a chat takes its links back; one that only ran out of time leaves them what was said.
      const permits =
        found.kind === 'over' &&
        found.session.status === 'expired' &&
        found.key.stored.value.used === undefined;
      if (!permits) return wrong({ way: 'link', text }, caller, since);
      const { header, entries } = found.key.read;
      return { kind: 'read', lines: given.linesOf(header, entries) };
    },
    redeem: async (brought, caller, rim) => {
      const { way, text } = brought;
      const redeemed =
        way === 'link'
          ? await byKey(text, () => once(brought, caller, rim))
          : await byCaller(caller.from, () => typed(brought, caller, rim));
      log('reconnect.redeemed', { way, came: redeemed.kind });
      if (redeemed.kind === 'over')
        given.observe?.({ kind: 'tooLate', way, widget: redeemed.session.widget });
      else if (redeemed.kind !== 'back') given.observe?.({ kind: 'notRedeemed', way, why: redeemed.kind });
      return redeemed;
    },
  };
}
