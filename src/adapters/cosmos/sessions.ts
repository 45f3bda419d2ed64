import { HandoffError } from '../../handoff/errors.ts';
import type { Change, Committed, SessionStore, Stored } from '../../handoff/ports.ts';
import type { CustomerIndex } from '../../handoff/header.ts';
import { customerOf, type CustomerId, type SessionId } from '../../session/ids.ts';
import type { Calls, Document, Write } from './calls.ts';
import { differences } from './difference.ts';
import {
  digest,
  documentOf,
  padded,
  readAsked,
  readAudit,
  readEntry,
  readHeader,
  readIndex,
  readPresence,
  VERSION,
} from './documents.ts';
import type { Keeping } from './keeping.ts';
import { endOf } from '../../session/whose.ts';
import { isFinal } from '../../handoff/step.ts';
import { besideWrites, cosmosKeys, isKey } from './keys.ts';

/** What the service takes in one transactional batch (its concepts-limits page). */
const BATCH_OPERATIONS = 100;
const BATCH_BYTES = 2 * 1024 * 1024;
/** Channels resend for minutes, not days; garbage collection only. */
const DEDUPE_TTL_S = 48 * 60 * 60;
const PRESENCE_TTL_S = 30 * 24 * 60 * 60;
/** Long enough for every feed that lags; what is shown goes sooner. */
const TYPING_TTL_S = 60;
/** As long as a conversation that was open when its customer was erased may still be written in. */
const TOMBSTONE_TTL_S = 24 * 60 * 60;
const INDEX_ID = 'index';

const dedupeId = (key: string): string => `d:${digest(key)}`;
const headerId = (sid: SessionId): string => `s:${sid}`;

/** The `sessions` container: everything of a customer lies in their partition, so that each step is one batch. */
export function cosmosSessions(calls: Calls, kept: Keeping): Omit<SessionStore, 'news'> {
  const stored = async <T>(
    customer: CustomerId,
    id: string,
    read: (resource: unknown) => T,
  ): Promise<Stored<T> | undefined> => {
    const found = await calls.read(customer, id);
    return found && { value: read(found.resource), etag: found.etag };
  };
  return {
    index: (customer) => stored(customer, INDEX_ID, readIndex),
    saveIndex: (value, over) => {
      const index = indexDocument(value, kept);
      const { customer } = value;
      return over === undefined ? calls.create(customer, index) : calls.replace(customer, index, over);
    },
    header: (sid) => stored(customerOf(sid), headerId(sid), readHeader),
    commit: (change) => commit(calls, change, kept),
    heard: async (customer, key) => (await calls.read(customer, dedupeId(key))) !== undefined,
    retain: async (sid, endedAt) => {
      const ttls: Readonly<Record<string, number>> = {
        entry: kept.transcript(endedAt),
        audit: kept.audit(endedAt),
        asked: kept.audit(endedAt),
      };
      for (;;) {
        const { found, next } = await calls.select({
          query: `SELECT c.id, c.kind FROM c WHERE c.sid = @sid AND c.kind IN ('entry', 'audit', 'asked') AND NOT IS_DEFINED(c.retained)`,
          parameters: { sid },
          partition: customerOf(sid),
          limit: BATCH_OPERATIONS,
        });
        let isAll = next === undefined;
        for (const [kind, ttl] of Object.entries(ttls)) {
          const ids = found.flatMap((one) => (isOf(one, kind) ? [one.id] : []));
          const set = { '/ttl': ttl, '/retained': true };
          // One that is gone refuses all: what is left is found again.
          if (ids.length > 0) isAll = (await calls.patchAll(customerOf(sid), ids, set)) && isAll;
        }
        if (isAll) return;
      }
    },
    mark: async (sid, over, marks) => {
      const set = Object.fromEntries(Object.entries(marks).map(([name, value]) => [`/body/${name}`, value]));
      const said = await calls.patch(customerOf(sid), headerId(sid), set, { over });
      return said.status === 'ok' && said.etag;
    },
    entries: async (sid, { after = 0, upTo = Number.MAX_SAFE_INTEGER, last }) => {
      const order = last === undefined ? 'c.sid ASC, c.seq ASC' : 'c.sid DESC, c.seq DESC';
      const { found } = await calls.select({
        query: `SELECT * FROM c WHERE c.kind = 'entry' AND c.sid = @sid AND c.seq > @after AND c.seq <= @upTo ORDER BY ${order}`,
        parameters: { sid, after, upTo },
        partition: customerOf(sid),
        ...(last !== undefined && { limit: last }),
      });
      const entries = found.map(readEntry);
      return last === undefined ? entries : entries.reverse();
    },
    audit: async (sid) => {
      const { found } = await calls.select({
        query: `SELECT * FROM c WHERE c.kind = 'audit' AND c.sid = @sid ORDER BY c.sid ASC, c.ver ASC`,
        parameters: { sid },
        partition: customerOf(sid),
      });
      return found.map(readAudit);
    },
    noteAsked: async (sid, conversation, at) => {
      const customer = customerOf(sid);
      const id = `q:${sid}:${digest(conversation)}`;
      return (await calls.create(customer, documentOf(customer, id, 'asked', { at }, { sid }))) !== false;
    },
    asked: async (sid) => {
      const { found } = await calls.select({
        query: `SELECT * FROM c WHERE c.kind = 'asked' AND c.sid = @sid`,
        parameters: { sid },
        partition: customerOf(sid),
      });
      return found.map((one) => readAsked(one).at);
    },
    presence: async (customer, conversation) =>
      (await stored(customer, `p:${digest(conversation)}`, readPresence))?.value,
    beat: (customer, presence) => {
      const id = `p:${digest(presence.conversation)}`;
      return calls.upsert(documentOf(customer, id, 'presence', presence, { ttl: PRESENCE_TTL_S }));
    },
    types: (sid, at) =>
      calls.upsert(documentOf(customerOf(sid), `t:${sid}`, 'typing', { sid, at }, { ttl: TYPING_TTL_S })),
    // It lies here, in a partition that is no customer's, because this container's feed is the one every instance reads.
    turnTo: (agent, at) =>
      calls.upsert({
        ...{ id: 'standing', customer: `agent:${agent}`, kind: 'standing', v: VERSION, ttl: TYPING_TTL_S },
        body: { agent, at },
      }),
    ...cosmosKeys(calls, kept),
  };
}

