import { hash } from 'node:crypto';
import { HandoffError } from '../../handoff/errors.ts';
import type { AuditRecord, CustomerIndex, Header, Presence } from '../../handoff/header.ts';
import type { Due, InboxList, Row } from '../../handoff/inbox.ts';
import type { CustomerTyping } from '../../handoff/news.ts';
import type { InteractionRecord } from '../../handoff/interaction.ts';
import type { CodeRecord, KeyRecord, Shelf } from '../../handoff/ports.ts';
import type { Erasure } from '../../handoff/privacy/holdings.ts';
import type { AgentRecord } from '../../handoff/roster.ts';
import type { AgentId, CustomerId, SessionId } from '../../session/ids.ts';
import type { Entry } from '../../session/ledger.ts';
import type { Status } from '../../session/session.ts';
import type { Document } from './calls.ts';

/** Schema version of everything written. Readers refuse newer documents and would migrate older ones. */
export const VERSION = 1;

/** What a document is; also what queries and the change feed select by. */
export type Kind =
  | 'index'
  | 'header'
  | 'entry'
  | 'dedupe'
  | 'audit'
  | 'asked'
  | 'presence'
  | 'typing'
  | 'standing'
  | 'device'
  | 'key'
  | 'botState'
  | 'interaction'
  | 'buried'
  | 'access'
  | 'reference'
  | 'owed'
  | 'erasure'
  | 'erased'
  | 'agent'
  | 'row'
  | 'due'
  | 'lease'
  | 'code'
  | 'rate'
  | 'canned';

/** Hashes what may be long, or hold characters an id may not. */
export const digest = (text: string): string => hash('sha256', text, 'base64url');

/** Pads a number so that ids sort as it does. */
export const padded = (n: number): string => String(n).padStart(12, '0');

/** A document of a customer's partition; `more` lies beside the envelope, where it is indexed. */
export const documentOf = (
  customer: CustomerId,
  id: string,
  kind: Kind,
  body: unknown,
  more: Readonly<Record<string, string | number>> = {},
): Document => ({ id, customer, kind, v: VERSION, ...more, body });

/** What the envelope of every document tells. */
export interface Envelope {
  readonly id: string;
  readonly kind: string;
  readonly body: unknown;
}

/** Reads the envelope of anything stored, or throws `store_unreadable` naming the id and the version. */
export function readEnvelope(stored: unknown): Envelope {
  const document = isObject(stored) ? stored : {};
  const { id, kind, v, body } = document;
  if (typeof id !== 'string' || typeof kind !== 'string' || v !== VERSION) throw unreadable(id, v);
  return { id, kind, body };
}

export const readHeader = (stored: unknown): Header => {
  const header = bodyOf<Header>(stored, 'header', {
    session: 'object',
    seq: 'number',
    delivered: 'number',
    owed: 'number',
    reference: 'object',
    cards: 'object',
    cardVer: 'number',
  });
  const { id, customer, ver, epoch, status } = header.session;
  const whole =
    typeof id === 'string' &&
    typeof customer === 'string' &&
    Number.isInteger(ver) &&
    Number.isInteger(epoch);
  if (!whole || !(status in STATUSES)) throw unreadable(`s:${id}`, VERSION);
  return header;
};

export const readEntry = (stored: unknown): Entry =>
  bodyOf<Entry>(stored, 'entry', {
    sid: 'string',
    seq: 'number',
    at: 'number',
    by: 'object',
    what: 'object',
  });

export const readAudit = (stored: unknown): AuditRecord =>
  bodyOf<AuditRecord>(stored, 'audit', {
    sid: 'string',
    ver: 'number',
    at: 'number',
    actor: 'string',
    events: 'object',
  });

/** When a customer was asked in one conversation whether they go on with a session. */
export const readAsked = (stored: unknown): { readonly at: number } =>
  bodyOf<{ readonly at: number }>(stored, 'asked', { at: 'number' });

export const readIndex = (stored: unknown): CustomerIndex =>
  bodyOf<CustomerIndex>(stored, 'index', { customer: 'string', sessions: 'object' });

export const readPresence = (stored: unknown): Presence =>
  bodyOf<Presence>(stored, 'presence', { conversation: 'string', beatAt: 'number', phone: 'boolean' });

export const readTyping = (stored: unknown): CustomerTyping =>
  bodyOf<CustomerTyping>(stored, 'typing', { sid: 'string', at: 'number' });

