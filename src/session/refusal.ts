import type { AgentRef, Status } from './session.ts';

/** An expected no to a person; `cards/wording` puts it into a sentence. Never thrown. */
export type Refusal =
  /** Somebody else has it. */
  | { readonly kind: 'taken'; readonly by: AgentRef }
  /** It is over: closed by somebody or expired. */
  | { readonly kind: 'over'; readonly status: 'closed' | 'expired'; readonly at: number }
  /** Only its agent may do that. */
  | { readonly kind: 'notYours' }
  /** The colleague it was meant for is not here. */
  | { readonly kind: 'agentAway'; readonly agent: AgentRef }
  /** Already so; harmless to ask twice. */
  | { readonly kind: 'already'; readonly status: Status }
  /** Asked again while in line. */
  | { readonly kind: 'inLine'; readonly queuedAt: number }
  /** The session's status does not allow it. */
  | { readonly kind: 'notNow'; readonly status: Status }
  /** The promised moment is in the past or over 14 days ahead. */
  | { readonly kind: 'badBackBy' }
  /** Too late for take back. */
  | { readonly kind: 'tooLate'; readonly at: number };
