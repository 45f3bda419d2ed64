import type { AgentId } from './ids.ts';
import type { AgentRef, Facts, Guest } from './session.ts';

/** An agent's place in the session's conference, if they were asked in. */
export const guestOf = (session: Facts, agent: AgentId): Guest | undefined =>
  session.guests?.find(({ id }) => id === agent);

/** With one more who was asked in. */
export const withInvited = <S extends Facts>(session: S, { id, name }: AgentRef, invitedAt: number): S =>
  guestOf(session, id) === undefined
    ? { ...withAsked(session, { id, name }), guests: [...(session.guests ?? []), { id, name, invitedAt }] }
    : session;

/** With one of them come in. */
export const withJoined = <S extends Facts>(session: S, agent: AgentId, joinedAt: number): S =>
  session.guests === undefined
    ? session
    : {
        ...session,
        guests: session.guests.map((guest) => (guest.id === agent ? { ...guest, joinedAt } : guest)),
      };

/** Without this one; who owns a session is no guest in it. */
export function withoutGuest<S extends Facts>(session: S, agent: AgentId): S {
  const { guests = [], ...alone } = session;
  const left = guests.filter(({ id }) => id !== agent);
  return (left.length === 0 ? alone : { ...alone, guests: left }) as S;
}

/** Without any: a conference ends with the ownership that it was called in. */
export function withoutGuests<S extends Facts>({ guests: _, ...alone }: S): Omit<S, 'guests'> {
  return alone;
}

/** Remembers who was asked without ever having had it: their tab has shown its row. */
export const withAsked = <S extends Facts>(session: S, { id, name }: AgentRef): S =>
  [...session.agents, ...(session.asides ?? [])].some((agent) => agent.id === id)
    ? session
    : { ...session, asides: [...(session.asides ?? []), { id, name }] };
