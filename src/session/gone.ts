import type { Event } from './event.ts';
import type { Rules } from './rules.ts';
import type { LeaveCause } from './session.ts';

/** The customer is gone from `at`: all clocks start there. The hold never outlives the time to return. */
export function gone(
  at: number,
  cause: LeaveCause,
  rules: Rules,
  hold = at + rules.previousAgentWindowMs,
): Extract<Event, { type: 'disconnected' }> {
  const returnUntil = at + rules.reconnectLimitMs;
  const agentHeldUntil = Math.min(hold, returnUntil);
  return { type: 'disconnected', at, cause, returnUntil, ...(agentHeldUntil > at && { agentHeldUntil }) };
}
