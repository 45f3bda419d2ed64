import { pause } from '../bench/measure.ts';
import type { Run } from './customers.ts';
import type { Dump } from './evidence.ts';
import { askOf, insist } from './wire.ts';

/** What became of what was said to the framework's bot, by its own transcript. */
export interface Losses {
  readonly acknowledged: number;
  readonly lost: number;
  readonly twice: number;
  readonly outOfOrder: number;
}

/** A customer of the framework's bot, treated as ours are: the same pace, the same patience, the same faults. */
export interface Compared {
  readonly day: () => Promise<void>;
  /** What was acknowledged, in the order in which it was said. */
  readonly acknowledged: readonly string[];
}

const TRIES = 60;

export function comparedCustomer({ town, random, goesOn, paceMs }: Run, name: string): Compared {
  const acknowledged: string[] = [];
  let lines = 0;
  const say = async (): Promise<void> => {
    lines += 1;
    const line = `${name}-${lines}`;
    const answer = await insist(
      town,
      random,
      (instance) =>
        askOf(
          instance,
          'POST',
          instance.framework ?? '',
          {},
          {
            ...{ type: 'message', id: `${name}|${line}`, channelId: 'directline', text: line },
            serviceUrl: town.connector.serviceUrl('directline'),
            from: { id: name, role: 'user' },
            conversation: { id: name },
            recipient: { id: 'bot', name: 'Bot' },
            // Its answer is not what is counted.
            deliveryMode: 'expectReplies',
          },
        ),
      (attempt) => attempt >= TRIES,
    );
    if (answer !== undefined && answer.status < 300) acknowledged.push(line);
  };
  return {
    acknowledged,
    day: async () => {
      while (goesOn()) {
        await pause(paceMs * (0.5 + random()));
        await say();
      }
    },
  };
}

/** Counts them in what the store holds. */
export function lossesOf(customers: readonly Compared[], { framework = [] }: Dump): Losses {
  const logged = framework.flatMap((document) => lineIn(document) ?? []);
  const acknowledged = customers.flatMap((one) => one.acknowledged);
  const places = new Map(logged.map((line, i) => [line, i]));
  return {
    acknowledged: acknowledged.length,
    lost: acknowledged.filter((line) => !places.has(line)).length,
    twice: acknowledged.filter((line) => logged.filter((one) => one === line).length > 1).length,
    outOfOrder: customers.reduce((sum, one) => sum + turned(one.acknowledged, logged), 0),
  };
}

/** How many stand before one that was acknowledged before they were said. */
function turned(said: readonly string[], logged: readonly string[]): number {
  const places = said.flatMap((line) => (logged.includes(line) ? [logged.indexOf(line)] : []));
  return places.filter((place, i) => i > 0 && place < Math.max(...places.slice(0, i))).length;
}

/** A customer's line in the framework's transcript; it also logs what the bot says, and keeps states beside. */
function lineIn(document: unknown): string | undefined {
  const { activity } = document as {
    readonly activity?: { readonly text?: string; readonly from?: { readonly role?: string } };
  };
  return activity?.from?.role === 'user' ? activity.text : undefined;
}
