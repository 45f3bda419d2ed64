// Long, because the whole house is wired in one file: who needs whom is read here and nowhere else.
import type { Clock } from '../clock.ts';
import type { LineReading } from '../cards/line.ts';
import type { Wording } from '../cards/wording.ts';
import { serves } from '../session/asked-back.ts';
import type { ConversationId, SessionId } from '../session/ids.ts';
import type { Retention } from '../session/retention.ts';
import type { Rules } from '../session/rules.ts';
import { isAnyoneOn } from '../session/routing.ts';
import type { Session } from '../session/session.ts';
import { whereOf } from './errors.ts';
import { agentCards, type AgentCards } from './agent-cards.ts';
import { agentReminders } from './agent-reminders.ts';
import { pacedWire } from './paced-wire.ts';
import { adoption as makeAdoption, type Adoption } from './adoption.ts';
import { agents as makeAgents, type Agents } from './agents.ts';
import { cannedResponses, type Canned } from './canned.ts';
import { cardReader, type ReadForCard } from './card-reading.ts';
import { customers as makeCustomers, type Customers } from './customers.ts';
import { customerTurns, type TakeCustomerTurn } from './customer-turn.ts';
import { delivery as makeDelivery } from './delivery.ts';
import { colleagues, colleaguesHere } from './colleagues.ts';
import { desk as makeDesk, type Desk } from './desk.ts';
import { feed as makeFeed } from './feed.ts';
import { droppedFiles, type DroppedFiles } from './dropped-files.ts';
import { files as makeFiles, type Files } from './files.ts';
import { finder } from './links-find.ts';
import type { HouseParts } from './house-parts.ts';
import { interactionHook } from './interaction-hook.ts';
import { interactions as makeInteractions, type Interactions } from './interactions.ts';
import { limits } from './links-limits.ts';
import { redemptions as makeRedemptions, type Redemptions } from './links-redeem.ts';
import { secretsOf } from './links-secrets.ts';
import { usingKeys } from './links-use.ts';
import { links as makeLinks, type Links } from './links.ts';
import { sessions as makeSessions, type Outcome, type Sessions } from './handle.ts';
import type { CustomerReference, Header } from './header.ts';
import { bulletin, type Bulletin } from './news.ts';
import type { InboxStore, SessionStore } from './ports.ts';
import { isStillHere } from './presence.ts';
import { observedDesk } from './observed.ts';
import { queueLengths } from './queue-lengths.ts';
import { eraser } from './privacy/erase.ts';
import { ending, erasures as makeErasures, type Erasures } from './privacy/erasures.ts';
import { privacy, type Privacy } from './privacy/privacy.ts';
import { retaining } from './privacy/retain.ts';
import { queueTarget } from './queue-target.ts';
import { withRecentWords } from './recent-words.ts';
import { storyReader, type ReadStory } from './story.ts';
import { sweep as makeSweep } from './sweep.ts';
import { takingUp, type TakingUp } from './taking-up.ts';
import { turned } from './turned.ts';
import { typing as makeTyping, type Typing } from './typing.ts';

/** One instance of the product, whole: every door goes through it. Stateless but for hints. */
export interface House {
  readonly sessions: Sessions;
  readonly customers: Customers;
  readonly takingUp: TakingUp;
  readonly adopt: Adoption['adopt'];
  readonly agents: Agents;
  readonly desk: Desk;
  readonly canned: Canned;
  readonly files: Files | undefined;
  readonly dropped: DroppedFiles | undefined;
  readonly links: Links;
  readonly redemptions: Redemptions;
  readonly takeCustomerTurn: TakeCustomerTurn;
  readonly typing: Typing;
  readonly interactions: Interactions;
  readonly erasures: Erasures;
  readonly retention: Retention;
  readonly privacy: Privacy;
  readonly news: Bulletin;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly widget: HouseParts['widget'];
  readonly readForCard: ReadForCard;
  readonly story: ReadStory;
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
  const linkTo = parts.linkTo ?? (() => undefined);
  const news = bulletin();
  const inbox = withRecentWords(stores.inbox, news, clock.now);
  const lookAtSessionsOf = turned(inbox, clock);
  const agents = makeAgents({
    store: stores.agents,
    leases: stores.leases,
    ...{ clock, log },
    holder: parts.holder,
    capacity: parts.agentCapacity ?? 5,
    teamsPresence: parts.teamsPresence,
    latestOf: async (sid) => (await stores.sessions.header(sid))?.value.session,
    onTurn: (agent) => background('turned', undefined, () => lookAtSessionsOf(agent)),
    onChanged: (agent) => {
      news.tell({ agent });
      background('told', undefined, () => stores.sessions.turnTo(agent, clock.now()));
    },
  });
  const pending = new Set<Promise<void>>();

