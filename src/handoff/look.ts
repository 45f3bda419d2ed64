import type { Clock } from '../clock.ts';
import type { Command } from '../session/command.ts';
import { decide } from '../session/decide.ts';
import type { SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { agentWaitedFor } from '../session/silence.ts';
import type { Agents, Noticed } from './agents.ts';
import type { Sessions } from './handle.ts';
import type { Header, Presence } from './header.ts';
import { owedLookAt } from './outbox.ts';
import type { SessionStore } from './ports.ts';
import { isWatched, judge } from './presence.ts';
import type { Retaining } from './privacy/retain.ts';
import type { QueueTarget } from './queue-target.ts';
import type { Telemetry } from './telemetry.ts';

/** A session as a look has left it, and what was read of its people. */
export interface Looked {
  readonly header: Header;
  /** Of the conversation it is in. */
  readonly presence: Presence | undefined;
  readonly noticed: Noticed | undefined;
}

/** Lets take effect what time has done to a session, and what its people's silence means; `undefined`: it is gone. */
export type Look = (sid: SessionId, dueAt: number) => Promise<Looked | undefined>;

const DEADLINE = { kind: 'turn', by: 'house', what: 'deadline' } as const;

/** What looks are made of. */
export interface LookParts {
  readonly sessions: Pick<Sessions, 'ask' | 'learn'>;
  readonly store: Pick<SessionStore, 'header' | 'presence'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  /** How an agent stands for a customer who waits on them. */
  readonly noticed: Agents['noticed'];
  readonly queueTarget: QueueTarget;
  /** Takes up what a session owes to channels; returns at once. */
  readonly catchUp: (header: Header) => void;
  readonly retaining: Retaining;
  readonly telemetry?: Telemetry | undefined;
}

/** Makes it. One that finds nothing to do reads each of header, presence and agent once at most, and writes nothing. */
export function looking(given: LookParts): Look {
  const { sessions, store, clock, telemetry } = given;

  const presenceOf = (session: Session): Promise<Presence | undefined> =>
    isWatched(session) ? store.presence(session.customer, session.conversation) : Promise.resolve(undefined);

  const look: Look = async (sid, dueAt) => {
    const read = await store.header(sid);
    if (read === undefined) {
      await given.retaining.gone(sid);
      return undefined;
    }
    sessions.learn(read.value, read.etag);
    const { session } = read.value;
    const rules = given.rulesFor(session.widget);
    const presence = await presenceOf(session);
    const judgedAt = clock.now();
    telemetry?.tell({ kind: 'swept', lateMs: judgedAt - dueAt });
    const judged = judge(presence, session, judgedAt, rules);
    const waitedFor = judged?.here === false ? undefined : agentWaitedFor(session);
    const noticed = waitedFor === undefined ? undefined : await given.noticed(waitedFor);
    const command = (current: Session): Command => {
      // Whoever has come back elsewhere meanwhile is not gone because the page they left is silent.
      if (judged?.here === false && current.conversation === session.conversation)
        return { type: 'customerLeft', cause: judged.cause, at: judgedAt };
      return noticed === undefined ? { type: 'tick' } : { type: 'agentNoticed', ...noticed };
    };
    // Mostly nothing has come of it: then there is nothing to be asked.
    const isQuiet = decide(session, command(session), clock.now(), rules).events.length === 0;
    const { header } = isQuiet
      ? { header: read.value }
      : await sessions.ask(sid, { actor: 'house', command });
    await given.queueTarget.pass(header.session);
    const retained = await given.retaining.pass(header);
    // What nobody has carried for long: the feed's place has gone on without it. In vain, it is left.
    if (owedLookAt(retained, clock.now()) !== undefined) given.catchUp(retained);
    const isSamePage = retained.session.conversation === session.conversation && isWatched(session);
    return {
      header: retained,
      noticed,
      presence: isSamePage ? presence : await presenceOf(retained.session),
    };
  };

  return (sid, dueAt) =>
    telemetry === undefined
      ? look(sid, dueAt)
      : telemetry.during(
          DEADLINE,
          () => look(sid, dueAt),
          () => ({ outcome: 'ok' }),
        );
}
