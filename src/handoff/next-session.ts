import { createHash } from 'node:crypto';
import { sessionIdOf, type SessionId } from '../session/ids.ts';
import type { CustomerReference } from './header.ts';
import type { Sessions } from './handle.ts';
import { isFinal } from './step.ts';

/**
 * The session that a conversation opens next, `after` one that is over. Its id follows from what was there before, so
 * that two first lines at once, on whatever instances, open one session and not two.
 */
export async function nextSession(
  sessions: Pick<Sessions, 'header' | 'index'>,
  { user, conversation }: Pick<CustomerReference, 'user' | 'conversation'>,
  after?: SessionId,
): Promise<SessionId> {
  const index = await sessions.index(user.id);
  const left = index?.freshIn === conversation ? (index.freshFrom ?? []) : [];
  // Never the name of one that was erased: what lies about of that must not be taken for this one's.
  const first = index?.erasedAt === undefined ? '' : `erased|${index.erasedAt}`;
  for (let before = after ?? first; ;) {
    const unique = createHash('sha256').update(`${conversation}|${before}`).digest('base64url').slice(0, 22);
    const sid = sessionIdOf(user.id, unique);
    // Also of somebody without an index: where it is behind, their first session may have gone to another page.
    const session = (await sessions.header(sid))?.session;
    if (session === undefined) return sid;
    if (!isFinal(session.status) && session.conversation === conversation && !left.includes(sid)) return sid;
    before = sid;
  }
}
