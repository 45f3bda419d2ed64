import type { CustomerId } from '../../session/ids.ts';
import type { SessionStore } from '../ports.ts';

/** One person as the house knows them: their account, or a device, and every partition that is theirs. */
export interface Person {
  readonly customer: CustomerId;
  readonly partitions: readonly CustomerId[];
}

/**
 * Who stands behind an id, as the store has it now: of a device whose chats an account took along it is the account, with
 * all devices of it. Nobody is followed the other way who has not signed in: two browsers of one stranger stay two.
 */
export async function personOf(store: Pick<SessionStore, 'index'>, name: CustomerId): Promise<Person> {
  const id = (await store.index(name))?.value.livesAt ?? name;
  const subject = (await store.index(id))?.value.subject;
  const customer = subject?.kind === 'signedIn' ? (subject.account ?? id) : id;
  const account = (await store.index(customer))?.value;
  return {
    customer,
    partitions: [...new Set([customer, ...(account?.aliases ?? []), ...(account?.names ?? []), id, name])],
  };
}
