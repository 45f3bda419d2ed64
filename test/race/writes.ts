import { openAgents } from '../soak/agents.ts';
import { openCustomer } from '../soak/customer.ts';
import type { Street } from '../soak/street.ts';

/** What of so many racing writes is where it belongs. */
export interface Kept {
  readonly writes: number;
  /** Acknowledged, and not there. */
  readonly lost: number;
  /** There more often than once. */
  readonly doubled: number;
  /** Answers other than a yes, after which the same was sent again. */
  readonly again: number;
  /** Whether every ledger counts 1, 2, 3 … to its end. */
  readonly isDense: boolean;
}

/** One entry of a ledger, as far as it matters here. */
export interface Written {
  readonly seq: number;
  readonly text: string | undefined;
}

/** No customer writes so much at once that the house holds them off. */
const IN_ONE_SESSION = 100;
const WRITERS = 10;
const TRIES = 50;
const PAUSE_MS = 100;

/**
 * Customers and their agents write into the same sessions at once, through every instance in turn: of ten writers of a
 * session three are its agent. What is not acknowledged is sent again under its own id, as a channel does.
 */
export async function raceWrites(
  street: Street,
  {
    writes,
    ledgerOf,
  }: {
    readonly writes: number;
    readonly ledgerOf: (sid: string) => Promise<readonly Written[]>;
  },
): Promise<Kept> {
  const agents = await openAgents(street, 6);
  const rounds: number[] = [];
  for (let left = writes; left > 0; left -= IN_ONE_SESSION) rounds.push(Math.min(left, IN_ONE_SESSION));
  let again = 0;
  let lost = 0;
  let doubled = 0;
  let isDense = true;
  for (const [round, count] of rounds.entries()) {
    const customer = await openCustomer(street);
    await customer.say('agent');
    const sid = await customer.session();
    const agent = await agents.take(sid);
    const acknowledged: string[] = [];
    let next = 0;
    const writer = async (_: unknown, n: number): Promise<void> => {
      while (next < count) {
        next += 1;
        const text = `race-${round}-${next}`;
        const write = (): Promise<unknown> =>
          n % WRITERS < 3 ? agent.act(sid, { act: 'message', id: text, text }) : customer.say(text, text);
        for (let tries = 0; ; tries += 1) {
          try {
            await write();
            break;
          } catch (reason) {
            if (tries >= TRIES) throw reason;
            again += 1;
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
          }
        }
        acknowledged.push(text);
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writer));
    const ledger = await ledgerOf(sid);
    const times = new Map<string, number>();
    for (const { text = '' } of ledger) times.set(text, (times.get(text) ?? 0) + 1);
    lost += acknowledged.filter((text) => !times.has(text)).length;
    doubled += acknowledged.filter((text) => (times.get(text) ?? 0) > 1).length;
    isDense &&= ledger.every(({ seq }, i) => seq === i + 1);
    await agent.act(sid, { act: 'close' });
    customer.ends();
  }
  agents.leave();
  return { writes, lost, doubled, again, isDense };
}
