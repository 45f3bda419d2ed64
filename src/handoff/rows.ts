import { guestOf } from '../session/guests.ts';
import type { AgentId, CustomerId } from '../session/ids.ts';
import { isMessage } from '../session/message.ts';
import { owedSince } from '../session/reminders.ts';
import type { Active, Guest, Session } from '../session/session.ts';
import { isOpenToAll } from '../session/whose.ts';
import type { Header } from './header.ts';
import type { InboxList, Row, View } from './inbox.ts';

/** Where a session stands in the tab, per partition; `undefined` = no longer there. */
export interface Placement {
  readonly view: View;
  readonly row: Row | undefined;
}

/** Every view this session may ever have stood in, with its row or its absence: what the feed's reader writes. */
export function placements(header: Header): readonly Placement[] {
  const { session } = header;
  const queue: Placement = {
    view: `queue:${session.stream}`,
    row: isOpenToAll(session) ? rowOf(header, 'queue') : undefined,
  };
  const everyone = new Set([...session.agents, ...(session.asides ?? [])].map(({ id }) => id));
  const personal = [...everyone].map((id): Placement => {
    const list = listOf(session);
    return {
      view: `agent:${id}`,
      row: isFor(session, id) && list !== undefined ? rowOf(header, list) : undefined,
    };
  });
  const former = (session.formerStreams ?? []).flatMap((stream): readonly Placement[] => [
    { view: `queue:${stream}`, row: undefined },
    { view: dayView({ ...session, stream }), row: undefined },
  ]);
  return [queue, ...personal, ...former, inAll(header)];
}

/** Where a session stands among all of its stream and day, for supervisors: from its first word on, and for good. */
export const inAll = (header: Header): { readonly view: View; readonly row: Row } => ({
  view: dayView(header.session),
  row: rowOf(header, listOf(header.session) ?? 'queue'),
});

/** Whether it stands in this agent's own lists: it is theirs, or they are asked into it. */
const isFor = (session: Session, agent: AgentId): boolean =>
  holderOf(session) === agent || guestOf(session, agent) !== undefined;

/** The row one agent's tab shows for this session, if any: theirs, or the queue's. */
export function rowFor(header: Header, agent: AgentId): Row | undefined {
  const { session } = header;
  if (isOpenToAll(session) && !isFor(session, agent)) return rowOf(header, 'queue');
  const list = listOf(session);
  return list !== undefined && isFor(session, agent) ? rowOf(header, list) : undefined;
}

/** Who has the session in their own lists: its owner, else whoever owned it last. */
function holderOf(session: Session): AgentId | undefined {
  switch (session.status) {
    case 'active':
    case 'suspended':
      return session.owner.id;
    case 'resuming':
      return session.asked.id;
    case 'bot':
    case 'queued':
      return undefined;
    case 'disconnected':
      return session.was === 'queued' ? undefined : session.previous?.id;
    case 'closed':
    case 'expired':
      return session.previous?.id;
  }
}

function listOf(session: Session): InboxList | undefined {
  switch (session.status) {
    case 'active':
    case 'resuming':
    case 'disconnected':
      return 'mine';
    case 'suspended':
      return 'suspended';
    case 'closed':
    case 'expired':
      return 'closed';
    case 'queued':
      return 'queue';
    case 'bot':
      return undefined;
  }
}

/** The customer's name as agents see it. */
export const customerName = (session: Session): string =>
  session.subject.kind === 'signedIn' && session.subject.name !== undefined
    ? session.subject.name
    : `Visitor ${visitorNumber(session.customer)}`;

/** Five digits that can be read out, the same for as long as the device is known; two visitors may share them. */
function visitorNumber(customer: CustomerId): string {
  let hash = 0;
  for (const letter of customer) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  const digits = String(hash % 100_000).padStart(5, '0');
  return `${digits.slice(0, 2)}-${digits.slice(2)}`;
}

const dayView = (session: Session): View =>
  `all:${session.stream}:${new Date(session.openedAt).toISOString().slice(0, 10)}`;

