import { createHmac, timingSafeEqual } from 'node:crypto';
import { firstName } from '../cards/names.ts';
import type { Prompt, PromptAnswer } from '../cards/views.ts';
import type { Clock } from '../clock.ts';
import { decide } from '../session/decide.ts';
import { evolveAll } from '../session/evolve.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import { customerOf } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { chooseReturn } from '../session/which.ts';
import type { Agents } from './agents.ts';
import type { Sessions } from './handle.ts';
import type { CustomerIndex, Header, IndexEntry } from './header.ts';
import type { Standing } from './standing.ts';

/** What a customer is asked when they come back, and whether an answer is one to a prompt of ours. */
export interface Prompts {
  /** What they would be asked in this conversation, or `undefined` when there is nothing to return to. At most two reads. */
  readonly prompt: (customer: CustomerId, conversation: ConversationId) => Promise<Prompt | undefined>;
  /** The session with the bot that a new conversation takes over silently, if that is what a return means. */
  readonly silent: (customer: CustomerId, conversation?: ConversationId) => Promise<SessionId | undefined>;
  /** Whether this house showed this customer, in this conversation, the prompt that is being answered. */
  readonly wasShown: (customer: CustomerId, conversation: ConversationId, answer: PromptAnswer) => boolean;
}

/** Makes the prompts; `pepper` signs them. */
export function prompts(given: {
  readonly sessions: Sessions;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly isEnabled: (widget: string) => boolean;
  readonly placeOf: Standing['placeOf'];
  readonly pepper: string;
}): Prompts {
  const { sessions, agents, clock, placeOf } = given;

  const freshIndex = async (customer: CustomerId): Promise<CustomerIndex | undefined> => {
    sessions.forget(customer);
    return sessions.index(customer);
  };

  const prompt = async (customer: CustomerId, conversation: ConversationId): Promise<Prompt | undefined> => {
    const index = await freshIndex(customer);
    if (index === undefined || index.freshIn === conversation) return undefined;
    const { first, others } = chooseReturn(index.sessions.map(candidate));
    if (first === undefined) return undefined;
    const header = await sessions.header(first.sid);
    if (header === undefined) return undefined;
    const { session } = header;
    const rules = given.rulesFor(session.widget);
    const verified = session.subject.kind === 'signedIn';
    if (!given.isEnabled(session.widget)) return undefined;
    if (rules.promptAudience === 'nobody' || (rules.promptAudience === 'authenticated' && !verified))
      return undefined;
    if (!canReturn(session, clock.now(), rules)) return undefined;
    const closedIt = session.status === 'disconnected' && session.cause === 'closedWindow';
    if (closedIt && rules.closedWindow === 'noPrompt') return undefined;
    return promptOf(header, conversation, others.length);
  };

  const promptOf = async (header: Header, conversation: ConversationId, others: number): Promise<Prompt> => {
    const { session } = header;
    const verified = session.subject.kind === 'signedIn';
    const agent = session.previous;
    const record =
      agent === undefined ? undefined : (await agents.everyone()).find((one) => one.id === agent.id);
    const here = agent !== undefined && record?.presence.status === 'available';
    const place = await placeOf(session);
    return {
      sid: session.id,
      epoch: session.epoch,
      nonce: nonceOf(session.id, session.epoch, conversation),
      status: session.status,
      agentIs: agent === undefined ? 'unknown' : here ? 'here' : 'away',
      others,
      now: clock.now(),
      ...(agent !== undefined && { agent: firstName(agent.name) }),
      ...(record?.presence.backAt !== undefined && !here && { backAt: record.presence.backAt }),
      ...(place !== undefined && { place }),
      ...(session.subject.kind === 'signedIn' &&
        session.subject.name !== undefined && { name: session.subject.name }),
      ...(verified && header.lastLine !== undefined && { lastLine: header.lastLine }),
      ...(session.status === 'disconnected' && {
        returnUntil: session.returnUntil,
        ...(session.was === 'held' && { agentHeldUntil: session.agentHeldUntil }),
      }),
      ...(session.status === 'suspended' && { returnUntil: session.suspendedUntil }),
    };
  };

  const nonceOf = (sid: SessionId, epoch: number, conversation: ConversationId): string =>
    createHmac('sha256', given.pepper)
      .update(`prompt|${sid}|${epoch}|${conversation}`)
      .digest('base64url')
      .slice(0, 22);

  return {
    prompt,
    silent: async (customer, conversation) => {
      const index = await freshIndex(customer);
      if (conversation !== undefined && index?.freshIn === conversation) return undefined;
      const { first } = chooseReturn((index?.sessions ?? []).map(candidate));
      return first?.status === 'bot' ? first.sid : undefined;
    },
    wasShown: (customer, conversation, answer) => {
      const expected = Buffer.from(nonceOf(answer.sid, answer.epoch, conversation));
      const got = Buffer.from(answer.nonce);
      return (
        customerOf(answer.sid) === customer &&
        expected.length === got.length &&
        timingSafeEqual(expected, got)
      );
    },
  };
}

/** Whether there is something to ask about once passed deadlines have taken effect; a return to the bot is silent. */
function canReturn(session: Session, now: number, rules: Rules): boolean {
  const { events } = decide(session, { type: 'tick' }, now, rules);
  const { status } = evolveAll(session, events);
  return status !== 'bot' && status !== 'closed' && status !== 'expired';
}

const candidate = (entry: IndexEntry) => ({
  sid: entry.sid,
  status: entry.status,
  lastAt: entry.changedAt,
  openedAt: entry.openedAt,
  ...(entry.suspendedAt !== undefined && { suspendedAt: entry.suspendedAt }),
});
