import type { Clock } from '../clock.ts';
import type { Wording } from '../cards/wording.ts';
import { lineOf, type LineReading } from '../cards/line.ts';
import type { CustomerState } from '../cards/views.ts';
import type { SessionId } from '../session/ids.ts';
import { isCarriedToCustomer, type Entry } from '../session/ledger.ts';
import type { Session } from '../session/session.ts';
import { whereOf } from './errors.ts';
import { recentlyUsed } from './cache.ts';
import { carried, placeIn, standIn } from './carried.ts';
import type { Header } from './header.ts';
import type { Outcome, Sessions } from './handle.ts';
import { owedNow } from './owed.ts';
import type { CustomerWire, Log, OutgoingActivity, Sent, SessionStore } from './ports.ts';

/** Carries what is owed to customers: in order, from the ledger, once the write stands. */
export interface Delivery {
  /** Takes up what a commit of this instance owes; returns at once. */
  readonly owe: (outcome: Outcome) => void;
  /** Takes up whatever a header owes, whoever wrote it, unless another instance carries it; returns at once. */
  readonly catchUp: (header: Header) => void;
  /**
   * Settles when nothing of this instance is under way, and what was delivered is marked. What does not get through at once is
   * left to whoever succeeds it.
   */
  readonly finish: () => Promise<void>;
}

const QUIET_MS = 2_000;
/** In a chat that others write in as fast as they can, each try may lose. */
const MARK_TRIES = 12;
/** What writing a mark may take of the time that a claim has left, where the line itself took long. */
const CLAIM_SPARE_MS = 2_000;
/** A carrier says that it is still at it this often while one line takes long. */
const RENEW_MS = 2_000;
/** A little longer than a claim lasts. */
const OTHERS_MS = 5_000;
/** Within this after the page was last heard of, a conversation that is not there may still be opened. */
const OPENING_MS = 15_000;
const TRIES = 5;
/** A line that a channel has failed at so often, for so long, while it answers, is what the channel fails at. */
const POISON_TRIES = 10;
const POISON_MS = 3 * 60_000;
const WARM_SESSIONS = 50_000;

