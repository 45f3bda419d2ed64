import { randomBytes } from 'node:crypto';
import type { Middleware } from 'botbuilder';
import { botTurns, type Bot, type BotTurns } from './adapters/botframework/bot-line.ts';
import { customerWire } from './adapters/botframework/customer-wire.ts';
import type { ProactiveAdapter } from './adapters/botframework/proactive.ts';
import { agentWire } from './adapters/teams/agent-wire.ts';
import { droppedFiles } from './adapters/teams/dropped-files.ts';
import { overrideFaults, overridesFor } from './cards/overrides.ts';
import { words } from './cards/wording.ts';
import { systemClock, type Clock } from './clock.ts';
import { agentTurns } from './handoff/agent-turn.ts';
import { cardPresses } from './handoff/card-press.ts';
import type { HouseParts, WidgetRules } from './handoff/house-parts.ts';
import { createHouse, type House } from './handoff/house.ts';
import type { OnInteraction } from './handoff/interaction-hook.ts';
import { looseLines } from './handoff/loose-line.ts';
import { middleware } from './handoff/middleware.ts';
import {
  observedAgentTurn,
  observedAgentWire,
  observedCustomerTurn,
  observedCustomerWire,
} from './handoff/observed.ts';
import type { Telemetry } from './handoff/telemetry.ts';
import type { FileParts } from './handoff/files.ts';
import type { OnErasure } from './handoff/privacy/erasures.ts';
import type { Log, TeamsPresence } from './handoff/ports.ts';
import type { SessionId } from './session/ids.ts';
import { SettingsError, wordingFaults, type Settings } from './settings/settings.ts';

/** What the middleware is made of. */
export interface ReconnectOptions {
  /** The framework's adapter; the middleware speaks through it unasked. */
  readonly adapter: ProactiveAdapter;
  /** The bot; it hears `handoff.status` and `reconnect/returned`, and greets in a fresh session. */
  readonly bot: Bot;
  /** The bot's Microsoft App id; empty only against the local house. */
  readonly appId: string;
  /** The store, as `cosmosStores` opens it. */
  readonly stores: HouseParts['stores'];
  readonly settings: Settings;
  /** Signs prompts and makes customer ids; at least 32 characters, the same on every instance. */
  readonly pepper: string;
  /** The one before, while it is being replaced: what it signed still holds, and whoever it named is found. */
  readonly previousPepper?: string;
  /** Where files are kept and where the channel's are fetched; without it nobody sends files. */
  readonly files?: FileParts & {
    /** Where what agents drop into the bot's chat lies, as `TEAMS_DOWNLOADS`; theirs in SharePoint unless told otherwise. */
    readonly dropsFrom?: readonly string[];
  };
  readonly clock?: Clock;
  readonly log?: Log;
  /** Hears what is measured, as `openTelemetry` makes it; left out, nothing is. */
  readonly telemetry?: Telemetry;
  /** How agents stand in Teams, as `graphPresence` reads it; left out, only what they say themselves counts. */
  readonly teamsPresence?: TeamsPresence;
  /**
   * How many cards and notes this instance sends into one Teams tenant in a second, at most; 20 where it is left out.
   * Teams takes about 50 of an app, so that all instances together should stay below that.
   */
  readonly teamsPerSecond?: number;
  /** Deep link into the inbox tab, for agents' cards. */
  readonly linkTo?: (sid: SessionId) => string | undefined;
  /** Hears of every chat that ended and had an agent, for a CRM; see `OnInteraction` for what is promised. */
  readonly onInteraction?: OnInteraction;
  /** Hears of every customer who was erased here, so that a CRM can follow. */
  readonly onErasure?: OnErasure;
}

/** The middleware, and the instance of the house behind it: `start` it with the server, `stop` it at the end. */
export interface Reconnect extends Middleware {
  readonly house: House;
  readonly greet: BotTurns['greet'];
}

/**
 * Makes the middleware that brings a customer whose chat broke off back to the same conversation and the same agent.
 * A stock `ActivityHandler` bot needs no other change; it asks for a person with the framework's own
 * `EventFactory.createHandoffInitiation`.
 *
 * @throws RangeError when the pepper is too short to sign with, or the stores keep things for another time than the settings say; SettingsError when a widget's own sentences do not fit.
 *
 * @example
 * const { retention } = settings;
 * const stores = cosmosStores({ endpoint, credential, database: 'reconnect', clock: systemClock, log, retention });
 * const middleware = reconnect({ adapter, bot, appId, stores, settings, pepper });
 * adapter.use(middleware);
 * middleware.house.start();
 */
