import type { SessionId } from '../session/ids.ts';
import { isSame, keyedBy, type Keyed, type Peppers } from './peppers.ts';

/** A file, by the entry it was sent with and its place there, from 0. */
export interface FilePlace {
  readonly sid: SessionId;
  readonly seq: number;
  readonly place: number;
}

/** Addresses at which a session's customer gets its files without showing who they are: image tags cannot. */
export interface FileLinks {
  /** An address that is good for an hour; every transcript brings new ones. */
  readonly give: (of: FilePlace) => string;
  readonly admits: (of: FilePlace, until: unknown, proof: unknown) => boolean;
}

const GOOD_FOR_MS = 60 * 60_000;

/** Makes them, the same on every instance; `servedAt` is the origin under which browsers reach us. */
export function fileLinks(
  given: Peppers & {
    readonly servedAt: string;
    readonly now: () => number;
  },
): FileLinks {
  const all = keyedBy(given);
  const [keyed] = all;
  const proofOf = (by: Keyed, { sid, seq, place }: FilePlace, until: number): string =>
    by(`file|${sid}|${seq}|${place}|${until}`).toString('base64url');
  return {
    give: (of) => {
      const until = given.now() + GOOD_FOR_MS;
      const path = `/api/files/${encodeURIComponent(of.sid)}/${of.seq}/${of.place}`;
      return `${given.servedAt}${path}?until=${until}&proof=${proofOf(keyed, of, until)}`;
    },
    admits: (of, until, proof) => {
      const end = typeof until === 'string' && /^\d{1,16}$/u.test(until) ? Number(until) : 0;
      if (typeof proof !== 'string' || end <= given.now()) return false;
      return all.some((by) => isSame(proof, proofOf(by, of, end)));
    },
  };
}
