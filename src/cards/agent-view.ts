import type { AgentId, SessionId } from '../session/ids.ts';
import { guestOf } from '../session/guests.ts';
import { isMessage } from '../session/message.ts';
import { owedSince } from '../session/reminders.ts';
import type { Active, AgentRef, LeaveCause, Session, WrapUp } from '../session/session.ts';
import { agentOf, isToldOf } from '../session/whose.ts';

/** What every card for an agent shows. Moments in ms; names in full. */
export interface CardFacts {
  readonly sid: SessionId;
  readonly epoch: number;
  /** When the card is made. */
  readonly now: number;
  readonly customer: { readonly name?: string; readonly verified: boolean };
  /** What the bot said the customer wants. */
  readonly reason?: string;
  readonly lastLine?: {
    readonly by: 'customer' | 'agent' | 'bot';
    readonly text: string;
    readonly at: number;
  };
  /** Deep link to the session in the inbox tab. */
  readonly openUrl?: string;
  /** Whether a reconnect link can be given: the widget's settings name where the customer would come back to. */
  readonly canLink?: boolean;
  /** Coming back is only tried out in the widget. */
  readonly preview?: boolean;
  /** Why a chat may be set aside, as the tab offers it; any other is written. */
  readonly suspendReasons?: readonly string[];
  /** What may come of a chat, as the tab offers it when it is closed. */
  readonly dispositions?: readonly string[];
  /** What was said came of it. */
  readonly wrapUp?: WrapUp;
  /** Who was asked into it, or is in it by now. */
  readonly guests?: readonly AgentRef[];
  /** How it came to where it is, oldest first; told where it was asked for. */
  readonly story?: readonly StoryStep[];
  /** Set once one was given: until when it works, or for how long after the customer goes. */
  readonly linkSent?: LinkLasts;
  /** Whether the widget's settings name hosts whose pages can be shown. */
  readonly canShowPages?: boolean;
  /** What can be said by choosing it, the likeliest first. */
  readonly canned?: readonly { readonly id: string; readonly title: string }[];
  /** Number of the last ledger entry when the card was made. */
  readonly shows?: number;
  /** What to say of the press that this card answers. */
  readonly said?: string;
  /** Where it can be handed on to, and who can be asked in: colleagues who are here, and work streams. */
  readonly others?: Others;
  /** What was written in the reply box and is not sent: it stands there again. */
  readonly draft?: string;
}

/** One step of how a session came to where it is. */
export interface StoryStep {
  readonly at: number;
  readonly text: string;
}

/** Colleagues who are here, by name, and the work streams there are. */
export interface Others {
  readonly agents: readonly AgentRef[];
  readonly streams: readonly string[];
}

/** How long a reconnect link works: until a moment, or while the customer is here and `lastsMs` after that. */
export type LinkLasts = { readonly until: number } | { readonly lastsMs: number };

