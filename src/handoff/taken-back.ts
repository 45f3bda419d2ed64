import type { Entry } from '../session/ledger.ts';
import type { Header } from './header.ts';
import type { SessionStore } from './ports.ts';

/** The chat that its agent took back into this one, and what was said there; `undefined` for any other chat. */
export async function takenBackInto(
  store: Pick<SessionStore, 'header' | 'entries'>,
  { session }: Header,
  last?: number,
): Promise<{ readonly header: Header; readonly entries: readonly Entry[] } | undefined> {
  const { follows } = session;
  if (follows === undefined) return undefined;
  const header = (await store.header(follows))?.value;
  // One that its customer only lets be read here is another chat, and stays apart.
  if (header?.session.status !== 'closed' || header.session.followedBy !== session.id) return undefined;
  const page = { upTo: header.seq, ...(last !== undefined && { last }) };
  return { header, entries: await store.entries(follows, page) };
}
