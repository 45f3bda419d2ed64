import { customerOf, type CustomerId, type SessionId } from '../session/ids.ts';
import type { AgentRef, Closed, Expired } from '../session/session.ts';
import type { AuditRecord } from './header.ts';
import type { Row } from './inbox.ts';
import { referenceOf } from './reference.ts';
import { customerName } from './rows.ts';

/** What became of one session that had an agent: what is kept of it, and what a CRM is told. JSON; moments in ms. */
export interface Interaction {
  /** The number both sides were told, `XXXXX-XXXXX`. */
  readonly reference: string;
  /** Rises with every change of the record: what was said of it within wrap-up, or that it was taken back. */
  readonly version: number;
  readonly sid: SessionId;
  readonly customer: {
    readonly id: CustomerId;
    /** As the agents saw it. */
    readonly name: string;
    /** Set when the site's token has told who they are: its issuer. */
    readonly issuer?: string;
  };
  readonly widget: string;
  readonly stream: string;
  /** What the bot said the customer wants. */
  readonly reason?: string;
  readonly openedAt: number;
  /** When they last got their place in line. */
  readonly queuedAt?: number;
  /** When an agent first took it. */
  readonly acceptedAt?: number;
  readonly endedAt: number;
  /** Everyone who owned it, oldest first. */
  readonly agents: readonly AgentRef[];
  /** Who ended it; `time`: nobody did. */
  readonly endedBy: Closed['by'] | 'time';
  readonly disposition?: string;
  readonly notes?: string;
  /** How often its customer came back to it. */
  readonly returns: number;
  /** The session it goes on from, and the one it was taken back into. */
  readonly follows?: SessionId;
  readonly followedBy?: SessionId;
  /** Where it is read: a call of the agents' API, and a link into their tab where there is one. */
  readonly transcript: { readonly path: string; readonly url?: string };
}

/** An interaction as stored. */
export interface InteractionRecord {
  readonly interaction: Interaction;
  /** How far the hook has come with it; absent while there was none. */
  readonly hook?: HookState;
}

/** `told`: the version the hook has taken, 0 = none yet; after `failed` attempts at the next one, not before `nextAt`. */
export interface HookState {
  readonly told: number;
  readonly failed: number;
  readonly nextAt: number;
}

/** Makes it of a session that is over and of everything that was decided in it. */
export function interactionOf(
  session: Closed | Expired,
  audit: readonly AuditRecord[],
  url: string | undefined,
): Interaction {
  const { id, widget, stream, reason, openedAt, queuedAt, agents, follows } = session;
  const events = audit.flatMap((one) => one.events);
  const accepted = events.find((event) => event.type === 'accepted');
  return {
    ...{ reference: referenceOf(id), version: session.ver, sid: id, widget, stream, openedAt, agents },
    customer: {
      id: customerOf(id),
      name: customerName(session),
      ...(session.subject.kind === 'signedIn' && { issuer: session.subject.issuer }),
    },
    ...(reason !== undefined && { reason }),
    ...(queuedAt !== undefined && { queuedAt }),
    ...(accepted && { acceptedAt: accepted.at }),
    ...endOf(session),
    returns: events.filter((event) => event.type === 'returned').length,
    ...(follows !== undefined && { follows }),
    transcript: { path: `/api/sessions/${encodeURIComponent(id)}`, ...(url !== undefined && { url }) },
  };
}

/** The row of a session of which nothing but the record is kept any more: there is nothing behind it to be opened. */
export const rowOfRecord = (interaction: Interaction): Row => {
  const { sid, version: ver, endedAt, endedBy, widget, stream, customer, agents } = interaction;
  const previous = agents.at(-1);
  return {
    ...{ sid, ver, seq: 0, epoch: 0, list: 'closed', at: endedAt, endedAt, widget, stream },
    status: endedBy === 'time' ? 'expired' : 'closed',
    name: customer.name,
    verified: customer.issuer !== undefined,
    ...(previous !== undefined && { previous }),
    ...(interaction.reason !== undefined && { reason: interaction.reason }),
    ...(interaction.disposition !== undefined && { disposition: interaction.disposition }),
    ...(interaction.queuedAt !== undefined && { queuedAt: interaction.queuedAt }),
  };
};

function endOf(
  session: Closed | Expired,
): Pick<Interaction, 'endedAt' | 'endedBy' | 'disposition' | 'notes' | 'followedBy'> {
  if (session.status === 'expired') return { endedAt: session.expiredAt, endedBy: 'time' };
  const { closedAt: endedAt, by: endedBy, wrapUp, followedBy } = session;
  return { endedAt, endedBy, ...wrapUp, ...(followedBy !== undefined && { followedBy }) };
}