/** How a session stands for one agent. */
export type CardStanding =
  /** In line; they may take it. */
  | {
      readonly kind: 'request';
      readonly queuedAt: number;
      /** Its agent is silent: whoever accepts takes it over from them. */
      readonly from?: string;
      /** They had it last. */
      readonly yours?: true;
      /** It is a message, whose customer may be gone, and waits until here. */
      readonly messageUntil?: number;
    }
  /** Somebody else has it. */
  | { readonly kind: 'taken'; readonly by: string }
  /** Somebody else is being asked first. */
  | { readonly kind: 'asked'; readonly by: string }
  /** In line; they passed. */
  | { readonly kind: 'passed' }
  /** Nobody is asked for any more. */
  | { readonly kind: 'withdrawn' }
  /** Theirs, the customer is here; `owedSince` once they were reminded of an answer. */
  | {
      readonly kind: 'active';
      readonly owedSince?: number;
      /** The customer was told that they do not answer; or others may take over already. */
      readonly silent?: 'told' | 'offeredOn';
    }
  /** Theirs, the customer has just come back. */
  | { readonly kind: 'back'; readonly awayMs?: number }
  /** The customer is gone; what is kept: this agent's slot, the first question to them, the place in line, or nothing of theirs. */
  | {
      readonly kind: 'gone';
      readonly cause: LeaveCause;
      readonly returnUntil: number;
      readonly keeps: 'slot';
      readonly heldUntil: number;
    }
  | {
      readonly kind: 'gone';
      readonly cause: LeaveCause;
      readonly returnUntil: number;
      readonly keeps: 'first' | 'line' | 'nothing';
    }
  /** The customer is back and they are being asked. */
  | {
      readonly kind: 'offered';
      readonly offeredUntil: number;
      /** Who hands it over, and the note that goes with it. */
      readonly by?: string;
      readonly note?: string;
    }
  /** Somebody else's, who asks them in. */
  | { readonly kind: 'guest'; readonly by: string; readonly joined: boolean }
  /** Theirs, set aside. */
  | {
      readonly kind: 'suspended';
      readonly suspendedUntil: number;
      readonly note?: string;
      readonly backBy?: number;
      readonly customerBackAt?: number;
    }
  /** Over. */
  | {
      readonly kind: 'ended';
      readonly endedAt: number;
      readonly expired: boolean;
      readonly takeBackUntil?: number;
      /** Their place is blocked while they wrap up. */
      readonly heldUntil?: number;
    };

/** What one agent's card of one session shows; rendered by `agentCard`. */
export type AgentCardView = CardFacts & CardStanding;

/** What the card shows besides the session. */
export interface CardReading {
  readonly now: number;
  /** The name lists show; the signed-in name by default. */
  readonly customer?: string | undefined;
  readonly lastLine?: CardFacts['lastLine'] | undefined;
  readonly openUrl?: string | undefined;
  /** Set when the change to be shown is the customer's return. */
  readonly back?: { readonly awayMs?: number } | undefined;
  readonly canLink?: boolean | undefined;
  readonly preview?: boolean | undefined;
  readonly suspendReasons?: readonly string[] | undefined;
  readonly dispositions?: readonly string[] | undefined;
  readonly story?: readonly StoryStep[] | undefined;
  readonly linkSent?: LinkLasts | undefined;
  readonly canShowPages?: boolean | undefined;
  readonly canned?: CardFacts['canned'] | undefined;
  readonly shows?: number | undefined;
  readonly said?: string | undefined;
  readonly draft?: string | undefined;
  readonly others?: Others | undefined;
}

/** Shows a session from one agent's side: the same session is *yours* to one and *taken* to another. */
export function agentCardView(session: Session, agent: AgentId, reading: CardReading): AgentCardView {
  const {
    now,
    openUrl,
    canLink,
    preview,
    linkSent,
    shows,
    said,
    draft,
    canShowPages,
    canned,
    suspendReasons,
    dispositions,
    story,
    others,
  } = reading;
  const { guests = [] } = session;
  const { subject } = session;
  // Who may not read it, but had it offered once, keeps a card that tells who has it, and no word of what is said.
  const told = isToldOf(session, agent);
  const lastLine = told ? reading.lastLine : undefined;
  const name = reading.customer ?? (subject.kind === 'signedIn' ? subject.name : undefined);
  return {
    sid: session.id,
    epoch: session.epoch,
    now,
    customer: { verified: subject.kind === 'signedIn', ...(name === undefined ? {} : { name }) },
    ...(session.reason === undefined ? {} : { reason: session.reason }),
    ...(lastLine === undefined ? {} : { lastLine }),
    ...(openUrl === undefined ? {} : { openUrl }),
    ...(canLink === undefined ? {} : { canLink }),
    ...(preview === true ? { preview } : {}),
    ...(suspendReasons === undefined ? {} : { suspendReasons }),
    ...(dispositions === undefined ? {} : { dispositions }),
    ...(session.status === 'closed' && session.wrapUp && told ? { wrapUp: session.wrapUp } : {}),
    ...(guests.length === 0 ? {} : { guests: guests.map(({ id, name }) => ({ id, name })) }),
    ...(story === undefined ? {} : { story }),
    ...(linkSent === undefined || !told ? {} : { linkSent }),
    ...(canShowPages === undefined ? {} : { canShowPages }),
    ...(canned === undefined ? {} : { canned }),
    ...(shows === undefined ? {} : { shows }),
    ...(said === undefined ? {} : { said }),
    ...(draft === undefined ? {} : { draft }),
    ...(others && { others: { ...others, agents: others.agents.filter(({ id }) => id !== agent) } }),
    ...standingOf(session, agent, reading),
  };
}

