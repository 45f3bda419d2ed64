import { lineOf, type LineReading } from '../../cards/line.ts';
import { statusText, type Audience, type Wording } from '../../cards/wording.ts';
import type { Entry } from '../../session/ledger.ts';
import type { Session } from '../../session/session.ts';
import { slotOf } from '../../session/slots.ts';
import { agentOf } from '../../session/whose.ts';
import { writeDuration } from '../../settings/duration.ts';

/** One thing of a column: what somebody does, what they read, what waits for them, and where they then stand. */
export interface Said {
  readonly kind: 'does' | 'reads' | 'waits' | 'stands';
  readonly text: string;
}

/** All that comes about at one moment; ms from the start. JSON on the wire. */
export interface Row {
  readonly at: number;
  readonly customer: readonly Said[];
  readonly agent: readonly Said[];
  /** How the agents' places stand then, and the first agent's own. */
  readonly capacity: string;
  readonly place: 'free' | 'owned' | 'held';
}

/** How long the first agent's place was in use, and for whom. */
export interface PlaceUse {
  readonly ownedMs: number;
  readonly heldMs: number;
}

/** What a test drive came to. JSON on the wire. */
export interface Driven {
  readonly widget: string;
  /** The moment its times are counted from. */
  readonly start: string;
  readonly rows: readonly Row[];
  readonly use: PlaceUse;
  /** Where its times of day are told. */
  readonly timeZone: string;
  /** Where the chat stands at the end, as agents read it. */
  readonly ends: string;
}

/** Collects what both sides do and read, moment by moment. */
export interface Rows {
  readonly does: (who: Audience, text: string) => void;
  readonly reads: (who: Audience, text: string) => void;
  /** Lines of the ledger; what a customer who is gone does not read waits for them. */
  readonly lines: (entries: readonly Entry[], here: boolean) => void;
  /** Notes where everybody stands after what has come about. */
  readonly stands: (session: Session | undefined, here: boolean) => void;
  readonly all: () => readonly Row[];
  readonly use: () => PlaceUse;
  /** Where the agent has read last that it stands. */
  readonly ends: () => string;
}

/** Makes it. */
export function rows(given: {
  readonly start: number;
  readonly now: () => number;
  readonly words: Wording;
  readonly agentWords: Wording;
  readonly customer: string | undefined;
  readonly reading: LineReading;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly capacity: number;
}): Rows {
  const { words, agentWords, now } = given;
  const made = new Map<number, Making>();
  const stood: Record<Audience, string> = { customer: '', agent: '' };
  let place: { readonly kind: 'owned' | 'held'; readonly since: number } | undefined;
  let used: PlaceUse = { ownedMs: 0, heldMs: 0 };

  const row = () => {
    const at = now() - given.start;
    const known = made.get(at) ?? { customer: [], agent: [], capacity: '', place: 'free' };
    made.set(at, known);
    return known;
  };
  const note = (who: Audience, kind: Said['kind'], text: string): void =>
    void row()[who].push({ kind, text });

  const capacityOf = (session: Session | undefined): string => {
    const slot = session && slotOf(session);
    const [first] = given.agents;
    const holder = given.agents.find(({ id }) => id === slot?.agent) ?? first;
    const of = (count: number): string => `${holder?.name ?? ''}: ${count} of ${given.capacity}`;
    if (slot === undefined) return of(0);
    if (slot.kind === 'owned') return of(1);
    const until = slot.until === undefined ? '' : `, until ${sinceStart(slot.until - given.start)}`;
    return `${of(1)}, kept for the customer${until}`;
  };

  /** Only the first agent's place is counted: it is the one that is kept. */
  const count = (session: Session | undefined): void => {
    const slot = session && slotOf(session);
    const mine = slot?.agent === given.agents[0]?.id ? slot : undefined;
    if (place !== undefined) {
      const ms = now() - place.since;
      used =
        place.kind === 'owned'
          ? { ...used, ownedMs: used.ownedMs + ms }
          : { ...used, heldMs: used.heldMs + ms };
    }
    place = mine && { kind: mine.kind, since: now() };
  };

  const standing = (session: Session, audience: Audience): string =>
    statusText(session.status, audience === 'customer' ? words : agentWords, {
      audience,
      agent: agentOf(session)?.name ?? session.previous?.name,
    });

  return {
    does: (who, text) => note(who, 'does', text),
    reads: (who, text) => note(who, 'reads', text),
    lines: (entries, here) => {
      for (const entry of entries) {
        const forCustomer = lineOf(entry, 'customer', words, given.reading);
        const forAgent = lineOf(entry, 'agent', agentWords, { ...given.reading, customer: given.customer });
        if (forCustomer !== undefined && entry.by.kind !== 'customer')
          note('customer', here ? 'reads' : 'waits', forCustomer.text);
        if (forAgent !== undefined && entry.by.kind !== 'agent') note('agent', 'reads', forAgent.text);
      }
    },
    stands: (session, here) => {
      row().capacity = capacityOf(session);
      count(session);
      row().place = place?.kind ?? 'free';
      if (session === undefined) return;
      for (const who of ['customer', 'agent'] as const) {
        const text = who === 'customer' && !here ? '' : standing(session, who);
        if (text !== stood[who] && text !== '') note(who, 'stands', text);
        stood[who] = text;
      }
    },
    all: () => [...made].map(([at, one]) => ({ at, ...one })).filter(isWorthIt),
    use: () => used,
    ends: () => stood.agent,
  };
}

interface Making {
  readonly customer: Said[];
  readonly agent: Said[];
  capacity: string;
  place: Row['place'];
}

const isWorthIt = ({ customer, agent }: Row): boolean => customer.length + agent.length > 0;

/** A moment of the test drive, as its options write it: `+12 min`, `+1 h 5 min`. */
export function sinceStart(ms: number): string {
  const parts = [
    [3_600_000, ms],
    [60_000, ms % 3_600_000],
    [1_000, ms % 60_000],
  ].flatMap(([unit = 1, rest = 0]) => {
    const whole = Math.floor(rest / unit) * unit;
    return whole === 0 ? [] : [writeDuration(whole)];
  });
  return `+${parts.length === 0 ? '0' : parts.join(' ')}`;
}
