import type { AgentId } from './ids.ts';
import type { Rules } from './rules.ts';
import type { AgentRef, Session } from './session.ts';

/** The master switch of a widget, and whom it is tried out with. */
export interface Serving {
  /** Whether anybody comes back here at all. */
  readonly enabled: boolean;
  /** Serves only listed agents, and is labelled so. */
  readonly preview: boolean;
  /** Whom a preview serves. */
  readonly previewAgents?: readonly AgentId[];
}

/** Whether there is a way back to a session that this agent had last; for all others it is as if it were switched off. */
export const serves = (
  { enabled, preview, previewAgents = [] }: Serving,
  previous: AgentRef | undefined,
): boolean => enabled && (!preview || previewAgents.some((id) => id === previous?.id));

/** Whether its customer is asked to return to it, where there is a way back: by who they are, and how they went. */
export function isAskedBack(session: Session, { promptAudience, closedWindow }: Rules): boolean {
  const isVerified = session.subject.kind === 'signedIn';
  if (promptAudience === 'nobody' || (promptAudience === 'authenticated' && !isVerified)) return false;
  const closedIt = session.status === 'disconnected' && session.cause === 'closedWindow';
  return !closedIt || closedWindow !== 'noPrompt';
}
