import type { Event } from './event.ts';
import { evolve } from './evolve.ts';
import type { Decided } from './fold.ts';
import type { AgentId } from './ids.ts';
import type { AgentRef, Session } from './session.ts';
import { slotOf, type Slot } from './slots.ts';
import { agentOf, awaySince } from './whose.ts';

/** One decided change, and who asked for it. */
export interface Audited extends Decided {
  readonly actor: string;
}

/** What a step tells of: an event, what became of a place with the agents because of it, or that a prompt was shown. */
export type StepCode = Exclude<Event['type'], 'queueLimitPassed'> | 'queueLimit' | 'promptShown' | PlaceCode;
type PlaceCode = 'placeTaken' | 'placeHeld' | 'placeFree';

/** One step of how a session came to where it is; `cards/timeline` says it. Params in brackets; durations in ms. */
export interface Step {
  readonly ver: number;
  readonly at: number;
  /** Who asked for the change: `customer`, `bot`, `house` or an agent's id. */
  readonly actor: string;
  readonly code: StepCode;
  readonly params: Readonly<Record<string, string | number>>;
}

/**
 * Tells a session from its audit, given in order of `ver`: drop seen, way back, ladder (who was asked, how long, why it
 * moved on), capacity. That a prompt was shown is no decision and stands beside the audit: `asked` are the moments of it.
 * Pure; throws `TypeError` when the audit does not begin with the opening.
 */
export function timelineOf(audit: readonly Audited[], asked: readonly number[] = []): readonly Step[] {
  const decided = decidedIn(audit);
  // Shown before it was answered, even in the same millisecond; and never before there was anything to ask about.
  return asked
    .toSorted((a, b) => a - b)
    .reduce<readonly Step[]>((steps, at) => {
      const place = steps.findIndex((step) => step.at >= at && step.ver > 1);
      const before = place < 0 ? steps : steps.slice(0, place);
      const ver = before.at(-1)?.ver ?? 1;
      const shown: Step = { ver, at, actor: 'house', code: 'promptShown', params: {} };
      return [...before, shown, ...steps.slice(before.length)];
    }, decided);
}

function decidedIn(audit: readonly Audited[]): readonly Step[] {
  const steps: Step[] = [];
  let session: Session | undefined;
  for (const { ver, actor, events } of audit) {
    const before = session;
    for (const event of events) {
      const step = stepOf(session, event, events);
      if (step !== undefined) steps.push({ ver, at: event.at, actor, ...step });
      session = evolve(session, event);
    }
    const at = events.at(-1)?.at;
    if (session !== undefined && at !== undefined)
      steps.push(...placesOf(before, session, at).map((step) => ({ ver, at, actor, ...step })));
  }
  return steps;
}

type Told = Pick<Step, 'code' | 'params'>;

function stepOf(before: Session | undefined, event: Event, all: readonly Event[]): Told | undefined {
  const agent = before && (agentOf(before) ?? before.previous)?.name;
  const { at } = event;
  switch (event.type) {
    case 'opened':
      return told('opened', { why: event.follows && 'follows' });
    case 'queued':
      return told('queued', {
        why: event.why,
        agent: event.by?.name ?? agent,
        askedMs: askedMs(before, at),
        stream: event.stream,
        reason: all.find((one) => one.type === 'declined')?.reason,
      });
    case 'queueLimitPassed':
      return told('queueLimit');
    case 'accepted':
      return told('accepted', {
        why: before?.agents.some(({ id }) => id === event.owner.id) === true ? 'again' : undefined,
        agent: event.owner.name,
        waitedMs: waitedMs(before, at),
      });
    case 'declined':
      // Where they were asked alone, it goes on at once: that step says so.
      return before?.status === 'queued'
        ? told('declined', { agent: event.agent.name, reason: event.reason })
        : undefined;
    case 'agentSilent':
      return told('agentSilent', { why: event.absent, agent: event.agent.name });
    case 'offeredOn':
    case 'agentBack':
    case 'takenBack':
    case 'recorded':
      return told(event.type, { agent: event.agent.name });
    case 'disconnected':
      return told('disconnected', { cause: event.cause, agent, returnMs: event.returnUntil - at });
    case 'holdEnded':
      return told('holdEnded', { why: event.why, agent });
    case 'returned':
      return told('returned', { way: event.way, awayMs: awayMs(before, at) });
    case 'offered':
      return told('offered', {
        why: event.from ? 'handedOn' : event.agentHeldUntil === undefined ? undefined : 'waiting',
        agent: event.asked.name,
        from: event.from?.name,
        answerMs: event.offeredUntil - at,
      });
    case 'suspended':
      return told('suspended', { by: event.by, agent, reason: event.reason });
    case 'resumed':
      return told('resumed', { why: event.implied ? 'implied' : undefined, agent: event.by.name });
    case 'agentReminded':
    case 'agentOverdue':
      return told(event.type, { why: event.about, agent });
    case 'waitedInVain':
      return told('waitedInVain', { why: event.why, agent });
    case 'linkGiven':
      return told('linkGiven', { agent: event.by.name });
    case 'linksRevoked':
      return told('linksRevoked', { by: event.by });
    case 'transferred':
      return told('transferred', {
        agent: event.by.name,
        to: event.to.kind === 'agent' ? event.to.agent.name : event.to.stream,
      });
    case 'invited':
      return told('invited', { agent: event.by.name, guest: event.guest.name });
    case 'guestJoined':
    case 'guestLeft':
      return told(event.type, { guest: event.guest.name });
    case 'closed':
      return told('closed', { by: event.by, agent: event.agent?.name });
    default:
      return told(event.type, { agent });
  }
}

/** What became of the place that a session takes with an agent. */
function placesOf(before: Session | undefined, after: Session, at: number): readonly Told[] {
  const was = before && slotOf(before);
  const is = slotOf(after);
  if (was?.agent === is?.agent && was?.kind === is?.kind && was?.until === is?.until) return [];
  const people = [...peopleOf(before), ...peopleOf(after)];
  const name = (id: AgentId) => people.find((agent) => agent.id === id)?.name;
  const freed = was !== undefined && was.agent !== is?.agent ? [placeFree(name(was.agent))] : [];
  return is === undefined ? freed : [...freed, placeOf(is, name(is.agent), at)];
}

const placeFree = (agent: string | undefined): Told => told('placeFree', { agent });
const placeOf = ({ kind, until }: Slot, agent: string | undefined, at: number): Told =>
  kind === 'owned'
    ? told('placeTaken', { agent })
    : told('placeHeld', { agent, keptMs: until === undefined ? undefined : until - at });

const peopleOf = (session: Session | undefined): readonly AgentRef[] => {
  if (session === undefined) return [];
  const now = agentOf(session);
  return [...session.agents, ...(now === undefined ? [] : [now])];
};

const askedMs = (before: Session | undefined, at: number): number | undefined =>
  before?.status === 'resuming' && before.askedAt !== undefined ? at - before.askedAt : undefined;

function waitedMs(before: Session | undefined, at: number): number | undefined {
  if (before?.status === 'queued') return at - before.waitingSince;
  return askedMs(before, at);
}

function awayMs(before: Session | undefined, at: number): number | undefined {
  const since = before && awaySince(before);
  return since === undefined ? undefined : at - since;
}

function told(code: StepCode, params: Readonly<Record<string, string | number | undefined>> = {}): Told {
  const known: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(params)) if (value !== undefined) known[name] = value;
  return { code, params: known };
}