  /** Everything that follows a commit of this instance, in commit order per session. */
  const tell = (outcome: Outcome): void => {
    news.tell({ header: outcome.header, entries: outcome.entries });
    delivery.owe(outcome);
    if (outcome.events.length === 0) return;
    cards.show(outcome);
    if (outcome.events.some(({ type }) => type === 'queued')) offerWhereNobodyIsOn(outcome.header.session);
    background('reminders', outcome.header.session.id, () => remind(outcome));
    background('slots', outcome.header.session.id, () => agents.settle(outcome.header.session));
    background('bot', outcome.header.session.id, () => parts.botLine(outcome.header, outcome.events));
  };
  /** Whoever waits where nobody is on need not wait for the limit to hear of it. */
  const offerWhereNobodyIsOn = ({ id, stream }: Session): void =>
    background('nobodyOn', id, async () => {
      if (isAnyoneOn(await agents.states(), stream)) return;
      await sessions.ask(id, { actor: 'house', command: () => ({ type: 'offerMessage' }) });
    });
  const noteAsked = async (sid: SessionId, conversation: ConversationId): Promise<void> => {
    const isNews = await stores.sessions.noteAsked(sid, conversation, clock.now());
    const widget = (await sessions.header(sid))?.session.widget;
    if (isNews && widget !== undefined) parts.telemetry?.tell({ kind: 'promptShown', widget });
  };
  /** A page that still shows it asks at once where it stands, instead of with its next beat. No part of any ledger. */
  const tellLeft = async (from: CustomerReference): Promise<void> => {
    await parts.customerWire(from, { type: 'event', name: 'reconnect/moved' });
  };
  const background = (what: string, session: SessionId | undefined, run: () => Promise<void>): void => {
    const running: Promise<void> = run()
      .catch((reason: unknown) => log(`${what}.failed`, { session, reason: whereOf(reason) }))
      .finally(() => pending.delete(running));
    pending.add(running);
  };

