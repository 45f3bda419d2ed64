import type { Response } from 'restify';
import { isPermitted } from '../handoff/agents.ts';
import { recentlyUsed } from '../handoff/cache.ts';
import type { Header } from '../handoff/header.ts';
import type { House } from '../handoff/house.ts';
import type { Reading } from '../handoff/marks.ts';
import type { CustomerTyping, Told } from '../handoff/news.ts';
import type { AgentRecord } from '../handoff/roster.ts';
import { inAll, rowFor } from '../handoff/rows.ts';
import { SHOWN_MS } from '../handoff/typing.ts';
import type { SessionId } from '../session/ids.ts';
import type { Session } from '../session/session.ts';
import { linesOf } from './agent-lines.ts';

const BEAT_MS = 15_000;
/** So many sessions are known by the last thing decided of them. */
const SESSIONS = 500;

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
  const withMe = (then: (record: AgentRecord) => void): void => {
    house.agents.record(agent.id).then(
      (record) => {
        if (record === undefined || !isPermitted(record, clock.now())) res.end();
        else then((agent = record));
      },
      () => undefined,
    );
  };
  const tellMe = (): void => withMe((record) => send('me', given.me(record)));
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
    if (turnedTo === agent.id) tellMe();
    if (typing !== undefined) tellTyping(typing);
    if (header !== undefined) {
      const row = rowFor(header, agent.id);
      const { id, ver } = header.session;
      // Whoever sees all of them sees them change, whosever they are.
      if (agent.roles.includes('Chat.Supervisor')) send('all', inAll(header));
      send('row', {
        sid: id,
        ver,
        seq: header.seq,
        row: row ?? null,
        list: row?.list ?? null,
        ...marksFor(header),
      });
      // A word more changes nothing of how they stand.
      const isDecided = decided.get(id) !== ver;
      decided.set(id, ver);
      if (isDecided && header.session.agents.some((one) => one.id === agent.id)) soon();
    }
    for (const entry of entries ?? []) {
      whenReadable(entry.sid, (about) => {
        for (const line of linesOf(house, [entry], about)) send('line', line);
      });
    }
  };
  /** Slots are settled right after a change: one look a moment later serves many changes. */
  let waiting = false;
  const soon = (): void => {
    if (waiting) return;
    waiting = true;
    clock.after(250, () => {
      waiting = false;
      tellMe();
    });
  };

  let beat = (): void => undefined;
  const beating = (): void => {
    beat = clock.after(BEAT_MS, () => {
      if (isPermitted(agent, clock.now())) now();
      else withMe(now);
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
  });
}
