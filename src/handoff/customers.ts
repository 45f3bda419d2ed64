import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { lineOf } from '../cards/line.ts';
import { customerState } from '../cards/state.ts';
import type { CustomerState, Line, Prompt, PromptAnswer } from '../cards/views.ts';
import { firstName } from '../cards/names.ts';
import type { Wording } from '../cards/wording.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import { customerOf } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import { decide } from '../session/decide.ts';
import { evolveAll } from '../session/evolve.ts';
import type { Session, Subject } from '../session/session.ts';
import { chooseReturn } from '../session/which.ts';
import type { Agents } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { CustomerIndex, Header, IndexEntry, Presence } from './header.ts';
import type { Sessions } from './handle.ts';
import type { InboxStore, SessionStore } from './ports.ts';
import { isFinal } from './step.ts';

/** What a return came to: where they stand now and everything said so far. */
export interface Returned {
  readonly state: CustomerState;
  readonly transcript: readonly Line[];
  readonly refused?: Refusal;
}

/** A customer's side of the house: where they stand, the ways back, and whether they are here. */
export interface Customers {
  /** The open session bound to this conversation; from memory when warm. */
  readonly current: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  /** Notes who a customer is; one write when that is news. */
  readonly know: (customer: CustomerId, subject: Subject) => Promise<void>;
  /** The widget this conversation was opened in, as its page said; the first widget when no page did. */
  readonly widgetOf: (customer: CustomerId, conversation: ConversationId) => Promise<string>;
  /** What they would be asked in this conversation, or `undefined` when there is nothing to return to. At most two reads. */
  readonly prompt: (customer: CustomerId, conversation: ConversationId) => Promise<Prompt | undefined>;
  /** The session with the bot that a new conversation takes over silently, if that is what a return means. */
  readonly silent: (customer: CustomerId, conversation?: ConversationId) => Promise<SessionId | undefined>;
  /** Comes back to a session whose page still shows the conversation: what was held is carried there. */
  readonly heal: (sid: SessionId, conversation: ConversationId) => Promise<CustomerState>;
  /** Comes back to a session in this conversation, whatever the way; hands over the whole transcript. */
  readonly comeBack: (
    sid: SessionId,
    conversation: ConversationId,
    way: 'heal' | 'prompt',
    want: 'agent' | 'anyone',
  ) => Promise<Returned>;
  /**
   * Takes the answer to a prompt; repeating it gives the same result.
   *
   * @throws HandoffError `not_found` when this house did not show this customer this prompt in this conversation.
   */
  readonly answer: (
    customer: CustomerId,
    conversation: ConversationId,
    answer: PromptAnswer,
  ) => Promise<Returned>;
  /** A beat, or the word that the page leaves; heals a session noticed gone. */
  readonly beat: (customer: CustomerId, presence: Presence) => Promise<CustomerState>;
  readonly act: (
    customer: CustomerId,
    conversation: ConversationId,
    act: 'suspend' | 'end' | 'leaveQueue',
  ) => Promise<{ readonly state: CustomerState; readonly refused?: Refusal }>;
  readonly state: (sid: SessionId) => Promise<CustomerState>;
  /** The place that whoever queues at `at` has in a work stream's line, from 1; as the inbox shows it. */
  readonly placeInLine: (stream: string, at: number, sid: SessionId) => Promise<number>;
  /** Everything the customer may see of a session up to `upTo`. */
  readonly transcript: (header: Header) => Promise<readonly Line[]>;
}

const WARM_WIDGETS = 50_000;

