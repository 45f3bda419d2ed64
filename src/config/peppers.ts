import type { Judge, Reader } from './environment.ts';

/** `pepper` signs; `previousPepper` is accepted as well, while it is being replaced. */
export interface Peppers {
  readonly pepper: string;
  readonly previousPepper?: string;
}

const LEAST = 32;
const LEAST_VARIED = 12;
const ADVICE = `Set it to at least ${LEAST} random characters (openssl rand -base64 48), the same on every instance. Keep it: customers are recognised by it.`;

/** Reads both. */
export function peppersOf(from: Reader): Peppers | undefined {
  const pepper = from.needed('RECONNECT_PEPPER', ADVICE, strong);
  const previousPepper = from.optional('RECONNECT_PEPPER_PREVIOUS', strong);
  if (pepper === undefined) return undefined;
  if (previousPepper === pepper) {
    from.fault(
      'RECONNECT_PEPPER_PREVIOUS',
      'is the same as RECONNECT_PEPPER',
      'Set it to the pepper that is being replaced, or remove it.',
    );
  }
  return { pepper, ...(previousPepper !== undefined && { previousPepper }) };
}

const strong: Judge<string> = (value) => {
  if (value.length < LEAST) return { what: `has ${value.length} characters, which is too few`, todo: ADVICE };
  return new Set(value).size < LEAST_VARIED ? { what: 'is easily guessed', todo: ADVICE } : { read: value };
};
