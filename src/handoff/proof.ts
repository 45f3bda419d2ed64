import { createHmac, timingSafeEqual } from 'node:crypto';
import type { PromptAnswer } from '../cards/views.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';

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

/** Makes them; `pepper` signs, the same on every instance. */
export function proofs(pepper: string): Proofs {
  const signed = (...parts: readonly (string | number)[]): string =>
    createHmac('sha256', pepper).update(parts.join('|')).digest('base64url').slice(0, LENGTH);
  // The work stream rides along: a click then reads the line beside everything else, before the session is known.
  const prompt = (
    customer: CustomerId,
    about: { readonly sid: SessionId; readonly epoch: number },
    conversation: ConversationId,
    stream: string,
  ): string => `${signed('prompt', customer, about.sid, about.epoch, conversation, stream)}.${stream}`;
  const share = (customer: CustomerId, earlier: SessionId): string => signed('share', customer, earlier);

  return {
    ofPrompt: (customer, { id: sid, epoch, stream }, conversation) =>
      prompt(customer, { sid, epoch }, conversation, stream),
    isPrompt: (customer, conversation, answer) =>
      isSame(answer.nonce, prompt(customer, answer, conversation, streamIn(answer))),
    ofShare: share,
    isShare: (customer, earlier, nonce) => isSame(nonce, share(customer, earlier)),
  };
}

/** The work stream of the session that a prompt was about; as true as its proof. */
export const streamIn = ({ nonce }: PromptAnswer): string => nonce.slice(LENGTH + 1);

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
