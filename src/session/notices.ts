import type { Event } from './event.ts';
import { evolve } from './evolve.ts';
import type { Notice, NoticeCode } from './ledger.ts';
import { isMessage } from './message.ts';
import type { AgentRef, Session } from './session.ts';
import { agentOf, awaySince } from './whose.ts';

type Of<Type extends Event['type']> = Extract<Event, { type: Type }>;
type Params = Readonly<Record<string, string | number | undefined>>;

/** A page that heals this soon after it was missed heals without a word to the customer: flapping must not spam. */
const SILENT_HEAL_MS = 60_000;

/** What people are told because of one decided change, in the order of its events. */
export function noticesOfChange(before: Session | undefined, events: readonly Event[]): readonly Notice[] {
  const after = events.reduce<Session | undefined>(evolve, before);
  return after === undefined ? [] : events.flatMap((event) => noticesOf(before, event, after));
}

/**
 * What people are told because of one event. `before` and `after` are the session around the whole change: one that
 * returns and is queued at once is not welcomed back in between. Given the session around the event alone, the same is
 * told, and that welcome too.
 */
export function noticesOf(before: Session | undefined, event: Event, after: Session): readonly Notice[] {
  const agent = (before && agentOf(before)) ?? agentOf(after) ?? after.previous;
  switch (event.type) {
    case 'opened':
    case 'recorded':
    case 'answered':
      return [];
    case 'declined':
      return event.reason === undefined
        ? []
        : [notice('declined', 'agent', { agent: event.agent.name, reason: event.reason })];
    case 'queued':
      return queued(before, event, after, agent);
    case 'queueLimitPassed':
      return [notice('queueLimit', 'customer', { why: event.why })];
    case 'outsideHours': {
      const { opensAt, timeZone } = event;
      const why = after.status === 'queued' ? 'inLine' : undefined;
      return [notice('outsideHours', 'customer', { opensAt, timeZone, why })];
    }
    case 'messageLeft':
      return [
        notice('messageLeft', 'customer', { until: event.until, way: event.way, timeZone: event.timeZone }),
      ];
    case 'leftQueue':
      return [notice('leftQueue', 'customer')];
    case 'accepted':
      return accepted(before, event, after);
    case 'agentSilent':
      return [notice('agentSilent', 'both', { agent: event.agent.name, why: event.absent })];
    case 'offeredOn':
      return [notice('offeredOn', 'both', { agent: event.agent.name })];
    case 'agentBack':
      return [notice('agentBack', 'both', { agent: event.agent.name })];
    case 'disconnected':
      return disconnected(event, agent);
    case 'holdEnded':
      // A wrap-up that is over is nobody's news.
      return before?.status === 'closed' ? [] : [notice('holdEnded', 'agent', { why: event.why })];
    case 'returned':
      return before === undefined ? [] : returned(before, event, after, agent);
    case 'offered':
      return offered(event);
    case 'transferred': {
      const { by, to } = event;
      return to.kind === 'agent'
        ? [notice('transferred', 'both', { agent: by.name, colleague: to.agent.name })]
        : [notice('toQueue', 'both', { why: 'transferred', agent: by.name })];
    }
    case 'invited':
      return [notice('invited', 'agent', { agent: event.by.name, colleague: event.guest.name })];
    case 'guestJoined':
      return [notice('guestJoined', 'both', { colleague: event.guest.name })];
    case 'guestLeft': {
      const to = event.joined ? 'both' : 'agent';
      const by = event.by && { by: 'agent', agent: event.by.name };
      return [notice('guestLeft', to, { colleague: event.guest.name, ...by })];
    }
    case 'suspended': {
      const { by, reason, backBy, suspendedUntil: until } = event;
      return [notice('suspended', 'both', { by, agent: agent?.name, reason, backBy, until })];
    }
    case 'suspensionEdited':
      return [notice('suspensionEdited', 'both', { reason: event.reason, backBy: event.backBy })];
    case 'resumed':
      return [notice('resumed', 'both', { agent: event.by.name })];
    case 'warned':
      return [notice('endsSoon', 'both', { endsAt: event.endsAt })];
    case 'agentReminded': {
      const { about, at, since, backBy } = event;
      return about === 'answer'
        ? [notice('answerOwed', 'agent', { agent: agent?.name, waitedMs: at - since })]
        : [notice('backSoon', 'agent', { agent: agent?.name, backBy, leftMs: (backBy ?? at) - at })];
    }
    case 'agentOverdue':
      return event.about === 'answer'
        ? [notice('answerOverdue', 'agent', { agent: agent?.name, waitedMs: event.at - event.since })]
        : [notice('backByMissed', 'both', { agent: agent?.name })];
    case 'identified':
      return [
        notice('signedIn', 'agent', {
          name: event.subject.kind === 'signedIn' ? event.subject.name : undefined,
        }),
      ];
    case 'waitedInVain':
      return [notice('waitedInVain', 'customer', { agent: agent?.name, why: event.why })];
    case 'linkGiven': {
      const { by, link, until, lastsMs } = event;
      return [notice('linkGiven', 'both', { agent: by.name, ...link, until, lastsMs })];
    }
    case 'linksRevoked':
      return [notice('linksRevoked', 'both', { by: event.by })];
    case 'continues':
      return [notice('earlierShared', 'agent')];
    case 'closed':
      return [notice('closed', 'both', { by: event.by, agent: event.agent?.name })];
    case 'takenBack':
      return [notice('takenBack', 'agent')];
    case 'expired':
      return [
        notice('expired', 'both', {
          why: after.status === 'expired' && after.was === 'queued' ? 'unanswered' : undefined,
        }),
      ];
  }
}

