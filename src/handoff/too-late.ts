import type { CustomerState, Ended } from '../cards/views.ts';
import type { Clock } from '../clock.ts';
import { customerOf, type ConversationId, type CustomerId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Closed, Expired } from '../session/session.ts';
import { isOver } from '../session/whose.ts';
import type { Candidates } from './candidates.ts';
import { endedOf } from './ended.ts';
import type { CustomerIndex, IndexEntry } from './header.ts';
import type { Sessions } from './handle.ts';
import type { SessionStore } from './ports.ts';
import { judge } from './presence.ts';
import type { Offers } from './prompts.ts';
import type { Proofs } from './proof.ts';
import type { Standing } from './standing.ts';
import { FINAL_STAYS_MS, isFinal } from './step.ts';
import type { Telemetry } from './telemetry.ts';
import { timeGone } from './time-gone.ts';

/** What a customer is told who comes back too late. */
export interface TooLate {
  /** The latest chat that ended without its customer knowing, within the last day; tells nobody. */
  readonly find: (customer: CustomerId, read?: JustRead) => Promise<Ended | undefined>;
  /** The same, which counts as told from now on: it is given once. */
  readonly tell: (customer: CustomerId, read?: JustRead) => Promise<Ended | undefined>;
  /** Where a page stands that still shows a chat which has ended; that counts as told. */
  readonly shownIn: (
    customer: CustomerId,
    conversation: ConversationId,
  ) => Promise<CustomerState | undefined>;
  /** What is told of a session that is over, with where its customer is sent. */
  readonly endedOf: (session: Closed | Expired) => Ended;
}

/** A customer's index, where whoever asks has just read it; else it is read. */
export interface JustRead {
  readonly index: CustomerIndex | undefined;
}

/** More than this many unheard endings within a day are not looked through. */
const MOST = 3;

/** Makes it; `redirectUrl` of a widget is where too-late customers are sent. */
export function tooLate(given: {
  readonly sessions: Sessions;
  readonly candidates: Candidates;
  readonly store: Pick<SessionStore, 'presence'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly offers: Offers;
  readonly redirectUrl: (widget: string) => string | undefined;
  readonly where: Standing;
  readonly proofs: Proofs;
  readonly observe: Telemetry['tell'] | undefined;
}): TooLate {
  const { sessions, store, clock } = given;

  const isRecent = (entry: IndexEntry): boolean =>
    isFinal(entry.status) && clock.now() - entry.changedAt <= FINAL_STAYS_MS;
  const isUntold = (entry: IndexEntry): boolean => isRecent(entry) && entry.overToldAt === undefined;

  const entriesOf = async (customer: CustomerId, read?: JustRead): Promise<readonly IndexEntry[]> =>
    (read ?? { index: await given.candidates.freshOf(customer) }).index?.sessions ?? [];
  /** Endings nobody has told them of, latest first; what time has ended by now, whether or not a sweep has run, is one. */
  const untold = async (customer: CustomerId, read?: JustRead): Promise<readonly IndexEntry[]> => {
    const entries = await entriesOf(customer, read);
    const lapsed = await Promise.all(
      entries.filter((entry) => !isFinal(entry.status) && entry.status !== 'bot').map(settleIfOver),
    );
    const now = lapsed.some(Boolean) ? await entriesOf(customer) : entries;
    return now.filter(isUntold).sort((a, b) => b.changedAt - a.changedAt);
  };
  const settleIfOver = async ({ sid }: IndexEntry): Promise<boolean> => {
    const header = await sessions.fresh(sid);
    if (header === undefined) return false;
    const { session } = header;
    if (!isOver(timeGone(session, clock.now(), given.rulesFor(session.widget)))) return false;
    await sessions.ask(sid, { actor: 'house', command: () => ({ type: 'tick' }) });
    return true;
  };

  const endedWith: TooLate['endedOf'] = (session) => {
    const ended = endedOf(session, given.proofs);
    const redirect = given.redirectUrl(session.widget);
    const wasAway = session.status === 'expired' && session.was === 'disconnected';
    return wasAway && redirect !== undefined ? { ...ended, redirect } : ended;
  };

  const toldOf = (session: Closed | Expired | undefined): Ended | undefined => session && endedWith(session);
  const firstOf = async (entries: readonly IndexEntry[]): Promise<Closed | Expired | undefined> => {
    for (const { sid } of entries.slice(0, MOST)) {
      const session = (await sessions.fresh(sid))?.session;
      if (session !== undefined && isOver(session) && (await isNews(session))) return session;
    }
    return undefined;
  };
  const isNews = async (session: Closed | Expired): Promise<boolean> =>
    given.offers(session.widget, session.previous) && !(await knows(session));

  /** Whoever ended it, had only the bot, or was on the page when it ended, knows. */
  const knows = async (session: Closed | Expired): Promise<boolean> => {
    if (session.status === 'expired') {
      if (session.was !== 'active') return session.was === 'bot';
    } else if (session.by === 'customer' || session.followedBy !== undefined) return true;
    const at = session.status === 'closed' ? session.closedAt : session.expiredAt;
    const presence = await store.presence(session.customer, session.conversation);
    return judge(presence, session, at, given.rulesFor(session.widget))?.here === true;
  };

  /** Whether anything of it was news. */
  const mark = async (entries: readonly IndexEntry[]): Promise<boolean> => {
    let isNews = false;
    const told = new Set(entries.map(({ sid }) => sid));
    const overToldAt = clock.now();
    for (const customer of new Set(entries.map(({ sid }) => customerOf(sid)))) {
      let isNewsHere = false;
      await sessions.reindex(customer, (index) => {
        isNewsHere = index.sessions.some((entry) => told.has(entry.sid) && entry.overToldAt === undefined);
        const mark = (entry: IndexEntry) => (told.has(entry.sid) ? { overToldAt, ...entry } : entry);
        return isNewsHere ? { ...index, sessions: index.sessions.map(mark) } : undefined;
      });
      isNews ||= isNewsHere;
    }
    return isNews;
  };

  return {
    endedOf: endedWith,
    find: async (customer, read) => toldOf(await firstOf(await untold(customer, read))),
    tell: async (customer, read) => {
      const entries = await untold(customer, read);
      const session = await firstOf(entries);
      const ended = toldOf(session);
      // Written first: what is told once must not be told again because an answer was slow.
      const isFirst = await mark(entries);
      if (session !== undefined && isFirst)
        given.observe?.({ kind: 'tooLate', way: 'page', widget: session.widget });
      return ended;
    },
    shownIn: async (customer, conversation) => {
      const index = await given.candidates.of(customer);
      const entry = index?.sessions.find((one) => isRecent(one) && one.conversation === conversation);
      const header = entry && (await sessions.header(entry.sid));
      if (entry === undefined || header === undefined) return undefined;
      const state = given.where.stateWith(header);
      const { session } = header;
      if (!isUntold(entry) || !isOver(session)) return state;
      await mark([entry]);
      return { ...state, ended: endedWith(session) };
    },
  };
}