  const { telemetry } = parts;
  const sessions = makeSessions({
    ...{ store: stores.sessions, clock, rulesFor, tell, holder: parts.holder },
    observe: telemetry && ((change) => telemetry.tell({ kind: 'changed', ...change })),
  });
  const { pepper, previousPepper } = parts;
  const peppers = { pepper, previousPepper };
  const files =
    parts.files &&
    makeFiles({
      ...{ ...parts.files, ...peppers, clock, log },
      sessions: stores.sessions,
      rulesFor: (widget) => parts.widget(widget).files,
    });
  const dropped =
    parts.files?.fetchDropped &&
    droppedFiles({
      ...{ ...peppers, clock, log, holder: parts.holder, leases: stores.leases },
      store: parts.files.store,
      fetch: parts.files.fetchDropped,
    });
  const fileUrl = files && ((...[sid, seq, place]: FileAt) => files.links.give({ sid, seq, place }));
  const secrets = secretsOf(peppers);
  const links = makeLinks({
    ...{ sessions, clock, rulesFor, secrets },
    store: stores.sessions,
    lookups: stores.lookups,
    widget: parts.widget,
  });
  const delivery = makeDelivery({
    sessions,
    store: stores.sessions,
    wire: parts.customerWire,
    clock,
    wordsFor: wordsOf,
    linkOf: links.shownTo,
    fileUrl,
    stateOf: (header, place) => customers.standing.stateWith(header, { place }),
    onGone: (sid) =>
      background('gone', sid, async () => {
        await sessions.ask(sid, {
          actor: 'house',
          command: () => ({ type: 'customerLeft', cause: 'silent', at: clock.now() }),
        });
      }),
    log,
  });
  const canned = cannedResponses({
    ...{
      store: stores.shelves,
      unique: parts.unique,
      now: clock.now,
      company: parts.company,
      canLink: links.canGive,
    },
    fromSettings: parts.cannedResponses,
    wordsFor: (widget) => parts.widget(widget).words,
  });
  const readForCard = cardReader({
    store: stores.sessions,
    now: clock.now,
    rulesFor,
    canLink: links.canGive,
    isPreview: (widget) => parts.widget(widget).preview,
    suspendReasons: (widget) => parts.widget(widget).suspendReasons,
    dispositions: (widget) => parts.widget(widget).dispositions,
    linkTo,
    canShowPages: (widget) => (parts.widget(widget).pageHosts ?? []).length > 0,
    cannedFor: canned.best,
    others: async () => ({ agents: await colleaguesHere(agents), streams: parts.streams }),
  });
  const teams = pacedWire(parts.agentWire, clock, parts.teamsPerSecond);
  const agentWordsOf = ({ session }: Header): Wording => parts.widget(session.widget).agentWords;
  const remind = agentReminders({ agents, wire: teams, clock, wordsFor: agentWordsOf, log });
  const cards: AgentCards = agentCards({
    sessions,
    agents,
    wire: teams,
    clock,
    wordsFor: agentWordsOf,
    read: readForCard,
    log,
  });
  const customers = makeCustomers({
    sessions,
    store: stores.sessions,
    inbox,
    agents,
    clock,
    rulesFor,
    offers: (widget, agent) => serves(parts.widget(widget), agent),
    isPreview: (widget) => parts.widget(widget).preview,
    streamOf: (widget) => parts.widget(widget).stream,
    redirectUrl: (widget) => parts.widget(widget).redirectUrl,
    wordsFor: wordsOf,
    linkOf: links.shownTo,
    fileUrl,
    onLeft: (from) => background('moved', undefined, () => tellLeft(from)),
    observe: telemetry?.tell,
    ...peppers,
  });
  const { returning, standing, tooLate } = customers;
  const redemptions = makeRedemptions({
    ...{ sessions, clock, log },
    observe: telemetry?.tell,
    find: finder({
      ...{ sessions, returning, secrets, clock, rulesFor },
      store: stores.sessions,
      lookups: stores.lookups,
      isServed: ({ widget, previous }) => serves(parts.widget(widget), previous),
    }),
    keys: usingKeys({ ...{ links, secrets, returning, standing, clock }, store: stores.sessions }),
    limits: limits(stores.lookups, clock),
    endedOf: tooLate.endedOf,
    linesOf: standing.linesOf,
  });
  const adoption = makeAdoption(sessions);
  const typing = makeTyping({
    ...{ sessions, news, clock },
    store: stores.sessions,
    wire: parts.customerWire,
  });
  const sweep = makeSweep({
    sessions,
    store: stores.sessions,
    inbox,
    leases: stores.leases,
    clock,
    rulesFor,
    noticed: agents.noticed,
    catchUp: (header) => {
      delivery.catchUp(header);
      cards.catchUp(header);
    },
    queueTarget: queueTarget({ sessions, agents, clock, rulesFor }),
    retaining: retaining({
      ...{ clock, log },
      store: stores.sessions,
      holdings: stores.holdings,
      files: parts.files?.store,
      retention: stores.retention,
    }),
    telemetry,
    holder: parts.holder,
    log,
  });
  const hook =
    parts.onInteraction &&
    interactionHook({ store: stores.interactions, call: parts.onInteraction, clock, log });
  const interactions = makeInteractions({
    store: stores.interactions,
    sessions: stores.sessions,
    linkTo,
    hook,
    log,
  });
  const erasures = makeErasures({
    eraser: eraser({
      ...{ clock, log },
      store: stores.sessions,
      holdings: stores.holdings,
      agents: stores.agents,
      files: parts.files?.store,
      forget: (customer) => news.tell({ gone: sessions.erase(customer) }),
      end: ending({ sessions, store: stores.sessions, clock }),
      unique: parts.unique,
    }),
    ...{ agents, clock, log },
    holdings: stores.holdings,
    wire: teams,
    words: parts.agentWords,
    call: parts.onErasure,
  });
  const feed = makeFeed({
    sessions,
    store: stores.sessions,
    inbox,
    leases: stores.leases,
    agents,
    delivery,
    cards,
    sweep,
    adoption,
    interactions,
    hook,
    erasures,
    news,
    observe: telemetry?.tell,
    clock,
    holder: parts.holder,
    log,
  });

