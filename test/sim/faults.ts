import type { Fault } from '../../src/local/cosmos/faults.ts';
import type { Chance } from './chance.ts';

/** What may go wrong on the way between an instance and its store, beside what the store itself answers. */
export type StoreTrouble =
  | { readonly kind: 'answer'; readonly fault: Fault }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'silent' }
  /** It comes in twice, the second time so much later. */
  | { readonly kind: 'echo'; readonly ms: number };

/** What may go wrong between an instance and a channel. */
export type ChannelTrouble =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterS?: number }
  | { readonly kind: 'cut'; readonly arrived: boolean }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'silent'; readonly arrived: boolean };

/** How likely things go wrong now, 0 to 1 for each call. */
export interface Weather {
  store: number;
  channel: number;
  /** Whether slow and silent ones are among them; they cost a run most of its time. */
  hangs: boolean;
}

/** One kind of trouble with the store (reliability, fault list), or none. */
export function storeTrouble(chance: Chance, { store, hangs }: Weather): StoreTrouble | undefined {
  if (store === 0 || !chance.hits(store)) return undefined;
  const status = (code: 408 | 410 | 429 | 449 | 500 | 503, committed = false): StoreTrouble => ({
    kind: 'answer',
    fault: {
      kind: 'status',
      status: code,
      committed,
      ...(code === 429 && { retryAfterMs: 5 + chance.below(400) }),
    },
  });
  return chance.pick<() => StoreTrouble>([
    () => status(429),
    () => status(449),
    () => status(410),
    () => status(408, chance.hits(0.5)),
    () => status(500, chance.hits(0.5)),
    () => status(503, chance.hits(0.5)),
    () => ({ kind: 'answer', fault: { kind: 'status', status: 404, substatus: 1002 } }),
    () => ({ kind: 'answer', fault: { kind: 'drop', committed: false } }),
    () => ({ kind: 'answer', fault: { kind: 'drop', committed: true } }),
    () => ({ kind: 'answer', fault: { kind: 'drop', committed: true } }),
    () => ({ kind: 'answer', fault: { kind: 'stale', writes: 1 + chance.below(12) } }),
    () => ({ kind: 'slow', ms: 50 + chance.below(hangs ? 6_000 : 800) }),
    () => ({ kind: 'echo', ms: 20 + chance.below(chance.pick([300, 8_000])) }),
    () => (hangs ? { kind: 'silent' } : { kind: 'slow', ms: 300 }),
  ])();
}

/** One kind of trouble with a channel, or none. */
export function channelTrouble(chance: Chance, { channel, hangs }: Weather): ChannelTrouble | undefined {
  if (channel === 0 || !chance.hits(channel)) return undefined;
  return chance.pick<() => ChannelTrouble>([
    () => ({ kind: 'status', status: 429, retryAfterS: 1 + chance.below(3) }),
    () => ({ kind: 'status', status: 500 }),
    () => ({ kind: 'status', status: chance.pick([502, 503, 504]) }),
    () => ({ kind: 'status', status: 412 }),
    () => ({ kind: 'cut', arrived: false }),
    () => ({ kind: 'cut', arrived: true }),
    () => ({ kind: 'cut', arrived: true }),
    () => ({ kind: 'slow', ms: 200 + chance.below(hangs ? 14_000 : 2_000) }),
    () => (hangs ? { kind: 'silent', arrived: chance.hits(0.5) } : { kind: 'cut', arrived: false }),
  ])();
}
