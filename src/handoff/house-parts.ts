import type { Wording } from '../cards/wording.ts';
import type { Clock } from '../clock.ts';
import type { Serving } from '../session/asked-back.ts';
import type { CannedResponse } from '../session/canned.ts';
import type { FileRules } from '../session/files.ts';
import type { SessionId } from '../session/ids.ts';
import type { Retention } from '../session/retention.ts';
import type { Rules } from '../session/rules.ts';
import type { BotLine } from './bot-line.ts';
import type { FileParts } from './files.ts';
import type { OnInteraction } from './interaction-hook.ts';
import type { Peppers } from './peppers.ts';
import type {
  AgentStore,
  AgentWire,
  CustomerWire,
  InboxStore,
  InteractionStore,
  Leases,
  Log,
  Lookups,
  SessionStore,
  Shelves,
  TeamsPresence,
} from './ports.ts';
import type { OnErasure } from './privacy/erasures.ts';
import type { HoldingsStore } from './privacy/holdings.ts';
import type { Telemetry } from './telemetry.ts';

/** A widget as the house needs it: its rules, its work stream, its words. */
export interface WidgetRules extends Serving {
  readonly rules: Rules;
  /** Where a customer is sent who comes back too late, having been cut off. */
  readonly redirectUrl?: string;
  /** Where the widget is deployed: reconnect links are built from it. Without it no link can be given. */
  readonly portalUrl?: string;
  /** Hosts whose pages an agent can show there; without any, none can be shown. */
  readonly pageHosts?: readonly string[];
  readonly stream: string;
  readonly files: FileRules;
  /** What its work stream says may come of a chat. */
  readonly dispositions: readonly string[];
  /** Why a chat may be set aside, as its work stream offers it. */
  readonly suspendReasons: readonly string[];
  /** Words for its customers, in its language. */
  readonly words: Wording;
  /** Words for the agents of its chats, in theirs. */
  readonly agentWords: Wording;
}

/** What the house is built over. */
export interface HouseParts extends Peppers {
  readonly stores: {
    readonly sessions: SessionStore;
    readonly agents: AgentStore;
    readonly inbox: InboxStore;
    readonly interactions: InteractionStore;
    readonly leases: Leases;
    readonly lookups: Lookups;
    readonly shelves: Shelves;
    readonly holdings: HoldingsStore;
    /** How long what a session leaves is kept there. */
    readonly retention: Retention;
  };
  readonly customerWire: CustomerWire;
  readonly agentWire: AgentWire;
  /** Tells the bot what became of its handoff; see `BotLine`. */
  readonly botLine: BotLine;
  /** Without them nobody sends files: what a customer attaches stays where the channel keeps it. */
  readonly files?: FileParts | undefined;
  readonly clock: Clock;
  /** The work streams there are. */
  readonly streams: readonly string[];
  /** Settings of a widget; an unknown one gets the first widget's. */
  readonly widget: (id: string) => WidgetRules;
  readonly company: string;
  /** What the settings give the agents of a work stream to say. */
  readonly cannedResponses: (stream: string) => readonly CannedResponse[];
  /** At least 128 random bits, URL-safe, 22 characters; a new one at each call. */
  readonly unique: () => string;
  /** Names this instance in leases; unique per process. */
  readonly holder: string;
  /** How agents stand in Teams; left out, only what they say themselves counts. */
  readonly teamsPresence?: TeamsPresence | undefined;
  /** How many sessions an agent may have of whom no supervisor has said it; 5 where it is left out. */
  readonly agentCapacity?: number;
  /** How many cards and notes this instance sends into one Teams tenant in a second, at most; 20 where it is left out. */
  readonly teamsPerSecond?: number | undefined;
  readonly linkTo?: (sid: SessionId) => string | undefined;
  /** Hears what is measured; left out, nothing is. */
  readonly telemetry?: Telemetry | undefined;
  /** Hears of every session that ended and had an agent. */
  readonly onInteraction?: OnInteraction;
  /** Hears of every customer who was erased. */
  readonly onErasure?: OnErasure;
  /** What agents read in place of a card whose customer was erased. */
  readonly agentWords: Wording;
  readonly log: Log;
}
