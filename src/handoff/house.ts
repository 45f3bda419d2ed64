import type { Clock } from '../clock.ts';
import type { Wording } from '../cards/wording.ts';
import type { SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import { whereOf } from './errors.ts';
import { agentCards, type AgentCards } from './agent-cards.ts';
import { agents as makeAgents, type Agents } from './agents.ts';
import type { BotLine } from './bot-line.ts';
import { customers as makeCustomers, type Customers } from './customers.ts';
import { customerTurns, type TakeCustomerTurn } from './customer-turn.ts';
import { delivery as makeDelivery } from './delivery.ts';
import { desk as makeDesk, type Desk } from './desk.ts';
import { feed as makeFeed } from './feed.ts';
import { sessions as makeSessions, type Outcome, type Sessions } from './handle.ts';
import { bulletin, type Bulletin } from './news.ts';
import type { AgentStore, AgentWire, CustomerWire, InboxStore, Leases, Log, SessionStore } from './ports.ts';
import { sweep as makeSweep } from './sweep.ts';

/** A widget as the house needs it: its rules, its work stream, its words. */
export interface WidgetRules {
  readonly rules: Rules;
  /** Whether anybody is asked to return here: the master switch. */
  readonly enabled: boolean;
  readonly stream: string;
  readonly words: Wording;
}

/** What the house is built over. */
export interface HouseParts {
  readonly stores: {
    readonly sessions: SessionStore;
    readonly agents: AgentStore;
    readonly inbox: InboxStore;
    readonly leases: Leases;
  };
  readonly customerWire: CustomerWire;
  readonly agentWire: AgentWire;
  /** Tells the bot what became of its handoff; see `BotLine`. */
  readonly botLine: BotLine;
  readonly clock: Clock;
  /** Settings of a widget; an unknown one gets the first widget's. */
  readonly widget: (id: string) => WidgetRules;
  /** Words for agents' cards. */
  readonly agentWords: Wording;
  /** At least 128 random bits, URL-safe, 22 characters; a new one at each call. */
  readonly unique: () => string;
  /** Signs prompts; the same on every instance. */
  readonly pepper: string;
  /** Names this instance in leases; unique per process. */
  readonly holder: string;
  readonly linkTo?: (sid: SessionId) => string | undefined;
  readonly log: Log;
}

/** One instance of the product, whole: every door goes through it. Stateless but for hints. */
export interface House {
  readonly sessions: Sessions;
  readonly customers: Customers;
  readonly agents: Agents;
  readonly desk: Desk;
  readonly takeCustomerTurn: TakeCustomerTurn;
  readonly news: Bulletin;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly widget: HouseParts['widget'];
  readonly clock: Clock;
  /** Starts the feed's readers and the sweep. */
  readonly start: () => void;
  /** Stops them, finishes what is under way and gives the leases back. */
  readonly stop: () => Promise<void>;
  /** Holds the sweep back; call the answer to let it go on. For a clock that jumps. */
  readonly pauseSweep: () => Promise<() => void>;
  /** Settles when this instance's feed reader has written what was committed before the call. */
  readonly caughtUp: () => Promise<void>;
}

/** Builds one instance over its parts. */
export function createHouse(parts: HouseParts): House {
  const { stores, clock, log } = parts;
  const rulesFor = (widget: string): Rules => parts.widget(widget).rules;
  const wordsOf = (header: { readonly session: { readonly widget: string } }): Wording =>
    parts.widget(header.session.widget).words;
  const news = bulletin();
  const agents = makeAgents(
    stores.agents,
    clock,
    async (sid) => (await stores.sessions.header(sid))?.value.session,
  );
  const pending = new Set<Promise<void>>();

  /** Everything that follows a commit of this instance, in commit order per session. */
  const tell = (outcome: Outcome): void => {
    news.tell({ header: outcome.header, entries: outcome.entries });
    delivery.owe(outcome);
    if (outcome.events.length === 0) return;
    cards.show(outcome);
    background('slots', outcome.header.session.id, () => agents.settle(outcome.header.session));
    background('bot', outcome.header.session.id, () => parts.botLine(outcome.header, outcome.events));
  };
  const background = (what: string, session: SessionId, run: () => Promise<void>): void => {
    const running: Promise<void> = run()
      .catch((reason: unknown) => log(`${what}.failed`, { session, reason: whereOf(reason) }))
      .finally(() => pending.delete(running));
    pending.add(running);
  };

  const sessions = makeSessions({ store: stores.sessions, clock, rulesFor, tell, holder: parts.holder });
  const delivery = makeDelivery({
    sessions,
    store: stores.sessions,
    wire: parts.customerWire,
    clock,
    wordsFor: wordsOf,
    onGone: (sid) =>
      background('gone', sid, async () => {
        await sessions.ask(sid, {
          actor: 'house',
          command: () => ({ type: 'customerLeft', cause: 'silent', at: clock.now() }),
        });
      }),
    log,
  });
  const cards: AgentCards = agentCards({
    sessions,
    store: stores.sessions,
    agents,
    wire: parts.agentWire,
    clock,
    words: parts.agentWords,
    linkTo: parts.linkTo ?? (() => undefined),
    log,
  });
  const customers = makeCustomers({
    sessions,
    store: stores.sessions,
    inbox: stores.inbox,
    agents,
    clock,
    rulesFor,
    isEnabled: (widget) => parts.widget(widget).enabled,
    wordsFor: wordsOf,
    pepper: parts.pepper,
  });
  const sweep = makeSweep({
    sessions,
    store: stores.sessions,
    inbox: stores.inbox,
    leases: stores.leases,
    clock,
    rulesFor,
    holder: parts.holder,
    log,
  });
  const feed = makeFeed({
    sessions,
    store: stores.sessions,
    inbox: stores.inbox,
    leases: stores.leases,
    agents,
    delivery,
    cards,
    sweep,
    news,
    clock,
    holder: parts.holder,
    log,
  });

  return {
    sessions,
    customers,
    agents,
    desk: makeDesk({ sessions, agents, clock, unique: parts.unique }),
    takeCustomerTurn: customerTurns({
      sessions,
      customers,
      agents,
      streamOf: (widget) => parts.widget(widget).stream,
      wordsFor: (widget) => parts.widget(widget).words,
      now: clock.now,
    }),
    news,
    store: stores.sessions,
    inbox: stores.inbox,
    widget: parts.widget,
    clock,
    start: () => {
      feed.start();
      sweep.start();
    },
    stop: async () => {
      await Promise.all([feed.stop(), sweep.stop()]);
      await Promise.all([...pending, cards.idle()]);
      await delivery.finish();
    },
    pauseSweep: sweep.pause,
    caughtUp: feed.caughtUp,
  };
}
