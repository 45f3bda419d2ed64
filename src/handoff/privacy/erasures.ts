import { erasedCard } from '../../cards/erased-card.ts';
import type { Wording } from '../../cards/wording.ts';
import { sleep, type Clock } from '../../clock.ts';
import type { CustomerId, SessionId } from '../../session/ids.ts';
import type { Agents } from '../agents.ts';
import { isCardBehind } from '../agent-cards.ts';
import { HandoffError, whereOf } from '../errors.ts';
import type { Sessions } from '../handle.ts';
import { inTurn } from '../in-turn.ts';
import { owedNow } from '../owed.ts';
import type { AgentWire, Log, SessionStore } from '../ports.ts';
import type { Eraser } from './erase.ts';
import type { Erasure, HoldingsStore } from './holdings.ts';

/** What a CRM is told once a customer has been erased here. JSON. */
export interface ErasedCustomer {
  /** The reference numbers under which it may know of them. */
  readonly references: readonly string[];
  /** The ids under which it may know them: `customer.id` of their interactions. */
  readonly customers: readonly CustomerId[];
  readonly erasedAt: number;
}

/** Hears of every erasure, at least once; what is promised of `OnInteraction` holds here too. */
export type OnErasure = (
  erased: ErasedCustomer,
  call: { readonly key: string; readonly attempt: number },
) => Promise<void> | void;

/** The erasures of a running house: those asked of it, and those that others left or could not finish. */
export interface Erasures {
  /** Files an erasure and begins it; `undefined` when nothing is held of them. */
  readonly ask: (id: CustomerId, by: string) => Promise<Erasure | undefined>;
  /** How far one has come; gone an hour after its end. */
  readonly of: (id: CustomerId) => Promise<Erasure | undefined>;
  /** For the feed's reader: looks now and then for what is to be done, and does not wait for it. */
  readonly round: () => void;
  readonly idle: () => Promise<void>;
}

const LOOK_MS = 60_000;
/** Whoever read something before the erasure has written it by then; tombstones stand as long. */
const LOOK_AGAIN_MS = 60 * 60_000;
const DEADLINE_MS = 10_000;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Makes them. */
export function erasures(given: {
  readonly eraser: Eraser;
  readonly holdings: HoldingsStore;
  readonly agents: Pick<Agents, 'record'>;
  readonly wire: AgentWire;
  readonly words: Wording;
  readonly call: OnErasure | undefined;
  readonly clock: Clock;
  readonly log: Log;
}): Erasures {
  const { eraser, holdings, clock, log } = given;
  const alone = inTurn();
  const running = new Set<Promise<void>>();
  let lookAt = 0;

  const background = (run: () => Promise<void>): void => {
    const work: Promise<void> = run()
      .catch((reason: unknown) => log('erasure.failed', { reason: whereOf(reason) }))
      .finally(() => running.delete(work));
    running.add(work);
  };
  const advance = (customer: CustomerId): Promise<void> =>
    alone(customer, async () => {
      const erasure = (await holdings.erasure(customer))?.value;
      if (erasure === undefined) return;
      if (erasure.erasedAt === undefined) return tell(await eraser.carryOut(customer));
      return tell(erasure);
    });

  const tell = async (erasure: Erasure): Promise<void> => {
    if (erasure.done?.cards === undefined && (await blankCards(erasure)))
      await note(erasure.customer, (done) => ({ ...done, cards: true }));
    await callHook(erasure);
    const now = (await holdings.erasure(erasure.customer))?.value;
    const isOver = now?.done?.cards === true && (given.call === undefined || now.done.hook?.told === true);
    if (!isOver || clock.now() - (now.erasedAt ?? Infinity) < LOOK_AGAIN_MS) return;
    await eraser.lookAgain(now);
    await holdings.forgetErasure(now.customer);
  };

  /** Whether every card that can be reached is blank. */
  const blankCards = async ({ cards }: Erasure): Promise<boolean> => {
    const card = erasedCard(given.words);
    let all = true;
    for (const { agent, activity } of cards) {
      const reference = (await given.agents.record(agent))?.reference;
      if (reference === undefined) continue;
      const sent = await given.wire.update(reference, activity, card, given.words.sentences['card.erased']);
      if (sent.outcome === 'later' || sent.outcome === 'ambiguous') all = false;
    }
    return all;
  };

  const callHook = async ({
    id,
    customer,
    references,
    partitions,
    erasedAt,
    done,
  }: Erasure): Promise<void> => {
    const { call } = given;
    const { told, failed = 0, nextAt = 0 } = done?.hook ?? {};
    if (call === undefined || erasedAt === undefined || told === true || clock.now() < nextAt) return;
    const taken = await inTime(() =>
      call({ references, customers: partitions, erasedAt }, { key: `erasure/${id}`, attempt: failed + 1 }),
    ).then(
      () => true,
      (reason: unknown) => {
        log('erasure.hook_failed', { erasure: id, attempt: failed + 1, reason: whereOf(reason) });
        return false;
      },
    );
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** failed, LONGEST_PAUSE_MS);
    await note(customer, (before) => ({
      ...before,
      hook: taken ? { told: true, failed, nextAt } : { failed: failed + 1, nextAt: clock.now() + pause },
    }));
    if (!taken) lookAt = Math.min(lookAt, clock.now() + pause);
  };

  const inTime = (run: () => Promise<void> | void): Promise<void> =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(DEADLINE_MS, () => reject(new Error('The hook did not settle in time')));
      Promise.resolve().then(run).then(resolve, reject).finally(cancel);
    });

  const note = async (
    customer: CustomerId,
    next: (done: NonNullable<Erasure['done']>) => NonNullable<Erasure['done']>,
  ): Promise<void> => {
    const read = await holdings.erasure(customer);
    // Whoever wrote meanwhile may have done it too; if not, the next look does it again.
    if (read !== undefined)
      await holdings.saveErasure({ ...read.value, done: next(read.value.done ?? {}) }, read.etag);
  };

  const look = async (): Promise<void> => {
    for (const { value } of await holdings.erasures()) background(() => advance(value.customer));
  };

  return {
    ask: async (id, by) => {
      const asked = await eraser.ask(id, by);
      if (asked?.erasedAt === undefined && asked !== undefined) background(() => advance(asked.customer));
      return asked;
    },
    of: async (id) =>
      (await holdings.erasures()).map(({ value }) => value).find(({ partitions }) => partitions.includes(id)),
    round: () => {
      if (clock.now() < lookAt) return;
      lookAt = clock.now() + LOOK_MS;
      background(look);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** How long page and agent are waited for, until they have heard that it is over. */
const TOLD_MS = 10_000;
const TOLD_LOOK_MS = 250;

/** Makes what ends a live session before it is erased; whoever cannot be reached is not waited for for ever. */
export const ending =
  (given: {
    readonly sessions: Sessions;
    readonly store: SessionStore;
    readonly clock: Clock;
  }): ((sid: SessionId) => Promise<void>) =>
  async (sid) => {
    const { sessions, store, clock } = given;
    await sessions
      .ask(sid, { actor: 'house', command: () => ({ type: 'close', by: 'house' }) })
      .catch((reason: unknown) => {
        if (!(reason instanceof HandoffError) || reason.code !== 'not_found') throw reason;
      });
    for (let waitedMs = 0; waitedMs < TOLD_MS; waitedMs += TOLD_LOOK_MS) {
      const header = (await store.header(sid))?.value;
      const isTold =
        header === undefined || (owedNow(header) <= sessions.deliveredTo(header) && !isCardBehind(header));
      if (isTold) return;
      await sleep(clock, TOLD_LOOK_MS);
    }
  };
