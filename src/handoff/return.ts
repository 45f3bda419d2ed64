import type { CustomerState, Line } from '../cards/views.ts';
import { customerOf, type ConversationId, type CustomerId, type SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Refusal } from '../session/refusal.ts';
import { isHere } from '../session/routing.ts';
import type { AgentRef, Session } from '../session/session.ts';
import type { Agents } from './agents.ts';
import { HandoffError } from './errors.ts';
import type { CustomerReference, Device, Header } from './header.ts';
import type { Outcome, Sessions } from './handle.ts';
import type { SessionStore } from './ports.ts';
import type { Ask } from './step.ts';
import { takenBackInto } from './taken-back.ts';
import { inLineSince, placeAmong, type Standing } from './standing.ts';

/** What a return came to: where they stand now and everything said so far. */
export interface Returned {
  readonly state: CustomerState;
  readonly transcript: readonly Line[];
  readonly refused?: Refusal;
  /** Somebody else has used the key: nothing has changed. */
  readonly spent?: true;
}

/** All that a return is worked out from, read at once. Hints: what is written is fenced by the etags read with them. */
export interface ReadForReturn {
  readonly header: Header;
  /** Everything said by then, and maybe a line more. */
  readonly entries: readonly Entry[];
  /** Whether this agent is present and permitted. */
  readonly isHere: (agent: AgentRef | undefined) => boolean;
  /** The place of whoever stands in line, gone from it for a moment or not. */
  readonly place: (session: Session) => number | undefined;
}

/** One way back to a session. */
export interface ComingBack {
  readonly sid: SessionId;
  readonly conversation: ConversationId;
  /** Whom that conversation was opened for, where it is not for the session's own customer: an account's, for one. */
  readonly user?: CustomerId;
  readonly way: 'heal' | 'prompt' | 'link' | 'code';
  readonly want: 'agent' | 'anyone';
  /** What they come back on. */
  readonly device?: Device | undefined;
  /**
   * Runs beside the reads, before anything is written: to prove who asks, to read a key. One that fails stops the return.
   * What it gives is written in the same batch.
   */
  readonly alongside?: () => Promise<Ask['beside']>;
  /** Told beside what a return tells anyway. */
  readonly say?: Ask['say'];
  /** They are not shown the transcript: what has not come yet is carried to where they are now. */
  readonly unshown?: true;
}

/** The way of every return: one round of reads, all at once, and one write. */
export interface Return {
  /**
   * Reads what a return needs. `stream`: the line to be read beside the rest; where it is not given, the line is read
   * after the session has told which, and only if its customer stands in it.
   *
   * @throws HandoffError `not_found` no such session.
   */
  readonly read: (sid: SessionId, stream?: string) => Promise<ReadForReturn>;
  /**
   * Comes back, over what was read already or is read now, and hands over the whole transcript, to be shown.
   *
   * @throws HandoffError `not_found` no such session; whatever `alongside` throws.
   */
  readonly comeBack: (back: ComingBack, reading?: Promise<ReadForReturn>) => Promise<Returned>;
  /** What was said in the chat that was taken back into this one, as its customer reads it. */
  readonly linesBefore: (header: Header) => Promise<readonly Line[]>;
  /** The transcript of a session as its customer reads it, and where they stand. Writes nothing. */
  readonly asItStands: (read: ReadForReturn) => Returned;
}

