import type { Response } from 'restify';
import { isPermitted } from '../handoff/agents.ts';
import { recentlyUsed } from '../handoff/cache.ts';
import type { Header } from '../handoff/header.ts';
import type { House } from '../handoff/house.ts';
import type { Reading } from '../handoff/marks.ts';
import type { CustomerTyping, Told } from '../handoff/news.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { placed, settled } from '../handoff/places.ts';
import { inAll, rowFor } from '../handoff/rows.ts';
import { SHOWN_MS } from '../handoff/typing.ts';
import type { SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { linesOf } from './agent-lines.ts';

const BEAT_MS = 15_000;
/** So many sessions are known by the last thing decided of them. */
const SESSIONS = 500;
/** After a change the places of its agents are settled, usually by then, ms. */
const FIRST_LOOK_MS = 250;
/** Whoever settles them may be slow, have to try again, or have died: looked at no more seldom than so, ms. */
const SELDOM_LOOK_MS = 16_000;

/**
 * Streams to one tab what changes: rows of its lists, lines of sessions its agent may read, the agent's own standing,
 * and the time. Nothing is replayed: after a gap the tab reads its lists again.
 */
export function agentStream(
  given: {
    readonly house: House;
    readonly agent: AgentRecord;
    readonly me: (record: AgentRecord) => unknown;
  },
  res: Response,
): void {
  const { house } = given;
  let { agent } = given;
  const { clock } = house;
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  let isOpen = true;
  const send = (event: string, data: unknown): void => {
    // What was still being read when the tab went comes too late; writing it would be an error nobody catches.
    if (isOpen) res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  const now = (): void => send('now', { now: clock.now() });

  /** Who is no agent any more is told nothing more: the tab asks again, and hears why. */
  const withMe = async (then: (record: AgentRecord) => void): Promise<void> => {
    try {
      const record = await house.agents.record(agent.id);
      if (record === undefined || !isPermitted(record, clock.now())) res.end();
      else then((agent = record));
    } catch {
      // The store does not answer: what is shown stays until it does.
    }
  };
  const tellMe = (): Promise<void> => withMe((record) => send('me', given.me(record)));
  const marksFor = (header: Header): { readonly marks?: Reading } =>
    house.desk.mayRead(agent, header.session) ? { marks: house.sessions.readingOf(header) } : {};
  const tellTyping = ({ sid, at }: CustomerTyping): void => {
    // A feed that lags tells of what is over.
    if (clock.now() - at > SHOWN_MS) return;
    whenReadable(sid, ({ status }) => {
      if (status === 'active') send('typing', { sid, at });
    });
  };
  const whenReadable = (sid: SessionId, then: (session: Session) => void): void => {
    void house.sessions.header(sid).then(
      (about) => {
        if (about !== undefined && house.desk.mayRead(agent, about.session)) then(about.session);
      },
      () => undefined,
    );
  };
  const decided = recentlyUsed<SessionId, number>(SESSIONS, clock.now);
  const tell = ({ agent: turnedTo, header, entries, typing, gone = [] }: Told): void => {
    // No news of it can come later.
    for (const sid of gone) send('row', { sid, ver: Number.MAX_SAFE_INTEGER, seq: 0, row: null, list: null });
    if (turnedTo === agent.id) void tellMe();
    if (typing !== undefined) tellTyping(typing);
    if (header !== undefined) {
      const row = rowFor(header, agent.id);
      const { id, ver } = header.session;
      // Whoever sees all of them sees them change, whosever they are.
      if (agent.roles.includes('Chat.Supervisor')) send('all', inAll(header));
      const marks = marksFor(header);
      // A word more changes nothing of how they stand, and what is told late is over.
      const isDecided = ver > (decided.get(id) ?? -1);
      if (isDecided) decided.set(id, ver);
      // Of whose chats they may not read, one word is enough that they are not theirs: there are more of those than of all others.
      if (row !== undefined || isDecided || marks.marks !== undefined)
        send('row', { sid: id, ver, seq: header.seq, row: row ?? null, list: row?.list ?? null, ...marks });
      if (isDecided && placed(header.session).has(agent.id)) soon(header.session);
    }
    for (const entry of entries ?? []) {
      whenReadable(entry.sid, (about) => {
        for (const line of linesOf(house, [entry], about)) send('line', line);
      });
    }
  };
  /** What is known of sessions whose place the agent's own record does not show yet. */
  const unsettled = new Map<SessionId, Session>();
  let looks: { readonly inMs: number; readonly cancel: () => void } | undefined;
  /** One look a moment later serves many changes. */
  const soon = (session: Session): void => {
    unsettled.set(session.id, session);
    if (looks?.inMs === FIRST_LOOK_MS) return;
    looks?.cancel();
    lookIn(FIRST_LOOK_MS);
  };
  /** Looks until the record says what the sessions say, ever more seldom. */
  const lookIn = (inMs: number): void => {
    const cancel = clock.after(inMs, () => {
      looks = undefined;
      void tellMe().then(() => {
        for (const session of unsettled.values())
          if (settled(agent, session, clock.now()) === undefined) unsettled.delete(session.id);
        // What changed while it was being read is looked at soon enough.
        if (isOpen && looks === undefined && unsettled.size > 0) lookIn(Math.min(2 * inMs, SELDOM_LOOK_MS));
      });
    });
    looks = { inMs, cancel };
  };

  let beat = (): void => undefined;
  const beating = (): void => {
    beat = clock.after(BEAT_MS, () => {
      if (isPermitted(agent, clock.now())) now();
      else void withMe(now);
      beating();
    });
  };
  const stop = house.news.listen(tell);
  // That it is open is the sign that its agent is there.
  const closed = house.agents.opened(agent.id);
  beating();
  send('hello', { now: clock.now() });
  res.on('close', () => {
    isOpen = false;
    closed();
    stop();
    beat();
    looks?.cancel();
  });
}
