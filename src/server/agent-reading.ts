import type { Request } from 'restify';
import type { House } from '../handoff/house.ts';
import { HandoffError } from '../handoff/errors.ts';
import type { Header } from '../handoff/header.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import type { Row } from '../handoff/inbox.ts';
import { rowFor, rowOf, withoutWords } from '../handoff/rows.ts';
import { readSessionId, type SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { Hidden } from './http.ts';

/** The session a request names. Who presses Accept too late may not read it any more, but is told who has it. */
export async function namedIn(house: House, req: Request): Promise<Header> {
  const sid: SessionId | undefined = readSessionId((req.params as { sid: string }).sid);
  const header = sid === undefined ? undefined : await house.sessions.header(sid);
  if (header === undefined) throw new HandoffError('not_found', 'There is no such session');
  return header;
}

/**
 * The session a request names, when this agent may read it, or may read the one that goes on from it (`?via=`);
 * otherwise there is no such session.
 */
export async function readable(house: House, agent: AgentRecord, req: Request): Promise<Header> {
  const header = await namedIn(house, req);
  if (house.desk.mayRead(agent, header.session)) return header;
  const newer = await newerOf(house, req);
  if (newer !== undefined && house.desk.mayRead(agent, newer)) {
    if (await goesOnFrom(house, newer, header.session)) return header;
  }
  throw new Hidden(`Agent ${agent.id} may not read ${header.session.id}`);
}

/**
 * Somebody else's session stands in none of this agent's lists, but may be open in their tab. Who has it is told to
 * whoever came too late, and nothing of what was said.
 */
export function rowSeenBy(house: House, agent: Pick<AgentRecord, 'id' | 'roles'>, header: Header): Row {
  const row = rowFor(header, agent.id) ?? rowOf(header, 'mine');
  return house.desk.mayRead(agent, header.session) ? row : withoutWords(row);
}

async function newerOf(house: House, req: Request): Promise<Session | undefined> {
  const via: unknown = (req.query as { via?: unknown } | undefined)?.via;
  const sid = typeof via === 'string' ? readSessionId(via) : undefined;
  return sid === undefined ? undefined : (await house.sessions.header(sid))?.session;
}

/**
 * Whether `newer` goes on from `earlier`, and both are the same customer's: that one names the other opens nothing by
 * itself. Chats of a device that its customer has signed in on since belong to their account.
 */
async function goesOnFrom(house: House, newer: Session, earlier: Session): Promise<boolean> {
  if (newer.follows !== earlier.id) return false;
  if (newer.customer === earlier.customer) return true;
  if (newer.subject.kind === 'anonymous') return false;
  const account = newer.subject.account ?? newer.customer;
  if (account === earlier.customer) return true;
  const index = await house.sessions.index(account);
  return index?.aliases?.includes(earlier.customer) === true;
}