/** The place in line is for whoever sees the whole line to add: `queuedAt` tells which is theirs. */
function queued(
  before: Session | undefined,
  event: Of<'queued'>,
  after: Session,
  agent: AgentRef | undefined,
): readonly Notice[] {
  const { why, queuedAt, at, by = agent } = event;
  // Nobody comes soon who is not there yet: what they are told next is when we open.
  const opensAt = after.status === 'queued' ? after.opensAt : undefined;
  const inLine = notice('queued', 'customer', { queuedAt, opensAt });
  if (why === 'handoff') return [inLine];
  if (why !== 'backInLine') {
    const askedAt = before?.status === 'resuming' ? before.askedAt : undefined;
    const askedMs = askedAt === undefined ? undefined : at - askedAt;
    return [notice('toQueue', 'both', { why, agent: by?.name, askedMs })];
  }
  const flapped = before?.status === 'disconnected' && at - before.goneAt <= SILENT_HEAL_MS;
  return flapped ? [] : [inLine];
}

function accepted(before: Session | undefined, { owner }: Of<'accepted'>, after: Session): readonly Notice[] {
  const why = after.status === 'disconnected' ? 'message' : undefined;
  const joined = notice('joined', 'customer', { agent: owner.name, why });
  return before?.status === 'active' && before.owner.id !== owner.id
    ? [joined, notice('takenOver', 'agent', { agent: owner.name, from: before.owner.name })]
    : [joined];
}

function disconnected(event: Of<'disconnected'>, agent: AgentRef | undefined): readonly Notice[] {
  const { cause, agentHeldUntil: heldUntil, returnUntil } = event;
  return agent === undefined ? [] : [notice('customerGone', 'agent', { cause, heldUntil, returnUntil })];
}

function returned(
  before: Session,
  { at, way }: Of<'returned'>,
  after: Session,
  agent: AgentRef | undefined,
): readonly Notice[] {
  if (isMessage(before) && way !== 'heal') {
    const opensAt = after.status === 'queued' ? after.opensAt : undefined;
    return [notice('queued', 'customer', { queuedAt: before.queuedAt, opensAt })];
  }
  const goneAt = awaySince(before);
  // Never away: another browser took over, which is worth a word, or the page moved on by itself, which is not.
  if (agent === undefined || (goneAt === undefined && (way === 'heal' || before.status !== 'active')))
    return [];
  const awayMs = at - (goneAt ?? at);
  const toAgent = notice('customerBack', 'agent', { way, awayMs });
  if (way === 'heal' && awayMs <= SILENT_HEAL_MS) return [toAgent];
  if (after.status === 'suspended')
    return [toAgent, notice('waitingForResume', 'customer', { agent: agent.name })];
  return after.status === 'active'
    ? [toAgent, notice('welcomeBack', 'customer', { agent: agent.name })]
    : [toAgent];
}

function offered({ asked, agentHeldUntil: until, from }: Of<'offered'>): readonly Notice[] {
  if (from !== undefined) return [notice('handingOver', 'both', { agent: from.name, colleague: asked.name })];
  return [
    until === undefined
      ? notice('asking', 'customer', { agent: asked.name })
      : notice('waitingForAway', 'customer', { agent: asked.name, until }),
    notice('offeredToYou', 'agent'),
  ];
}

const notice = (code: NoticeCode, to: Notice['to'], params: Params = {}): Notice => ({
  kind: 'notice',
  code,
  to,
  params: given(params),
});

/** Params without those that were not given: a notice is stored as JSON. */
function given(params: Params): Notice['params'] {
  const known: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) if (value !== undefined) known[name] = value;
  return known;
}
