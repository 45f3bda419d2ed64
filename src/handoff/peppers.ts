import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the house signs with: the pepper in force, and the one before it while that is being replaced. */
export interface Peppers {
  readonly pepper: string;
  /** Accepted everywhere, and never signed with. */
  readonly previousPepper?: string | undefined;
}

/** HMAC-SHA256 under one pepper. */
export type Keyed = (text: string) => Buffer;

/** One for each pepper; the first is the one to sign with. */
export function keyedBy({ pepper, previousPepper }: Peppers): readonly [Keyed, ...Keyed[]] {
  const keyed =
    (key: string): Keyed =>
    (text) =>
      createHmac('sha256', key).update(text).digest();
  return previousPepper === undefined ? [keyed(pepper)] : [keyed(pepper), keyed(previousPepper)];
}

/** Whether two proofs are one, in a time that tells nothing of where they differ. */
export function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
