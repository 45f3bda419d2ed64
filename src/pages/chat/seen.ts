import type { CustomerState } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { type Activity, markOf } from './activity.ts';
import type { Memory } from './memory.ts';

/** What the customer has read of a chat, in any of its pages. */
export interface Seen {
  /** Something was shown, or a page came into sight: what is read by it is told the house a moment later. */
  readonly look: () => void;
  /** After a return, or when a page comes into sight again: shows where what they have not read begins, if anything; `since` goes before what is known. */
  readonly mark: (since?: number) => void;
  /** Up to which line they have read, in any page; `undefined` where none has ever told. */
  readonly known: () => number | undefined;
  /** The page goes, or leaves this chat: what was read a moment ago is told at once. */
  readonly leave: () => void;
}

/** Under this id the newest mark is shown: an older one moves. */
const MARK_ID = 'reconnect-unread';
/** Lines that come in one breath are told at once, and whoever only passes by has read nothing. */
const PAUSE_MS = 500;
/** Between the line before and the first unread one, whose places are at least a thousandth apart. */
const BEFORE = 0.0005;

/** Up to which line of which session was read. */
export interface Read {
  readonly sid?: string | undefined;
  readonly seq: number;
}

/** Keeps it for the page that leads. What could not be told is told with the next line, or when a page is shown again. */
export function keepSeen(options: {
  readonly clock: PageClock;
  readonly state: () => CustomerState;
  readonly shown: () => readonly Activity[];
  /** Whether no page of the chat is seen. */
  readonly isHidden: () => boolean;
  /** `leaving`: it must outlive the page. */
  readonly tell: (seq: number, leaving: boolean) => Promise<void>;
  /** What this tab has told so far, over a reload: the house may hear of the last of it after it has answered. */
  readonly memory: Pick<Memory, 'read' | 'write'>;
  readonly show: (mark: Activity) => void;
  readonly words: (count: number) => string;
}): Seen {
  const { clock } = options;
  let told: Read = options.memory.read().seen ?? { seq: -1 };
  let cancel: (() => void) | undefined;

  const remember = (read: Read) => {
    told = read;
    options.memory.write({ seen: read });
  };
  const known = (): number | undefined => {
    const { sid, seen } = options.state();
    return told.sid === sid ? Math.max(told.seq, seen ?? -1) : seen;
  };
  /** What the house or an agent said in this chat, by its number in it. */
  const numbered = (): readonly Activity[] => {
    const { sid } = options.state();
    return options.shown().filter((one) => {
      const mark = markOf(one);
      return sid !== undefined && mark.sid === sid && mark.seq !== undefined && one.from?.role !== 'user';
    });
  };
  const report = async (leaving = false): Promise<void> => {
    cancel = undefined;
    const { sid } = options.state();
    const seq = Math.max(-1, ...numbered().map((one) => markOf(one).seq ?? -1));
    if (options.isHidden() || seq <= (known() ?? -1)) return;
    const before = told;
    remember({ sid, seq });
    try {
      await options.tell(seq, leaving);
    } catch {
      remember(before);
    }
  };

  return {
    look: () => {
      if (!options.isHidden()) cancel ??= clock.after(PAUSE_MS, () => void report());
    },
    known,
    mark: (since) => {
      const seen = since ?? known();
      // Of a chat whose pages never told, nobody knows what was read.
      if (seen === undefined) return;
      const unread = numbered().filter((one) => {
        const { seq = -1, agent, code } = markOf(one);
        return seq > seen && agent !== undefined && code === undefined;
      });
      const [first] = unread.toSorted((a, b) => placeOf(a) - placeOf(b));
      if (first !== undefined) options.show(markBefore(first, options.words(unread.length)));
    },
    leave: () => {
      if (cancel === undefined) return;
      cancel();
      void report(true);
    },
  };
}

const markBefore = (first: Activity, text: string): Activity => ({
  type: 'message',
  id: MARK_ID,
  ...(first.timestamp !== undefined && { timestamp: first.timestamp }),
  from: { id: 'house', role: 'bot' },
  text,
  textFormat: 'plain',
  channelData: { reconnect: { code: 'unread' }, 'webchat:sequence-id': placeOf(first) - BEFORE },
});

function placeOf(activity: Activity): number {
  const place = activity.channelData?.['webchat:sequence-id'];
  return typeof place === 'number' ? place : 0;
}
