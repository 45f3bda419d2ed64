import type { Clock } from '../clock.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { agentLookAt, agentWaitedFor } from '../session/silence.ts';
import { nextDeadline } from '../session/time.ts';
import type { Agents, Noticed } from './agents.ts';
import type { Header, Presence } from './header.ts';
import type { SessionStore } from './ports.ts';
import { isWatched, judge } from './presence.ts';
import type { Retaining } from './privacy/retain.ts';
import type { QueueTarget } from './queue-target.ts';

/** When a session wants to be looked at next, ms; `undefined`: never by time alone. */
export interface Looks {
  /** As far as the header itself tells; asks nobody. */
  readonly own: (header: Header) => number | undefined;
  /** The same, and because of the agent its customer waits on: all that words can bring nearer. */
  readonly spoken: (header: Header) => Promise<number | undefined>;
  /** Because of all there is; reads when its customer was last heard of. */
  readonly all: (header: Header) => Promise<number | undefined>;
  /** When its customer is silent for too long, as they were last heard of. */
  readonly ofCustomer: (session: Session, presence: Presence | undefined) => number | undefined;
  /** When its agent is, as they stood (`known`) or as they stand lately. */
  readonly ofAgent: (session: Session, known?: Noticed) => Promise<number | undefined>;
}

/** Makes it. */
export function looks(given: {
  readonly store: Pick<SessionStore, 'presence'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly noticed: Agents['noticed'];
  readonly queueTarget: Pick<QueueTarget, 'dueAt'>;
  readonly retaining: Pick<Retaining, 'dueAt'>;
}): Looks {
  const { clock, rulesFor } = given;

  const own: Looks['own'] = (header) =>
    earliest([
      nextDeadline(header.session, rulesFor(header.session.widget)),
      given.queueTarget.dueAt(header.session),
      given.retaining.dueAt(header),
    ]);
  const ofCustomer: Looks['ofCustomer'] = (session, presence) => {
    const judged = judge(presence, session, clock.now(), rulesFor(session.widget));
    return judged?.here === false ? clock.now() : judged?.lookAgainAt;
  };
  const ofAgent: Looks['ofAgent'] = async (session, known) => {
    const waitedFor = agentWaitedFor(session);
    if (waitedFor === undefined) return undefined;
    const noticed = known?.agent === waitedFor ? known : await given.noticed(waitedFor, 'lately');
    return agentLookAt(session, noticed, clock.now(), rulesFor(session.widget));
  };
  const spoken: Looks['spoken'] = async (header) => earliest([own(header), await ofAgent(header.session)]);

  return {
    own,
    spoken,
    all: async (header) => {
      const { session } = header;
      const silentAt = isWatched(session)
        ? ofCustomer(session, await given.store.presence(session.customer, session.conversation))
        : undefined;
      return earliest([silentAt, await spoken(header)]);
    },
    ofCustomer,
    ofAgent,
  };
}

/** The first of those that are to come at all. */
export function earliest(moments: readonly (number | undefined)[]): number | undefined {
  const known = moments.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
