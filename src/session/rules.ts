import type { Hours } from './hours.ts';

/** What happens to the old session when its customer starts a new one (design 3). */
export type StartFresh = 'release' | 'keep' | 'close';

/**
 * The settings one session lives under, already resolved from its widget and work stream; durations in ms.
 * Source: design 3, the settings table; `config` validates them, the core trusts them.
 */
export interface Rules {
  /** Silence of a customer who owes the answer, after which the session ends. Seed A: auto-close after inactivity. */
  readonly autoCloseMs: number;
  /** How long a customer who is gone may come back. Derived from `autoCloseMs`; cannot be set. Seed A. */
  readonly reconnectLimitMs: number;
  /** How long the previous agent's slot stays blocked for the customer; 0 = no hold; never over `reconnectLimitMs`. Seed A. */
  readonly previousAgentWindowMs: number;
  /** How long a suspended session lives, unless the agent promised a *back by* (at most 14 days). Seed B. */
  readonly suspendLimitMs: number;
  /** Silence before a customer counts as gone. */
  readonly disconnectGraceMs: number;
  /** The same once the page said that it leaves. */
  readonly leaveGraceMs: number;
  /** The same while a phone is hidden or locked. */
  readonly hiddenGraceMs: number;
  /** The previous agent's time to answer the offer. */
  readonly offerTimeoutMs: number;
  /** Silence of an agent while their customer waits, after which the customer is told; twice that, others may take over. */
  readonly agentGraceMs: number;
  /** How long a customer waits for an answer before their agent is reminded; twice that, supervisors are told. */
  readonly answerReminderMs: number;
  /** Wait in the queue after which a message may be left. */
  readonly queueLimitMs: number;
  /** How long a closed session can be taken back by its agent. */
  readonly wrapUpMs: number;
  /** How long of it the agent's slot stays blocked; 0: Close releases it at once (seed A). */
  readonly wrapUpSlotMs: number;
  /** The longest anybody should wait in the work stream's line: past it, slots held for who is away are given up. */
  readonly queueTargetMs?: number;
  /** Both sides are warned this long before an end. */
  readonly warnBeforeMs: number;
  readonly promptAudience: 'authenticated' | 'anyone' | 'nobody';
  readonly promptMode: 'ask' | 'direct';
  readonly closedWindow: 'disconnect' | 'noPrompt' | 'suspend' | 'end';
  readonly startFresh: StartFresh;
  /** What a customer returning to a suspended session meets: its agent is offered it, or they always and only wait. */
  readonly suspendedReturn: 'offer' | 'wait';
  /** Whether an agent's suspend gives the slot back at once. */
  readonly suspendFreesCapacity: boolean;
  /** When the work stream is open; outside, clocks of sessions that wait for us stand still. Absent = always open. */
  readonly hours?: Hours;
}

const minutes = (n: number): number => n * 60_000;

/** The recommended preset (design 3). */
export const RECOMMENDED: Rules = {
  autoCloseMs: minutes(20),
  reconnectLimitMs: minutes(20),
  previousAgentWindowMs: minutes(10),
  suspendLimitMs: minutes(24 * 60),
  disconnectGraceMs: minutes(3),
  leaveGraceMs: 15_000,
  hiddenGraceMs: minutes(5),
  offerTimeoutMs: 60_000,
  agentGraceMs: 90_000,
  answerReminderMs: minutes(5),
  queueLimitMs: minutes(10),
  wrapUpMs: minutes(15),
  wrapUpSlotMs: 0,
  warnBeforeMs: minutes(2),
  promptAudience: 'authenticated',
  promptMode: 'ask',
  closedWindow: 'disconnect',
  startFresh: 'release',
  suspendedReturn: 'offer',
  suspendFreesCapacity: true,
};
