import type { Session } from '../session/session.ts';
import { firstName } from './names.ts';
import type { CustomerState } from './views.ts';

/** What a page is told besides the session. */
export interface StateReading {
  /** The server's clock, ms. */
  readonly now: number;
  /** Number of the last ledger entry. */
  readonly seq?: number;
  /** Place in line from 1, when known; told only while there is one. */
  readonly place?: number | undefined;
  /** The reconnect prompt is showing and the customer has not answered. */
  readonly choosing?: boolean;
}

/** Tells a customer's page where its session stands; without a session the status is `none`. */
export function customerState(session: Session | undefined, reading: StateReading): CustomerState {
  const { now, seq, place, choosing = false } = reading;
  const told = { now, ...(seq === undefined ? {} : { seq }) };
  if (session === undefined) return { status: choosing ? 'choosing' : 'none', ...told };
  const inLine =
    session.status === 'queued' || (session.status === 'disconnected' && session.was === 'queued');
  return {
    status: choosing ? 'choosing' : session.status,
    sid: session.id,
    epoch: session.epoch,
    ...agentAndUntil(session),
    ...(inLine && place !== undefined ? { place } : {}),
    ...told,
  };
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
