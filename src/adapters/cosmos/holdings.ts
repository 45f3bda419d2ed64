import type { Erasure, Filed, Held, HoldingsStore } from '../../handoff/privacy/holdings.ts';
import { customerOf, readSessionId, type SessionId } from '../../session/ids.ts';
import type { Calls, Document } from './calls.ts';
import type { Keeping } from './keeping.ts';
import { documentOf, readEnvelope, readErasure, VERSION } from './documents.ts';

/** What a batch takes. */
const AT_ONCE = 100;
/** Long enough for every reader of the change feed that lags. */
const TOMBSTONE_TTL_S = 60 * 60;
/** No version of a row is later. */
const LAST = Number.MAX_SAFE_INTEGER;
const ERASURES = 'erasures';

/** Everything of one customer in the four containers, found by their id and by nothing that could be missing. */
export function cosmosHoldings(
  of: { readonly sessions: Calls; readonly inbox: Calls; readonly lookups: Calls },
  kept: Keeping,
): HoldingsStore {
  const { sessions, inbox, lookups } = of;
  const erasureDocument = (erasure: Erasure): Document => ({
    ...{ id: erasure.customer, view: ERASURES, kind: 'erasure', v: VERSION },
    body: erasure,
  });
  return {
    held: async (customer, { kind, from }) => {
      const { found, next } = await sessions.select({
        query: kind === undefined ? 'SELECT * FROM c' : 'SELECT * FROM c WHERE c.kind = @kind',
        parameters: kind === undefined ? {} : { kind },
        partition: customer,
        limit: AT_ONCE,
        ...(from !== undefined && { from }),
      });
      return { held: found.map(readHeld), ...(next !== undefined && { next }) };
    },
    left: async (customer) => {
      const { found } = await sessions.select({
        query: `SELECT c.id, c.kind FROM c WHERE c.kind != 'index' AND c.kind != 'buried'`,
        parameters: {},
        partition: customer,
        limit: AT_ONCE,
      });
      return found.map((one) => ({ id: textIn(one, 'id'), kind: textIn(one, 'kind') }));
    },
    remove: (customer, ids) => sessions.drop(customer, ids),
    bury: (sid) => sessions.upsert(buried(sid)),
    filed: async (customer) => {
      const { found } = await inbox.select({
        query: `SELECT c.id, c.view, c.kind FROM c WHERE STARTSWITH(c.id, @sessions) AND (c.kind != 'row' OR c.list != 'gone')`,
        parameters: { sessions: `${customer}.` },
      });
      return found.flatMap((one): Filed[] => {
        const sid = readSessionId(textIn(one, 'id'));
        return sid === undefined
          ? []
          : [{ view: textIn(one, 'view'), sid, isRow: textIn(one, 'kind') === 'row' }];
      });
    },
    hide: ({ view, sid }) =>
      inbox.upsert({
        ...{ id: sid, view, kind: 'row', v: VERSION, list: 'gone', at: 0, ver: LAST, seq: 0, body: null },
        ttl: TOMBSTONE_TTL_S,
      }),
    unfile: async ({ view, sid }) => {
      // `false` means that it is gone already.
      await inbox.drop(view, [sid]);
    },
    dropReference: async (reference) => {
      await lookups.drop(`reference:${reference}`, [`reference:${reference}`]);
    },
    dropCodes: async (customer) => {
      // Few at any time: each lives ten minutes, and is kept for an hour.
      const { found } = await lookups.select({
        query: `SELECT c.id FROM c WHERE c.kind = 'code' AND c.body.customer = @customer`,
        parameters: { customer },
      });
      for (const one of found) await lookups.drop(textIn(one, 'id'), [textIn(one, 'id')]);
    },
    erasure: async (customer) => {
      const found = await inbox.read(ERASURES, customer);
      return found && { value: readErasure(found.resource), etag: found.etag };
    },
    saveErasure: (erasure, over) =>
      over === undefined
        ? inbox.create(ERASURES, erasureDocument(erasure))
        : inbox.replace(ERASURES, erasureDocument(erasure), over),
    erasures: async () => {
      const { found } = await inbox.select({
        query: `SELECT * FROM c WHERE c.kind = 'erasure'`,
        parameters: {},
        partition: ERASURES,
      });
      return found.map((one) => ({ value: readErasure(one), etag: textIn(one, '_etag') }));
    },
    forgetErasure: async (customer) => {
      await inbox.drop(ERASURES, [customer]);
    },
    noteErasure: async (note) => {
      const id = `erased:${note.id}`;
      const ttl = kept.longest();
      await lookups.create(id, { id, kind: 'erased', v: VERSION, ttl, body: note });
    },
    noteExport: async (customer, id, by, at) => {
      const body = { what: 'export', by, at };
      await sessions.create(
        customer,
        documentOf(customer, `x:${id}`, 'access', body, { ttl: kept.audit(at) }),
      );
    },
  };
}

const buried = (sid: SessionId): Document =>
  documentOf(customerOf(sid), `i:${sid}`, 'buried', {}, { ttl: TOMBSTONE_TTL_S });

function readHeld(stored: unknown): Held {
  const { id, kind, body } = readEnvelope(stored);
  return { id, kind, body };
}

function textIn(stored: unknown, name: string): string {
  const text: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined;
  return typeof text === 'string' ? text : '';
}