/** Whose standing somebody else has changed. */
export const readStanding = (stored: unknown): { readonly agent: AgentId } =>
  bodyOf<{ readonly agent: AgentId }>(stored, 'standing', { agent: 'string' });

export const readKey = (stored: unknown): KeyRecord =>
  bodyOf<KeyRecord>(stored, 'key', { sid: 'string', kind: 'string', family: 'number', madeAt: 'number' });

export const readCode = (stored: unknown): CodeRecord =>
  bodyOf<CodeRecord>(stored, 'code', { customer: 'string', key: 'string', until: 'number' });

/** What was counted in one window. */
export interface Rate {
  readonly n: number;
}

export const readRate = (stored: unknown): Rate => bodyOf<Rate>(stored, 'rate', { n: 'number' });

export const readInteraction = (stored: unknown): InteractionRecord =>
  bodyOf<InteractionRecord>(stored, 'interaction', { interaction: 'object' });

/** Which session a reference number stands for. */
export const readReferenced = (stored: unknown): { readonly sid: SessionId } =>
  bodyOf<{ readonly sid: SessionId }>(stored, 'reference', { sid: 'string' });

export const readShelf = (stored: unknown): Shelf =>
  bodyOf<Shelf>(stored, 'canned', { responses: 'object', uses: 'object' });

export const readErasure = (stored: unknown): Erasure =>
  bodyOf<Erasure>(stored, 'erasure', {
    id: 'string',
    customer: 'string',
    partitions: 'object',
    by: 'string',
    askedAt: 'number',
    references: 'object',
    cards: 'object',
    counts: 'object',
  });

export const readBotState = (stored: unknown): object => bodyOf<object>(stored, 'botState', {});

export const readAgent = (stored: unknown): AgentRecord =>
  bodyOf<AgentRecord>(stored, 'agent', {
    id: 'string',
    name: 'string',
    roles: 'object',
    permittedUntil: 'number',
    presence: 'object',
    capacity: 'number',
    streams: 'object',
    slots: 'object',
    lastReleasedAt: 'number',
  });

export const readRow = (stored: unknown): Row =>
  bodyOf<Row>(stored, 'row', {
    sid: 'string',
    ver: 'number',
    seq: 'number',
    epoch: 'number',
    list: 'string',
    at: 'number',
    status: 'string',
    name: 'string',
  });

/** A due row keeps its moment beside the envelope, where it is indexed and can be patched. */
export function readDue(stored: unknown): Due {
  const { id } = readEnvelope(stored);
  const dueAt = isObject(stored) ? stored['dueAt'] : undefined;
  if (typeof dueAt !== 'number') throw unreadable(id, VERSION);
  return { sid: id as SessionId, dueAt };
}

/** Who holds a lease, until when (ms), and what they last saved with it. */
export interface Lease {
  readonly holder: string;
  readonly until: number;
  readonly value?: string;
}

export const readLease = (stored: unknown): Lease =>
  bodyOf<Lease>(stored, 'lease', { holder: 'string', until: 'number' });

/** The lists a row may be filed under; `gone` is the tombstone's. */
export type FiledUnder = InboxList | 'gone';

const STATUSES: Readonly<Record<Status, true>> = {
  bot: true,
  queued: true,
  active: true,
  disconnected: true,
  suspended: true,
  resuming: true,
  closed: true,
  expired: true,
};

/** The types of the properties a document cannot be used without. */
type Shape<T> = Readonly<Partial<Record<keyof T & string, 'string' | 'number' | 'boolean' | 'object'>>>;

function bodyOf<T>(stored: unknown, kind: Kind, shape: Shape<T>): T {
  const envelope = readEnvelope(stored);
  const body = envelope.body;
  if (envelope.kind !== kind || !isObject(body)) throw unreadable(envelope.id, VERSION);
  for (const [name, type] of Object.entries(shape)) {
    if (typeof body[name] !== type || body[name] === null) throw unreadable(envelope.id, VERSION);
  }
  return body as T;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function unreadable(id: unknown, version: unknown): HandoffError {
  const of = typeof version === 'number' ? `version ${version}` : 'no version';
  return new HandoffError(
    'store_unreadable',
    `Cannot read document ${String(id)} of ${of}; this house reads version ${VERSION}`,
  );
}
