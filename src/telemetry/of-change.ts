import { awaitedAfter, bringsBack, isAgentsLine, isAway, type Awaited } from '../handoff/awaited.ts';
import { questioned } from '../handoff/questions.ts';
import type { Change } from '../handoff/telemetry.ts';
import type { Event } from '../session/event.ts';
import { evolve } from '../session/evolve.ts';
import { isMessage } from '../session/message.ts';
import type { Session } from '../session/session.ts';
import { slotOf } from '../session/slots.ts';
import { awaySince } from '../session/whose.ts';
import { sample, seconds, type FunnelStep, type Sample } from './measures.ts';

/** What is measured of one committed change. Pure: told once per commit, it counts once, however many instances run. */
export function measuresOfChange(change: Change): readonly Sample[] {
  const samples: Sample[] = [];
  let before = change.before?.session;
  for (const event of change.events) {
    const after = evolve(before, event);
    if (before !== undefined) samples.push(...ofEvent({ ...change, session: before }, event, after));
    before = after;
  }
  return [...samples, ...reunions(change), ...answers(change), ...ofQuestions(change)];
}

/** A change as it stands before one of its events. */
type At = Change & { readonly session: Session };

function ofEvent(at: At, event: Event, after: Session): readonly Sample[] {
  return [
    ...funnel(at, event),
    ...hold(at.session, event, after),
    ...ladder(at, event, after),
    ...wait(at.session, event, after),
  ];
}

function funnel({ session, events }: At, event: Event): readonly Sample[] {
  const { widget } = session;
  switch (event.type) {
    case 'linkGiven':
      return [step('offered', { 'reconnect.way': 'link', 'reconnect.widget': widget })];
    case 'returned': {
      if (!bringsBack(session, event)) return [];
      const way = { 'reconnect.way': event.way, 'reconnect.widget': widget };
      const since = missedSince(session);
      return [
        step(wantsAnyone(events) ? 'anyone' : 'continued', way),
        ...(since === undefined ? [] : [sample('reconnect.away.duration', seconds(event.at - since), way)]),
      ];
    }
    case 'queued': {
      // Whoever is here already, and waits in vain, chooses without coming back once more.
      const chose = event.why === 'customerChoseAnyone' && !events.some(({ type }) => type === 'returned');
      return chose ? [step('anyone', { 'reconnect.way': 'prompt', 'reconnect.widget': widget })] : [];
    }
    default:
      return [];
  }
}

const step = (name: FunnelStep, by: Parameters<typeof sample<'reconnect.funnel'>>[2]): Sample =>
  sample('reconnect.funnel', 1, { 'reconnect.step': name, ...by });

const wantsAnyone = (events: readonly Event[]): boolean =>
  events.some((one) => one.type === 'queued' && one.why === 'customerChoseAnyone');

const missedSince = (session: Session): number | undefined =>
  awaySince(session) ?? (isMessage(session) ? session.message.leftAt : undefined);

/** The part of a hold that ends with this event: one that its customer has come back to is not over until they have their agent. */
function hold(before: Session, event: Event, after: Session): readonly Sample[] {
  const slot = slotOf(before);
  const from = heldFrom(before);
  if (slot?.kind !== 'held' || from === undefined) return [];
  const still = slotOf(after);
  const goesOn = after.status === before.status && still?.kind === 'held' && still.agent === slot.agent;
  if (goesOn) return [];
  const until = Math.min(event.at, slot.until ?? event.at);
  return [
    sample('reconnect.hold.duration', seconds(until - from), {
      'reconnect.came_back': cameBackTo(before, event),
      'reconnect.hold': before.status === 'suspended' ? 'suspended' : 'disconnected',
      'reconnect.widget': before.widget,
    }),
  ];
}

/** A place kept for the wrap-up waits for nobody. */
function heldFrom(session: Session): number | undefined {
  if (session.status === 'disconnected') return session.goneAt;
  if (session.status === 'suspended') return session.suspendedAt;
  return session.status === 'resuming' ? session.askedAt : undefined;
}

const cameBackTo = (before: Session, event: Event): boolean =>
  event.type === 'returned' ||
  before.status === 'resuming' ||
  (before.status === 'suspended' && before.customerBackAt !== undefined);

