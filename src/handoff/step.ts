import type { Command } from '../session/command.ts';
import { decide } from '../session/decide.ts';
import type { Event } from '../session/event.ts';
import { evolveAll } from '../session/evolve.ts';
import type { CustomerId, SessionId } from '../session/ids.ts';
import {
  isCarriedToCustomer,
  type Entry,
  type Message,
  type Comment,
  type Notice,
  type Party,
} from '../session/ledger.ts';
import { noticesOfChange } from '../session/notices.ts';
import { openSession } from '../session/open.ts';
import type { Refusal } from '../session/refusal.ts';
import type { Rules } from '../session/rules.ts';
import type { LastSaid, Session, Subject } from '../session/session.ts';
import { sealOf } from './audit-chain.ts';
import { awaitedStill } from './awaited.ts';
import { unread, unreadAfter, unseenAtEnd } from './marks.ts';
import { isReachable } from './owed.ts';
import { questioned } from './questions.ts';
import { referenceOf } from './reference.ts';
import type { Beside } from './ports.ts';
import type { AuditRecord, CustomerIndex, CustomerReference, Device, Header, IndexEntry } from './header.ts';

/** Something to be written into the ledger, not yet numbered. */
export interface Saying {
  readonly by: Party;
  readonly what: Message | Notice | Comment;
}

/** What a new session starts with, when an ask finds none. */
export interface Opening {
  readonly widget: string;
  readonly stream: string;
  readonly subject: Subject;
  readonly reference: CustomerReference;
  readonly follows?: SessionId;
  readonly reason?: string;
}

/** One thing somebody wants of a session. */
export interface Ask {
  /** Who asks, for the audit: `customer`, `bot`, `house` or an agent's id. */
  readonly actor: string;
  /** What they want, judged on the session as it is when their turn comes, and again after a lost race. */
  readonly command: (session: Session) => Command | Promise<Command>;
  /** Said along with it, judged like the command; written only when it is not refused. */
  readonly say?: readonly Saying[] | ((session: Session) => readonly Saying[]);
  /**
   * Keys of what came in; one already known makes the ask a duplicate, and nothing is written. Judged like the command
   * where what came in may turn out to be nothing, and come again.
   */
  readonly dedupe?: readonly string[] | ((session: Session) => readonly string[]);
  /**
   * Keys by which it is known again when nothing comes of it: what was taken under one of them is a duplicate, whose answer
   * was lost. Those of `dedupe` when left out.
   */
  readonly resent?: readonly string[];
  /** Where the customer is now, when the ask tells. */
  readonly reference?: CustomerReference;
  /** Opens the session when there is none. */
  readonly opening?: Opening;
  /** The place in line that the customer is told if this puts them there; only who sees the whole line knows it. */
  readonly place?: number;
  /**
   * Written in the same batch, when the ask is not refused; a key somebody else wrote makes the ask `spent`. A function is
   * given what the ask comes to, and again after a lost race; one that throws fails the ask.
   */
  readonly beside?: readonly Beside[] | ((step: Step) => readonly Beside[]);
  /** What the customer is seen on, where the ask tells. */
  readonly device?: Device;
  /** When the agent who asks last had the transcript before them, where that is known. */
  readonly readAt?: number;
  /** The answer hands the customer the whole transcript: everything up to it counts as delivered. */
  readonly handsTranscript?: boolean;
}

/** What an ask came to. */
export interface Step {
  readonly header: Header;
  readonly entries: readonly Entry[];
  readonly events: readonly Event[];
  readonly audit?: AuditRecord;
  readonly refused?: Refusal;
  /** What may not be taken a second time; nothing of what was refused. */
  readonly dedupe: readonly string[];
}

/**
 * Works out one ask on the header read, without writing anything: the command is decided, what people read because of
 * it becomes ledger entries, and the header follows. `undefined`: there is no session and the ask opens none.
 */
