import type { Clock } from '../clock.ts';
import { MOST_FILES, type FileRules } from '../session/files.ts';
import type { AgentId } from '../session/ids.ts';
import { whereOf } from './errors.ts';
import { judgeFile } from './file-kind.ts';
import { fileName } from './file-name.ts';
import { notTaken, TAKE_OVER_MS, type NotTaken } from './files.ts';
import { inTime } from './in-time.ts';
import { keyedBy, type Keyed, type Peppers } from './peppers.ts';
import type { AgentReference, DroppedAt, FetchDropped, FileStore, KeptFile, Leases, Log } from './ports.ts';

/** A file that an agent dropped into their chat with the bot. */
export interface Dropped {
  /** As the channel names it; pasted pictures have no name. */
  readonly name: unknown;
  /** Left out where the channel says nothing that can be followed. */
  readonly at?: DroppedAt;
}

/** Files that wait with a line until its agent says whom it is for. A card carries it; the names lie with the bytes. */
export interface Waiting {
  readonly until: number;
  /** Which of the files that were dropped wait. */
  readonly places: readonly number[];
}

/** Reads what a card carries of them; what is none of ours is nothing. */
export function readWaiting(given: unknown): Waiting | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  const { until, places } = given as Readonly<Record<keyof Waiting, unknown>>;
  if (typeof until !== 'number' || !Number.isSafeInteger(until) || !Array.isArray(places)) return undefined;
  const known = places.filter(
    (one): one is number => typeof one === 'number' && Number.isInteger(one) && one >= 0 && one < MOST_FILES,
  );
  return known.length === 0 ? undefined : { until, places: [...new Set(known)] };
}

/** What agents dropped and have not sent yet: each agent's own, for a while, and nobody else's. */
export interface DroppedFiles {
  /** Takes over what any of these rules lets through; the rest is named. Never fails. */
  readonly take: (
    line: { readonly agent: AgentId; readonly line: string; readonly chat: AgentReference },
    dropped: readonly Dropped[],
    rules: readonly FileRules[],
  ) => Promise<{
    readonly waiting: Waiting | undefined;
    readonly names: readonly string[];
    readonly refused: readonly NotTaken[];
  }>;
  /** Those of this agent's line, in order; `undefined` once one of them is gone. */
  readonly waiting: (
    agent: AgentId,
    line: string,
    which: Waiting,
  ) => Promise<readonly (KeptFile & { readonly place: number })[] | undefined>;
  /** Starts forgetting what was never sent; `stop` ends it. */
  readonly start: () => void;
  readonly stop: () => void;
}

/** Time enough to find the right row, and little enough to keep what belongs to no chat. */
const HELD_MS = 60 * 60_000;
const CLEAR_EVERY_MS = 10 * 60_000;

/** Makes it; what waits is found only by whoever dropped it, for its id is made of them with the pepper. */
export function droppedFiles(
  given: Peppers & {
    readonly store: Pick<FileStore, 'hold' | 'held' | 'dropLapsed'>;
    readonly fetch: FetchDropped;
    readonly leases: Pick<Leases, 'take'>;
    readonly holder: string;
    readonly clock: Clock;
    readonly log: Log;
  },
): DroppedFiles {
  const { store, clock, log } = given;
  let stopped = false;
  let cancel = (): void => undefined;
  const everyKey = keyedBy(given);
  const [keyed] = everyKey;
  const idOf = (by: Keyed, agent: AgentId, line: string, place: number): string =>
    by(`dropped|${agent}|${line}|${place}`).toString('base64url').slice(0, 22);

  const takeOne = async (
    { name: sent, at }: Dropped,
    chat: AgentReference,
    rules: readonly FileRules[],
    keep: (file: KeptFile) => Promise<unknown>,
    cut: AbortSignal,
  ): Promise<KeptFile | NotTaken> => {
    const name = fileName(sent);
    const [first] = rules;
    if (first === undefined || rules.every(({ enabled }) => !enabled)) return refusedBy(rules, 'off', name);
    if (at === undefined) return refusedBy(rules, 'unreadable', name);
    const fetched = await given.fetch(at, chat, Math.max(...rules.map(({ maxBytes }) => maxBytes)), cut);
    if ('fault' in fetched) return refusedBy(rules, fetched.fault, name);
    const { bytes } = fetched;
    const judged = rules.map((one) => judgeFile(sent, bytes, one));
    const taken = judged.find((one) => 'type' in one);
    if (taken === undefined) {
      const [no] = judged;
      return refusedBy(rules, no !== undefined && 'fault' in no ? no.fault : 'unreadable', name);
    }
    const file = { ...taken, bytes };
    await keep(file);
    return file;
  };

  const clear = async (): Promise<void> => {
    const now = clock.now();
    const isOurs = await given.leases.take('droppedFiles', given.holder, now, CLEAR_EVERY_MS);
    if (isOurs !== false) await store.dropLapsed(now);
  };
  const loop = (): void => {
    if (stopped) return;
    cancel = clock.after(CLEAR_EVERY_MS, () => {
      void clear()
        .catch((reason: unknown) => log('dropped.unclear', { reason: whereOf(reason) }))
        .then(loop);
    });
  };

  return {
    take: async ({ agent, line, chat }, dropped, rules) => {
      const until = clock.now() + HELD_MS;
      const results = await Promise.all(
        dropped.map(async (one, place) => {
          const name = fileName(one.name);
          if (place >= MOST_FILES) return refusedBy(rules, 'tooMany', name);
          const keep = (file: KeptFile) => store.hold(until, idOf(keyed, agent, line, place), file);
          return inTime<KeptFile | NotTaken>(
            { clock, log, ms: TAKE_OVER_MS, failed: 'dropped.failed' },
            (cut) => takeOne(one, chat, rules, keep, cut),
            refusedBy(rules, 'unreadable', name),
          );
        }),
      );
      const places = results.flatMap((one, place) => ('bytes' in one ? [place] : []));
      return {
        waiting: places.length === 0 ? undefined : { until, places },
        names: results.flatMap((one) => ('bytes' in one ? [one.name] : [])),
        refused: results.flatMap((one) => ('fault' in one ? [one] : [])),
      };
    },
    waiting: async (agent, line, { until, places }) => {
      if (until <= clock.now()) return undefined;
      const read = await Promise.all(
        places.map(async (place) => {
          const held = everyKey.map((by) => store.held(until, idOf(by, agent, line, place)));
          const file = (await Promise.all(held)).find((one) => one !== undefined);
          return file && { ...file, place };
        }),
      );
      const all = read.flatMap((file) => file ?? []);
      return all.length === places.length ? all : undefined;
    },
    start: () => {
      stopped = false;
      loop();
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}

const refusedBy = ([first]: readonly FileRules[], fault: NotTaken['fault'], name: string): NotTaken =>
  notTaken(fault, name, first ?? { enabled: false, maxBytes: 0, types: [] });
