import { lineOf, type LineReading } from '../cards/line.ts';
import { customerState } from '../cards/state.ts';
import type { CustomerState, Line } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Rules } from '../session/rules.ts';
import type { Session } from '../session/session.ts';
import { isOver } from '../session/whose.ts';
import { endedOf } from './ended.ts';
import type { Header } from './header.ts';
import type { Row } from './inbox.ts';
import type { InboxStore } from './ports.ts';
import type { Proofs } from './proof.ts';

/** Who waits in a work stream's line; a projection, so somebody may just have left it. */
export type Waiting = readonly Pick<Row, 'sid' | 'at'>[];

/** Where a customer stands, and what they may read of what was said. */
export interface Standing {
  /** One read, of the line, when they wait in it; none otherwise. */
  readonly stateOf: (header: Header) => Promise<CustomerState>;
  /** The same from what is known already. */
  readonly stateWith: (header: Header, known?: Known) => CustomerState;
  /** The place in line of whoever has one, gone from it for a moment or not. */
  readonly placeOf: (session: Session) => Promise<number | undefined>;
  /** The place that whoever queues at `at` has in a work stream's line, from 1; as the inbox shows it. */
  readonly placeInLine: (stream: string, at: number, sid: SessionId) => Promise<number>;
  readonly waitingIn: (stream: string) => Promise<Waiting>;
  /** Entries as the customer reads them. */
  readonly linesOf: (header: Header, entries: readonly Entry[]) => readonly Line[];
}

/** What the header does not tell. */
export interface Known {
  readonly place?: number | undefined;
  /** They have come back to the bot just now, unasked. */
  readonly unasked?: boolean;
}

const LONGEST_LINE = 100;

/** Makes it over the line that the inbox lists; `wordsFor` speaks the widget's language. */
export function standing(given: {
  readonly inbox: Pick<InboxStore, 'page'>;
  readonly clock: Clock;
  readonly rulesFor: (widget: string) => Rules;
  readonly wordsFor: (header: Header) => Wording;
  /** How the links given in a session are shown to its customer. */
  readonly linkOf: (session: Session) => LineReading['linkOf'];
  /** Where a customer gets the bytes of a file. */
  readonly fileUrl: LineReading['fileUrl'];
  readonly proofs: Proofs;
}): Standing {
  const { inbox, clock } = given;

  const waitingIn: Standing['waitingIn'] = async (stream) =>
    (await inbox.page(`queue:${stream}`, 'queue', LONGEST_LINE)).rows.filter(
      // What is offered on waits in no line: its customer has an agent.
      ({ status }) => status === 'queued',
    );
  const placeInLine: Standing['placeInLine'] = async (stream, at, sid) =>
    placeAmong(await waitingIn(stream), at, sid);
  const placeOf = async (session: Session): Promise<number | undefined> => {
    const queuedAt = inLineSince(session);
    return queuedAt === undefined ? undefined : placeInLine(session.stream, queuedAt, session.id);
  };
  const stateWith: Standing['stateWith'] = ({ session, seq, seen }, { place, unasked = false } = {}) => {
    const rules = given.rulesFor(session.widget);
    const { suspendedReturn, promptMode } = rules;
    const neverAsked = promptMode === 'direct' && session.previous !== undefined && !isOver(session);
    return customerState(session, {
      now: clock.now(),
      seq,
      seen,
      place,
      direct: unasked || neverAsked,
      suspendedReturn,
      rules,
      ended: isOver(session) ? endedOf(session, given.proofs) : undefined,
    });
  };

  return {
    stateWith,
    stateOf: async (header) =>
      stateWith(header, {
        place: header.session.status === 'queued' ? await placeOf(header.session) : undefined,
      }),
    placeOf,
    placeInLine,
    waitingIn,
    linesOf: (header, entries) => {
      const words = given.wordsFor(header);
      const linkOf = given.linkOf(header.session);
      return entries.flatMap(
        (entry) => lineOf(entry, 'customer', words, { linkOf, fileUrl: given.fileUrl }) ?? [],
      );
    },
  };
}

/** The place from 1 of whoever queues at `at` among those who wait. */
export const placeAmong = (waiting: Waiting, at: number, sid: SessionId): number =>
  waiting.filter((row) => row.sid !== sid && row.at < at).length + 1;

/** Since when they stand in line, gone from it for a moment or not; `undefined` when they have no place. */
export const inLineSince = (session: Session): number | undefined =>
  session.status === 'queued' || (session.status === 'disconnected' && session.was === 'queued')
    ? session.queuedAt
    : undefined;