/** What is owed comes before the news of a return. */
function activeFor(session: Active, back: CardReading['back']): CardStanding {
  const since = owedSince(session);
  const owed = since === undefined ? {} : { owedSince: since };
  if (session.agentSilentAt !== undefined)
    return { kind: 'active', silent: session.offeredOnAt === undefined ? 'told' : 'offeredOn', ...owed };
  return back === undefined || since !== undefined ? { kind: 'active', ...owed } : { kind: 'back', ...back };
}

function standingOf(session: Session, agent: AgentId, { now, back }: CardReading): CardStanding {
  const isMe = (other: AgentRef | undefined) => other?.id === agent;
  const guest = guestOf(session, agent);
  if (guest !== undefined)
    return { kind: 'guest', by: agentOf(session)?.name ?? '', joined: guest.joinedAt !== undefined };
  switch (session.status) {
    case 'bot':
      return { kind: 'withdrawn' };
    case 'queued':
      return session.declinedBy.includes(agent)
        ? { kind: 'passed' }
        : {
            kind: 'request',
            queuedAt: session.queuedAt,
            ...(isMe(session.previous) && { yours: true }),
            ...(isMessage(session) ? { messageUntil: session.message.until } : {}),
          };
    case 'active':
      return isMe(session.owner) ? activeFor(session, back) : takenOrOffered(session);
    case 'disconnected': {
      const { cause, returnUntil } = session;
      const gone = { kind: 'gone', cause, returnUntil } as const;
      if (session.was === 'queued') return { ...gone, keeps: 'line' };
      if (session.was === 'offered') return { ...gone, keeps: isMe(session.previous) ? 'first' : 'nothing' };
      if (!isMe(session.owner)) return { kind: 'taken', by: session.owner.name };
      return { ...gone, keeps: 'slot', heldUntil: session.agentHeldUntil };
    }
    case 'suspended': {
      if (!isMe(session.owner)) return { kind: 'taken', by: session.owner.name };
      const { suspendedUntil, suspendReason, backBy, customerBackAt } = session;
      return {
        kind: 'suspended',
        suspendedUntil,
        ...(suspendReason === undefined ? {} : { note: suspendReason }),
        ...(backBy === undefined ? {} : { backBy }),
        ...(customerBackAt === undefined ? {} : { customerBackAt }),
      };
    }
    case 'resuming':
      return isMe(session.asked)
        ? {
            ...{ kind: 'offered', offeredUntil: session.offeredUntil },
            ...(session.from && { by: session.from.name }),
            ...(session.note !== undefined && { note: session.note }),
          }
        : { kind: 'asked', by: session.asked.name };
    case 'closed': {
      const canTakeBack =
        isMe(session.previous) && session.followedBy === undefined && session.wrapUpUntil > now;
      const ended = { kind: 'ended', endedAt: session.closedAt, expired: false } as const;
      const { agentHeldUntil: heldUntil } = session;
      const isHeld = isMe(session.previous) && heldUntil !== undefined && heldUntil > now;
      return {
        ...ended,
        ...(canTakeBack && { takeBackUntil: session.wrapUpUntil }),
        ...(isHeld && { heldUntil }),
      };
    }
    case 'expired':
      return { kind: 'ended', endedAt: session.expiredAt, expired: true };
  }
}

const takenOrOffered = ({ owner, offeredOnAt, queuedAt, since }: Active): CardStanding =>
  offeredOnAt === undefined
    ? { kind: 'taken', by: owner.name }
    : { kind: 'request', queuedAt: queuedAt ?? since, from: owner.name };
