import { evolve } from '../session/evolve.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { lapse } from '../session/time.ts';

/** A session once passed deadlines have taken effect, whether or not a sweep has run. Only to look at: nothing is counted. */
export const timeGone = (session: Session, now: number, rules: Rules): Session =>
  lapse(session, now, rules).reduce<Session>(evolve, session);
