import { firstName } from '../cards/names.ts';
import type { OtherChat, Prompt, PromptAnswer } from '../cards/views.ts';
import type { Clock } from '../clock.ts';
import { isAskedBack } from '../session/asked-back.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Rules } from '../session/rules.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { chooseReturn, type Candidate } from '../session/which.ts';
import { isPermitted, type Agents } from './agents.ts';
import type { Candidates } from './candidates.ts';
import type { Sessions } from './handle.ts';
import type { CustomerIndex, Header, IndexEntry } from './header.ts';
import type { Proofs } from './proof.ts';
import { readAhead, unheard } from './read-ahead.ts';
import { inLineSince, placeAmong, type Standing, type Waiting } from './standing.ts';
import { timeGone } from './time-gone.ts';

/** What a page that opens means to a customer. */
export type Meant = {
  /** Their index as it was read for this. */
  readonly index: CustomerIndex | undefined;
} & (
  | { readonly kind: 'ask'; readonly prompt: Prompt }
  /** There is something to ask, once it is known where. */
  | { readonly kind: 'asked' }
  /** Back without a question: to the bot, or, `direct`, to an agent. */
  | { readonly kind: 'back'; readonly sid: SessionId; readonly direct: boolean }
  | { readonly kind: 'nothing' }
);

/** What a customer is asked when they come back, and whether an answer is one to a prompt of ours. */
export interface Prompts {
  /**
   * What opening this conversation means; without one, whether they are back unasked. One round where their sessions are
   * remembered, else one for the index and one for what it names: the sessions, and for a prompt the line and the agent.
   */
  readonly meant: (customer: CustomerId, conversation?: ConversationId) => Promise<Meant>;
  /** What they would be asked in this conversation, or `undefined` when there is nothing to ask. */
  readonly prompt: (customer: CustomerId, conversation: ConversationId) => Promise<Prompt | undefined>;
  /** Whether this house showed this customer, in this conversation, the prompt that is being answered. */
  readonly wasShown: (customer: CustomerId, conversation: ConversationId, answer: PromptAnswer) => boolean;
}

/** Whether anybody is asked to return to a widget's sessions, and in a preview, to this agent's. */
export type Offers = (widget: string, agent: AgentRef | undefined) => boolean;

const MOST_OTHERS = 5;

