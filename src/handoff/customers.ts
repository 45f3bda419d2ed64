import type { LineReading } from '../cards/line.ts';
import type { CustomerState, Ended, Line, PromptAnswer, Shareable } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { Clock } from '../clock.ts';
import { customerOf, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import type { Session, Subject } from '../session/session.ts';
import { customerActs, type CustomerAct } from './customer-acts.ts';
import type { Agents } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import { candidates } from './candidates.ts';
import { HandoffError } from './errors.ts';
import { fresh, type Fresh } from './fresh.ts';
import type { CustomerReference, CustomerIndex, Device, Header, IndexEntry, Presence } from './header.ts';
import type { Sessions } from './handle.ts';
import type { InboxStore, SessionStore } from './ports.ts';
import type { Peppers } from './peppers.ts';
import { prompts, type Offers, type Prompts } from './prompts.ts';
import { proofs as makeProofs, streamIn } from './proof.ts';
import { returning, type ReadForReturn, type Return, type Returned } from './return.ts';
import { standing, type Standing } from './standing.ts';
import { FINAL_STAYS_MS, isFinal, type Ask } from './step.ts';
import type { Telemetry } from './telemetry.ts';
import { tooLate, type TooLate } from './too-late.ts';

export type { Returned } from './return.ts';

/** What an answer to a prompt came to. */
export interface Answered extends Returned {
  /** They started fresh, and may let the new agent see what they left. */
  readonly share?: Shareable;
}

/** A customer's side of the house: where they stand, the ways back, and whether they are here. */
export interface Customers {
  /** The open session of this conversation, or one that has moved on from it; from memory when warm. */
  readonly current: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  /** The same for whoever acts on it: where memory shows none, the store is asked, for another instance may have opened it. */
  readonly actedOn: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  /** Notes who a customer is; one write when that is news. */
  readonly know: (customer: CustomerId, subject: Subject) => Promise<void>;
  /** The widget this conversation was opened in, as its page said; the first widget when no page did. */
  readonly widgetOf: (customer: CustomerId, conversation: ConversationId) => Promise<string>;
  /** The same as far as this instance remembers; asks nobody. */
  readonly widgetInMind: (conversation: ConversationId) => string;
  /** Remembers in which widget a conversation is being opened: whoever opens it asks for it a moment later. */
  readonly openedIn: (conversation: ConversationId, widget: string) => void;
  readonly meant: Prompts['meant'];
  readonly prompt: Prompts['prompt'];
  readonly tooLate: TooLate;
  /** Comes back to a session whose page still shows the conversation: what was held is carried there. */
  readonly heal: (sid: SessionId, conversation: ConversationId) => Promise<CustomerState>;
  /** Comes back to a session in this conversation, whatever the way; hands over the whole transcript. */
  readonly comeBack: (
    sid: SessionId,
    conversation: ConversationId,
    way: 'heal' | 'prompt' | 'link' | 'code',
    want: 'agent' | 'anyone',
    beside?: Ask['beside'],
  ) => Promise<Returned>;
  /** The way of every return, for whoever reads or proves something beside it. */
  readonly returning: Return;
  /**
   * Begins to read what an answer to a prompt needs, before it is known who gives it; nothing for what is no answer to a
   * prompt of ours. Hand what it gives to `answer`.
   */
  readonly readAhead: (
    conversation: ConversationId,
    answer: PromptAnswer,
  ) => Promise<ReadForReturn> | undefined;
  /**
   * Takes the answer to a prompt; repeating it gives the same result.
   *
   * @throws HandoffError `not_found` when this house did not show this customer this prompt in this conversation.
   */
  readonly answer: (
    customer: CustomerId,
    conversation: ConversationId,
    answer: PromptAnswer,
    reading?: Promise<ReadForReturn>,
    device?: Device,
  ) => Promise<Answered>;
  /** An answer to a question that was not asked, for a card that offers it all the same. */
  readonly answerFor: (
    customer: CustomerId,
    conversation: ConversationId,
    sid: SessionId,
    choice: PromptAnswer['choice'],
  ) => Promise<PromptAnswer>;
  readonly share: Fresh['share'];
  /** Nobody is asked about earlier sessions in this conversation any more. */
  readonly startAnew: Fresh['anew'];
  /**
   * Their page has shown them everything up to `seq`: a mark on the header, monotone, beside every decision. Of a
   * conversation that shows nothing, or more than was said, it means nothing.
   */
  readonly seen: (
    customer: CustomerId,
    conversation: ConversationId,
    seq: number,
    device?: Device,
  ) => Promise<void>;
  /** A beat, or the word that the page leaves; heals a session noticed gone. */
  readonly beat: (customer: CustomerId, presence: Presence) => Promise<CustomerState>;
  readonly act: (
    customer: CustomerId,
    conversation: ConversationId,
    act: CustomerAct,
  ) => Promise<{ readonly state: CustomerState; readonly refused?: Refusal; readonly share?: Shareable }>;
  readonly state: (sid: SessionId) => Promise<CustomerState>;
  /**
   * Everything said in this conversation's session as its customer reads it, also within a day after its end.
   *
   * @throws HandoffError `not_found` when there is none.
   */
  readonly transcript: (
    customer: CustomerId,
    conversation: ConversationId,
  ) => Promise<{ readonly state: CustomerState; readonly lines: readonly Line[] }>;
  readonly placeInLine: Standing['placeInLine'];
  readonly standing: Standing;
}

const WARM_WIDGETS = 50_000;
/** A mark that loses so many races rides on the next step. */
const TRIES = 5;

/** Makes the customers' side. `wordsFor` speaks the widget's language. */
export function customers(
  given: Peppers & {
    readonly sessions: Sessions;
    readonly store: SessionStore;
    readonly inbox: InboxStore;
    readonly agents: Agents;
    readonly clock: Clock;
    readonly rulesFor: (widget: string) => Rules;
    readonly offers: Offers;
    readonly isPreview: (widget: string) => boolean;
    readonly streamOf: (widget: string) => string;
    readonly redirectUrl: (widget: string) => string | undefined;
    readonly wordsFor: (header: Header) => Wording;
    /** How the links given in a session are shown to its customer. */
    readonly linkOf: (session: Session) => LineReading['linkOf'];
    /** Where a customer gets the bytes of a file. */
    readonly fileUrl: LineReading['fileUrl'];
    readonly onLeft: (from: CustomerReference) => void;
    readonly observe: Telemetry['tell'] | undefined;
  },
): Customers {
  const { sessions, store, inbox, agents, clock } = given;
  const proofs = makeProofs(given);
  const known = candidates(sessions);
  const where = standing({ ...given, proofs });
  const { stateOf } = where;
  const asked = prompts({ ...given, candidates: known, where, proofs });
  const returns = returning({ ...given, where });
  const late = tooLate({ ...given, candidates: known, where, proofs });
  const none = (ended?: Ended): CustomerState => ({
    status: 'none',
    now: clock.now(),
    ...(ended !== undefined && { ended }),
  });

  const must = async (sid: SessionId): Promise<Header> => {
    const header = await sessions.header(sid);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return header;
  };
  const current: Customers['current'] = async (customer, conversation) =>
    openIn(await known.of(customer), conversation);
  const actedOn: Customers['actedOn'] = async (customer, conversation) => {
    const entry = await current(customer, conversation);
    if (entry !== undefined) return entry;
    sessions.forget(customer);
    return current(customer, conversation);
  };

  const widgets = recentlyUsed<ConversationId, string>(WARM_WIDGETS, clock.now);
  const widgetOf: Customers['widgetOf'] = async (customer, conversation) => {
    const widget = widgets.get(conversation) ?? (await store.presence(customer, conversation))?.widget ?? '';
    widgets.set(conversation, widget);
    return widget;
  };
  const anew = fresh({ ...given, candidates: known, widgetOf, current, proofs, now: clock.now });

  const heal = async (
    sid: SessionId,
    conversation: ConversationId,
    device?: Device,
  ): Promise<CustomerState> => {
    const { reference } = await must(sid);
    const { header } = await sessions.ask(sid, {
      actor: 'customer',
      command: async (session) => ({
        type: 'reconnect',
        way: 'heal',
        want: 'agent',
        conversation,
        agentHere: await agents.isHere(session.previous),
      }),
      ...(reference.conversation !== conversation && { reference: { ...reference, conversation } }),
      ...(device !== undefined && { device }),
    });
    return stateOf(header);
  };

  const startFresh = async (
    customer: CustomerId,
    conversation: ConversationId,
    { choice, sid }: Pick<PromptAnswer, 'choice' | 'sid'>,
  ): Promise<Answered> => {
    const left = { state: none(), transcript: [] };
    const isTheirs = choice !== 'notMe';
    // Somebody else's chat: nothing becomes of it, and it is not theirs to show.
    const { share, widget, isNews } = await anew.start(
      customer,
      conversation,
      sid,
      isTheirs ? undefined : 'keep',
    );
    if (isNews) given.observe?.({ kind: 'startedFresh', choice: isTheirs ? 'fresh' : 'notMe', widget });
    return isTheirs ? { ...left, share } : left;
  };

  return {
    current,
    actedOn,
    widgetOf,
    widgetInMind: (conversation) => widgets.get(conversation) ?? '',
    openedIn: widgets.set,
    meant: asked.meant,
    prompt: asked.prompt,
    tooLate: late,
    returning: returns,
    standing: where,
    placeInLine: where.placeInLine,
    share: anew.share,
    startAnew: anew.anew,
    know: async (customer, subject) => {
      await sessions.reindex(customer, (index) =>
        JSON.stringify(index.subject ?? { kind: 'anonymous' }) === JSON.stringify(subject)
          ? undefined
          : { ...index, subject },
      );
    },
    heal,
    comeBack: (sid, conversation, way, want, beside) =>
      returns.comeBack({
        ...{ sid, conversation, way, want },
        ...(beside !== undefined && { alongside: () => Promise.resolve(beside) }),
      }),
    readAhead: (conversation, answer) =>
      isReturn(answer) && asked.wasShown(customerOf(answer.sid), conversation, answer)
        ? returns.read(answer.sid, streamIn(answer))
        : undefined,
    answer: async (customer, conversation, answer, ahead, device) => {
      if (!asked.wasShown(customer, conversation, answer))
        throw new HandoffError('not_found', 'This prompt was not shown here');
      const { sid, choice } = answer;
      if (!isReturn(answer)) return startFresh(customer, conversation, answer);
      const reading = ahead ?? returns.read(sid, streamIn(answer));
      const read = await reading;
      const { session } = read.header;
      // The first click moved the session here and raised the epoch: the second finds it done.
      if (session.conversation === conversation && session.epoch > answer.epoch)
        return returns.asItStands(read);
      const want = choice === 'anyone' ? 'anyone' : 'agent';
      const returned = await returns.comeBack(
        { sid, conversation, user: customer, way: 'prompt', want, device },
        reading,
      );
      if (returned.refused?.kind !== 'over') return returned;
      // A click a moment too late is told what became of the chat, and need not be told again.
      const ended = await late.tell(customer);
      return ended === undefined ? returned : { ...returned, state: { ...returned.state, ended } };
    },
    answerFor: async (customer, conversation, sid, choice) => {
      const { session } = await must(sid);
      const nonce = proofs.ofPrompt(customer, session, conversation);
      return { sid, epoch: session.epoch, nonce, choice };
    },
    seen: async (customer, conversation, seq, device) => {
      const sid = (await current(customer, conversation))?.sid;
      const header = sid && (await sessions.header(sid));
      if (header === undefined || seq > header.seq || seq <= (header.seen ?? -1)) return;
      sessions.seen(header.session.id, seq, device);
      for (let tries = 0; tries < TRIES && !(await sessions.flush(header.session.id)); tries += 1);
    },
    beat: async (customer, presence) => {
      const { conversation } = presence;
      const entry = await current(customer, conversation);
      await Promise.all(
        [...new Set([customer, ...(entry === undefined ? [] : [customerOf(entry.sid)])])].map((partition) =>
          store.beat(partition, presence),
        ),
      );
      if (entry === undefined) return (await late.shownIn(customer, conversation)) ?? none();
      const header = await must(entry.sid);
      const { session } = header;
      // The chat goes on in another page of theirs: this one neither leaves it nor calls it back.
      if (session.conversation !== conversation) return none();
      if (presence.leftAt !== undefined) {
        const { leaveGraceMs } = given.rulesFor(session.widget);
        await inbox.file({ sid: session.id, dueAt: presence.leftAt + leaveGraceMs });
        return stateOf(header);
      }
      const away =
        session.status === 'disconnected' ||
        (session.status === 'suspended' && session.customerBackAt === undefined && session.by === 'agent');
      return away ? heal(entry.sid, conversation, presence.device) : stateOf(header);
    },
    act: customerActs({
      sessions,
      returns,
      where,
      current: actedOn,
      fresh: async (customer, conversation, sid) =>
        startFresh(customer, conversation, { choice: 'fresh', sid }),
    }),
    state: async (sid) => stateOf(await must(sid)),
    transcript: async (customer, conversation) => {
      const index = await known.of(customer);
      const entry = openIn(index, conversation) ?? lastIn(index, conversation, clock.now());
      if (entry === undefined) throw new HandoffError('not_found', 'There is no chat to read here');
      const read = await returns.read(entry.sid);
      const { state, transcript } = returns.asItStands(read);
      return { state, lines: [...(await returns.linesBefore(read.header)), ...transcript] };
    },
  };
}

const isReturn = ({ choice }: PromptAnswer): boolean => choice === 'agent' || choice === 'anyone';

/**
 * The open session that a conversation shows. A page whose session went on in a newer one still shows it, unless its
 * customer started fresh there: what they write on it must neither be lost nor open a second session.
 */
function openIn(index: CustomerIndex | undefined, conversation: ConversationId): IndexEntry | undefined {
  const isFreshHere = index?.freshIn === conversation;
  const left = isFreshHere ? (index.freshFrom ?? []) : [];
  const open = (index?.sessions ?? []).filter((entry) => !isFinal(entry.status) && !left.includes(entry.sid));
  const here = open.find((entry) => entry.conversation === conversation);
  if (here !== undefined || isFreshHere) return here;
  return open.find((entry) => entry.earlier?.includes(conversation));
}

/** The latest session that ended in a conversation, within the last day. */
const lastIn = (
  index: CustomerIndex | undefined,
  conversation: ConversationId,
  now: number,
): IndexEntry | undefined =>
  index?.sessions.find(
    (entry) =>
      isFinal(entry.status) && entry.conversation === conversation && now - entry.changedAt <= FINAL_STAYS_MS,
  );
