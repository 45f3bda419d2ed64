import type { InteractionStore } from '../../handoff/ports.ts';
import { customerOf, readSessionId, type SessionId } from '../../session/ids.ts';
import type { Calls, Document } from './calls.ts';
import type { Keeping } from './keeping.ts';
import { documentOf, readEnvelope, readInteraction, readReferenced, VERSION } from './documents.ts';

/**
 * Records of sessions that are over: each in its customer's partition, found by reference number through `lookups`. What
 * the hook is yet to be told lies in one partition of `inbox`, which only the feed's reader asks, once.
 */
export function cosmosInteractions(
  of: {
    readonly sessions: Calls;
    readonly inbox: Calls;
    readonly lookups: Calls;
  },
  kept: Keeping,
): InteractionStore {
  const { sessions, inbox, lookups } = of;
  return {
    interaction: async (sid) => {
      const found = await sessions.read(customerOf(sid), idOf(sid));
      return found && { value: readInteraction(found.resource), etag: found.etag };
    },
    saveInteraction: (record, over) => {
      const { sid, endedAt } = record.interaction;
      const customer = customerOf(sid);
      // Without `sid` beside the envelope, it is in no list of the session's entries or audit.
      const document = documentOf(customer, idOf(sid), 'interaction', record, {
        ttl: kept.record(endedAt),
      });
      return over === undefined
        ? sessions.create(customer, document)
        : sessions.replace(customer, document, over);
    },
    interactionsOf: async (customer) => {
      const { found } = await sessions.select({
        query: `SELECT * FROM c WHERE c.kind = 'interaction'`,
        parameters: {},
        partition: customer,
      });
      return found.map(readInteraction);
    },
    fileReference: async (reference, sid, endedAt) => {
      const id = referenceId(reference);
      await lookups.create(id, {
        ...{ id, kind: 'reference', v: VERSION, body: { sid } },
        ttl: kept.record(endedAt),
      });
    },
    sessionOf: async (reference) => {
      const id = referenceId(reference);
      const found = await lookups.read(id, id);
      return found && readSessionId(readReferenced(found.resource).sid);
    },
    owe: async (sid, version) => {
      const row: Document = { id: sid, view: OWED, kind: 'owed', v: VERSION, ver: version, body: {} };
      const said = await inbox.patch(
        OWED,
        sid,
        { '/ver': version },
        { when: `from c where c.ver < ${version}` },
      );
      // Settled in this very moment, or never filed.
      if (said.status === 'missing') await inbox.upsert(row);
    },
    owed: async () => {
      const { found } = await inbox.select({
        query: `SELECT * FROM c WHERE c.kind = 'owed'`,
        parameters: {},
        partition: OWED,
      });
      return found.flatMap((row): SessionId[] => {
        const sid = readSessionId(readEnvelope(row).id);
        return sid === undefined ? [] : [sid];
      });
    },
    settled: async (sid, version) => {
      await inbox.remove(OWED, sid, `from c where c.ver <= ${version}`);
    },
  };
}

const OWED = 'owed';
const idOf = (sid: SessionId): string => `i:${sid}`;
const referenceId = (reference: string): string => `reference:${reference}`;