export function reconnect(options: ReconnectOptions): Reconnect {
  const {
    adapter,
    bot,
    appId,
    stores,
    settings,
    pepper,
    clock = systemClock,
    log = () => undefined,
    telemetry,
  } = options;

  if (pepper.length < 32) throw new RangeError('pepper: needs at least 32 characters');
  if (JSON.stringify(stores.retention) !== JSON.stringify(settings.retention))
    throw new RangeError('stores: open them with `retention: settings.retention`');
  const linkTo = options.linkTo ?? (() => undefined);
  const turns = botTurns({ adapter, bot, appId, sessions: () => house.sessions });
  const toCustomers = customerWire(adapter, appId, clock);
  const toAgents = agentWire(adapter, appId, clock);
  const house: House = createHouse({
    stores,
    customerWire: telemetry === undefined ? toCustomers : observedCustomerWire(toCustomers, telemetry),
    agentWire: telemetry === undefined ? toAgents : observedAgentWire(toAgents, telemetry),
    telemetry,
    botLine: turns.tell,
    files: options.files && {
      fetchDropped: droppedFiles(adapter, appId, options.files.dropsFrom),
      ...options.files,
    },
    clock,
    widget: widgetReader(settings),
    agentCapacity: settings.agentCapacity,
    teamsPresence: options.teamsPresence,
    teamsPerSecond: options.teamsPerSecond,
    company: settings.company,
    cannedResponses: (stream) => settings.workStreams[stream]?.cannedResponses ?? [],
    streams: Object.keys(settings.workStreams),
    unique: () => randomBytes(12).toString('base64url'),
    ...{ pepper, previousPepper: options.previousPepper },
    holder: randomBytes(9).toString('base64url'),
    linkTo,
    ...(options.onInteraction && { onInteraction: options.onInteraction }),
    ...(options.onErasure && { onErasure: options.onErasure }),
    agentWords: words(AGENTS_SPEAK),
    log,
  });
  const { agents, desk, sessions, readForCard, story } = house;
  const agentWords = words(AGENTS_SPEAK);
  const takeAgentTurn = agentTurns({
    agents,
    looseLines: looseLines({
      ...{ agents, desk, sessions, log },
      files: house.files && house.dropped && { kept: house.files, dropped: house.dropped },
      inbox: house.inbox,
      words: agentWords,
      now: clock.now,
    }),
    press: cardPresses({
      ...{ agents, desk, sessions, readForCard, story, log },
      words: agentWords,
      wordsFor: (widget) => house.widget(widget).agentWords,
      now: clock.now,
    }),
  });
  return {
    ...middleware({
      takeCustomerTurn:
        telemetry === undefined
          ? house.takeCustomerTurn
          : observedCustomerTurn(house.takeCustomerTurn, telemetry),
      takeAgentTurn: telemetry === undefined ? takeAgentTurn : observedAgentTurn(takeAgentTurn, telemetry),
      ...{ clock, log },
    }),
    house,
    greet: turns.greet,
  };
}

/** The language of agents' cards and of their tab. */
const AGENTS_SPEAK = 'en';

/** Widgets by id; a conversation no page has named a widget for belongs to the first. */
function widgetReader(settings: Settings): (id: string) => WidgetRules {
  const faults = settings.widgets.flatMap((widget) => wordingFaults(widget, overrideFaults));
  if (faults.length > 0) throw new SettingsError(faults);
  const byId = new Map(
    settings.widgets.map((widget) => [
      widget.id,
      {
        rules: widget.rules,
        enabled: widget.reconnect.enabled,
        preview: widget.reconnect.preview,
        previewAgents: widget.reconnect.previewAgents,
        ...(widget.redirectUrl !== undefined && { redirectUrl: widget.redirectUrl }),
        ...(widget.portalUrl !== undefined && { portalUrl: widget.portalUrl }),
        ...(widget.pageHosts !== undefined && { pageHosts: widget.pageHosts }),
        stream: widget.workStream,
        files: widget.files,
        dispositions: settings.workStreams[widget.workStream]?.dispositions ?? [],
        suspendReasons: settings.workStreams[widget.workStream]?.suspendReasons ?? [],
        words: words(widget.language, overridesFor(widget.language, widget.wording)),
        agentWords: words(AGENTS_SPEAK, overridesFor(AGENTS_SPEAK, widget.wording)),
      },
    ]),
  );
  const first = byId.values().next().value;
  if (first === undefined) throw new RangeError('settings: need at least one widget');
  return (id) => byId.get(id) ?? first;
}
