import type { Header, Presence } from '../../handoff/header.ts';
import { seenUpTo } from '../../handoff/marks.ts';
import { isWatched, judge } from '../../handoff/presence.ts';
import { step, type Ask, type Opening, type Step } from '../../handoff/step.ts';
import type { Command } from '../../session/command.ts';
import {
  readConversationId,
  readCustomerId,
  sessionIdOf,
  type AgentId,
  type ConversationId,
} from '../../session/ids.ts';
import type { Rules } from '../../session/rules.ts';
import type { LeaveCause, Session } from '../../session/session.ts';
import { agentLookAt, agentWaitedFor } from '../../session/silence.ts';
import { nextDeadline } from '../../session/time.ts';

/** How an agent stands. */
export interface AgentStands {
  readonly status: 'here' | 'away' | 'silent';
  readonly since: number;
}

/** One session in simulated time: what the house keeps of it, and what time alone does to it. */
export interface Stage {
  readonly now: () => number;
  readonly advanceTo: (now: number) => void;
  readonly session: () => Session | undefined;
  /** Whether the customer's page is there, whatever the house has noticed of it. */
  readonly isHere: () => boolean;
  readonly conversation: () => ConversationId;
  /** They open another page, or the one they had is with us again. */
  readonly arrives: (page: 'new' | 'same') => void;
  /** They are gone without a word, or with the page's last one. */
  readonly goes: (how: 'silence' | 'window' | 'phone') => void;
  /** Asks it of the session as the house does. */
  readonly ask: (
    actor: string,
    command: Command,
    more?: Pick<Ask, 'say' | 'opening' | 'place'>,
  ) => Promise<Step>;
  /** When the house next looks at it by itself, and what it does then. */
  readonly dueAt: () => number | undefined;
  readonly fire: () => Promise<Step | undefined>;
}

const must = <T>(value: T | undefined): T => {
  if (value === undefined) throw new TypeError('An id of the test drive must read as one');
  return value;
};
const CUSTOMER = must(readCustomerId('dl_test-drive-customer'));
const SID = sessionIdOf(CUSTOMER, 'test-drive');

/** Sets it up. `standing` tells how an agent stands at the moment it is asked. */
export function stage(given: {
  readonly start: number;
  readonly rules: Rules;
  readonly standing: (agent: AgentId) => AgentStands;
}): Stage {
  const { rules } = given;
  let now = given.start;
  let header: Header | undefined;
  let pages = 1;
  let gone: Presence | undefined;

  const conversation = (): ConversationId => must(readConversationId(`page-${pages}`));

  const ask: Stage['ask'] = async (actor, command, more = {}) => {
    const { session } = header ?? {};
    const moved =
      session !== undefined && session.conversation !== conversation() && command.type === 'reconnect';
    const taken = await step(
      SID,
      CUSTOMER,
      header,
      { actor, command: () => command, ...more, ...(moved && { reference: reference(conversation()) }) },
      now,
      () => rules,
    );
    if (taken === undefined) throw new Error('The test drive has not begun');
    // A page that is there has shown what is said, and tells so.
    header = gone === undefined ? seenUpTo(taken.header, taken.header.seq) : taken.header;
    return taken;
  };

  const judged = (session: Session) =>
    isWatched(session) && gone !== undefined ? judge(gone, session, now, rules) : undefined;
  const noticed = (agent: AgentId) => {
    const { status, since } = given.standing(agent);
    const absent = status === 'away' ? { absent: 'away' as const } : {};
    return { agent, aliveAt: status === 'here' ? now : since, ...absent };
  };
  /** An agent who is here and was never missed need not be looked at: nothing comes of it. */
  const lookedAt = (session: Session): AgentId | undefined => {
    const agent = agentWaitedFor(session);
    if (agent === undefined) return undefined;
    const missed = session.status === 'active' && session.agentSilentAt !== undefined;
    return missed || given.standing(agent).status !== 'here' ? agent : undefined;
  };

  return {
    now: () => now,
    advanceTo: (moment) => void (now = Math.max(now, moment)),
    session: () => header?.session,
    isHere: () => gone === undefined,
    conversation,
    arrives: (page) => {
      if (page === 'new') pages += 1;
      gone = undefined;
    },
    goes: (how) => {
      const phone = how === 'phone';
      gone = {
        ...{ conversation: conversation(), beatAt: now, phone },
        ...(how === 'window' && { leftAt: now }),
        ...(phone && { hiddenAt: now }),
      };
    },
    ask,
    dueAt: () => {
      const session = header?.session;
      if (session === undefined) return undefined;
      const presence = judged(session);
      const agent = lookedAt(session);
      const looks = [
        nextDeadline(session, rules),
        presence && (presence.here ? presence.lookAgainAt : now),
        agent && agentLookAt(session, noticed(agent), now, rules),
      ].filter((at) => at !== undefined);
      return looks.length === 0 ? undefined : Math.min(...looks);
    },
    fire: async () => {
      const session = header?.session;
      if (session === undefined) return undefined;
      const presence = judged(session);
      if (presence?.here === false) return ask('house', left(presence.cause, now));
      const agent = lookedAt(session);
      return ask(
        'house',
        agent === undefined ? { type: 'tick' } : { type: 'agentNoticed', ...noticed(agent) },
      );
    },
  };
}

const left = (cause: LeaveCause, at: number): Command => ({ type: 'customerLeft', cause, at });

const reference = (conversation: ConversationId): Opening['reference'] => ({
  ...{ channel: 'test-drive', serviceUrl: 'https://localhost', conversation },
  bot: { id: 'bot' },
  user: { id: CUSTOMER },
});

/** What the session begins with. */
export const openingOf = (
  widget: { readonly id: string; readonly workStream: string },
  subject: Opening['subject'],
  conversation: ConversationId,
): Opening => ({ widget: widget.id, stream: widget.workStream, subject, reference: reference(conversation) });
