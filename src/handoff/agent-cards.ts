import { agentCard, agentCardSummary } from '../cards/agent-cards.ts';
import { agentCardView, type CardReading } from '../cards/agent-view.ts';
import type { Wording } from '../cards/wording.ts';
import type { AgentId, SessionId } from '../session/ids.ts';
import { rankAgents } from '../session/routing.ts';
import { isOpenToAll } from '../session/whose.ts';
import type { Clock } from '../clock.ts';
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

  const start = (sid: SessionId): void => {
    const next: Promise<void> = (running.get(sid) ?? Promise.resolve())
      .then(() => project(sid))
      .catch((reason: unknown) => log('cards.failed', { session: sid, reason: whereOf(reason) }))
      .finally(() => {
        if (running.get(sid) === next) running.delete(sid);
      });
    running.set(sid, next);
  };

  /** Shows each version that stands; a card that was sent is remembered until it is noted, so nobody gets a second. */
  const project = async (sid: SessionId): Promise<void> => {
    let cards: Header['cards'] = {};
    let shownVer = 0;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const seen = await sessions.header(sid);
      if (seen === undefined || !isCardBehind(seen)) return;
      const header = await sessions.claim(sid);
      if (header === undefined) return;
      cards = { ...header.cards, ...cards };
      if (shownVer < header.session.ver) {
        cards = await showAll({ ...header, cards });
        shownVer = header.session.ver;
      }
      await sessions.flush(sid, { cards, cardVer: shownVer });
    }
  };

  const showAll = async (header: Header): Promise<Header['cards']> => {
    const shown: Record<AgentId, string> = { ...header.cards };
    const reading = await given.read(header);
    for (const id of await audience(header)) {
      const activity = await showTo(id, header, reading);
      if (activity !== undefined) shown[id] = activity;
    }
    return shown;
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

  const showTo = async (id: AgentId, header: Header, reading: CardReading): Promise<string | undefined> => {
    const record = (await agents.everyone()).find((agent) => agent.id === id);
    const reaches = record?.reference !== undefined && record.blockedAt === undefined;
    if (!reaches || !isPermitted(record, given.clock.now())) return undefined;
    const view = agentCardView(header.session, id, reading);
    const words = given.wordsFor(header);
    const card = agentCard(view, words);
    const summary = agentCardSummary(view, words);
    const existing = header.cards[id];
    const sent =
      existing === undefined
        ? await wire.send(record.reference, card, summary)
        : await wire.update(record.reference, existing, card, summary);
    if (sent.outcome === 'gone' && sent.blocked === true) await agents.blocked(id);
    if (sent.outcome !== 'sent')
      log('cards.unsent', { session: header.session.id, agent: id, outcome: sent.outcome });
    return sent.outcome === 'sent' ? (existing ?? sent.id) : undefined;
  };

  return {
    show: (outcome) => {
      if (isCardBehind(outcome.header)) start(outcome.header.session.id);
    },
    catchUp: (header) => {
      if (isCardBehind(header)) start(header.session.id);
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
  };
}
