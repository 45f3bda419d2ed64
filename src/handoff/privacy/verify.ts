import { readSessionId, type SessionId } from '../../session/ids.ts';
import { auditFaults, type AuditFault } from '../audit-chain.ts';
import type { SessionStore } from '../ports.ts';
import { referenceOf } from '../reference.ts';
import type { HoldingsStore } from './holdings.ts';
import type { Person } from './person.ts';

/** What the audit of one session is found to be. */
export interface Verified {
  readonly sid: SessionId;
  /** What people call it. */
  readonly reference: string;
  readonly records: number;
  readonly faults: readonly AuditFault[];
}

/**
 * Verifies the audit of every session that is held of a person, also where only its audit is kept still. A session that
 * changes meanwhile is read again; throws what the store throws.
 */
export async function verifyAudit(
  given: { readonly store: Pick<SessionStore, 'header' | 'audit'>; readonly holdings: HoldingsStore },
  { partitions }: Person,
): Promise<readonly Verified[]> {
  const found = new Set<SessionId>();
  for (const customer of partitions) {
    for (const kind of ['header', 'audit']) {
      let from: string | undefined;
      do {
        const page = await given.holdings.held(customer, { kind, ...(from !== undefined && { from }) });
        // `s:<sid>` and `a:<sid>:<ver>`.
        for (const { id } of page.held) {
          const sid = readSessionId(id.split(':')[1] ?? '');
          if (sid !== undefined) found.add(sid);
        }
        from = page.next;
      } while (from !== undefined);
    }
  }
  return Promise.all([...found].map((sid) => verified(given.store, sid)));
}

async function verified(store: Pick<SessionStore, 'header' | 'audit'>, sid: SessionId): Promise<Verified> {
  for (;;) {
    const header = (await store.header(sid))?.value;
    const records = await store.audit(sid);
    const after = (await store.header(sid))?.value;
    if (after?.session.ver !== header?.session.ver) continue;
    return {
      ...{ sid, reference: referenceOf(sid), records: records.length },
      faults: auditFaults(records, header),
    };
  }
}
