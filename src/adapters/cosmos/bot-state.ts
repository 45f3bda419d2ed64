import { readCustomerId, readSessionId, customerOf } from '../../session/ids.ts';
import type { Calls } from './calls.ts';
import { digest, readBotState, VERSION } from './documents.ts';

/** The framework's `Storage`, as far as `BotState` uses it. */
export interface BotStorage {
  readonly read: (keys: string[]) => Promise<Record<string, unknown>>;
  readonly write: (changes: Record<string, unknown>) => Promise<void>;
  readonly delete: (keys: string[]) => Promise<void>;
}

const TTL_S = 30 * 24 * 60 * 60;

/**
 * Keeps a bot's own state in the partition of its customer, so that erasing a customer erases it too. Last write wins,
 * as `BotState` asks for with its `eTag: '*'`: nothing of ours is ever kept here.
 */
export function cosmosBotState(calls: Calls): BotStorage {
  const read = async (key: string) => {
    const [now, former] = [partitionOf(key), formerPartitionOf(key)];
    const found = await calls.read(now, idOf(key));
    const isSession = key.split('/').some((part) => readSessionId(part) !== undefined);
    return found !== undefined || isSession || now === former ? found : calls.read(former, idOf(key));
  };
  return {
    read: async (keys) => {
      const found = await Promise.all(keys.map(async (key) => [key, await read(key)] as const));
      return Object.fromEntries(
        found.flatMap(([key, state]) => (state === undefined ? [] : [[key, readBotState(state.resource)]])),
      );
    },
    write: async (changes) => {
      for (const [key, body] of Object.entries(changes)) {
        await calls.upsert({
          id: idOf(key),
          customer: partitionOf(key),
          kind: 'botState',
          v: VERSION,
          ttl: TTL_S,
          body,
        });
      }
    },
    delete: async (keys) => {
      for (const key of keys) {
        await calls.upsert({
          id: idOf(key),
          customer: partitionOf(key),
          kind: 'botState',
          v: VERSION,
          ttl: 1,
          body: {},
        });
      }
    },
  };
}

/** Where state about a customer by name lay before it lay with them. */
const formerPartitionOf = (key: string): string => `bot-${digest(key)}`;

const idOf = (key: string): string => `b:${digest(key)}`;

/** The customer whom, or whose session, the key names; a key of another channel gets a partition of its own. */
function partitionOf(key: string): string {
  for (const part of key.split('/')) {
    const session = readSessionId(part);
    const customer = session === undefined ? readCustomerId(part) : customerOf(session);
    if (customer !== undefined) return customer;
  }
  return `bot-${digest(key)}`;
}
