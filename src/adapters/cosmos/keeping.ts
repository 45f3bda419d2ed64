import type { Clock } from '../../clock.ts';
import type { Retention } from '../../session/retention.ts';

/**
 * For how many seconds from now a document is kept, by its class and the end of its session. TTL is garbage collection:
 * the store counts it from a document's last write.
 */
export interface Keeping {
  readonly transcript: (endedAt: number) => number;
  /** What leads to a transcript goes first. */
  readonly row: (endedAt: number) => number;
  readonly record: (endedAt: number) => number;
  readonly audit: (endedAt: number) => number;
  /** From now on, as long as the longest of them. */
  readonly longest: () => number;
  /** Whether something written at `at` has been there for at least half of so many seconds. */
  readonly isHalfOver: (at: number, seconds: number) => boolean;
}

/** By then the sweep has removed the files, whose names are in the transcript. */
const SLACK_MS = 24 * 3_600_000;

/** Makes it. */
export function keeping(retention: Retention, clock: Clock): Keeping {
  const { transcriptMs, recordMs, auditMs } = retention;
  const until = (at: number): number => Math.max(1, Math.ceil((at - clock.now()) / 1000));
  return {
    transcript: (endedAt) => until(endedAt + transcriptMs + SLACK_MS),
    row: (endedAt) => until(endedAt + transcriptMs),
    record: (endedAt) => until(endedAt + recordMs),
    audit: (endedAt) => until(endedAt + auditMs + SLACK_MS),
    longest: () => until(clock.now() + Math.max(transcriptMs, recordMs, auditMs) + SLACK_MS),
    isHalfOver: (at, seconds) => clock.now() - at > (seconds * 1000) / 2,
  };
}
