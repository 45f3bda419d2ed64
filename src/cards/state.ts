import { isOpen, nextOpening } from '../session/hours.ts';
import { isMessage, mayLeaveMessage } from '../session/message.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { firstName } from './names.ts';
import type { CustomerState, Ended } from './views.ts';

/** What a page is told besides the session. */
export interface StateReading {
  /** The server's clock, ms. */
  readonly now: number;
  /** Number of the last ledger entry. */
  readonly seq?: number;
  /** Highest entry their pages have shown, as far as they told. */
  readonly seen?: number | undefined;
  /** Place in line from 1, when known; told only while there is one. */
  readonly place?: number | undefined;
  /** The reconnect prompt is showing and the customer has not answered. */
  readonly choosing?: boolean;
  /** What the widget lets a customer do who waits for an agent in vain; told nothing, they only wait. */
  readonly suspendedReturn?: 'offer' | 'wait';
  /** The rules it lives under: whether we are open, and whether a message may be left; told nothing, neither is. */
  readonly rules?: Rules;
  /** Of a session that is over. */
  readonly ended?: Ended | undefined;
  /** They come back unasked. */
  readonly direct?: boolean;
}

/** Tells a customer's page where its session stands; without a session the status is `none`. */
export function customerState(session: Session | undefined, reading: StateReading): CustomerState {
  const { now, seq, seen, place, choosing = false, ended, direct = false } = reading;
  const told = { now, ...(seq === undefined ? {} : { seq }), ...(seen === undefined ? {} : { seen }) };
  if (session === undefined) return { status: choosing ? 'choosing' : 'none', ...told };
  const inLine =
    session.status === 'queued' || (session.status === 'disconnected' && session.was === 'queued');
  return {
    status: choosing ? 'choosing' : session.status,
    sid: session.id,
    epoch: session.epoch,
    ...agentAndUntil(session),
    ...(inLine && place !== undefined ? { place } : {}),
    ...waitsForUs(session, reading),
    ...(mayChooseAnyone(session, reading) ? { mayChooseAnyone: true as const } : {}),
    ...(direct ? { direct: true as const } : {}),
    ...(ended === undefined ? {} : { ended }),
    ...told,
  };
}

/** What who waits for us is told and offered, instead of waiting in silence. */
function waitsForUs(
  session: Session,
  { now, rules }: StateReading,
): Pick<CustomerState, 'opensAt' | 'mayLeaveMessage' | 'messageUntil'> {
  if (isMessage(session)) return { messageUntil: session.message.until };
  const waits =
    session.status === 'queued' ||
    session.status === 'resuming' ||
    (session.status === 'suspended' && session.customerBackAt !== undefined);
  if (!waits || rules === undefined) return {};
  const opensAt = isOpen(rules.hours, now) ? undefined : nextOpening(rules.hours, now);
  return {
    ...(opensAt === undefined ? {} : { opensAt }),
    ...(mayLeaveMessage(session, now, rules) ? { mayLeaveMessage: true as const } : {}),
  };
}

/** Nobody waits for an empty chair: here, and their agent is away or has not answered. */
function mayChooseAnyone(session: Session, { suspendedReturn = 'wait' }: StateReading): boolean {
  if (session.status === 'resuming') return session.agentHeldUntil !== undefined;
  if (session.status === 'active') return session.agentSilentAt !== undefined;
  if (session.status !== 'suspended' || suspendedReturn === 'wait') return false;
  return session.customerBackAt !== undefined && session.waitedInVainAt !== undefined;
}

function agentAndUntil(session: Session): Pick<CustomerState, 'agent' | 'until' | 'setAside'> {
  switch (session.status) {
    case 'active':
      return called(session.owner.name);
    case 'resuming':
      return { ...called(session.asked.name), until: session.offeredUntil };
    case 'suspended':
      return {
        ...called(session.owner.name),
        ...(session.backBy === undefined ? {} : { until: session.backBy }),
        ...(session.customerBackAt === undefined ? { setAside: true as const } : {}),
      };
    case 'disconnected':
      return session.was === 'held'
        ? { ...called(session.owner.name), until: session.agentHeldUntil }
        : {
            ...(session.was === 'offered' ? called(session.previous?.name) : {}),
            until: session.returnUntil,
          };
    case 'bot':
    case 'queued':
    case 'closed':
    case 'expired':
      return {};
  }
}

function called(name: string | undefined): { agent?: string } {
  const agent = firstName(name ?? '');
  return agent === '' ? {} : { agent };
}
