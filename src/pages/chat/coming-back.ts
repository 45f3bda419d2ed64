import type { Ended } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { type House, type Key, type Opened, Told } from './house.ts';
import { pauseOrOnline } from './patience.ts';

/** Why a link or a code does not bring its customer back, each with its own way on. */
export type No =
  /** Unknown, foreign, malformed or withdrawn: the house does not say which. */
  | { readonly kind: 'unknown' }
  /** Used before, by somebody this browser is not known to be. */
  | { readonly kind: 'used' }
  /** Used before, by this very customer: the chat opens as usual, and its prompt comes. */
  | { readonly kind: 'ask' }
  | { readonly kind: 'over'; readonly ended: Ended | undefined }
  | { readonly kind: 'tooMany'; readonly waitMs: number }
  | { readonly kind: 'signInFirst' }
  /** Nobody answered, for as long as a retry is sure to be the same question. */
  | { readonly kind: 'unreachable' };

export type Outcome = { readonly kind: 'opened'; readonly opened: Opened } | No;
export type Found = { readonly kind: 'found'; readonly agent?: string } | No;

/** The house knows a repeated question for so long. */
const RETRY_MS = 60_000;
const LONGEST_PAUSE_MS = 8_000;

interface Asking {
  readonly house: House;
  readonly clock: PageClock;
  /** There was no answer; it is asked again. */
  readonly onSilence: () => void;
}

/** Asks what a link leads to, before anything happens. */
export const lookBehind = (token: string, asking: Asking): Promise<Found> =>
  insist(asking, async () => ({ kind: 'found' as const, ...(await asking.house.look(token)) }));

/** Makes the one return of a landing: however often it is called and retried, the house hears of one. */
export function returnBy(key: Key, widget: string, asking: Asking): () => Promise<Outcome> {
  const idempotencyKey = crypto.randomUUID();
  return () =>
    insist(asking, async () => ({
      kind: 'opened' as const,
      opened: await asking.house.comeBack(key, widget, idempotencyKey),
    }));
}

async function insist<T>({ clock, onSilence }: Asking, ask: () => Promise<T>): Promise<T | No> {
  const since = clock.now();
  for (let pause = 500; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Told && error.status < 500 && error.status !== 408) return noFrom(error);
      if (clock.now() - since >= RETRY_MS) return { kind: 'unreachable' };
      onSilence();
      await pauseOrOnline(clock, pause);
    }
  }
}

function noFrom({ status, code, ended, retryAfterMs }: Told): No {
  if (status === 429) return { kind: 'tooMany', waitMs: retryAfterMs ?? RETRY_MS };
  if (status === 401) return { kind: 'signInFirst' };
  if (status === 410) return { kind: 'over', ended };
  if (status === 409) return { kind: code === 'ask' ? 'ask' : 'used' };
  return { kind: 'unknown' };
}
