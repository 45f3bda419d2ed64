import type { Clock } from '../clock.ts';
import type { CustomerState, Line, PromptAnswer } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { ConversationId, CustomerId, SessionId } from '../session/ids.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import type { Subject } from '../session/session.ts';
import type { Agents } from './agents.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { CustomerIndex, Header, IndexEntry, Presence } from './header.ts';
import type { Sessions } from './handle.ts';
import type { Beside, InboxStore, SessionStore } from './ports.ts';
import { prompts, type Prompts } from './prompts.ts';
import { standing, type Standing } from './standing.ts';
import { isFinal } from './step.ts';

/** What a return came to: where they stand now and everything said so far. */
export interface Returned {
  readonly state: CustomerState;
  readonly transcript: readonly Line[];
  readonly refused?: Refusal;
  /** Somebody else has used the key: nothing has changed. */
  readonly spent?: true;
}

/** A customer's side of the house: where they stand, the ways back, and whether they are here. */
export interface Customers {
  /** The open session of this conversation, or one that has moved on from it; from memory when warm. */
  readonly current: (customer: CustomerId, conversation: ConversationId) => Promise<IndexEntry | undefined>;
  /** Notes who a customer is; one write when that is news. */
  readonly know: (customer: CustomerId, subject: Subject) => Promise<void>;
  /** The widget this conversation was opened in, as its page said; the first widget when no page did. */
  readonly widgetOf: (customer: CustomerId, conversation: ConversationId) => Promise<string>;
  readonly prompt: Prompts['prompt'];
  readonly silent: Prompts['silent'];
  /** Comes back to a session whose page still shows the conversation: what was held is carried there. */
  readonly heal: (sid: SessionId, conversation: ConversationId) => Promise<CustomerState>;
  /** Comes back to a session in this conversation, whatever the way; hands over the whole transcript. */
  readonly comeBack: (
    sid: SessionId,
    conversation: ConversationId,
    way: 'heal' | 'prompt' | 'link' | 'code',
    want: 'agent' | 'anyone',
    beside?: readonly Beside[],
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
  readonly placeInLine: Standing['placeInLine'];
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
  const where = standing(given);
  const { stateOf, placeOf, linesOf } = where;
  const asked = prompts({ ...given, placeOf });

  const must = async (sid: SessionId): Promise<Header> => {
    const header = await sessions.header(sid);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return header;
  };
  const current = async (
    customer: CustomerId,
    conversation: ConversationId,
  ): Promise<IndexEntry | undefined> => openIn(await sessions.index(customer), conversation);

  const widgets = recentlyUsed<ConversationId, string>(WARM_WIDGETS);
  const widgetOf = async (customer: CustomerId, conversation: ConversationId): Promise<string> => {
    const known = widgets.get(conversation) ?? (await store.presence(customer, conversation))?.widget ?? '';
    widgets.set(conversation, known);
    return known;
  };

  const transcript = async (header: Header): Promise<readonly Line[]> =>
    linesOf(header, await store.entries(header.session.id, { upTo: header.seq }));

  const comeBack: Customers['comeBack'] = async (sid, conversation, way, want, beside) => {
    const before = await must(sid);
    const place = await placeOf(before.session);
    // The transcript is read while the return is being written; what was committed in between is read again.
    const early = store.entries(sid, { upTo: before.seq });
    // A return that fails, or is refused, leaves it unread: its failure is then nobody's.
    early.catch(() => undefined);
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
      ...(beside !== undefined && { beside }),
    });
    const { header, refused, spent } = outcome;
    if (spent) return { state: await stateOf(header), transcript: [], spent };
    if (refused !== undefined) return { state: await stateOf(header), transcript: [], refused };
    const entries = [...(await early)];
    const known = entries.at(-1)?.seq ?? 0;
    if (known < header.seq) {
      const wrote = outcome.entries.filter((entry) => entry.seq > known);
      const whole = wrote.length === header.seq - known;
      entries.push(...(whole ? wrote : await store.entries(sid, { after: known, upTo: header.seq })));
    }
    return { state: await stateOf(header), transcript: linesOf(header, entries) };
  };

  const heal: Customers['heal'] = async (sid, conversation) => {
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
    prompt: asked.prompt,
    silent: asked.silent,
    comeBack,
    placeInLine: where.placeInLine,
    know: async (customer, subject) => {
      await sessions.reindex(customer, (index) =>
        JSON.stringify(index.subject ?? { kind: 'anonymous' }) === JSON.stringify(subject)
          ? undefined
          : { ...index, subject },
      );
    },
    heal,
    answer: async (customer, conversation, answer) => {
      if (!asked.wasShown(customer, conversation, answer)) {
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
      // The chat goes on in another page of theirs: this one neither leaves it nor calls it back.
      if (session.conversation !== presence.conversation) return { status: 'none', now: clock.now() };
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

/**
 * The open session that a conversation shows. A page whose session went on in a newer one still shows it, unless its
 * customer started fresh there: what they write on it must neither be lost nor open a second session.
 */
function openIn(index: CustomerIndex | undefined, conversation: ConversationId): IndexEntry | undefined {
  const open = (index?.sessions ?? []).filter((entry) => !isFinal(entry.status));
  const here = open.find((entry) => entry.conversation === conversation);
  if (here !== undefined || index?.freshIn === conversation) return here;
  return open.find((entry) => entry.earlier?.includes(conversation));
}
