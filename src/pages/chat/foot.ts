import type { CustomerState } from '../../cards/views.ts';
import { isOver } from './standing.ts';

/** The quiet lines above the composer. */
export type FootLine = 'ended' | 'over' | 'cookies' | 'keepsNothing' | 'shared' | 'code';

/** What decides which of them show. */
export interface Footing {
  readonly state: CustomerState | undefined;
  /** Whether this browser keeps cookies. */
  readonly cookies: boolean;
  /** Said to be a shared computer: nothing is kept on it. */
  readonly shared: boolean;
}

export function footLines({ state, cookies, shared }: Footing): readonly FootLine[] {
  if (state === undefined) return [];
  const atStart = state.status === 'none' || state.status === 'bot';
  const ended: FootLine[] = state.ended !== undefined || isOver(state) ? ['ended'] : [];
  if (isOver(state)) return [...ended, 'over'];
  if (state.status === 'choosing') return ended;
  if (shared) return [...ended, 'keepsNothing'];
  if (!cookies) return [...ended, 'cookies', ...(atStart ? (['code'] as const) : [])];
  return [...ended, ...(atStart ? (['shared', 'code'] as const) : [])];
}