export async function step(
  sid: SessionId,
  customer: CustomerId,
  before: Header | undefined,
  ask: Ask,
  now: number,
  rulesFor: (widget: string) => Rules,
): Promise<Step | undefined> {
  const started = before ?? begin(sid, customer, ask.opening, now);
  if (started === undefined) return undefined;
  const opened: readonly Event[] =
    before === undefined && ask.opening !== undefined ? [opening(sid, customer, ask.opening, now)] : [];
  const command = await ask.command(started.session);
  const { events: decided, refused } = decide(
    started.session,
    command,
    now,
    rulesFor(started.session.widget),
  );
  const events = [...opened, ...decided];
  const session = events.length === 0 ? started.session : evolveAll(before?.session, events);
  const notices = [...noticesOfChange(started.session, decided), ...unseenAtEnd(started, decided)];
  const told = notices.map((what): Saying => ({
    by: { kind: 'house' },
    what: withReading(withReference(withPlace(what, ask.place), sid), started, ask.device),
  }));
  const say = typeof ask.say === 'function' ? ask.say(started.session) : (ask.say ?? []);
  const said = refused === undefined ? say : [];
  const keys = typeof ask.dedupe === 'function' ? ask.dedupe(started.session) : (ask.dedupe ?? []);
  const sayings = command.type === 'handoff' ? [...said, ...told] : [...told, ...said];
  const entries = sayings.map((saying, i): Entry => ({ sid, seq: started.seq + 1 + i, at: now, ...saying }));
  const audit = events.length === 0 ? undefined : recordOf(started, session, ask, events, now);
  const followed = follow(started, session, { entries, events }, ask, refused === undefined);
  return {
    header:
      audit === undefined ? followed : { ...followed, audited: { ver: audit.ver, seal: sealOf(audit) } },
    entries,
    events,
    dedupe: refused === undefined ? keys : [],
    ...(audit !== undefined && { audit }),
    ...(refused !== undefined && { refused }),
  };
}

/** While an older version still runs beside this one, the record before may be of its making, and unsealed. */
const recordOf = (
  { audited, session: before }: Header,
  { id: sid, ver }: Session,
  { actor }: Ask,
  events: readonly Event[],
  at: number,
): AuditRecord => ({
  ...{ sid, ver, at, actor, events },
  ...(audited?.ver === before.ver && { prev: audited.seal }),
});

const withPlace = (notice: Notice, place: number | undefined): Notice =>
  (notice.code === 'queued' || notice.code === 'outsideHours') && place !== undefined
    ? { ...notice, params: { ...notice.params, place } }
    : notice;

/** Whoever reads that it is over can quote it. */
const withReference = (notice: Notice, sid: SessionId): Notice =>
  notice.code === 'closed' || notice.code === 'expired'
    ? { ...notice, params: { ...notice.params, reference: referenceOf(sid) } }
    : notice;

/** Whoever's customer is back reads what they come back to: how many messages, and on what. */
function withReading(notice: Notice, before: Header, device: Device | undefined): Notice {
  if (notice.code !== 'customerBack') return notice;
  const left = unread(before).length;
  const isOther = device !== undefined && before.device !== undefined && device.kind !== before.device.kind;
  const more = { ...(isOther && { device: device.kind }), ...(left > 0 && { unread: left }) };
  return { ...notice, params: { ...notice.params, ...more } };
}

const opening = (id: SessionId, customer: CustomerId, given: Opening, now: number): Event =>
  openSession(
    {
      id,
      customer,
      widget: given.widget,
      stream: given.stream,
      subject: given.subject,
      conversation: given.reference.conversation,
      ...(given.follows !== undefined && { follows: given.follows }),
      ...(given.reason !== undefined && { reason: given.reason }),
    },
    now,
  );

function begin(
  sid: SessionId,
  customer: CustomerId,
  given: Opening | undefined,
  now: number,
): Header | undefined {
  if (given === undefined) return undefined;
  const session = evolveAll(undefined, [opening(sid, customer, given, now)]);
  return { session, seq: 0, delivered: 0, owed: 0, reference: given.reference, cards: {}, cardVer: 0 };
}

/** The header after these entries: numbers, marks, last words. */
function follow(
  { awaited, questions, ...before }: Header,
  session: Session,
  { entries, events }: Pick<Step, 'entries' | 'events'>,
  ask: Ask,
  accepted: boolean,
): Header {
  // What is said of a session that is over has its end given to it anew.
  const { retained: _, ...known } = before;
  const seq = before.seq + entries.length;
  const owed = entries.filter(isCarriedToCustomer).at(-1)?.seq ?? before.owed;
  const setAside = session.status === 'suspended' && before.session.status !== 'suspended';
  const spoken = entries.filter((entry) => entry.what.kind === 'message').at(-1);
  const by = spoken?.by.kind;
  const words =
    spoken === undefined || by === undefined || by === 'house'
      ? undefined
      : { by, at: spoken.at, ...runsOn(before.session, by) };
  const text = spoken?.what.kind === 'message' ? wordsIn(spoken.what) : '';
  return {
    ...known,
    session: words === undefined ? session : { ...session, lastSaid: words },
    seq,
    owed,
    // They are told that it was set aside while they are still on the page; only what comes later waits for them.
    ...(setAside && { owedHere: isReachable(before.session) ? owed : 0 }),
    delivered: ask.handsTranscript === true && accepted ? seq : before.delivered,
    ...unreadAfter(before, entries),
    ...countOf(before, entries),
    ...awaitedStill({ session: before.session, ...(awaited && { awaited }) }, events, entries),
    ...questionsAfter(questions, events, entries),
    ...(accepted && ask.reference !== undefined && { reference: ask.reference }),
    ...(accepted && ask.device !== undefined && { device: ask.device }),
    ...(words !== undefined && { lastLine: { by: words.by, at: words.at, text: text.slice(0, 120) } }),
  };
}