/** Makes the delivery over the customers' wire. */
export function delivery(given: {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly wire: CustomerWire;
  readonly clock: Clock;
  readonly wordsFor: (header: Header) => Wording;
  /** How the links given in a session are shown to its customer. */
  readonly linkOf: (session: Session) => LineReading['linkOf'];
  /** Where a customer gets the bytes of a file. */
  readonly fileUrl: LineReading['fileUrl'];
  /** Where the customer stands; `place` where the line tells of one. */
  readonly stateOf: (header: Header, place: number | undefined) => CustomerState;
  readonly onGone: (sid: SessionId) => void;
  readonly log: Log;
}): Delivery {
  const { sessions, store, wire, clock, log } = given;
  const running = new Map<SessionId, Promise<void>>();
  /** Entries not yet carried, as this instance wrote or read them: spares the read back. */
  const fresh = new Map<SessionId, readonly Entry[]>();
  /** Up to which entry nothing is owed: what lies before needs not be read. */
  const clear = recentlyUsed<SessionId, number>(WARM_SESSIONS, clock.now);
  const quiet = new Map<SessionId, () => void>();
  /** What is on its way, and under which epoch. */
  const flying = new Map<SessionId, { readonly epoch: number; readonly stop: () => void }>();
  /** Lines that a channel answers with a failure, time and again. */
  const failing = recentlyUsed<SessionId, Failing>(WARM_SESSIONS, clock.now);
  const waiting = new Set<SessionId>();
  const pauses = new Set<() => void>();
  let finishing = false;

  const owe = (outcome: Outcome): void => {
    const sid = outcome.header.session.id;
    recall(outcome.header);
    fresh.set(sid, [...(fresh.get(sid) ?? []), ...outcome.entries]);
    start(sid);
  };
  /** What is still on its way under an older epoch is stopped: its customer has moved. */
  const recall = ({ session }: Header): void => {
    const under = flying.get(session.id);
    if (under !== undefined && under.epoch < session.epoch) under.stop();
  };
  const start = (sid: SessionId): void => {
    const next: Promise<void> = (running.get(sid) ?? Promise.resolve())
      .then(() => carry(sid))
      .catch((reason: unknown) => log('delivery.failed', { session: sid, reason: whereOf(reason) }))
      .finally(() => {
        if (running.get(sid) === next) running.delete(sid);
      });
    running.set(sid, next);
  };

  /** Line after line, each under the header as it is then: a return elsewhere or a new owner takes effect at once. */
  const carry = async (sid: SessionId): Promise<void> => {
    let slept = 0;
    for (let failures = 0; failures < (finishing ? 1 : TRIES);) {
      const seen = await sessions.header(sid);
      if (seen !== undefined && seen.owed <= sessions.deliveredTo(seen)) {
        settled(sid, seen.seq);
        return;
      }
      const header = await sessions.claim(sid);
      if (header === undefined) {
        lookAgain(sid);
        return;
      }
      // It is held until they return: the ledger keeps it.
      if (owedNow(header) <= sessions.deliveredTo(header)) return void fresh.delete(sid);
      const entry = await nextOwed(header);
      if (hasSlept(header)) {
        slept += 1;
        if (slept > TRIES) break;
        continue;
      }
      const sent = entry === undefined ? 'later' : await send(header, entry);
      if (sent === 'gone') break;
      if (sent === 'sent' && entry !== undefined) {
        failures = 0;
        sessions.delivered(sid, entry.seq);
        markSoon(sid, claimedFor(header));
      } else {
        failures += 1;
        if (!finishing) await pause(250 * 2 ** failures);
      }
    }
    fresh.delete(sid);
  };

  /** Its claim has run out on the way here: whoever took over may have said this, or moved its customer, by now. */
  const hasSlept = ({ carrier }: Header): boolean => carrier !== undefined && clock.now() > carrier.until;

  /** Another instance carries it; should that one be dead, its claim has run out by then. */
  const lookAgain = (sid: SessionId): void => {
    fresh.delete(sid);
    if (waiting.has(sid)) return;
    waiting.add(sid);
    clock.after(OTHERS_MS, () => {
      waiting.delete(sid);
      start(sid);
    });
  };

  /** Between two attempts; whoever finishes does not wait for the next. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        pauses.delete(wake);
        resolve();
      };
      const cancel = clock.after(ms, wake);
      pauses.add(wake);
    });

  const nextOwed = async (header: Header): Promise<Entry | undefined> => {
    const sid = header.session.id;
    const from = sessions.deliveredTo(header);
    const after = Math.max(from, clear.get(sid) ?? 0);
    const known = (fresh.get(sid) ?? []).filter((entry) => entry.seq > after);
    const to = owedNow(header);
    const entries = reach(known, after, to) ? known : await store.entries(sid, { after, upTo: to });
    fresh.set(sid, entries);
    // A replica that lags shows gaps: no line may overtake another.
    return reach(entries, after, to) ? entries.find(isCarriedToCustomer) : undefined;
  };

  const send = async (header: Header, entry: Entry): Promise<'sent' | 'gone' | 'later'> => {
    const session = entry.sid;
    const words = given.wordsFor(header);
    const line = lineOf(entry, 'customer', words, {
      linkOf: given.linkOf(header.session),
      fileUrl: given.fileUrl,
    });
    // A newer house's, which this one cannot say: what comes after it need not wait; the transcript has it.
    if (line === undefined) return 'sent';
    const state = given.stateOf(header, placeIn(entry));
    const activity = carried(entry, line, state, words);
    let sent = await attempt(header, activity);
    note(entry, sent);
    // One line that its channel cannot take must not hold up all that come after it.
    if (sent.outcome === 'refused' || isPoison(entry)) {
      log('delivery.refused', { session, seq: entry.seq });
      sent = await attempt(header, standIn(entry, state, words));
    }
    if (sent.outcome === 'sent') return 'sent';
    if (sent.outcome === 'gone' && !(await isOpening(header))) {
      log('delivery.gone', { session, seq: entry.seq });
      given.onGone(session);
      return 'gone';
    }
    log('delivery.again', { session, seq: entry.seq, outcome: sent.outcome });
    if (sent.outcome === 'later' && !finishing) await pause(sent.afterMs);
    return 'later';
  };
  /** Hands it to the channel once, while this instance says that it is at it. */
  const attempt = async ({ session, reference }: Header, activity: OutgoingActivity): Promise<Sent> => {
    const stop = renewing(session.id);
    const stopped = new AbortController();
    flying.set(session.id, { epoch: session.epoch, stop: () => stopped.abort() });
    return wire(reference, activity, stopped.signal).finally(() => {
      stop();
      flying.delete(session.id);
    });
  };
  const note = ({ sid, seq }: Entry, sent: Sent): void => {
    if (sent.outcome !== 'ambiguous' || sent.answered !== true) {
      failing.drop(sid);
      return;
    }
    const before = failing.get(sid);
    failing.set(
      sid,
      before?.seq === seq ? { ...before, tries: before.tries + 1 } : { seq, tries: 1, since: clock.now() },
    );
  };
  const isPoison = ({ sid, seq }: Entry): boolean => {
    const known = failing.get(sid);
    return known?.seq === seq && known.tries >= POISON_TRIES && clock.now() - known.since >= POISON_MS;
  };
  /** Whoever comes back by a link is handed a conversation that their page opens a moment later. */
  const isOpening = async ({ session, reference }: Header): Promise<boolean> => {
    const presence = await store.presence(session.customer, reference.conversation);
    return presence !== undefined && clock.now() - presence.beatAt < OPENING_MS;
  };
  const renewing = (sid: SessionId): (() => void) => {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = clock.after(RENEW_MS, () => {
        again();
        sessions
          .claim(sid)
          .catch((reason: unknown) => log('delivery.unclaimed', { session: sid, reason: whereOf(reason) }));
      });
    };
    again();
    return () => cancel();
  };

  /** Until then the mark has to stand: whoever carries after this instance says again what is not marked. */
  const claimedFor = ({ carrier }: Header): number =>
    Math.max(0, (carrier?.until ?? 0) - clock.now() - CLAIM_SPARE_MS);

  const settled = (sid: SessionId, seq: number): void => {
    fresh.delete(sid);
    clear.set(sid, seq);
  };
  /** Marks ride on the next step; after some quiet they are written by themselves. */
  const markSoon = (sid: SessionId, withinMs = QUIET_MS): void => {
    quiet.get(sid)?.();
    quiet.set(
      sid,
      clock.after(
        Math.min(QUIET_MS, withinMs),
        () => void markNow(sid).then((wrote) => wrote || markSoon(sid)),
      ),
    );
  };
  const markNow = async (sid: SessionId): Promise<boolean> => {
    quiet.get(sid)?.();
    quiet.delete(sid);
    try {
      // A lost race is run again at once: until the mark stands, whoever takes over says the line once more.
      for (let tries = 0; tries < MARK_TRIES; tries += 1) if (await sessions.flush(sid)) return true;
    } catch (reason) {
      log('delivery.unmarked', { session: sid, reason: whereOf(reason) });
    }
    return false;
  };

  return {
    owe,
    catchUp: (header) => {
      recall(header);
      if (owedNow(header) > sessions.deliveredTo(header)) start(header.session.id);
    },
    finish: async () => {
      finishing = true;
      for (const wake of pauses) wake();
      while (running.size > 0) await Promise.all(running.values());
      await Promise.all([...quiet.keys()].map(markNow));
    },
  };
}

interface Failing {
  readonly seq: number;
  readonly tries: number;
  readonly since: number;
}

/** Whether these are all the entries from `after + 1` at least up to `to`. */
const reach = (entries: readonly Entry[], after: number, to: number): boolean =>
  entries.length >= to - after && entries.every((entry, i) => entry.seq === after + 1 + i);
