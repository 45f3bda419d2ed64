import type { CustomerState, Shareable } from '../cards/views.ts';
import type { Command } from '../session/command.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import { HandoffError } from './errors.ts';
import type { Sessions } from './handle.ts';
import type { IndexEntry } from './header.ts';
import type { Return } from './return.ts';
import type { Standing } from './standing.ts';

/** What a customer's page can ask of the chat it shows. */
export const CUSTOMER_ACTS = [
  'suspend',
  'end',
  'leaveQueue',
  'leaveMessage',
  'backInLine',
  'anyone',
  'fresh',
] as const;
export type CustomerAct = (typeof CUSTOMER_ACTS)[number];

/** What an act came to. */
export interface CustomerActed {
  readonly state: CustomerState;
  readonly refused?: Refusal;
  /** They started fresh, and may let the new agent see what they left. */
  readonly share?: Shareable;
}

const COMMANDS: Readonly<Record<'suspend' | 'end' | 'leaveQueue' | 'leaveMessage', Command>> = {
  suspend: { type: 'suspend', by: 'customer' },
  end: { type: 'close', by: 'customer' },
  leaveQueue: { type: 'leaveQueue' },
  leaveMessage: { type: 'leaveMessage' },
};

/**
 * Makes the acts on the session that a conversation shows.
 *
 * @throws HandoffError `not_found` when it shows none.
 */
export function customerActs(given: {
  readonly sessions: Sessions;
  readonly returns: Return;
  readonly where: Standing;
  readonly current: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  readonly fresh: (
    customer: CustomerId,
    conversation: ConversationId,
    sid: SessionId,
  ) => Promise<CustomerActed>;
}): (customer: CustomerId, conversation: ConversationId, act: CustomerAct) => Promise<CustomerActed> {
  const { sessions, where } = given;

  /** Waiting in vain, they choose somebody else, with everything said. */
  const anyone = async (sid: SessionId, conversation: ConversationId): Promise<CustomerActed> => {
    const reading = given.returns.read(sid);
    const { header } = await reading;
    const state = where.stateWith(header);
    // Where they always and only wait for their agent, there is nothing to choose.
    if (state.mayChooseAnyone !== true)
      return { state, refused: { kind: 'notNow', status: header.session.status } };
    const returned = await given.returns.comeBack(
      { sid, conversation, way: 'prompt', want: 'anyone' },
      reading,
    );
    // The place is the one of the line they have joined just now.
    const after = await sessions.header(sid);
    return { ...returned, state: after === undefined ? returned.state : await where.stateOf(after) };
  };

  return async (customer, conversation, act) => {
    const entry = await given.current(customer, conversation);
    if (entry === undefined) throw new HandoffError('not_found', 'There is no chat to act on here');
    const { sid } = entry;
    if (act === 'anyone') return anyone(sid, conversation);
    if (act === 'fresh') return given.fresh(customer, conversation, sid);
    const { header, refused } = await sessions.ask(sid, {
      actor: 'customer',
      command: (): Command =>
        act === 'backInLine'
          ? { type: 'reconnect', way: 'prompt', want: 'agent', conversation, agentHere: false }
          : COMMANDS[act],
    });
    return { state: await where.stateOf(header), ...(refused !== undefined && { refused }) };
  };
}
