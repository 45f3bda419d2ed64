import { agentCard, agentCardSummary } from '../cards/agent-cards.ts';
import { agentCardView, type CardReading } from '../cards/agent-view.ts';
import type { Wording } from '../cards/wording.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import { rankAgents } from '../session/routing.ts';
import { isOpenToAll } from '../session/whose.ts';
import type { Clock } from '../clock.ts';
import { recentlyUsed } from './cache.ts';
import { whereOf } from './errors.ts';
import { isPermitted, type Agents } from './agents.ts';
import type { Header } from './header.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { ReadForCard } from './card-reading.ts';
import type { AgentWire, Log } from './ports.ts';

/** Keeps the agents' cards true to the header: one card per session and agent, changed in place. */
export interface AgentCards {
  /** Takes up what a commit of this instance changed; returns at once. */
  readonly show: (outcome: Outcome) => void;
  /** Redoes cards that lag behind, unless another instance is at it; returns at once. */
  readonly catchUp: (header: Header) => void;
  readonly idle: () => Promise<void>;
}

/** How many agents are told of a new request by card; the tab shows it to everyone. */
const TOLD = 10;
const TRIES = 12;
const WARM_CARDS = 50_000;

/** Whether cards have yet to follow the session; one that no agent has been told of has none. */
export const isCardBehind = ({ session, cards, cardVer }: Header): boolean =>
  cardVer < session.ver && (session.status !== 'bot' || Object.keys(cards).length > 0);

/** Makes the cards' projection over the agents' wire. */
export function agentCards(given: {
  readonly sessions: Sessions;
  readonly agents: Agents;
  readonly wire: AgentWire;
  readonly clock: Clock;
  /** The agents' words for a session's widget. */
  readonly wordsFor: (header: Header) => Wording;
  readonly read: ReadForCard;
  readonly log: Log;
}): AgentCards {
  const { sessions, agents, wire, log } = given;
  const running = new Map<SessionId, Promise<void>>();
  /** Sessions with a card that must wait for its thread; at most one wake each. */
  const waiting = new Map<SessionId, () => void>();
  /** Which version this instance has shown to whom, and on which card: nobody is shown it again for another's sake. */
  const known = recentlyUsed<string, { readonly ver: number; readonly card?: string }>(
    WARM_CARDS,
    given.clock.now,
  );

  const start = (sid: SessionId): void => {
    const next: Promise<void> = (running.get(sid) ?? Promise.resolve())
      .then(() => project(sid))
      .catch((reason: unknown) => log('cards.failed', { session: sid, reason: whereOf(reason) }))
      .finally(() => {
        if (running.get(sid) === next) running.delete(sid);
      });
    running.set(sid, next);
  };

  /**
   * Shows what stands; a card that was sent is remembered until it is noted, so nobody gets a second. One whose thread
   * has to wait keeps the session behind, and holds up nobody else: what is shown then is what stands then.
   */
  const project = async (sid: SessionId): Promise<void> => {
    let cards: Header['cards'] = {};
    for (let tries = 0; tries < TRIES; tries += 1) {
      const seen = await sessions.header(sid);
      if (seen === undefined || !isCardBehind(seen)) return;
      const header = await sessions.claim(sid);
      if (header === undefined) return;
      const before = header.cards;
      const shown = await showAll({ ...header, cards: { ...before, ...cards } });
      cards = shown.cards;
      const isNew = Object.entries(cards).some(([id, card]) => before[id as AgentId] !== card);
      const { afterMs } = shown;
      if (afterMs !== undefined) {
        if (isNew) await sessions.flush(sid, { cards, cardVer: header.cardVer });
        showLater(sid, afterMs);
        return;
      }
      await sessions.flush(sid, { cards, cardVer: header.session.ver });
    }
  };

  const showLater = (sid: SessionId, afterMs: number): void => {
    if (waiting.has(sid)) return;
    const wake = (): void => {
      waiting.delete(sid);
      start(sid);
    };
    waiting.set(sid, given.clock.after(afterMs, wake));
  };

  /** Every thread by itself: one that hangs or waits is no other's concern. */
  const showAll = async (
    header: Header,
  ): Promise<{ readonly cards: Header['cards']; readonly afterMs: number | undefined }> => {
    const reading = await given.read(header);
    const ids = await audience(header);
    const shown = await Promise.all(ids.map(async (id) => ({ id, ...(await showTo(id, header, reading)) })));
    const sent = shown.flatMap(({ id, card }) => (card === undefined ? [] : [[id, card] as const]));
    const waits = shown.flatMap(({ afterMs }) => (afterMs === undefined ? [] : [afterMs]));
    return {
      cards: { ...header.cards, ...Object.fromEntries(sent) },
      afterMs: waits.length === 0 ? undefined : Math.min(...waits),
    };
  };

  /** Everyone who has a card, whoever has the session now, and for a new request those who could take it. */
  const audience = async (header: Header): Promise<readonly AgentId[]> => {
    const { session } = header;
    const ids = new Set<AgentId>(Object.keys(header.cards) as AgentId[]);
    if (session.previous !== undefined && session.status !== 'queued') ids.add(session.previous.id);
    if (isOpenToAll(session)) {
      const ranked = rankAgents(await agents.states(), {
        stream: session.stream,
        declinedBy: session.status === 'queued' ? session.declinedBy : [],
        ...(session.previous !== undefined && { previous: session.previous.id }),
      });
      for (const agent of ranked.slice(0, TOLD)) ids.add(agent.id);
    }
    if (session.status === 'resuming') ids.add(session.asked.id);
    for (const guest of session.guests ?? []) ids.add(guest.id);
    return [...ids];
  };

  const showTo = async (
    id: AgentId,
    header: Header,
    reading: CardReading,
  ): Promise<{ readonly card?: string; readonly afterMs?: number }> => {
    const { session } = header;
    const key = `${session.id}|${id}`;
    const before = known.get(key);
    if (before?.ver === session.ver) return before.card === undefined ? {} : { card: before.card };
    const record = await agents.lately(id);
    const reaches = record?.reference !== undefined && record.blockedAt === undefined;
    if (!reaches || !isPermitted(record, given.clock.now())) return {};
    const view = agentCardView(session, id, reading);
    const words = given.wordsFor(header);
    const card = agentCard(view, words);
    const summary = agentCardSummary(view, words);
    const existing = header.cards[id] ?? before?.card;
    const sent =
      existing === undefined
        ? await wire.send(record.reference, card, summary)
        : await wire.update(record.reference, existing, card, summary);
    if (sent.outcome === 'gone' && sent.blocked === true) await agents.blocked(id);
    if (sent.outcome === 'later') return { afterMs: sent.afterMs };
    const shown = existing ?? (sent.outcome === 'sent' ? sent.id : undefined);
    known.set(key, { ver: session.ver, ...(shown !== undefined && { card: shown }) });
    if (sent.outcome !== 'sent')
      log('cards.unsent', { session: session.id, agent: id, outcome: sent.outcome });
    return shown === undefined ? {} : { card: shown };
  };

  return {
    show: (outcome) => {
      if (isCardBehind(outcome.header)) start(outcome.header.session.id);
    },
    catchUp: (header) => {
      if (isCardBehind(header)) start(header.session.id);
    },
    idle: async () => {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
