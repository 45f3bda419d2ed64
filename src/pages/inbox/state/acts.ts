import type { Act, Me, Row } from '../wire/wire.ts';

export type Button = Extract<
  Act,
  | 'accept'
  | 'decline'
  | 'join'
  | 'leave'
  | 'link'
  | 'suspend'
  | 'editSuspension'
  | 'resume'
  | 'transfer'
  | 'invite'
  | 'close'
  | 'record'
  | 'takeBack'
>;

/** Which buttons apply to a session now, in the order they are shown. */
export function buttonsFor(
  row: Row,
  me: Pick<Me, 'id'> & Partial<Pick<Me, 'supervisor'>>,
  now: number,
): readonly Button[] {
  // A supervisor hands on what somebody else has.
  const others: readonly Button[] = me.supervisor === true ? ['transfer'] : [];
  const guest = guestIn(row, me);
  if (guest !== undefined) return guest.joined ? ['leave'] : ['join', 'leave'];
  switch (row.status) {
    case 'queued':
      return [...(hasPassed(row, me) ? (['accept'] as const) : (['accept', 'decline'] as const)), ...others];
    case 'resuming':
      return isTheirs(row, me) ? ['accept', 'decline'] : others;
    case 'active':
      if (row.offeredOnAt !== undefined && !isTheirs(row, me)) return ['accept', ...others];
      return isTheirs(row, me) ? ['link', 'suspend', 'transfer', 'invite', 'close'] : others;
    case 'disconnected':
      return isTheirs(row, me) ? ['link', 'suspend', 'transfer', 'invite', 'close'] : others;
    case 'suspended':
      return isTheirs(row, me) ? ['link', 'editSuspension', 'resume', 'transfer', 'invite', 'close'] : others;
    case 'closed':
      return isTheirs(row, me) && now < (row.wrapUpUntil ?? 0) ? ['record', 'takeBack'] : [];
    case 'bot':
    case 'expired':
      return [];
  }
}

/** Whether the agent may write: to the customer, or internally. A suspended session resumes by it. */
export const mayWrite = (row: Row, me: Pick<Me, 'id'>): boolean =>
  (isTheirs(row, me) || guestIn(row, me)?.joined === true) &&
  (row.status === 'active' || row.status === 'disconnected' || row.status === 'suspended');

/** Whether this agent passed on somebody who still waits in the queue. */
export const hasPassed = (row: Row, me: Pick<Me, 'id'>): boolean =>
  row.declinedBy?.some((id) => id === me.id) === true;

/** Whether this agent has the session, is asked for it, or had it last while nobody has it and no line keeps it. */
export const isTheirs = (row: Row, me: Pick<Me, 'id'>): boolean =>
  row.inLine !== true && (row.owner ?? row.previous)?.id === me.id;

/** This agent's place in somebody else's chat, into which they were asked. */
export const guestIn = (row: Row, me: Pick<Me, 'id'>) => row.guests?.find(({ id }) => id === me.id);
