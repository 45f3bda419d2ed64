import { createHash } from 'node:crypto';
import { fold } from '../session/fold.ts';
import type { AuditRecord, Header } from './header.ts';

/** What is wrong with a session's audit. */
export type AuditFault =
  /** There is no record of this version. */
  | { readonly kind: 'missing'; readonly ver: number }
  /** The record of this version is not the one that the next, or the session, was written after. */
  | { readonly kind: 'altered'; readonly ver: number }
  /** The session is not what its records make of it. */
  | { readonly kind: 'differs'; readonly ver: number };

/**
 * Seals an audit record: a hash of all of it, the seal of the one before included. The next record carries it, and so does
 * the header, in the same batch. The order in which a store gives fields back makes no difference.
 */
export const sealOf = (record: AuditRecord): string =>
  createHash('sha256').update(canonical(record)).digest('base64url');

/**
 * Judges the audit of a session (invariant I11): a record for every version, each the one the next was written after, and
 * all of them together the session as it stands. `records` in order of `ver`; `header` is absent once it is not kept any
 * more. Records from before they were sealed are judged by their versions and by what they make of the session.
 *
 * It tells of what is lost or changed, by mistake or by somebody; not of somebody who may write the store and has
 * sealed everything anew from there on.
 */
export function auditFaults(
  records: readonly AuditRecord[],
  header: Pick<Header, 'session' | 'audited'> | undefined,
): readonly AuditFault[] {
  const byVersion = new Map(records.map((record) => [record.ver, record]));
  const last = header?.session.ver ?? records.at(-1)?.ver ?? 0;
  const faults: AuditFault[] = [];
  for (let ver = 1; ver <= Math.max(last, records.at(-1)?.ver ?? 0); ver += 1) {
    const record = byVersion.get(ver);
    const sealed = ver === last ? sealIn(header, ver) : byVersion.get(ver + 1)?.prev;
    if (ver > last) faults.push({ kind: 'differs', ver });
    else if (record === undefined) faults.push({ kind: 'missing', ver });
    else if (sealed !== undefined && sealed !== sealOf(record)) faults.push({ kind: 'altered', ver });
  }
  if (faults.length === 0 && header !== undefined && !makes(records, header))
    faults.push({ kind: 'differs', ver: last });
  return faults;
}

const sealIn = (header: Pick<Header, 'audited'> | undefined, ver: number): string | undefined =>
  header?.audited?.ver === ver ? header.audited.seal : undefined;

/** Whether the records make the session as it stands, but for the last words, which follow the ledger. */
function makes(records: readonly AuditRecord[], { session }: Pick<Header, 'session'>): boolean {
  const { lastSaid: _, ...decided } = session;
  try {
    const { lastSaid: __, ...made } = fold(records);
    return canonical(made) === canonical(decided);
  } catch {
    // Events that lead nowhere.
    return false;
  }
}

/** JSON with every object's fields in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
