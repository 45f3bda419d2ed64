import type { CosmosStores } from '../../src/adapters/cosmos/client.ts';

/** What the next version notes besides, in everything it writes; this one has never heard of it. */
export const NOTED = { later: { mood: 'calm' } } as const;

/** The store as a house of the next version writes it: the same, and a little more in every document. */
export function writtenByNext(stores: CosmosStores): CosmosStores {
  const { sessions, agents } = stores;
  return {
    ...stores,
    sessions: {
      ...sessions,
      commit: (change) =>
        sessions.commit({
          ...change,
          header: { ...change.header, ...NOTED, session: { ...change.header.session, ...NOTED } },
          ...(change.index && { index: { ...change.index, value: { ...change.index.value, ...NOTED } } }),
        }),
      saveIndex: (index, over) => sessions.saveIndex({ ...index, ...NOTED }, over),
    },
    agents: {
      ...agents,
      create: (record) => agents.create({ ...record, ...NOTED }),
      replace: (record, over) => agents.replace({ ...record, ...NOTED }, over),
    },
  };
}