/** Makes it. */
export function returning(given: {
  readonly sessions: Sessions;
  readonly store: SessionStore;
  readonly agents: Agents;
  readonly where: Standing;
  /** The session has left a conversation in which a page may still show it; told once the write stands. */
  readonly onLeft: (from: CustomerReference) => void;
}): Return {
  const { sessions, store, agents, where } = given;

  const read: Return['read'] = async (sid, stream) => {
    const customer = customerOf(sid);
    sessions.forget(customer);
    const heading = sessions.header(sid);
    const waiting = stream === undefined ? heading.then((header) => lineOf(header)) : where.waitingIn(stream);
    // The index is read for the batch, which writes it: from here on it is warm.
    const [header, entries, states, line] = await Promise.all([
      heading,
      store.entries(sid, {}),
      agents.states(),
      waiting,
      sessions.index(customer),
    ]);
    if (header === undefined) throw new HandoffError('not_found', `There is no session ${sid}`);
    return {
      header,
      entries,
      isHere: (agent) => states.some((state) => state.id === agent?.id && isHere(state)),
      place: (session) => {
        const since = inLineSince(session);
        return since === undefined ? undefined : placeAmong(line, since, sid);
      },
    };
  };
  const lineOf = async (header: Header | undefined): ReturnType<Standing['waitingIn']> =>
    header === undefined || inLineSince(header.session) === undefined
      ? []
      : where.waitingIn(header.session.stream);

  const comeBack: Return['comeBack'] = async (back, reading = read(back.sid)) => {
    const { sid, conversation, way, want } = back;
    const [before, beside] = await Promise.all([reading, back.alongside?.()]);
    const { session, reference } = before.header;
    const place = before.place(session);
    const outcome = await sessions.ask(sid, {
      actor: 'customer',
      command: ({ previous }) => ({
        type: 'reconnect',
        way,
        want,
        conversation,
        agentHere: before.isHere(previous),
      }),
      ...(reference.conversation !== conversation && {
        reference: {
          ...reference,
          conversation,
          user: { ...reference.user, id: back.user ?? customerOf(sid) },
        },
      }),
      handsTranscript: back.unshown !== true,
      ...(back.device !== undefined && { device: back.device }),
      ...(place !== undefined && { place }),
      ...(beside !== undefined && { beside }),
      ...(back.say !== undefined && { say: back.say }),
    });
    const { header, refused, spent } = outcome;
    const state = where.stateWith(header, {
      place: before.place(header.session),
      unasked: way === 'heal' && header.session.status === 'bot' && session.conversation !== conversation,
    });
    if (spent) return { state, transcript: [], spent };
    if (refused !== undefined) return { state, transcript: [], refused };
    if (reference.conversation !== header.reference.conversation) given.onLeft(reference);
    await meantAgain(header);
    const earlier = await linesBefore(header);
    return {
      state,
      transcript: [...earlier, ...where.linesOf(header, await whole(before.entries, outcome))],
    };
  };

  /** What was said in the chat that was taken back into this one. */
  const linesBefore = async (header: Header): Promise<readonly Line[]> => {
    const before = await takenBackInto(store, header);
    return before === undefined ? [] : where.linesOf(before.header, before.entries);
  };

  /** Everything up to what the answer's state includes: as read, as written, and else as it is read again. */
  const whole = async (early: readonly Entry[], { header, entries }: Outcome): Promise<readonly Entry[]> => {
    const sid = header.session.id;
    const known = new Map([...early, ...entries].map((entry) => [entry.seq, entry]));
    const said = Array.from({ length: header.seq }, (_, i) => known.get(i + 1));
    const all = said.filter((entry) => entry !== undefined);
    return all.length === header.seq ? all : store.entries(sid, { upTo: header.seq });
  };

  /** Somebody who started fresh in this very conversation, and is back in it: what they write is for this chat again. */
  const meantAgain = async ({ session: { id, customer } }: Header): Promise<void> => {
    const left = (await sessions.index(customer))?.freshFrom?.includes(id) ?? false;
    if (!left) return;
    await sessions.reindex(customer, (index) => ({
      ...index,
      freshFrom: (index.freshFrom ?? []).filter((one) => one !== id),
    }));
  };

  return {
    read,
    comeBack,
    linesBefore,
    asItStands: ({ header, entries, place }) => ({
      state: where.stateWith(header, { place: place(header.session) }),
      transcript: where.linesOf(header, entries),
    }),
  };
}