function ladder({ session, events }: At, event: Event, after: Session): readonly Sample[] {
  const to = (name: string, reason: string): readonly Sample[] => [
    sample('reconnect.ladder.steps', 1, {
      'reconnect.step': name,
      'reconnect.reason': reason,
      'reconnect.widget': session.widget,
    }),
  ];
  switch (event.type) {
    case 'returned': {
      if (!bringsBack(session, event)) return [];
      if (after.status === 'suspended') return to('set_aside', 'suspended');
      const ledOn = events.some(({ type }) => type === 'offered' || type === 'queued');
      return after.status === 'active' && !ledOn
        ? to('straight', isAway(session) ? 'held' : 'never_left')
        : [];
    }
    case 'offered':
      if (event.from !== undefined) return [];
      return to('asked', event.agentHeldUntil === undefined ? 'here' : 'away');
    case 'waitedInVain':
      return to('choice', event.why);
    case 'queued':
      return event.why === 'handoff' || event.why === 'transferred' ? [] : to('queue', event.why);
    default:
      return [];
  }
}

/** The wait in line that ends with this event. */
function wait(before: Session, event: Event, after: Session): readonly Sample[] {
  const isMessageLeft = event.type === 'messageLeft';
  if (before.status !== 'queued' || before.message !== undefined) return [];
  if (after.status === 'queued' && !isMessageLeft) return [];
  return [
    sample('reconnect.queue.duration', seconds(event.at - before.waitingSince), {
      'reconnect.outcome': isMessageLeft ? 'message' : (ENDS[after.status] ?? after.status),
      'reconnect.stream': before.stream,
    }),
  ];
}

const ENDS: Readonly<Partial<Record<Session['status'], string>>> = {
  active: 'accepted',
  bot: 'left',
  disconnected: 'gone',
  resuming: 'handed_on',
};

/** A customer who came back has an agent again. */
function reunions({ before, after, events }: Change): readonly Sample[] {
  if (before === undefined) return [];
  const awaited = awaitedAfter(before, events);
  const { session } = after;
  if (awaited?.after !== 'return' || awaited.met !== true || session.status !== 'active') return [];
  const known = before.awaited;
  if (known?.met === true && known.since === awaited.since) return [];
  return [
    sample('reconnect.reunions', 1, {
      'reconnect.same_agent': session.owner.id === before.session.previous?.id,
      'reconnect.way': awaited.way,
      'reconnect.widget': session.widget,
    }),
  ];
}

function answers({ before, after, entries, events, readAt }: Change): readonly Sample[] {
  const line = entries.find(isAgentsLine);
  if (line === undefined || before === undefined) return [];
  const { widget, lastSaid } = before.session;
  const took = (since: number, by: Parameters<typeof sample<'reconnect.answer.duration'>>[2]): Sample =>
    sample('reconnect.answer.duration', seconds(line.at - since), { 'reconnect.widget': widget, ...by });
  const awaited: Awaited | undefined = awaitedAfter(before, events);
  // A line of its own waits since it was written; what was said before the agent came waits for the agent.
  if (awaited !== undefined) {
    const opened = awaited.after === 'return' ? (readAt ?? 0) >= awaited.since : undefined;
    return [
      took(awaited.since, {
        'reconnect.after': awaited.after,
        'reconnect.way': awaited.way,
        'reconnect.transcript_opened': opened,
      }),
    ];
  }
  const isLate = lastSaid?.by === 'customer' && after.session.status === 'active';
  return isLate ? [took(lastSaid.since ?? lastSaid.at, { 'reconnect.after': 'line' })] : [];
}

function ofQuestions({ before, events, entries }: Change): readonly Sample[] {
  const { put } = questioned(before?.questions ?? [], events, entries);
  return put.flatMap(({ id, again }) => {
    const question = { 'reconnect.question': id };
    return [
      sample('reconnect.bot.questions', 1, question),
      ...(again === undefined
        ? []
        : [sample('reconnect.bot.questions.repeated', 1, { ...question, 'reconnect.asked_before': again })]),
    ];
  });
}
