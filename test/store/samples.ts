import type { Change } from '../../src/handoff/ports.ts';
import type { AuditRecord, Header } from '../../src/handoff/header.ts';
import type { Row } from '../../src/handoff/inbox.ts';
import type { AgentRecord } from '../../src/handoff/roster.ts';
import {
  readAgentId,
  readConversationId,
  readCustomerId,
  sessionIdOf,
  type AgentId,
  type ConversationId,
  type CustomerId,
  type SessionId,
} from '../../src/session/ids.ts';
import type { Entry } from '../../src/session/ledger.ts';

/** 2026-11-21T12:00:00Z. */
export const NOON = 1_795_262_400_000;

export const customer = (name: string): CustomerId => readCustomerId(`dl_${name.padEnd(20, '-')}`)!;
export const session = (of: CustomerId, name = 'first'): SessionId => sessionIdOf(of, name.padEnd(10, '-'));
export const conversation = (name: string): ConversationId => readConversationId(name)!;
export const agentId = (name: string): AgentId => readAgentId(`tenant:${name}`)!;

export const mia = customer('mia');

export function header(sid: SessionId, more: Partial<Header> = {}): Header {
  const of = readCustomerId(sid.slice(0, sid.indexOf('.')))!;
  const at = conversation('conv-1');
  return {
    session: {
      id: sid,
      customer: of,
      widget: 'shop',
      stream: 'sales',
      subject: { kind: 'anonymous' },
      conversation: at,
      openedAt: NOON,
      ver: 1,
      epoch: 1,
      agents: [],
      status: 'bot',
      since: NOON,
    },
    seq: 0,
    delivered: 0,
    owed: 0,
    reference: {
      channel: 'directline',
      serviceUrl: 'http://localhost',
      conversation: at,
      bot: { id: 'bot' },
      user: { id: of },
    },
    cards: {},
    cardVer: 0,
    ...more,
  };
}

export const said = (sid: SessionId, seq: number, text = `line ${seq}`): Entry => ({
  sid,
  seq,
  at: NOON + seq,
  by: { kind: 'customer' },
  what: { kind: 'message', text },
});

export const audited = (sid: SessionId, ver: number): AuditRecord => ({
  sid,
  ver,
  at: NOON,
  actor: 'customer',
  events: [{ type: 'leftQueue', at: NOON }],
});

/** Opens a session: header, index and the first audit record. */
export const opening = (sid: SessionId): Change => ({
  over: undefined,
  header: header(sid),
  entries: [],
  dedupe: [],
  audit: audited(sid, 1),
  index: { over: undefined, value: { customer: header(sid).session.customer, sessions: [] } },
});

/** One relayed message, as the bridge writes it. */
export const message = (sid: SessionId, over: string, seq: number, key = `activity-${seq}`): Change => ({
  over,
  header: header(sid, { seq }),
  entries: [said(sid, seq)],
  dedupe: [key],
});

export const row = (sid: SessionId, more: Partial<Row> = {}): Row => ({
  sid,
  ver: 1,
  seq: 0,
  epoch: 1,
  list: 'queue',
  at: NOON,
  status: 'queued',
  stream: 'sales',
  widget: 'shop',
  name: 'Visitor ab-12',
  verified: false,
  ...more,
});

export const agent = (id: AgentId, more: Partial<AgentRecord> = {}): AgentRecord => ({
  id,
  name: 'Anna Bell',
  roles: ['Chat.Agent'],
  permittedUntil: NOON,
  presence: { status: 'available', at: NOON },
  capacity: 3,
  streams: [],
  slots: {},
  lastReleasedAt: 0,
  ...more,
});
