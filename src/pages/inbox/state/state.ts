import type { Link } from '../wire/live.ts';
import type {
  Customer,
  GivenLink,
  InboxList,
  Line,
  Marks,
  Me,
  Previous,
  Row,
  SessionId,
  Terms,
  TimelineStep,
} from '../wire/wire.ts';
import type { All } from './all.ts';
import { noLists, type Lists } from './lists.ts';
import type { NewSince, Read } from './reading.ts';
import type { Pending } from './transcript.ts';

/** The session that is open in the middle. */
export interface Open {
  readonly sid: SessionId;
  readonly row: Row | undefined;
  readonly lines: readonly Line[];
  /** What was said in the chat that was taken back into this one. */
  readonly before?: readonly Line[];
  readonly customer: Customer | undefined;
  /** What the customer has and has seen; `undefined` until it was read. */
  readonly marks: Marks | undefined;
  /** What its widget makes possible; `undefined` until it was read. */
  readonly terms: Terms | undefined;
  /** The reconnect link that is shown to the agent; kept nowhere but here, and gone with the chat. */
  readonly given: Given | undefined;
  /** Set when it is read as the earlier chat of this session: nothing can be done in it. */
  readonly via: SessionId | undefined;
  /** Found by its number or among all: it may be in none of this agent's lists, and stays open all the same. */
  readonly found?: true;
  /** How it came to where it is; `undefined` until it was read. */
  readonly story?: readonly TimelineStep[];
  /** What became of its customer's other chats. */
  readonly previous?: readonly Previous[];
  /** Set when the agent came to something they had not read: it stays until they come again. */
  readonly since: NewSince | undefined;
  readonly loading: boolean;
  /** Whether there are lines before the first one that is here. */
  readonly earlier: 'none' | 'some' | 'loading';
}

/** A link the agent has: sent in the chat, or only copied for another way. */
export interface Given {
  readonly link: GivenLink;
  readonly sent: boolean;
}

/** A session that was just opened, before anything of it was read. */
export const opening = (sid: SessionId, row: Row | undefined, via?: SessionId): Open => ({
  ...{ sid, row, via, lines: [], customer: undefined, marks: undefined, terms: undefined, given: undefined },
  ...{ since: undefined, loading: true, earlier: 'none' },
});

/** A sentence for the agent, above the conversation. */
export interface Saying {
  readonly tone: 'info' | 'problem';
  readonly text: string;
}

/** Everything the tab shows. Only `change` writes it. */
export interface State {
  readonly me: Me | undefined;
  readonly link: Link;
  readonly list: InboxList;
  readonly lists: Lists;
  /** What a supervisor sees of all; set while that is the list they have chosen. */
  readonly all: All | undefined;
  readonly open: Open | undefined;
  readonly pending: readonly Pending[];
  /** How far each session was read. */
  readonly read: Read;
  /** When each customer was last heard writing. */
  readonly typing: ReadonlyMap<SessionId, number>;
  readonly saying: Saying | undefined;
  /** A refusal of what was just written, shown at the composer. */
  readonly refused: string | undefined;
  /** Acts that are on their way, so that a second click does nothing. */
  readonly busy: boolean;
  readonly detailsOpen: boolean;
  /** The house lets this person into no chat. */
  readonly barred: boolean;
}

export interface Store {
  readonly get: () => State;
  readonly change: (part: Partial<State>) => void;
}

/** Holds the state, and calls `render` once after any number of changes in one turn. */
export function store(read: Read, render: (state: State) => void): Store {
  let state: State = {
    me: undefined,
    link: { is: 'connecting' },
    list: 'queue',
    lists: noLists,
    all: undefined,
    open: undefined,
    pending: [],
    read,
    typing: new Map(),
    saying: undefined,
    refused: undefined,
    busy: false,
    detailsOpen: false,
    barred: false,
  };
  let due = false;
  return {
    get: () => state,
    change: (part) => {
      state = { ...state, ...part };
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        render(state);
      });
    },
  };
}
