import { lineOf } from '../cards/line.ts';
import { customerState } from '../cards/state.ts';
import type { CustomerState, Line } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { Clock } from '../clock.ts';
import type { SessionId } from '../session/ids.ts';
import type { Entry } from '../session/ledger.ts';
import type { Session } from '../session/session.ts';
import type { Header } from './header.ts';
import type { InboxStore } from './ports.ts';

/** Where a customer stands, and what they may read of what was said. */
export interface Standing {
  readonly stateOf: (header: Header) => Promise<CustomerState>;
  /** The place in line of whoever has one, gone from it for a moment or not. */
  readonly placeOf: (session: Session) => Promise<number | undefined>;
  /** The place that whoever queues at `at` has in a work stream's line, from 1; as the inbox shows it. */
  readonly placeInLine: (stream: string, at: number, sid: SessionId) => Promise<number>;
  /** Entries as the customer reads them. */
  readonly linesOf: (header: Header, entries: readonly Entry[]) => readonly Line[];
}

/** Makes it over the line that the inbox lists; `wordsFor` speaks the widget's language. */
export function standing(given: {
  readonly inbox: Pick<InboxStore, 'page'>;
  readonly clock: Clock;
  readonly wordsFor: (header: Header) => Wording;
}): Standing {
  const { inbox, clock } = given;

  const placeOf = async (session: Session): Promise<number | undefined> => {
    if (session.status !== 'queued' && !(session.status === 'disconnected' && session.was === 'queued'))
      return undefined;
    return placeInLine(session.stream, session.queuedAt, session.id);
  };
  const placeInLine: Standing['placeInLine'] = async (stream, at, sid) => {
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

  return {
    stateOf,
    placeOf,
    placeInLine,
    linesOf: (header, entries) => {
      const words = given.wordsFor(header);
      return entries.flatMap((entry) => lineOf(entry, 'customer', words) ?? []);
    },
  };
}
