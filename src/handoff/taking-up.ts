import { customerOf, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import { partitionsOf } from './aliases.ts';
import type { Customers } from './customers.ts';
import type { Sessions } from './handle.ts';
import type { Presence } from './header.ts';
import type { SessionStore } from './ports.ts';

/** A page that shows a conversation of a customer's, and wants to go on. */
export interface ShownPage {
  /** The user its conversation was opened for. */
  readonly user: CustomerId;
  /** The session it shows, in this conversation or gone on in another. */
  readonly sid?: SessionId;
  /** Set when the session has not gone on in another page: this one may call it into a new conversation, unasked. */
  readonly mayCall: boolean;
}

/** How a page keeps up its line when conversations and tokens beneath it end. */
export interface TakingUp {
  /** What a page shows; `undefined` when this customer has never had this conversation. */
  readonly page: (customer: CustomerId, shown: ConversationId) => Promise<ShownPage | undefined>;
  /** Notes that a conversation was handed out: in their partition, and where its session's presence is judged. */
  readonly handOut: (customer: CustomerId, page: ShownPage | undefined, presence: Presence) => Promise<void>;
}

/** Makes it. */
export function takingUp(given: {
  readonly sessions: Pick<Sessions, 'index' | 'header'>;
  readonly customers: Pick<Customers, 'current' | 'openedIn'>;
  readonly store: Pick<SessionStore, 'presence' | 'beat'>;
}): TakingUp {
  const { sessions, customers, store } = given;

  const openedFor = async (
    customer: CustomerId,
    conversation: ConversationId,
  ): Promise<CustomerId | undefined> => {
    const partitions = await partitionsOf(sessions, customer);
    const shown = await Promise.all(partitions.map((one) => store.presence(one, conversation)));
    return partitions.find((_, i) => shown[i] !== undefined);
  };

  return {
    page: async (customer, shown) => {
      const entry = await customers.current(customer, shown);
      if (entry === undefined) {
        const user = await openedFor(customer, shown);
        return user && { user, mayCall: false };
      }
      const { sid, conversation } = entry;
      const owner = customerOf(sid);
      if (conversation === shown) {
        const user = (await sessions.header(sid))?.reference.user.id;
        return { user: user ?? owner, sid, mayCall: true };
      }
      const [user, later] = await Promise.all([
        openedFor(customer, shown),
        store.presence(owner, conversation),
      ]);
      // Handed out to this very page, which has never shown itself there: the answer was lost on its way.
      return { user: user ?? owner, sid, mayCall: later?.from === shown };
    },
    handOut: async (customer, page, presence) => {
      const partitions = new Set([customer, ...(page?.sid === undefined ? [] : [customerOf(page.sid)])]);
      await Promise.all([...partitions].map((one) => store.beat(one, presence)));
      if (presence.widget !== undefined) customers.openedIn(presence.conversation, presence.widget);
    },
  };
}
