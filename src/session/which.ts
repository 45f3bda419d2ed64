import type { SessionId } from './ids.ts';
import type { Status } from './session.ts';

/** One of a customer's sessions, as their index lists it. */
export interface Candidate {
  readonly sid: SessionId;
  readonly status: Status;
  /** When it was suspended explicitly, ms; absent otherwise. */
  readonly suspendedAt?: number;
  /** When something last happened in it, ms. */
  readonly lastAt: number;
  readonly openedAt: number;
}

/** `first` is what a return means; `others` are offered beside it as *Other chats*, in the same order. */
export interface Choice {
  readonly first?: Candidate;
  readonly others: readonly Candidate[];
}

/**
 * Chooses which of a customer's sessions a return means: explicitly suspended first, the latest suspended of them; then
 * the most recently opened in progress; those still with the bot last. What is over is never offered. Source: seed B,
 * scenarios 1 to 3.
 */
export function chooseReturn(sessions: readonly Candidate[]): Choice {
  const [first, ...others] = sessions
    .filter((one) => one.status !== 'closed' && one.status !== 'expired')
    .sort(
      (a, b) => rank(a) - rank(b) || moment(b) - moment(a) || b.lastAt - a.lastAt || (a.sid < b.sid ? -1 : 1),
    );
  return first === undefined ? { others } : { first, others };
}

const isSuspended = (one: Candidate): boolean => one.status === 'suspended' && one.suspendedAt !== undefined;

const rank = (one: Candidate): number => (isSuspended(one) ? 0 : one.status === 'bot' ? 2 : 1);

const moment = (one: Candidate): number =>
  isSuspended(one) ? (one.suspendedAt ?? one.openedAt) : one.openedAt;
