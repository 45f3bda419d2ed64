import type { PromptAnswer } from '../cards/views.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { isSame, keyedBy, type Keyed, type Peppers } from './peppers.ts';

/** Proofs that this house asked a customer something: nothing is stored, and no card can be made up. */
export interface Proofs {
  /** What a prompt's buttons carry, shown to this customer in this conversation. */
  readonly ofPrompt: (customer: CustomerId, session: Session, conversation: ConversationId) => string;
  readonly isPrompt: (customer: CustomerId, conversation: ConversationId, answer: PromptAnswer) => boolean;
  /** What the question carries whether an earlier chat may be seen. */
  readonly ofShare: (customer: CustomerId, earlier: SessionId) => string;
  readonly isShare: (customer: CustomerId, earlier: SessionId, nonce: string) => boolean;
}

const LENGTH = 22;

/** Makes them; the same on every instance. */
export function proofs(peppers: Peppers): Proofs {
  const all = keyedBy(peppers);
  const [keyed] = all;
  const signed = (by: Keyed, ...parts: readonly (string | number)[]): string =>
    by(parts.join('|')).toString('base64url').slice(0, LENGTH);
  // The work stream rides along: a click then reads the line beside everything else, before the session is known.
  const prompt = (
    by: Keyed,
    customer: CustomerId,
    about: { readonly sid: SessionId; readonly epoch: number },
    conversation: ConversationId,
    stream: string,
  ): string => `${signed(by, 'prompt', customer, about.sid, about.epoch, conversation, stream)}.${stream}`;
  const share = (by: Keyed, customer: CustomerId, earlier: SessionId): string =>
    signed(by, 'share', customer, earlier);

  return {
    ofPrompt: (customer, { id: sid, epoch, stream }, conversation) =>
      prompt(keyed, customer, { sid, epoch }, conversation, stream),
    isPrompt: (customer, conversation, answer) =>
      all.some((by) => isSame(answer.nonce, prompt(by, customer, answer, conversation, streamIn(answer)))),
    ofShare: (customer, earlier) => share(keyed, customer, earlier),
    isShare: (customer, earlier, nonce) => all.some((by) => isSame(nonce, share(by, customer, earlier))),
  };
}

/** The work stream of the session that a prompt was about; as true as its proof. */
export const streamIn = ({ nonce }: PromptAnswer): string => nonce.slice(LENGTH + 1);
