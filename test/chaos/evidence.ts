import {
  readAgent,
  readAudit,
  readEntry,
  readEnvelope,
  readHeader,
} from '../../src/adapters/cosmos/documents.ts';
import type { AuditRecord, Header } from '../../src/handoff/header.ts';
import { slotsUsed } from '../../src/handoff/places.ts';
import type { AgentRecord } from '../../src/handoff/roster.ts';
import { evolveAll } from '../../src/session/evolve.ts';
import type { Event } from '../../src/session/event.ts';
import { isCarriedToCustomer, type Entry } from '../../src/session/ledger.ts';
import type { Session } from '../../src/session/session.ts';
import { slotOf } from '../../src/session/slots.ts';
import { agentOf, isOpenToAll, ownerOf } from '../../src/session/whose.ts';
import { grouped } from './grouped.ts';
import type { Stored, StoredChange, StoredClaim, StoredLine, StoredSession } from './stored.ts';

/** Everything in a store, container by container, as the service would give it. */
export type Dump = Readonly<Record<string, readonly unknown[]>>;

/** Reads what the checker needs out of what a store holds at `now` (ms). */
export function storedIn({ sessions = [], agents = [] }: Dump, now: number): Stored {
  const of = <T>(documents: readonly unknown[], kind: string, read: (stored: unknown) => T): readonly T[] =>
    documents.filter((one) => readEnvelope(one).kind === kind).map(read);
  const entries = grouped(of(sessions, 'entry', readEntry), ({ sid }) => sid);
  const audits = grouped(of(sessions, 'audit', readAudit), ({ sid }) => sid);
  return {
    sessions: of(sessions, 'header', readHeader).map((header) => {
      const { id } = header.session;
      return sessionIn(header, entries.get(id) ?? [], audits.get(id) ?? [], now);
    }),
    agents: of(agents, 'agent', readAgent).map((record) => ({
      agent: record.id,
      slots: takenBy(record, now),
    })),
  };
}

/** A pending place that lapsed is free, though nobody has looked yet. */
const takenBy = (record: AgentRecord, now: number): readonly string[] =>
  Object.entries(record.slots).flatMap(([sid, slot]) =>
    slotsUsed({ ...record, slots: { [sid]: slot } }, now) > 0 ? [sid] : [],
  );

function sessionIn(
  header: Header,
  entries: readonly Entry[],
  audit: readonly AuditRecord[],
  now: number,
): StoredSession {
  const { session } = header;
  const slot = slotOf(session);
  const isTaken = slot !== undefined && (slot.until === undefined || now < slot.until);
  return {
    sid: session.id,
    customer: session.customer,
    ledger: entries.toSorted((a, b) => a.seq - b.seq).map(lineIn),
    changes: changesIn(audit.toSorted((a, b) => a.ver - b.ver)),
    ...(isTaken && { takesPlaceOf: slot.agent }),
  };
}

function lineIn(entry: Entry): StoredLine {
  const { by, what, seq } = entry;
  const said = what.kind === 'message' && (by.kind === 'customer' || by.kind === 'agent');
  const line = said ? (by.kind === 'customer' ? what.clientId : what.text) : undefined;
  return {
    ...{ seq, by: by.kind === 'agent' ? by.id : by.kind, carried: isCarriedToCustomer(entry) },
    ...(line !== undefined && { line }),
  };
}

function changesIn(audit: readonly AuditRecord[]): readonly StoredChange[] {
  let session: Session | undefined;
  return audit.map(({ ver, events }) => {
    session = evolveAll(session, events);
    const [owner, theirs] = [ownerOf(session)?.id, agentOf(session)?.id];
    return {
      ...{ ver, epoch: session.epoch, status: session.status, free: isOpenToAll(session) },
      ...{ conversation: session.conversation, claims: events.flatMap(claimsIn) },
      ...(owner !== undefined && { owner }),
      ...(theirs !== undefined && { theirs }),
    };
  });
}

function claimsIn(event: Event): readonly StoredClaim[] {
  switch (event.type) {
    case 'accepted':
      return [{ f: 'accept', agent: event.owner.id }];
    case 'queued':
      return event.why === 'transferred' && event.by ? [{ f: 'release', agent: event.by.id }] : [];
    case 'transferred':
      return event.to.kind === 'queue' ? [{ f: 'release', agent: event.by.id }] : [];
    case 'closed':
      return event.by === 'agent' && event.agent ? [{ f: 'close', agent: event.agent.id }] : [];
    default:
      return [];
  }
}
