/**
 * What a signed-in customer has besides their own partition: chats begun on a device before signing in. Such a session
 * stays where it is and keeps its id; the account's index lists the device's partition as an alias (design 5). Never the
 * other way: a device does not reach its account.
 */
import type { CustomerId } from '../session/ids.ts';
import type { Sessions } from './handle.ts';
import type { CustomerIndex, IndexEntry } from './header.ts';

type Indexes = Pick<Sessions, 'index'>;

/** Past the latest few devices nothing is open any more; all of them stay listed, for export and erasure. */
const FOLLOWED = 8;

/** The partitions that a customer's sessions may lie in: their own, then those of their devices, the latest first. */
export async function partitionsOf(sessions: Indexes, customer: CustomerId): Promise<readonly CustomerId[]> {
  return [customer, ...followed(await sessions.index(customer))];
}

/** Every session of a customer, own and taken along; a hint. One read, and for aliases one round more. */
export async function sessionsOf(sessions: Indexes, customer: CustomerId): Promise<readonly IndexEntry[]> {
  const own = await sessions.index(customer);
  const devices = await Promise.all(followed(own).map(sessions.index));
  return [own, ...devices].flatMap((index) => index?.sessions ?? []);
}

/** The sessions that an instance remembers of a customer, own and taken along; nothing is read. */
export function sessionsInMind(
  { inMind }: Pick<Sessions, 'inMind'>,
  customer: CustomerId,
): readonly IndexEntry[] {
  const own = inMind.index(customer);
  return [own, ...followed(own).map(inMind.index)].flatMap((index) => index?.sessions ?? []);
}

/** Forgets what is warm of a customer and of their devices, so that the next read is fresh. */
export async function forgetAll(
  sessions: Pick<Sessions, 'index' | 'forget'>,
  customer: CustomerId,
): Promise<void> {
  sessions.forget(customer);
  for (const device of followed(await sessions.index(customer))) sessions.forget(device);
}

const followed = (index: CustomerIndex | undefined): readonly CustomerId[] =>
  (index?.aliases ?? []).slice(0, FOLLOWED);
