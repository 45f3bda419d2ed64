import type { Event } from '../session/event.ts';
import type { Entry } from '../session/ledger.ts';

/** A question that the bot has asked, by the id it gave it in `channelData.reconnect.question`. */
export interface AskedQuestion {
  readonly id: string;
  /** The customer has said something since. */
  readonly answered?: true;
  /** It was asked before they last came back. */
  readonly before?: true;
}

/** What a step's lines come to: the questions as they stand now, and those that were put to the customer. */
export interface Questioned {
  readonly questions: readonly AskedQuestion[];
  /** In their order; `again` when it was asked before the customer came back, and how that stood. */
  readonly put: readonly { readonly id: string; readonly again?: 'answered' | 'open' }[];
}

/** More are forgotten, the oldest first. */
const MOST = 50;
const ID = /^[\w.-]{1,64}$/u;

/** Reads the id of a question from what a bot gave its activity; what is no id is none. */
export const readQuestion = (id: unknown): string | undefined =>
  typeof id === 'string' && ID.test(id) ? id : undefined;

/** Follows the bot's questions through one step. */
export function questioned(
  asked: readonly AskedQuestion[],
  events: readonly Event[],
  entries: readonly Pick<Entry, 'by' | 'what'>[],
): Questioned {
  const cameBack = events.some(({ type }) => type === 'returned');
  let questions = cameBack ? asked.map((one) => ({ ...one, before: true as const })) : asked;
  const put: Questioned['put'][number][] = [];
  for (const { by, what } of entries) {
    if (what.kind !== 'message') continue;
    if (by.kind === 'customer') questions = questions.map((one) => ({ ...one, answered: true as const }));
    if (by.kind !== 'bot' || what.question === undefined) continue;
    const { question: id } = what;
    const known = questions.find((one) => one.id === id);
    put.push({ id, ...(known?.before && { again: known.answered ? 'answered' : 'open' }) });
    questions = [...questions.filter((one) => one.id !== id), { id }].slice(-MOST);
  }
  return { questions, put };
}
