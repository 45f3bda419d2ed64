import type { Clock } from '../../clock.ts';
import { HandoffError } from '../../handoff/errors.ts';
import type { CodeRecord, Lookups } from '../../handoff/ports.ts';
import type { Calls, Document } from './calls.ts';
import { digest, readCode, readRate, VERSION, type Kind } from './documents.ts';

/** How long a code is kept past its end; garbage collection only, whoever reads it judges `until`. */
const CODE_KEPT_MS = 60 * 60 * 1000;
/** How many windows a count is kept after its last; garbage collection only. */
const WINDOWS_KEPT = 2;
/** Create and increment can miss each other only while a document ends; more than this is no coincidence. */
const ROUNDS = 4;

/** Return codes, and counts shared by all instances, in `lookups`; no name and no code lies there in the clear. */
export function cosmosLookups(calls: Calls, clock: Clock): Lookups {
  const read = async <T>(id: string, reader: (resource: unknown) => T) => {
    const found = await calls.read(id, id);
    return found && { value: reader(found.resource), etag: found.etag };
  };
  return {
    putCode: async (hash, code) => {
      const now = clock.now();
      const id = codeId(hash);
      const filed = document(id, 'code', code.until + CODE_KEPT_MS - now, code);
      if ((await calls.create(id, filed)) !== false) return true;
      const there = await read(id, readCode);
      // Gone in this very moment: whoever asks again, or with other words, gets it.
      if (there === undefined) return false;
      if (isSame(there.value, code)) return true;
      return there.value.until <= now && (await calls.replace(id, filed, there.etag)) !== false;
    },
    code: async (hash) => (await read(codeId(hash), readCode))?.value,
    count: async (name, now, windowMs) => {
      const id = rateId(name, now, windowMs);
      for (let round = 0; round < ROUNDS; round++) {
        const counted = await calls.increment(id, id, '/body/n');
        if (counted !== undefined) return readRate(counted).n;
        const first = document(id, 'rate', WINDOWS_KEPT * windowMs, { n: 1 });
        if ((await calls.create(id, first)) !== false) return 1;
      }
      throw new HandoffError('store_contended', `The count ${id} came and went ${ROUNDS} times`);
    },
    counted: async (name, now, windowMs) => (await read(rateId(name, now, windowMs), readRate))?.value.n ?? 0,
  };
}

/** A code put again, by a caller who heard no answer, is not taken. */
const isSame = (one: CodeRecord, other: CodeRecord): boolean =>
  one.customer === other.customer && one.key === other.key && one.until === other.until;

const codeId = (hash: string): string => `code:${hash}`;

const rateId = (name: string, now: number, windowMs: number): string =>
  `rate:${digest(name)}:${Math.floor(now / windowMs)}`;

const document = (id: string, kind: Kind, keptMs: number, body: unknown): Document => ({
  id,
  kind,
  v: VERSION,
  ttl: Math.max(1, Math.ceil(keptMs / 1000)),
  body,
});
