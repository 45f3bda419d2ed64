import type { Beside, KeyRecord, SessionStore } from '../../handoff/ports.ts';
import type { CustomerId } from '../../session/ids.ts';
import type { Calls, Document, Write } from './calls.ts';
import { documentOf, readKey } from './documents.ts';
import type { Keeping } from './keeping.ts';

/** Garbage collection only: whether a key still opens anything is asked of its session. */
const KEY_TTL_S = 60 * 24 * 60 * 60;

/** As long as the cookie that its secret is in, and a little. */
const DEVICE_TTL_S = 181 * 24 * 60 * 60;

/** What admits somebody to a customer's partition: reconnect keys and devices, all under hashes of what travels. */
export function cosmosKeys(
  calls: Calls,
  kept: Keeping,
): Pick<SessionStore, 'hasDevice' | 'addDevice' | 'dropDevice' | 'key' | 'addKeys'> {
  return {
    hasDevice: async (customer, secretHash) => {
      const found = await calls.read(customer, deviceId(secretHash));
      if (found === undefined) return false;
      // The cookie is sent anew at each visit: what it is checked against must last as long.
      if (kept.isHalfOver(writtenAt(found.resource), DEVICE_TTL_S))
        await calls.patch(customer, deviceId(secretHash), {}, { over: found.etag });
      return true;
    },
    addDevice: async (customer, secretHash) => {
      // `false` means that it is known already.
      await calls.create(customer, deviceDocument(customer, secretHash));
    },
    dropDevice: async (customer, secretHash) => {
      // `false` means that it is gone already.
      await calls.remove(customer, deviceId(secretHash), `from c where c.kind = 'device'`);
    },
    key: async (customer, hash) => {
      const found = await calls.read(customer, keyId(hash));
      return found && { value: readKey(found.resource), etag: found.etag };
    },
    addKeys: async (customer, keys) => {
      if (keys.length === 0) return;
      const done = await calls.batch(
        customer,
        keys.map(({ hash, value }) => ({ document: keyDocument(customer, hash, value), over: undefined })),
      );
      // Each is the hash of 32 random bytes: one that is there was added before, and may be used by now.
      if (!done.done) throw new Error('A key that was to be made is there already');
    },
  };
}

/** The writes that stand for what goes beside a step. */
export const besideWrites = (customer: CustomerId, beside: readonly Beside[]): readonly Write[] =>
  beside.map((one) =>
    one.kind === 'key'
      ? { document: keyDocument(customer, one.hash, one.value), over: one.over }
      : // A device that is known already is no reason to refuse the step.
        { document: deviceDocument(customer, one.hash), blind: true },
  );

/** Whether a document of a customer's partition is a reconnect key, by its id. */
export const isKey = (id: string): boolean => id.startsWith('r:');

const keyId = (hash: string): string => `r:${hash}`;
const deviceId = (secretHash: string): string => `k:${secretHash}`;

const keyDocument = (customer: CustomerId, hash: string, value: KeyRecord): Document =>
  documentOf(customer, keyId(hash), 'key', value, { ttl: KEY_TTL_S });

const deviceDocument = (customer: CustomerId, secretHash: string): Document =>
  documentOf(customer, deviceId(secretHash), 'device', {}, { ttl: DEVICE_TTL_S });

/** When the store last wrote it, ms. */
function writtenAt(resource: unknown): number {
  const at: unknown = typeof resource === 'object' && resource !== null ? Reflect.get(resource, '_ts') : 0;
  return typeof at === 'number' ? at * 1000 : 0;
}
