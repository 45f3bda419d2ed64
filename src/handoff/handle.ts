import { sleep, type Clock } from '../clock.ts';
import { customerOf, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import type { Event } from '../session/event.ts';
import type { Entry } from '../session/ledger.ts';
import { HandoffError } from './errors.ts';
import type { CustomerIndex, Device, Header } from './header.ts';
import { seenUpTo, type Reading } from './marks.ts';
import type { Change as Batch, Marks, SessionStore, Stored } from './ports.ts';
import { planOf, type Taken, type Waiting } from './plan.ts';
import { queue } from './queue.ts';
import { reindex, type Ask } from './step.ts';
import type { Change } from './telemetry.ts';
import { warmed } from './warm.ts';

/** What became of an ask: the session after it, what was written, and the expected no, if it was one. */
export interface Outcome {
  readonly header: Header;
  readonly entries: readonly Entry[];
  readonly events: readonly Event[];
  readonly refused?: Refusal;
  /** It had been said before: nothing was written, the answer is yes all the same. */
  readonly duplicate: boolean;
  /** A key it was to use, somebody else has used: nothing was written. */
  readonly spent?: true;
}

/** The one door to a session: everything that changes it goes through `ask`. */
export interface Sessions {
  /**
   * Reads, decides, and writes over the version read; a lost race is decided again on the newer session. Asks of one
   * session are taken in the order they came, and what waits is committed together.
   *
   * @throws HandoffError `not_found` no such session and the ask opens none; `store_unavailable`; `store_contended`.
   */
  readonly ask: (sid: SessionId, ask: Ask) => Promise<Outcome>;
  /** The header, from memory when warm; a hint. */
  readonly header: (sid: SessionId) => Promise<Header | undefined>;
  /** The header as the store has it now; one read. */
  readonly fresh: (sid: SessionId) => Promise<Header | undefined>;
  /** The customer's index, from memory when warm; a hint. */
  readonly index: (customer: CustomerId) => Promise<CustomerIndex | undefined>;
  /** What this instance remembers, however old; nothing is read, and nothing may be decided by it. */
  readonly inMind: {
    readonly header: (sid: SessionId) => Header | undefined;
    readonly index: (customer: CustomerId) => CustomerIndex | undefined;
  };
  /** Changes the customer's index alone, over the version read; `undefined` from `next` leaves it as it is. */
  readonly reindex: (
    customer: CustomerId,
    next: (index: CustomerIndex) => CustomerIndex | undefined,
  ) => Promise<CustomerIndex>;
  /** Takes in what the change feed brought; whether it is newer than what this instance held warm. */
  readonly learn: (header: Header, etag: string) => boolean;
  /** Whether anything of this customer's was taken under one of these dedupe keys; one read each. */
  readonly heard: (customer: CustomerId, keys: readonly string[]) => Promise<boolean>;
  /** Forgets what is warm of a customer, so that the next read is fresh. */
  readonly forget: (customer: CustomerId) => void;
  /** Forgets everything that is warm of a customer who is erased; gives the sessions it knew. */
  readonly erase: (customer: CustomerId) => readonly SessionId[];
  /** Notes that the customer has entries up to `seq`; written with the next step, or by `flush`. */
  readonly delivered: (sid: SessionId, seq: number) => void;
  /** Notes that the customer has seen entries up to `seq`, and on what; written like `delivered`. */
  readonly seen: (sid: SessionId, seq: number, device?: Device) => void;
  /** Highest entry this instance knows to be delivered. */
  readonly deliveredTo: (header: Header) => number;
  /** What the customer has and has seen, as far as this instance knows. */
  readonly readingOf: (header: Header) => Reading;
  /**
   * Makes this instance the session's carrier for some seconds more, and gives the header it carries under; one write
   * when its time runs out. `undefined`: another instance carries, or there is no such session.
   */
  readonly claim: (sid: SessionId) => Promise<Header | undefined>;
  /** Writes marks that no step has carried yet; `cards` come along. `false`: somebody else wrote, ask again later. */
  readonly flush: (
    sid: SessionId,
    cards?: { readonly cards: Header['cards']; readonly cardVer: number },
  ) => Promise<boolean>;
}

const TRIES = 12;
/** How long a carrier that is not heard of is waited for; the feed's reader takes up what it left just after. */
const CARRY_MS = 4_500;
/** Pause before a race is run again, times the races lost: replicas lag, and two that keep step never part. */
const LOST_RACE_MS = 15;

/** Makes the door, over a store; `tell` hears of every commit, in commit order per session. */
export function sessions(given: {
  readonly store: SessionStore;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly tell: (outcome: Outcome) => void;
  /** Hears of every ask this instance commits, for what is measured. */
  readonly observe?: ((change: Change) => void) | undefined;
  /** Names this instance as carrier. */
  readonly holder: string;
}): Sessions {
  const { store, clock, holder } = given;
  const warm = warmed(store, clock.now);
  const marks = new Map<SessionId, number>();
  const seen = new Map<SessionId, { readonly seq: number; readonly on: Pick<Header, 'device'> }>();

  const withMark = (header: Header): Header => {
    const { id } = header.session;
    const mark = marks.get(id) ?? 0;
    const looked = seen.get(id);
    const read = looked === undefined ? header : { ...seenUpTo(header, looked.seq), ...looked.on };
    return mark > header.delivered ? { ...read, delivered: mark } : read;
  };
  /** What of it no write has carried yet. */
  const isOwing = (header: Header): boolean => {
    const { id } = header.session;
    return (marks.get(id) ?? 0) > header.delivered || (seen.get(id)?.seq ?? -1) > (header.seen ?? -1);
  };
  const settleMarks = ({ session: { id }, delivered, seen: upTo = -1 }: Header): void => {
    if (delivered >= (marks.get(id) ?? 0)) marks.delete(id);
    if (upTo >= (seen.get(id)?.seq ?? -1)) seen.delete(id);
  };

  /** Commits as many of these asks as belong in one step; gives back the rest. */
  const commit = async (sid: SessionId, asks: readonly Waiting[]): Promise<readonly Waiting[]> => {
    let batch = asks;
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (tries > 1) await sleep(clock, LOST_RACE_MS * tries);
      const isOpened = batch.every(({ ask }) => ask.opening !== undefined);
      const { read, isHint } = await warm.under(sid, isOpened);
      const plan = await planOf(sid, read && withMark(read.value), batch, clock.now(), given.rulesFor);
      if (plan === undefined) return [];
      const { taken, rest, header, audit, entries, dedupe, beside } = plan;
      const customer = customerOf(sid);
      const idle = [audit ?? [], entries, dedupe, beside].flat().length === 0;
      const again = [...taken.map((one) => one.waiting), ...rest];
      if (idle && !plan.moved) {
        if (!isHint) {
          await settleIdle(taken, header);
          return rest;
        }
        // Nothing is written, so nothing fences: such an answer must not rest on what may be old.
        warm.drop(sid);
        batch = again;
        continue;
      }
      const index = audit === undefined ? undefined : await warm.index(customer);
      if (read === undefined && index?.value.erasing !== undefined) {
        warm.dropIndex(customer);
        throw new HandoffError('being_erased', `Customer ${customer} is being erased`);
      }
      const reindexed = index === undefined ? undefined : reindex(index.value, header, clock.now());
      const change: Batch = {
        over: read?.etag,
        ...(read !== undefined && { before: read.value }),
        header: carriedBy(withMark(header)),
        entries,
        dedupe,
        ...(audit !== undefined && { audit }),
        ...(index !== undefined &&
          reindexed !== undefined && { index: { over: index.etag, value: reindexed } }),
        ...(beside.length > 0 && { beside }),
      };
      const committed = await store.commit(change).catch((reason: unknown) => {
        if (taken.length > 1 && isTooMuch(reason)) return { outcome: 'tooMuch' as const };
        throw reason;
      });
      if (committed.outcome === 'committed') {
        warm.keep(sid, { value: change.header, etag: committed.etag });
        if (reindexed !== undefined) {
          if (committed.indexEtag === undefined) warm.dropIndex(customer);
          else warm.keepIndex(customer, { value: reindexed, etag: committed.indexEtag });
        }
        settleMarks(change.header);
        settle(taken, change.header, true);
        return rest;
      }
      if (committed.outcome === 'conflict') warm.missed(sid);
      else if (committed.outcome !== 'tooMuch') warm.drop(sid);
      // What an older header left in it is found out with the newer one.
      if (committed.outcome !== 'tooMuch' && (index !== undefined || committed.outcome !== 'conflict'))
        warm.dropIndex(customer);
      const [first, ...others] = taken.map((one) => one.waiting);
      const unwritten = committed.outcome === 'duplicate' || committed.outcome === 'spent';
      if (unwritten && others.length === 0) {
        await unchanged(sid, first, committed.outcome === 'spent');
        return rest;
      }
      batch = again;
      // One of them was said before, or is too large: alone, each finds out for itself.
      if (committed.outcome !== 'conflict' && first !== undefined) {
        return [...(await commitAlone(sid, first)), ...others, ...rest];
      }
    }
    throw new HandoffError('store_contended', `Session ${sid} was written by others ${TRIES} times in a row`);
  };

  const commitAlone = (sid: SessionId, waiting: Waiting): Promise<readonly Waiting[]> =>
    commit(sid, [waiting]).catch((reason: unknown) => {
      waiting.failed(reason);
      return [];
    });

  /** The header with this instance as its carrier, unless another one is at it. */
  const carriedBy = (header: Header): Header =>
    isAnothers(header) ? header : { ...header, carrier: { holder, until: clock.now() + CARRY_MS } };
  const isAnothers = ({ carrier }: Header): boolean =>
    carrier !== undefined && carrier.holder !== holder && clock.now() < carrier.until;

  const unchanged = async (sid: SessionId, waiting: Waiting | undefined, spent: boolean): Promise<void> => {
    const read = await warm.header(sid);
    if (waiting === undefined) return;
    if (read === undefined) waiting.failed(new HandoffError('not_found', `There is no session ${sid}`));
    else {
      const nothing = { header: read.value, entries: [], events: [] };
      waiting.done(spent ? { ...nothing, duplicate: false, spent } : { ...nothing, duplicate: true });
    }
  };

  const heard: Sessions['heard'] = async (customer, keys) =>
    (await Promise.all(keys.map((key) => store.heard(customer, key)))).includes(true);

  /** Nothing came of these. Whoever asks again for what was done, because the answer was lost, is told that it was. */
  const settleIdle = async (taken: readonly Taken[], header: Header): Promise<void> => {
    for (const one of taken) {
      const { resent, dedupe } = one.waiting.ask;
      const keys = resent ?? (typeof dedupe === 'function' ? [] : (dedupe ?? []));
      if (await heard(header.session.customer, keys))
        one.waiting.done({ header, entries: [], events: [], duplicate: true });
      else settle([one], header, false);
    }
  };

  const settle = (taken: readonly Taken[], header: Header, wrote: boolean): void => {
    for (const { waiting, step: one, before } of taken) {
      const outcome: Outcome = {
        header,
        entries: one.entries,
        events: one.events,
        duplicate: false,
        ...(one.refused !== undefined && { refused: one.refused }),
      };
      if (wrote) {
        given.tell(outcome);
        const { readAt } = waiting.ask;
        const { header: after, entries, events } = one;
        given.observe?.({ before, after, entries, events, ...(readAt !== undefined && { readAt }) });
      }
      waiting.done(outcome);
    }
  };

  /** Patches marks over the header read; the delivered mark comes along. */
  const mark = async (sid: SessionId, read: Stored<Header>, more: Marks): Promise<boolean> => {
    const { delivered, seen: upTo, unseen, device } = withMark(read.value);
    const set: Marks = {
      ...(delivered > read.value.delivered && { delivered }),
      ...(upTo !== read.value.seen && { seen: upTo, unseen, ...(device !== undefined && { device }) }),
      ...more,
    };
    const etag = await store.mark(sid, read.etag, set);
    if (etag === false) {
      warm.drop(sid);
      return false;
    }
    const value = { ...read.value, ...set };
    warm.keep(sid, { value, etag });
    settleMarks(value);
    return true;
  };

  const { ask: enqueue, inTurn } = queue(commit);

  return {
    ask: (sid, ask) => new Promise((done, failed) => enqueue(sid, { ask, done, failed })),
    header: async (sid) => (await warm.header(sid))?.value,
    fresh: warm.fresh,
    index: async (customer) => {
      const read = await warm.index(customer);
      return read.etag === undefined ? undefined : read.value;
    },
    inMind: { header: warm.headerInMind, index: warm.indexInMind },
    reindex: async (customer, next) => {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const read = await warm.index(customer);
        const wanted = next(read.value);
        if (wanted === undefined) return read.value;
        const etag = await store.saveIndex(wanted, read.etag);
        if (etag !== false) {
          warm.keepIndex(customer, { value: wanted, etag });
          return wanted;
        }
        warm.dropIndex(customer);
      }
      throw new HandoffError(
        'store_contended',
        `Customer ${customer} was written by others ${TRIES} times in a row`,
      );
    },
    learn: warm.learn,
    heard,
    forget: warm.forget,
    erase: warm.erase,
    delivered: (sid, seq) => void marks.set(sid, Math.max(seq, marks.get(sid) ?? 0)),
    seen: (sid, seq, device) => {
      if (seq > (seen.get(sid)?.seq ?? -1))
        seen.set(sid, { seq, on: device === undefined ? {} : { device } });
    },
    readingOf: (header) => {
      const { delivered, seen: upTo } = withMark(header);
      return { delivered, ...(upTo !== undefined && { seen: upTo }) };
    },
    deliveredTo: (header) => Math.max(header.delivered, marks.get(header.session.id) ?? 0),
    claim: (sid) =>
      inTurn(sid, async () => {
        for (let tries = 0; tries < TRIES; tries += 1) {
          const read = await warm.header(sid);
          if (read === undefined || isAnothers(read.value)) return undefined;
          const { carrier } = read.value;
          if (carrier?.holder === holder && carrier.until - clock.now() > CARRY_MS / 2) return read.value;
          await mark(sid, read, { carrier: { holder, until: clock.now() + CARRY_MS } });
        }
        return undefined;
      }),
    flush: (sid, cards) =>
      inTurn(sid, async () => {
        const read = await warm.header(sid);
        const owes = read !== undefined && isOwing(read.value);
        // Another instance has written as much, or the session is gone.
        if (!owes) {
          marks.delete(sid);
          seen.delete(sid);
        }
        return read === undefined || (!owes && cards === undefined) || mark(sid, read, cards ?? {});
      }),
  };
}

const isTooMuch = (reason: unknown): boolean => reason instanceof HandoffError && reason.code === 'bad_input';
