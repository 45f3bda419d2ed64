/** What somebody sets out to do. `line` is what a line is known by: the customer's own id for it, the agent's text. */
export type Act =
  | { readonly f: 'say'; readonly customer: string; readonly line: string }
  | { readonly f: 'return'; readonly customer: string }
  | { readonly f: 'accept' | 'release' | 'close'; readonly agent: string; readonly sid: string }
  | { readonly f: 'answer'; readonly agent: string; readonly sid: string; readonly line: string }
  | { readonly f: 'read'; readonly agent: string; readonly sid: string };

/** Numbers of a transcript's lines that somebody was handed. */
export interface Handed {
  readonly sid: string;
  readonly seq: number;
}

/** One line of a history. `n` counts them: what one observer saw before another. */
export type Event = { readonly n: number; readonly at: number; readonly process: string } & Happened;
export type Happened =
  | { readonly type: 'invoke'; readonly op: number; readonly act: Act }
  | {
      readonly type: 'ok';
      readonly op: number;
      /** Where a returned customer is now. */
      readonly conversation?: string;
      readonly transcript?: readonly Handed[];
    }
  /** Refused, by a rule of the product, with its name. */
  | { readonly type: 'fail'; readonly op: number; readonly why: string }
  /** Nobody knows. */
  | { readonly type: 'info'; readonly op: number }
  /** The channel was asked to show a line; `unsure`: it did, and the asker was not told. */
  | {
      readonly type: 'delivered';
      readonly conversation: string;
      readonly sid: string;
      readonly seq: number;
      readonly taken: 'yes' | 'no' | 'unsure';
    }
  /** Something was broken: for a moment, or until it ends. `lastedMs`: noticed only when it had lasted so long. */
  | {
      readonly type: 'fault';
      readonly what: string;
      readonly when: 'once' | 'begins' | 'ends';
      readonly lastedMs?: number;
    };

/** A history as it is written. */
export interface History {
  readonly events: readonly Event[];
  readonly note: (process: string, happened: Happened) => void;
  /** Notes that something is set out to do; gives what its end is noted under. */
  readonly begin: (process: string, act: Act) => number;
}

/** Begins one; `write` gets each event as a line of JSON. */
export function openHistory(now: () => number, write: (line: string) => void = () => undefined): History {
  const events: Event[] = [];
  let ops = 0;
  const note: History['note'] = (process, happened) => {
    const event: Event = { n: events.length, at: now(), process, ...happened };
    events.push(event);
    write(`${JSON.stringify(event)}\n`);
  };
  return {
    events,
    note,
    begin: (process, act) => {
      ops += 1;
      note(process, { type: 'invoke', op: ops, act });
      return ops;
    },
  };
}

/** An act from its beginning to its end, by the numbers of their events. */
export interface Done {
  readonly act: Act;
  readonly from: number;
  /** `Infinity`: its end is not known. */
  readonly to: number;
  readonly outcome: 'ok' | 'refused' | 'unknown';
  readonly why?: string;
  readonly conversation?: string;
  readonly transcript?: readonly Handed[];
}

/** Puts beginnings and ends together; what has none is as good as unknown. */
export function actsIn(events: readonly Event[]): readonly Done[] {
  const ends = new Map<number, Extract<Event, { type: 'ok' | 'fail' | 'info' }>>();
  for (const event of events) {
    if (event.type === 'ok' || event.type === 'fail' || event.type === 'info') ends.set(event.op, event);
  }
  return events.flatMap((event): readonly Done[] => {
    if (event.type !== 'invoke') return [];
    const begun = { act: event.act, from: event.n };
    const end = ends.get(event.op);
    switch (end?.type) {
      case 'ok': {
        const { conversation, transcript } = end;
        const got = {
          ...(conversation !== undefined && { conversation }),
          ...(transcript && { transcript }),
        };
        return [{ ...begun, to: end.n, outcome: 'ok', ...got }];
      }
      case 'fail':
        return [{ ...begun, to: end.n, outcome: 'refused', why: end.why }];
      default:
        return [{ ...begun, to: Infinity, outcome: 'unknown' }];
    }
  });
}
