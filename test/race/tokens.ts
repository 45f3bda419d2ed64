import { ask } from '../server/house.ts';
import { openCustomer } from '../soak/customer.ts';
import type { Street } from '../soak/street.ts';

/** What came of one token that many wanted. */
export interface Race {
  readonly winners: number;
  /** How each answer of a loser reads, with how many got it. */
  readonly losers: Readonly<Record<string, number>>;
  /** Returns that the session itself has noted. */
  readonly returns: number;
}

const AT_ONCE = 4;
const PATIENCE_MS = 120_000;
const TRIES = 20;

/**
 * So many sessions, each with one link that so many browsers open in the same moment, at every instance of the town in turn.
 * Gives what came of each token.
 */
export async function raceTokens(
  street: Street,
  {
    tokens,
    redeemers,
    returnsOf,
    raced,
  }: {
    readonly tokens: number;
    readonly redeemers: number;
    readonly returnsOf: (sid: string) => Promise<number>;
    /** Hears of each race that is over. */
    readonly raced?: (race: Race, count: number) => void;
  },
): Promise<readonly Race[]> {
  const races: Race[] = [];
  let left = tokens;
  const runner = async (): Promise<void> => {
    for (; left > 0;) {
      left -= 1;
      const customer = await openCustomer(street);
      await customer.say('agent');
      const sid = await customer.session();
      const token = await customer.link();
      const answers = await Promise.all(
        Array.from({ length: redeemers }, (_, n) => redeem(street, token, n)),
      );
      customer.ends();
      const losers: Record<string, number> = {};
      for (const answer of answers) if (answer !== 'won') losers[answer] = (losers[answer] ?? 0) + 1;
      const race = {
        winners: answers.filter((answer) => answer === 'won').length,
        losers,
        returns: await returnsOf(sid),
      };
      races.push(race);
      raced?.(race, races.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runner));
  return races;
}

/** One browser's click; one that is not answered for now is made again under its key, as the page does. */
async function redeem({ town }: Street, token: string, n: number): Promise<string> {
  const { origin } = town.instances[n % town.instances.length] ?? { origin: '' };
  const headers = { 'x-forwarded-for': `10.9.${n >> 8}.${n & 255}`, 'idempotency-key': `browser-${n}` };
  for (let tries = 1; ; tries += 1) {
    const asking = { headers, patienceMs: PATIENCE_MS };
    const { status, body } = await ask(origin, 'POST', '/api/reconnect', { token }, asking);
    if (status >= 500 && tries < TRIES) continue;
    const { code } = (body['error'] ?? {}) as { readonly code?: string };
    return status === 200 ? 'won' : `${status} ${code ?? ''}`;
  }
}