  const lengths =
    telemetry &&
    queueLengths({
      ...{ waitingIn: standing.waitingIn, streams: parts.streams, leads: sweep.leads },
      ...{ tell: telemetry.tell, clock, log },
    });
  const desk = makeDesk({
    ...{ sessions, agents, links, canned, clock, unique: parts.unique },
    seen: (record) => background('seen', undefined, () => agents.seen(record)),
    dispositionsOf: (widget) => parts.widget(widget).dispositions,
    pageHosts: (widget) => parts.widget(widget).pageHosts ?? [],
    onCanned: (agent, session, id) =>
      background('canned', session.id, () => canned.said(agent.id, session.stream, id)),
    isCustomerHere: async (session) => {
      const presence = await stores.sessions.presence(session.customer, session.conversation);
      return isStillHere(presence, session, clock.now(), rulesFor(session.widget));
    },
    findColleague: colleagues(agents, parts.streams),
  });

  return {
    sessions,
    customers,
    takingUp: takingUp({ sessions, customers, store: stores.sessions }),
    adopt: adoption.adopt,
    agents,
    desk: telemetry === undefined ? desk : observedDesk(desk, telemetry),
    canned,
    files,
    dropped,
    links,
    redemptions,
    takeCustomerTurn: customerTurns({
      sessions,
      customers,
      agents,
      files,
      unique: parts.unique,
      streamOf: (widget) => parts.widget(widget).stream,
      wordsFor: (widget) => parts.widget(widget).words,
      // For the flight recorder, once it was shown: nobody's turn waits for it, or fails by it.
      onAsked: (sid, conversation) => background('asked', sid, () => noteAsked(sid, conversation)),
      // Nobody's turn waits for it, or fails by it.
      onTyping: (sid) => background('typing', sid, () => typing.customer(sid)),
      now: clock.now,
    }),
    typing,
    interactions,
    erasures,
    retention: stores.retention,
    privacy: privacy({
      ...{ clock, interactions: stores.interactions, references: interactions, wordsOf: parts.widget },
      store: stores.sessions,
      holdings: stores.holdings,
      lookups: stores.lookups,
      unique: parts.unique,
    }),
    news,
    store: stores.sessions,
    inbox,
    widget: parts.widget,
    readForCard,
    story: storyReader({
      store: stores.sessions,
      wordsFor: (widget) => parts.widget(widget).agentWords,
      now: clock.now,
    }),
    clock,
    start: () => {
      feed.start();
      sweep.start();
      dropped?.start();
      lengths?.start();
    },
    stop: async () => {
      dropped?.stop();
      lengths?.stop();
      await agents.stop().catch((reason: unknown) => log('life.unstopped', { reason: whereOf(reason) }));
      await Promise.all([feed.stop(), sweep.stop()]);
      await Promise.all([...pending, cards.idle()]);
      await delivery.finish();
    },
    pauseSweep: sweep.pause,
    caughtUp: feed.caughtUp,
  };
}

type FileAt = Parameters<NonNullable<LineReading['fileUrl']>>;