/**
 * The first write that is refused names the outcome, so their order matters: a resend is told so even over a stale
 * header, and so is a spent key, for whoever used it has most often moved the session too.
 */
async function commit(calls: Calls, change: Change, kept: Keeping): Promise<Committed> {
  const { id: sid, customer } = change.header.session;
  const heard = dedupeDocuments(change);
  const told = lasting(change);
  const writes: readonly Write[] = [
    ...heard.map(created),
    ...besideWrites(customer, change.beside ?? []),
    ...told.map(created),
    headerWrite(change, kept),
    ...(change.index === undefined
      ? []
      : [{ document: indexDocument(change.index.value, kept), over: change.index.over }]),
  ];
  refuseTooMuch(sid, writes);

  // Keys and headers are written again; what a step leaves for good is not.
  const witness = (heard[0] ?? told[0])?.id ?? headerId(sid);
  const written = [headerId(sid), ...(change.index === undefined ? [] : [INDEX_ID])];
  const said = await calls.batch(customer, writes, [witness, ...written]);
  if (!said.done) return { outcome: outcomeOf(said.refused) };
  return {
    outcome: 'committed',
    etag: said.etagOf(headerId(sid)),
    ...(change.index !== undefined && { indexEtag: said.etagOf(INDEX_ID) }),
  };
}

/** Of a header that was read, only what differs is sent: most of it is the same from line to line. */
function headerWrite({ header, over, before }: Change, kept: Keeping): Write {
  const { session } = header;
  const id = headerId(session.id);
  const endedAt = endOf(session);
  // What is over gets its time to live anew with each write.
  if (over !== undefined && before !== undefined && endedAt === undefined) {
    const changes = differences({ body: before }, { body: header }, HEADER_ROOTS);
    if (changes !== undefined) return { id, changes, over };
  }
  const more = { sid: session.id, ...(endedAt !== undefined && { ttl: kept.transcript(endedAt) }) };
  return { document: documentOf(session.customer, id, 'header', header, more), over };
}

const HEADER_ROOTS = ['/body', '/body/session'];

function outcomeOf(refused: string): 'duplicate' | 'spent' | 'conflict' {
  if (refused.startsWith('d:')) return 'duplicate';
  return isKey(refused) ? 'spent' : 'conflict';
}

const created = (document: Document): Write => ({ document, over: undefined });

/** There is nothing to know of them but that they are there. */
const dedupeDocuments = ({ header, dedupe }: Change): readonly Document[] =>
  [...new Set(dedupe)].map((key) =>
    documentOf(header.session.customer, dedupeId(key), 'dedupe', {}, { ttl: DEDUPE_TTL_S }),
  );

/** What a step leaves for good. */
function lasting({ header, entries, audit }: Change): readonly Document[] {
  const { customer } = header.session;
  return [
    ...entries.map((entry) =>
      documentOf(customer, `${entry.sid}:${padded(entry.seq)}`, 'entry', entry, {
        sid: entry.sid,
        seq: entry.seq,
      }),
    ),
    ...(audit === undefined
      ? []
      : [
          documentOf(customer, `a:${audit.sid}:${padded(audit.ver)}`, 'audit', audit, {
            sid: audit.sid,
            ver: audit.ver,
          }),
        ]),
  ];
}

/** As long as anything it may lead to, from its last change on; while something of it is open, for good. */
function indexDocument(value: CustomerIndex, kept: Keeping): Document {
  const isLive = value.erasing !== undefined || value.sessions.some(({ status }) => !isFinal(status));
  const ttl = isTombstone(value) ? TOMBSTONE_TTL_S : kept.longest();
  return documentOf(value.customer, INDEX_ID, 'index', value, isLive ? {} : { ttl });
}

const isOf = (stored: unknown, kind: string): stored is { readonly id: string } =>
  typeof stored === 'object' && stored !== null && 'kind' in stored && stored.kind === kind;

/** What an erasure leaves for a day; whoever comes again begins anew on it. */
const isTombstone = ({ erasedAt, sessions, subject, aliases }: CustomerIndex): boolean =>
  erasedAt !== undefined && sessions.length === 0 && subject === undefined && aliases === undefined;

function refuseTooMuch(sid: SessionId, writes: readonly Write[]): void {
  const tooMuch = (amount: string, limit: number) =>
    new HandoffError('bad_input', `A step on ${sid} has ${amount}; one batch takes ${limit}`);
  if (writes.length > BATCH_OPERATIONS) throw tooMuch(`${writes.length} documents`, BATCH_OPERATIONS);
  const text = JSON.stringify(writes);
  // Counting bytes takes longer than writing them down, and nothing takes more than three a letter.
  if (3 * text.length <= BATCH_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > BATCH_BYTES) throw tooMuch(`${bytes} bytes`, BATCH_BYTES);
}