/** Makes the prompts. */
export function prompts(given: {
  readonly sessions: Sessions;
  readonly candidates: Candidates;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly offers: Offers;
  readonly streamOf: (widget: string) => string;
  /** Whether coming back is only tried out in a widget: prompts say so. */
  readonly isPreview: (widget: string) => boolean;
  readonly where: Standing;
  readonly proofs: Proofs;
}): Prompts {
  const { agents, clock, where, proofs } = given;

  const reading = readAhead(given);
  const meant: Prompts['meant'] = async (customer, conversation) => {
    const read = reading(customer, (index) => {
      const { told } = openIn(index, conversation);
      return { sessions: told, ...(conversation !== undefined && streamOf(told)) };
    });
    const index = await read.index;
    const { told, open } = openIn(index, conversation);
    // Where a prompt may come of it, its line is read beside the sessions, and so is its agent.
    const { stream } = streamOf(conversation === undefined ? [] : told);
    if (conversation !== undefined && told.some(({ agent }) => agent !== undefined)) agents.ahead();
    const line = stream === undefined ? undefined : { stream, waiting: unheard(read.waitingIn(stream)) };
    const headers = await Promise.all(told.map(read.header));
    const live = headers.flatMap((header) => (header !== undefined && isLive(header) ? [header] : []));
    const [best, ...more] = live.filter(({ session }) => isAsked(session));
    if (best !== undefined) {
      const { id: sid, widget } = best.session;
      if (given.rulesFor(widget).promptMode === 'direct') return { index, kind: 'back', sid, direct: true };
      if (conversation === undefined) return { index, kind: 'asked' };
      return { index, kind: 'ask', prompt: await promptOf(best, customer, conversation, more, line) };
    }
    const [bot] = live.length > 0 ? [] : open.filter(({ status }) => status === 'bot');
    return bot !== undefined && given.offers(bot.widget, undefined)
      ? { index, kind: 'back', sid: bot.sid, direct: false }
      : { index, kind: 'nothing' };
  };

  /** The line that whoever is asked about the first of these stands in; they seldom leave the stream they began in. */
  const streamOf = ([first]: readonly IndexEntry[]): { readonly stream?: string } =>
    first === undefined ? {} : { stream: given.streamOf(first.widget) };

  /** Once passed deadlines have taken effect. */
  const isLive = ({ session }: Header): boolean => {
    const { status } = timeGone(session, clock.now(), given.rulesFor(session.widget));
    return status !== 'bot' && status !== 'closed' && status !== 'expired';
  };

  const isAsked = (session: Session): boolean =>
    given.offers(session.widget, session.previous) && isAskedBack(session, given.rulesFor(session.widget));

  const promptOf = async (
    header: Header,
    customer: CustomerId,
    conversation: ConversationId,
    others: readonly Header[],
    line: { readonly stream: string; readonly waiting: Promise<Waiting> } | undefined,
  ): Promise<Prompt> => {
    const { session } = header;
    const [agent, waiting] = await Promise.all([
      presenceOf(session.previous),
      line?.stream === session.stream ? line.waiting : where.waitingIn(session.stream),
    ]);
    const inLine = inLineSince(session);
    const { subject } = session;
    return {
      ...about(session, customer, conversation),
      ...(given.isPreview(session.widget) && { preview: true }),
      ...agent,
      ...waitingBeside(waiting, session.id),
      ...(inLine !== undefined && { place: placeAmong(waiting, inLine, session.id) }),
      ...(subject.kind === 'signedIn' && {
        ...(subject.name !== undefined && { name: subject.name }),
        ...(header.lastLine !== undefined && { lastLine: header.lastLine }),
      }),
      ...timeLeft(session),
      others: others.map((other) => otherChat(other.session, customer, conversation)),
      now: clock.now(),
    };
  };

  const about = (session: Session, customer: CustomerId, conversation: ConversationId) => ({
    sid: session.id,
    epoch: session.epoch,
    nonce: proofs.ofPrompt(customer, session, conversation),
    status: session.status,
    ...(session.previous !== undefined && { agent: firstName(session.previous.name) }),
  });
  const otherChat = (session: Session, customer: CustomerId, conversation: ConversationId): OtherChat => ({
    ...about(session, customer, conversation),
    at: lastMoment(session),
  });

  const presenceOf = async (agent: AgentRef | undefined): Promise<Pick<Prompt, 'agentIs' | 'backAt'>> => {
    if (agent === undefined) return { agentIs: 'unknown' };
    const record = await agents.lately(agent.id);
    const { status, backAt } = record?.presence ?? {};
    const permitted = record !== undefined && isPermitted(record, clock.now());
    if (permitted && status === 'available') return { agentIs: 'here' };
    if (permitted && status === 'busy') return { agentIs: 'busy' };
    return { agentIs: 'away', ...(backAt !== undefined && { backAt }) };
  };

  return {
    meant,
    prompt: async (customer, conversation) => {
      const means = await meant(customer, conversation);
      return means.kind === 'ask' ? means.prompt : undefined;
    },
    wasShown: proofs.isPrompt,
  };
}

/** What a customer left open, in the order in which a return means it; `told` is what prompts tell of, with an agent or line. */
function openIn(
  index: CustomerIndex | undefined,
  conversation: ConversationId | undefined,
): { readonly open: readonly IndexEntry[]; readonly told: readonly IndexEntry[] } {
  // They have started fresh here.
  if (index === undefined || (conversation !== undefined && index.freshIn === conversation))
    return { open: [], told: [] };
  const { first, others } = chooseReturn(index.sessions.map(candidate));
  const order = first === undefined ? [] : [first, ...others];
  const open = order.flatMap(({ sid }) => index.sessions.find((entry) => entry.sid === sid) ?? []);
  return { open, told: open.filter(({ status }) => status !== 'bot').slice(0, MOST_OTHERS + 1) };
}

function waitingBeside(waiting: Waiting, sid: SessionId): Pick<Prompt, 'waiting'> {
  const others = waiting.filter((row) => row.sid !== sid);
  if (others.length === 0) return {};
  return { waiting: { count: others.length, since: Math.min(...others.map(({ at }) => at)) } };
}

function timeLeft(session: Session): Pick<Prompt, 'returnUntil' | 'agentHeldUntil'> {
  if (session.status === 'suspended') return { returnUntil: session.suspendedUntil };
  if (session.status !== 'disconnected') return {};
  const { returnUntil } = session;
  return session.was === 'held' ? { returnUntil, agentHeldUntil: session.agentHeldUntil } : { returnUntil };
}

function lastMoment(session: Session): number {
  if (session.status === 'suspended') return session.suspendedAt;
  if (session.status === 'disconnected') return session.goneAt;
  return session.lastSaid?.at ?? session.openedAt;
}

const candidate = (entry: IndexEntry): Candidate => ({
  sid: entry.sid,
  status: entry.status,
  lastAt: entry.changedAt,
  openedAt: entry.openedAt,
  ...(entry.suspendedAt !== undefined && { suspendedAt: entry.suspendedAt }),
});