/** A projection of the header for one list. */
export function rowOf(header: Header, list: InboxList): Row {
  const { session } = header;
  return {
    sid: session.id,
    ver: session.ver,
    seq: header.seq,
    epoch: session.epoch,
    list,
    at: list === 'queue' ? (session.queuedAt ?? sortsBy(session)) : sortsBy(session),
    status: session.status,
    stream: session.stream,
    widget: session.widget,
    name: customerName(session),
    verified: session.subject.kind === 'signedIn',
    ...(session.reason !== undefined && { reason: session.reason }),
    ...(session.previous !== undefined && { previous: session.previous }),
    ...(session.queuedAt !== undefined && { queuedAt: session.queuedAt }),
    ...(session.follows !== undefined && { follows: session.follows }),
    ...(session.guests !== undefined && { guests: session.guests.map(guestIn) }),
    ...(header.fromCustomer !== undefined && { fromCustomer: header.fromCustomer }),
    ...(header.lastLine !== undefined && { lastLine: header.lastLine }),
    ...moments(session),
  };
}

/** A row without a word that anybody said in the session or about it. */
export function withoutWords(row: Row): Row {
  const { lastLine: _1, reason: _2, note: _3, suspendReason: _4, disposition: _5, ...rest } = row;
  return rest;
}

const guestIn = ({ id, name, joinedAt }: Guest) => ({ id, name, joined: joinedAt !== undefined });

function sortsBy(session: Session): number {
  switch (session.status) {
    case 'queued':
      return session.queuedAt;
    case 'active':
      return session.since;
    case 'suspended':
      return session.suspendedAt;
    case 'closed':
      return session.closedAt;
    case 'expired':
      return session.expiredAt;
    case 'bot':
    case 'disconnected':
    case 'resuming':
      return session.queuedAt ?? session.openedAt;
  }
}

/** What the agent owes, from the first reminder on. */
function debtOf(session: Active): Partial<Row> {
  const since = owedSince(session);
  if (since === undefined) return {};
  return { owedSince: since, ...(session.overdueAt !== undefined && { overdueAt: session.overdueAt }) };
}

function moments(session: Session): Partial<Row> {
  switch (session.status) {
    case 'active':
      return {
        owner: session.owner,
        ...debtOf(session),
        ...(session.agentSilentAt !== undefined && { agentSilentAt: session.agentSilentAt }),
        ...(session.offeredOnAt !== undefined && { offeredOnAt: session.offeredOnAt }),
      };
    case 'disconnected':
      return {
        goneAt: session.goneAt,
        cause: session.cause,
        returnUntil: session.returnUntil,
        ...(session.was === 'queued' && { inLine: true }),
        ...(session.was === 'held' && { owner: session.owner, agentHeldUntil: session.agentHeldUntil }),
      };
    case 'suspended':
      return {
        owner: session.owner,
        suspendedUntil: session.suspendedUntil,
        ...(session.suspendReason !== undefined && { suspendReason: session.suspendReason }),
        ...(session.backBy !== undefined && { backBy: session.backBy }),
        ...(session.overdueAt !== undefined && { overdueAt: session.overdueAt }),
        ...(session.customerBackAt !== undefined && { customerBackAt: session.customerBackAt }),
        ...(session.agentHeldUntil !== undefined && { agentHeldUntil: session.agentHeldUntil }),
      };
    case 'resuming':
      return {
        owner: session.asked,
        offeredUntil: session.offeredUntil,
        ...(session.from && { from: session.from }),
        ...(session.note !== undefined && { note: session.note }),
        ...(session.agentHeldUntil !== undefined && { agentHeldUntil: session.agentHeldUntil }),
      };
    case 'closed':
      return {
        endedAt: session.closedAt,
        ...(session.agentHeldUntil !== undefined && { agentHeldUntil: session.agentHeldUntil }),
        ...(session.wrapUp?.disposition !== undefined && { disposition: session.wrapUp.disposition }),
        ...(session.followedBy === undefined && { wrapUpUntil: session.wrapUpUntil }),
      };
    case 'expired':
      return { endedAt: session.expiredAt };
    case 'queued':
      return {
        ...(session.declinedBy.length > 0 && { declinedBy: session.declinedBy }),
        ...(session.moved !== undefined && { moved: session.moved }),
        ...(isMessage(session) && { messageUntil: session.message.until }),
      };
    case 'bot':
      return {};
  }
}
