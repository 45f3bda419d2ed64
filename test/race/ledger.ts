import { cosmosStores } from '../../src/adapters/cosmos/client.ts';
import { DATABASE } from '../../src/adapters/cosmos/containers.ts';
import { systemClock } from '../../src/clock.ts';
import type { SessionId } from '../../src/session/ids.ts';
import type { Town } from './town.ts';
import type { Written } from './writes.ts';

/** What the store itself holds of a session, read beside every instance. */
export interface Books {
  /** How often its customer came back, by the audit. */
  readonly returnsOf: (sid: string) => Promise<number>;
  readonly ledgerOf: (sid: string) => Promise<readonly Written[]>;
  readonly close: () => void;
}

const PAGE = 200;

/** Opens them over a town's store. */
export function openBooks({ store }: Pick<Town, 'store'>): Books {
  const stores = cosmosStores({ ...store, database: DATABASE, clock: systemClock, log: () => undefined });
  return {
    returnsOf: async (sid) =>
      (await stores.sessions.audit(sid as SessionId))
        .flatMap(({ events }) => events)
        .filter(({ type }) => type === 'returned').length,
    ledgerOf: async (sid) => {
      const all: Written[] = [];
      for (;;) {
        const page = await stores.sessions.entries(sid as SessionId, {
          after: all.length,
          upTo: all.length + PAGE,
        });
        if (page.length === 0) return all;
        for (const { seq, what } of page)
          all.push({ seq, text: what.kind === 'message' ? what.text : undefined });
      }
    },
    close: stores.dispose,
  };
}
