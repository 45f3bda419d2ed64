import type { Clock } from '../../clock.ts';
import { customerOf, readCustomerId, type CustomerId } from '../../session/ids.ts';
import type { Interactions } from '../interactions.ts';
import type { Lookups, SessionStore } from '../ports.ts';
import { exportOf, type ExportOptions } from './export.ts';
import type { HoldingsStore } from './holdings.ts';
import { personOf } from './person.ts';

/** What supervisors may do with everything that is held of one customer, besides erasing it. */
export interface Privacy {
  /** Whose, by their id or by the reference number of a chat of theirs; `undefined`: nobody's. */
  readonly whose: (text: string) => Promise<CustomerId | undefined>;
  /** Everything held of them, piece by piece; that it was taken, and by whom, is noted with them first. */
  readonly export: (id: CustomerId, by: string, options: ExportOptions) => AsyncGenerator<string>;
  /** Counts one more; for how long this person has to wait, ms, when it was one too many. */
  readonly tooOften: (what: 'export' | 'erase', by: string) => Promise<number | undefined>;
}

const HOUR_MS = 3_600_000;
/** More than anybody asks for in an hour who has a person in mind, and too few to carry the house away. */
const MOST_AN_HOUR = 20;

/** Makes it. */
export function privacy(
  given: Omit<Parameters<typeof exportOf>[0], 'now'> & {
    readonly store: SessionStore;
    readonly holdings: HoldingsStore;
    readonly references: Pick<Interactions, 'find'>;
    readonly lookups: Pick<Lookups, 'count'>;
    readonly clock: Clock;
    readonly unique: () => string;
  },
): Privacy {
  const { clock } = given;
  return {
    whose: async (text) => {
      const id = readCustomerId(text);
      if (id !== undefined) return id;
      const sid = await given.references.find(text);
      return sid && customerOf(sid);
    },
    export: async function* (id, by, options) {
      const person = await personOf(given.store, id);
      let isFirst = true;
      for await (const piece of exportOf({ ...given, now: clock.now() }, person, options)) {
        if (isFirst) await given.holdings.noteExport(person.customer, given.unique(), by, clock.now());
        isFirst = false;
        yield piece;
      }
    },
    tooOften: async (what, by) => {
      const now = clock.now();
      const count = await given.lookups.count(`privacy|${what}|${by}`, now, HOUR_MS);
      return count > MOST_AN_HOUR ? HOUR_MS - (now % HOUR_MS) : undefined;
    },
  };
}
