import type { CustomerId } from '../session/ids.ts';
import type { Sessions } from './handle.ts';

/**
 * Finds the partition in which a signed-in customer lives, by their id under each pepper, the one in force first.
 *
 * An id is made with a pepper, and a partition cannot move: whoever has one keeps it, and their id under another pepper
 * becomes a name for it, noted in that id's own index. So they are found once the pepper it was made with is gone, if
 * they have come once while both were accepted.
 */
export type FindAccount = (ids: readonly [CustomerId, ...CustomerId[]]) => Promise<CustomerId>;

/** Makes it. Costs one read that is warm anyway; more only while two peppers are accepted. */
export function accounts(sessions: Pick<Sessions, 'index' | 'reindex' | 'forget'>): FindAccount {
  return async ([id, ...others]) => {
    const own = await sessions.index(id);
    if (own !== undefined) return own.livesAt ?? id;
    for (const other of others) {
      // Another instance may have begun it a moment ago.
      sessions.forget(other);
      const theirs = await sessions.index(other);
      if (theirs === undefined || theirs.erasedAt !== undefined) continue;
      const home = theirs.livesAt ?? other;
      // Where they live first: export and erasure find every name from there.
      await sessions.reindex(home, (index) =>
        index.names?.includes(id) === true ? undefined : { ...index, names: [...(index.names ?? []), id] },
      );
      const named = await sessions.reindex(id, (index) =>
        index.livesAt !== undefined || index.sessions.length > 0 ? undefined : { ...index, livesAt: home },
      );
      return named.livesAt ?? id;
    }
    return id;
  };
}
