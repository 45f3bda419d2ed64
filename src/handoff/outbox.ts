import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import { endOf } from '../session/whose.ts';
import { isCardBehind } from './agent-cards.ts';
import type { Header } from './header.ts';
import { owedNow } from './owed.ts';

/**
 * What the leased reader has read of and has not yet seen carried. It remembers only: what outlasts a crash is the place
 * in the feed that is saved, which never lies past any of it, and the deadlines that are filed for what takes long.
 */
export interface Outbox {
  /** This session owes something, by a page of the feed that begins there. */
  readonly owes: (header: Header, from: Place) => void;
  readonly settled: (sid: SessionId) => void;
  /** Those whose writers had their time, or a look ago: each is to be looked at now. */
  readonly lapsed: () => readonly Owing[];
  /**
   * It still owes at this look: it is looked at again from here, or, in the long run, by whoever keeps deadlines;
   * `undefined` when it is given up.
   */
  readonly again: (owing: Owing, header: Header) => 'here' | { readonly dueAt: number } | undefined;
  /** Where whoever reads after this one has to begin; absent while nothing is owed. */
  readonly oldest: () => Place | undefined;
  readonly clear: () => void;
}

/** A place in the feed (`undefined`: its very beginning), and how many pages were read before it. */
export interface Place {
  readonly at: string | undefined;
  readonly page: number;
}

export interface Owing {
  readonly sid: SessionId;
  readonly ver: number;
  readonly seq: number;
  readonly from: Place;
  readonly when: number;
  readonly looks: number;
}

/** A header that still owes or lags this long after its write is taken up by the reader: its writer may be dead. */
const STALE_MS = 5_000;
/** After so many looks the feed's place goes on without it, and a deadline stands for it. */
const LOOKS = 3;
const LOOK_MS = 60_000;
/** What of a session that is over has not reached its customer by then never will. */
const LATEST_MS = 40 * 60_000;

/** Whether something of it has yet to reach a channel; what is held for a customer who is away has not. */
export const isBehind = (header: Header): boolean =>
  owedNow(header) > header.delivered || isCardBehind(header);

/** When a session that has owed for long is to be looked at next, ms; `undefined` when it owes nothing, or in vain. */
export function owedLookAt(header: Header, now: number): number | undefined {
  const endedAt = endOf(header.session);
  const isInVain = endedAt !== undefined && now - endedAt > LATEST_MS;
  return isBehind(header) && !isInVain ? now + LOOK_MS : undefined;
}

/** Makes it. */
export function outbox(clock: Clock): Outbox {
  const all = new Map<SessionId, Owing>();
  return {
    owes: ({ session: { id: sid, ver }, seq }, from) => {
      const known = all.get(sid);
      if (known?.ver === ver && known.seq === seq) return;
      // What was owed before is owed still: its place stays.
      const place = known === undefined ? from : known.from;
      all.set(sid, { sid, ver, seq, from: place, when: clock.now() + STALE_MS, looks: 0 });
    },
    settled: (sid) => void all.delete(sid),
    lapsed: () => [...all.values()].filter(({ when }) => when <= clock.now()),
    again: (owing, header) => {
      const now = clock.now();
      const dueAt = owedLookAt(header, now);
      if (dueAt === undefined) return undefined;
      if (owing.looks >= LOOKS) return { dueAt };
      all.set(owing.sid, { ...owing, when: now + STALE_MS * 2 ** owing.looks, looks: owing.looks + 1 });
      return 'here';
    },
    oldest: () => {
      // Pages are read in order, and nobody's place moves while they owe: the first is the oldest.
      const [first] = all.values();
      return first?.from;
    },
    clear: () => all.clear(),
  };
}
