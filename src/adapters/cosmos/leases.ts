import type { Leases } from '../../handoff/ports.ts';
import type { Calls, Document } from './calls.ts';
import { readLease, VERSION, type Lease } from './documents.ts';

interface Seen {
  readonly lease: Lease;
  readonly etag: string;
}

/**
 * Leases in `lookups`. The etag of what this process last wrote is kept, so that a renewal is one request; whoever
 * wrote meanwhile makes it miss, and the lease is read again.
 */
export function cosmosLeases(calls: Calls): Leases {
  const own = new Map<string, Seen>();

  const read = async (name: string): Promise<Seen | undefined> => {
    const id = idOf(name);
    const found = await calls.read(id, id);
    return found && { lease: readLease(found.resource), etag: found.etag };
  };
  /** Writes `lease` over what was seen; the map follows what is stored. */
  const write = async (name: string, seen: Seen | undefined, lease: Lease): Promise<boolean> => {
    own.delete(name);
    const id = idOf(name);
    const etag = await (seen === undefined
      ? calls.create(id, document(name, lease))
      : calls.replace(id, document(name, lease), seen.etag));
    if (etag !== false) own.set(name, { lease, etag });
    return etag !== false;
  };
  /** Changes a lease while `holder` has it; tries what we remember, then what is there. */
  const change = async (
    name: string,
    holder: string,
    to: (lease: Lease) => Lease,
  ): Promise<Lease | false> => {
    const remembered = own.get(name);
    if (remembered?.lease.holder === holder) {
      const lease = to(remembered.lease);
      if (await write(name, remembered, lease)) return lease;
    }
    const seen = await read(name);
    if (seen?.lease.holder !== holder) return false;
    const lease = to(seen.lease);
    return (await write(name, seen, lease)) && lease;
  };

  return {
    take: async (name, holder, now, ms, value) => {
      const until = now + ms;
      const kept =
        own.get(name)?.lease.holder === holder &&
        (await change(name, holder, (lease) => ({
          ...lease,
          until,
          ...(value !== undefined && { value }),
        })));
      if (kept) return valueOf(kept);
      const seen = await read(name);
      if (seen !== undefined && seen.lease.holder !== holder && seen.lease.until > now) return false;
      const lease: Lease = { ...seen?.lease, holder, until };
      return (await write(name, seen, lease)) && valueOf(lease);
    },
    save: async (name, holder, value) =>
      (await change(name, holder, (lease) => ({ ...lease, value }))) !== false,
    until: async (name) => (await read(name))?.lease.until,
    value: async (name) => (await read(name))?.lease.value,
    release: async (name, holder) => {
      await change(name, holder, (lease) => ({ ...lease, until: 0 }));
      own.delete(name);
    },
  };
}

const idOf = (name: string): string => `lease:${name}`;

const document = (name: string, lease: Lease): Document => ({
  id: idOf(name),
  kind: 'lease',
  v: VERSION,
  body: lease,
});

const valueOf = ({ value }: Lease): { readonly value?: string } => (value === undefined ? {} : { value });