/** Makes the customers' side. `pepper` signs prompts; `wordsFor` speaks the widget's language. */
export function customers(given: {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly inbox: InboxStore;
  readonly agents: Agents;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly isEnabled: (widget: string) => boolean;
  readonly wordsFor: (header: Header) => Wording;
  readonly pepper: string;
}): Customers {
  const { sessions, store, inbox, agents, clock } = given;

  const freshIndex = async (customer: CustomerId): Promise<CustomerIndex | undefined> => {
    sessions.forget(customer);
    return sessions.index(customer);
  };
  const must = async (sid: SessionId): Promise<Header> => {
    const header = await sessions.header(sid);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return header;
  };
  const current = async (
    customer: CustomerId,
    conversation: ConversationId,
  ): Promise<IndexEntry | undefined> =>
    (await sessions.index(customer))?.sessions.find(
      (entry) => entry.conversation === conversation && !isFinal(entry.status),
    );

  const placeOf = async (session: Session): Promise<number | undefined> => {
    if (session.status !== 'queued' && !(session.status === 'disconnected' && session.was === 'queued'))
      return undefined;
    return placeInLine(session.stream, session.queuedAt, session.id);
  };
  const placeInLine: Customers['placeInLine'] = async (stream, at, sid) => {
    const { rows } = await inbox.page(`queue:${stream}`, 'queue', 100);
    return rows.filter((row) => row.sid !== sid && row.at < at).length + 1;
  };
  const stateOf = async (header: Header): Promise<CustomerState> => {
    const place = header.session.status === 'queued' ? await placeOf(header.session) : undefined;
    return customerState(header.session, {
      now: clock.now(),
      seq: header.seq,
      ...(place !== undefined && { place }),
    });
  };

  const widgets = recentlyUsed<ConversationId, string>(WARM_WIDGETS);
  const widgetOf = async (customer: CustomerId, conversation: ConversationId): Promise<string> => {
    const known = widgets.get(conversation) ?? (await store.presence(customer, conversation))?.widget ?? '';
    widgets.set(conversation, known);
    return known;
  };

  const nonceOf = (sid: SessionId, epoch: number, conversation: ConversationId): string =>
    createHmac('sha256', given.pepper)
      .update(`prompt|${sid}|${epoch}|${conversation}`)
      .digest('base64url')
      .slice(0, 22);

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

  const transcript = async (header: Header): Promise<readonly Line[]> => {
    const words = given.wordsFor(header);
    const entries = await store.entries(header.session.id, { upTo: header.seq });
    return entries.flatMap((entry) => lineOf(entry, 'customer', words) ?? []);
  };

  const comeBack: Customers['comeBack'] = async (sid, conversation, way, want) => {
    const before = await must(sid);
    const place = await placeOf(before.session);
    // The transcript is read while the return is being written; what was committed in between is read again.
    const early = store.entries(sid, { upTo: before.seq });
    const outcome = await sessions.ask(sid, {
      actor: 'customer',
      command: async (session) => ({
        type: 'reconnect',
        way,
        want,
        conversation,
        agentHere: await agents.isHere(session.previous),
      }),
      ...(before.reference.conversation !== conversation && {
        reference: { ...before.reference, conversation },
      }),
      handsTranscript: true,
      ...(place !== undefined && { place }),
    });
    const { header, refused } = outcome;
    if (refused !== undefined) return { state: await stateOf(header), transcript: [], refused };
    const entries = [...(await early)];
    const known = entries.at(-1)?.seq ?? 0;
    if (known < header.seq) {
      const wrote = outcome.entries.filter((entry) => entry.seq > known);
      const whole = wrote.length === header.seq - known;
      entries.push(...(whole ? wrote : await store.entries(sid, { after: known, upTo: header.seq })));
    }
    const words = given.wordsFor(header);
    return {
      state: await stateOf(header),
      transcript: entries.flatMap((entry) => lineOf(entry, 'customer', words) ?? []),
    };
  };

  const heal: Customers['heal'] = async (sid, conversation) => {
    const { header } = await sessions.ask(sid, {
      actor: 'customer',
      command: async (session) => ({
        type: 'reconnect',
        way: 'heal',
        want: 'agent',
        conversation,
        agentHere: await agents.isHere(session.previous),
      }),
    });
    return stateOf(header);
  };

  const startFresh = async (
    customer: CustomerId,
    conversation: ConversationId,
    sid: SessionId,
  ): Promise<Returned> => {
    const { startFresh: mode } = given.rulesFor((await must(sid)).session.widget);
    await sessions.reindex(customer, (index) =>
      index.freshIn === conversation ? undefined : { ...index, freshIn: conversation },
    );
    await sessions.ask(sid, { actor: 'customer', command: () => ({ type: 'startFresh', mode }) });
    return { state: { status: 'none', now: clock.now() }, transcript: [] };
  };

  return {
    current,
    widgetOf,
    prompt,
    comeBack,
    transcript,
    placeInLine,
    know: async (customer, subject) => {
      await sessions.reindex(customer, (index) =>
        JSON.stringify(index.subject ?? { kind: 'anonymous' }) === JSON.stringify(subject)
          ? undefined
          : { ...index, subject },
      );
    },
    heal,
    silent: async (customer, conversation) => {
      const index = await freshIndex(customer);
      if (conversation !== undefined && index?.freshIn === conversation) return undefined;
      const { first } = chooseReturn((index?.sessions ?? []).map(candidate));
      return first?.status === 'bot' ? first.sid : undefined;
    },
    answer: async (customer, conversation, answer) => {
      const expected = Buffer.from(nonceOf(answer.sid, answer.epoch, conversation));
      const got = Buffer.from(answer.nonce);
      if (
        customerOf(answer.sid) !== customer ||
        expected.length !== got.length ||
        !timingSafeEqual(expected, got)
      ) {
        throw new HandoffError('not_found', 'This prompt was not shown here');
      }
      sessions.forget(customer);
      if (answer.choice === 'fresh') return startFresh(customer, conversation, answer.sid);
      const { session } = await must(answer.sid);
      // The first click moved the session here and raised the epoch: the second finds it done.
      const done = session.conversation === conversation && session.epoch > answer.epoch;
      if (done)
        return {
          state: await stateOf(await must(answer.sid)),
          transcript: await transcript(await must(answer.sid)),
        };
      return comeBack(answer.sid, conversation, 'prompt', answer.choice);
    },
    beat: async (customer, presence) => {
      await store.beat(customer, presence);
      const entry = await current(customer, presence.conversation);
      if (entry === undefined) return { status: 'none', now: clock.now() };
      const header = await must(entry.sid);
      const { session } = header;
      if (presence.leftAt !== undefined) {
        const { leaveGraceMs } = given.rulesFor(session.widget);
        await inbox.file({ sid: session.id, dueAt: presence.leftAt + leaveGraceMs });
        return stateOf(header);
      }
      const away =
        session.status === 'disconnected' ||
        (session.status === 'suspended' && session.customerBackAt === undefined && session.by === 'agent');
      if (!away) return stateOf(header);
      return heal(entry.sid, presence.conversation);
    },
    act: async (customer, conversation, act) => {
      const entry = await current(customer, conversation);
      if (entry === undefined) throw new HandoffError('not_found', 'There is no chat to act on here');
      const outcome = await sessions.ask(entry.sid, {
        actor: 'customer',
        command: () => {
          switch (act) {
            case 'suspend':
              return { type: 'suspend', by: 'customer' };
            case 'end':
              return { type: 'close', by: 'customer' };
            case 'leaveQueue':
              return { type: 'leaveQueue' };
          }
        },
      });
      return {
        state: await stateOf(outcome.header),
        ...(outcome.refused !== undefined && { refused: outcome.refused }),
      };
    },
    state: async (sid) => stateOf(await must(sid)),
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
