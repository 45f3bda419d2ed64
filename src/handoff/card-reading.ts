import type { CardReading, LinkLasts, Others } from '../cards/agent-view.ts';
import type { SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Rules } from '../session/rules.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { returnableUntil } from '../session/suspension.ts';
import { agentOf } from '../session/whose.ts';
import type { Header } from './header.ts';
import type { SessionStore } from './ports.ts';
import { customerName } from './rows.ts';

/** Reads what an agent's card of a session shows besides the session; at most one request to the store, and one for canned responses. */
export type ReadForCard = (header: Header) => Promise<CardReading>;

/** Among so many last entries the notices are looked for that a card tells of. */
const RECENT = 50;

/** Makes the reader. */
export const cardReader =
  (given: {
    readonly store: Pick<SessionStore, 'entries'>;
    readonly now: () => number;
    readonly rulesFor: (widget: string) => Rules;
    /** Whether links can be given in a session. */
    readonly canLink: (session: Session) => boolean;
    /** Whether coming back is only tried out in a widget. */
    readonly isPreview: (widget: string) => boolean;
    readonly suspendReasons: (widget: string) => readonly string[];
    /** What may come of a chat. */
    readonly dispositions: (widget: string) => readonly string[];
    readonly canShowPages: (widget: string) => boolean;
    /** What this agent can say by choosing it. */
    readonly cannedFor: (agent: AgentRef, session: Session) => Promise<CardReading['canned']>;
    /** Who a session can be handed to, or asked into, now. */
    readonly others: () => Promise<Others>;
    /** Deep link into the tab, when the app's id is known. */
    readonly linkTo: (sid: SessionId) => string | undefined;
  }): ReadForCard =>
  async (header) => {
    const { session } = header;
    const canLink = given.canLink(session);
    const told = isRunning(session) ? await given.store.entries(session.id, { last: RECENT }) : [];
    const agent = agentOf(session);
    return {
      now: given.now(),
      customer: customerName(session),
      lastLine: header.lastLine,
      openUrl: given.linkTo(session.id),
      shows: header.seq,
      canLink,
      preview: given.isPreview(session.widget),
      suspendReasons: given.suspendReasons(session.widget),
      dispositions: given.dispositions(session.widget),
      canShowPages: given.canShowPages(session.widget),
      canned: agent === undefined ? undefined : await given.cannedFor(agent, session),
      others: isRunning(session) ? await given.others() : undefined,
      back: backIn(header, told),
      linkSent: canLink ? linkSentIn(session, told, given.rulesFor(session.widget)) : undefined,
    };
  };

const isRunning = ({ status }: Session): boolean =>
  status === 'active' || status === 'disconnected' || status === 'suspended';

/** The customer's return, when that is what the card is to tell: it stands in the ledger beside the change. */
function backIn({ session, cards }: Header, told: readonly Entry[]): CardReading['back'] {
  if (session.status !== 'active' || cards[session.owner.id] === undefined) return undefined;
  for (const { at, what } of told) {
    if (at !== session.since || what.kind !== 'notice' || what.code !== 'customerBack') continue;
    const { awayMs } = what.params;
    return typeof awayMs === 'number' && awayMs > 0 ? { awayMs } : {};
  }
  return undefined;
}

/** How long the link that was given last works as things stand, unless it was withdrawn since. */
function linkSentIn(session: Session, told: readonly Entry[], rules: Rules): LinkLasts | undefined {
  const last = told.findLast(
    ({ what }) => what.kind === 'notice' && (what.code === 'linkGiven' || what.code === 'linksRevoked'),
  );
  if (last?.what.kind !== 'notice' || last.what.code !== 'linkGiven') return undefined;
  const until = returnableUntil(session);
  return until === undefined ? { lastsMs: rules.reconnectLimitMs } : { until };
}