function questionsAfter(
  asked: Header['questions'] = [],
  events: readonly Event[],
  entries: readonly Entry[],
): Pick<Header, 'questions'> {
  const { questions } = questioned(asked, events, entries);
  return questions.length === 0 ? {} : { questions };
}

/** How many messages of the customer's there are by now: what a list counts as unread is the difference. */
function countOf({ fromCustomer = 0 }: Header, entries: readonly Entry[]): Pick<Header, 'fromCustomer'> {
  const said = entries.filter(({ by, what }) => by.kind === 'customer' && what.kind === 'message').length;
  return said === 0 ? {} : { fromCustomer: fromCustomer + said };
}

/** Who goes on speaking has had the last word since they began. */
const runsOn = ({ lastSaid }: Session, by: LastSaid['by']): Pick<LastSaid, 'since'> =>
  lastSaid?.by === by ? { since: lastSaid.since ?? lastSaid.at } : {};

/** What a row and a card show of a message: its words, or what its files are called. */
const wordsIn = ({ text = '', files = [] }: Message): string =>
  text === '' ? files.map(({ name }) => name).join(', ') : text;

/** How long a session stays in its customer's index after its end, ms. */
export const FINAL_STAYS_MS = 24 * 3_600_000;

/** The customer's index after this header, or `undefined` when nothing in it changes. */
export function reindex(index: CustomerIndex, header: Header, now: number): CustomerIndex | undefined {
  const { session } = header;
  const before = index.sessions.find((entry) => entry.sid === session.id);
  const after = indexEntry(session, before, now);
  const { subject } = session;
  // Signed in mid-chat: with the very step that makes the chat theirs, the device's cookie stops opening it.
  const isAdopted =
    index.subject === undefined && subject.kind === 'signedIn' && subject.account !== undefined;
  if (before !== undefined && sameEntry(before, after) && !isAdopted) return undefined;
  const kept = index.sessions.filter(
    (entry) => entry.sid !== session.id && !(isFinal(entry.status) && now - entry.changedAt > FINAL_STAYS_MS),
  );
  return { ...index, ...(isAdopted && { subject }), sessions: [after, ...kept] };
}

/** Whether an index tells of a session as its header does. */
export const isAsIndexed = (entry: IndexEntry, { session }: Header): boolean =>
  sameEntry(entry, indexEntry(session, entry, entry.changedAt));

/** Whether a status is absorbing. */
export const isFinal = (status: Session['status']): boolean => status === 'closed' || status === 'expired';

const EARLIER = 5;

const indexEntry = (session: Session, before: IndexEntry | undefined, now: number): IndexEntry => ({
  sid: session.id,
  status: session.status,
  widget: session.widget,
  conversation: session.conversation,
  openedAt: session.openedAt,
  changedAt: now,
  ...(session.status === 'suspended' && { suspendedAt: session.suspendedAt }),
  ...(session.previous !== undefined && { agent: session.previous.name }),
  ...(before?.overToldAt !== undefined && { overToldAt: before.overToldAt }),
  ...earlier(session, before),
});

function earlier(session: Session, before: IndexEntry | undefined): Pick<IndexEntry, 'earlier'> {
  const known = before?.earlier ?? [];
  if (before === undefined || before.conversation === session.conversation)
    return known.length === 0 ? {} : { earlier: known };
  const left = [before.conversation, ...known].filter((one) => one !== session.conversation);
  return { earlier: [...new Set(left)].slice(0, EARLIER) };
}

const sameEntry = (a: IndexEntry, b: IndexEntry): boolean =>
  a.status === b.status &&
  a.conversation === b.conversation &&
  a.suspendedAt === b.suspendedAt &&
  a.agent === b.agent;
