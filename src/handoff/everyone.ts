import type { Clock } from '../clock.ts';
import type { AgentId } from '../session/ids.ts';
import { recentlyUsed } from './cache.ts';
import type { AgentStore } from './ports.ts';
import type { AgentRecord } from './roster.ts';

/** The agents as they were read a moment ago. Hints: places are fenced by the etags of the records themselves. */
export interface Everyone {
  /** All of them. */
  readonly all: () => Promise<readonly AgentRecord[]>;
  /** One of them; where there are hundreds, nobody else is read for that. */
  readonly one: (id: AgentId) => Promise<AgentRecord | undefined>;
  /** Begins to read them where they are few, so that one of them is known by the time it is asked for. */
  readonly ahead: () => void;
  /** Takes in what this instance has written. */
  readonly wrote: (record: AgentRecord) => void;
}

const LATELY_MS = 1_000;
/** Of all of them: a thousand are read once a second, ten thousand every ten. */
const LATELY_EACH_MS = 1;
/** As long as there are no more, one question for all of them serves everybody who asks for one. */
const FEW = 100;
/** So many are known one by one. */
const ONES = 2_000;

interface Read<T> {
  readonly at: number;
  readonly found: Promise<T>;
}

/** Makes it over their store. What others have written shows after a second; with thousands of agents, after some. */
export function everyone(store: Pick<AgentStore, 'agent' | 'roster'>, clock: Pick<Clock, 'now'>): Everyone {
  let roster: Read<readonly AgentRecord[]> | undefined;
  let count: number | undefined;
  const ones = recentlyUsed<AgentId, Read<AgentRecord | undefined>>(ONES, clock.now, LATELY_MS);

  const fresh = (): Read<readonly AgentRecord[]> | undefined =>
    roster !== undefined && clock.now() - roster.at <= Math.max(LATELY_MS, (count ?? 0) * LATELY_EACH_MS)
      ? roster
      : undefined;

  const readAll = (): Read<readonly AgentRecord[]> => {
    const found = store.roster();
    const read = { at: clock.now(), found };
    found.then(
      ({ length }) => (count = length),
      () => {
        if (roster?.at === read.at) roster = undefined;
      },
    );
    return (roster = read);
  };

  /** How many there are shows when all are asked for: until then one is read alone. */
  const amongFew = (): Read<readonly AgentRecord[]> | undefined =>
    fresh() ?? (count !== undefined && count <= FEW ? readAll() : undefined);

  return {
    all: () => (fresh() ?? readAll()).found,
    ahead: () => void amongFew(),
    one: async (id) => {
      const among = amongFew();
      if (among !== undefined) return (await among.found).find((record) => record.id === id);
      const known = ones.get(id);
      if (known !== undefined && clock.now() - known.at <= LATELY_MS) return known.found;
      const found = store.agent(id).then((read) => read?.value);
      found.catch(() => ones.drop(id));
      ones.set(id, { at: clock.now(), found });
      return found;
    },
    wrote: (record) => {
      ones.set(record.id, { at: clock.now(), found: Promise.resolve(record) });
      if (roster === undefined) return;
      const found = roster.found.then((all) => [...all.filter(({ id }) => id !== record.id), record]);
      roster = { ...roster, found };
      found.catch(() => undefined);
    },
  };
}
