import type { CannedResponse } from '../session/canned.ts';
import type { FileRules } from '../session/files.ts';
import type { AgentId } from '../session/ids.ts';
import type { Hours } from '../session/hours.ts';
import type { Retention } from '../session/retention.ts';
import type { Rules } from '../session/rules.ts';

/** Settings that were read and hold together; durations in ms. */
export interface Settings {
  readonly company: string;
  /** How many sessions an agent may have of whom no supervisor has said otherwise. */
  readonly agentCapacity: number;
  /** How long what a session leaves is kept. */
  readonly retention: Retention;
  readonly workStreams: Readonly<Record<string, WorkStream>>;
  /** In the order given; the first serves conversations no page has named a widget for. */
  readonly widgets: readonly Widget[];
  /** Origins besides the portals' whose pages may use the chat. */
  readonly sites: readonly string[];
  /** Whose tokens tell who a customer is. */
  readonly signIn: readonly SignIn[];
}
/** A site's sign-in, and the keys its tokens are signed with: where they are published, or the one key as SPKI in PEM. */
export interface SignIn {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: { readonly jwksUrl: string } | { readonly publicKey: string };
}
export interface WorkStream {
  readonly id: string;
  readonly autoCloseMs: number;
  /** What may come of a chat, in the order in which agents are offered it. */
  readonly dispositions: readonly string[];
  /** Why a chat is set aside, likewise; agents may always give another reason. */
  readonly suspendReasons: readonly string[];
  /** The longest anybody should wait in its line; absent: no target. */
  readonly queueTargetMs?: number;
  /** When it is open; absent = always. */
  readonly hours?: Hours;
  /** What every agent of it can say from the start; supervisors add to it in the tab. */
  readonly cannedResponses?: readonly CannedResponse[];
}
export interface Widget {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly workStream: string;
  readonly reconnect: {
    readonly enabled: boolean;
    readonly preview: boolean;
    /** Whom a preview serves; at least one while it is on. */
    readonly previewAgents: readonly AgentId[];
  };
  /** Where the widget is deployed; links are built from it. It has no fragment. */
  readonly portalUrl?: string;
  readonly redirectUrl?: string;
  /** Hosts whose pages an agent can show beside the chat; `*.` in front means all below it. */
  readonly pageHosts?: readonly string[];
  readonly files: FileRules;
  /** Sentences of its own, by language and key. */
  readonly wording?: OwnWording;
  readonly rules: Rules;
}

/** Sentences by language (BCP 47) and by the keys of the sentences they replace. */
export type OwnWording = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Tells which sentences of a widget's own cannot be used: where each stands in `wording`, and the rule it breaks. */
export type CheckWording = (
  wording: OwnWording,
) => readonly { readonly at: readonly string[]; readonly rule: string }[];
