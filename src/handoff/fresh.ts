import type { Shareable } from '../cards/views.ts';
import { customerOf, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Rules, StartFresh } from '../session/rules.ts';
import type { Candidates } from './candidates.ts';
import { HandoffError } from './errors.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { Header, IndexEntry } from './header.ts';
import { nextSession } from './next-session.ts';
import type { Proofs } from './proof.ts';

/** Beginning anew: what becomes of the old session, and whether whoever has the new one may see it. */
export interface Fresh {
  /**
   * Leaves a session for a new one in this conversation; what becomes of it its widget says, or `mode`. Twice is once.
   * `share` is what its customer can show to whoever has the next one; `isNews`: they had not left it here before.
   *
   * @throws HandoffError `not_found` no such session.
   */
  readonly start: (
    customer: CustomerId,
    conversation: ConversationId,
    sid: SessionId,
    mode?: StartFresh,
  ) => Promise<{ readonly share: Shareable; readonly widget: string; readonly isNews: boolean }>;
  /** Nobody is asked about earlier sessions in this conversation any more. */
  readonly anew: (customer: CustomerId, conversation: ConversationId) => Promise<void>;
  /**
   * Lets whoever has this conversation's session see an earlier one, over or not; opens the session when nobody has said
   * anything in it yet. Refused when it goes on from another one already.
   *
   * @throws HandoffError `not_found` when this house did not offer that, or not to this customer.
   */
  readonly share: (customer: CustomerId, conversation: ConversationId, what: Shareable) => Promise<Outcome>;
}

/** Makes it. */
export function fresh(given: {
  readonly sessions: Sessions;
  readonly candidates: Pick<Candidates, 'has'>;
  readonly rulesFor: (widget: string) => Rules;
  readonly streamOf: (widget: string) => string;
  readonly widgetOf: (customer: CustomerId, conversation: ConversationId) => Promise<string>;
  readonly current: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  readonly proofs: Proofs;
  readonly now: () => number;
}): Fresh {
  const { sessions, proofs } = given;

  const must = async (sid: SessionId): Promise<Header> => {
    const header = await sessions.header(sid);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return header;
  };
  /** Whether it was news. */
  const mark = async (
    customer: CustomerId,
    conversation: ConversationId,
    left: readonly SessionId[] = [],
  ): Promise<boolean> => {
    let isNews = false;
    await sessions.reindex(customer, (index) => {
      const known = index.freshIn === conversation ? (index.freshFrom ?? []) : [];
      const from = [...new Set([...known, ...left])];
      isNews = index.freshIn !== conversation || from.length > known.length;
      if (!isNews) return undefined;
      const { freshFrom: _, ...rest } = index;
      return { ...rest, freshIn: conversation, ...(from.length > 0 && { freshFrom: from }) };
    });
    return isNews;
  };

  return {
    start: async (customer, conversation, sid, mode) => {
      const { session } = await must(sid);
      const isHere = session.conversation === conversation;
      const isNews = await mark(customer, conversation, isHere ? [sid] : []);
      // Its page goes on with another chat, and would look like its customer's presence for ever.
      if (isHere) {
        await sessions.ask(sid, {
          actor: 'customer',
          command: () => ({ type: 'customerLeft', cause: 'silent', at: given.now() }),
        });
      }
      const becomes = mode ?? given.rulesFor(session.widget).startFresh;
      await sessions.ask(sid, { actor: 'customer', command: () => ({ type: 'startFresh', mode: becomes }) });
      return {
        widget: session.widget,
        share: { earlier: sid, nonce: proofs.ofShare(customerOf(sid), sid) },
        isNews,
      };
    },
    anew: async (customer, conversation) => {
      await mark(customer, conversation);
    },
    share: async (customer, conversation, { earlier, nonce }) => {
      const index = await sessions.index(customer);
      const isOffered = proofs.isShare(customerOf(earlier), earlier, nonce);
      if (!isOffered || !(await given.candidates.has(customer, earlier)))
        throw new HandoffError('not_found', 'This chat was not offered to be shown');
      const { reference } = await must(earlier);
      const here = { ...reference, conversation, user: { ...reference.user, id: customer } };
      const open = await given.current(customer, conversation);
      const sid = open?.sid ?? (await nextSession(sessions, here));
      const widget = await given.widgetOf(customer, conversation);
      return sessions.ask(sid, {
        actor: 'customer',
        command: () => ({ type: 'continues', earlier }),
        opening: {
          widget,
          stream: given.streamOf(widget),
          subject: index?.subject ?? { kind: 'anonymous' },
          reference: here,
        },
      });
    },
  };
}
