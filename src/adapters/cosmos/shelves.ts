import type { Shelf, ShelfName, Shelves } from '../../handoff/ports.ts';
import type { Calls, Document } from './calls.ts';
import { readShelf, VERSION } from './documents.ts';

/** Canned responses in `lookups`: one document for an agent's own, one for those of a work stream, each guarded by its etag. */
export function cosmosShelves(calls: Calls): Shelves {
  return {
    shelf: async (name) => {
      const found = await calls.read(idOf(name), idOf(name));
      return found && { value: readShelf(found.resource), etag: found.etag };
    },
    saveShelf: async (name, shelf, over) => {
      const filed = document(name, shelf);
      const etag = await (over === undefined
        ? calls.create(filed.id, filed)
        : calls.replace(filed.id, filed, over));
      return etag !== false;
    },
  };
}

const idOf = (name: ShelfName): string => `canned:${name}`;

const document = (name: ShelfName, shelf: Shelf): Document => ({
  id: idOf(name),
  kind: 'canned',
  v: VERSION,
  body: shelf,
});
