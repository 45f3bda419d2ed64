import type { Session } from '../session/session.ts';
import type { Header } from './header.ts';

/** Up to which entry the customer is owed now; the rest is held until they return. */
export const owedNow = ({ session, owed, owedHere = 0 }: Header): number => {
  if (isReachable(session)) return owed;
  return session.status === 'suspended' ? owedHere : 0;
};

/** Whether a line sent now would reach the customer; otherwise it is held until they return. */
export const isReachable = (session: Session): boolean =>
  session.status !== 'disconnected' &&
  !(session.status === 'suspended' && session.customerBackAt === undefined);
