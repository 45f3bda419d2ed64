import type { PageClock } from '../../clock.ts';
import { Refused, type Api } from '../wire/api.ts';
import type { ActAnswer, Line, Marks, Row, RowNews, SessionId } from '../wire/wire.ts';
import { acting, type Acting } from './acting.ts';
import { rowNews, withNews } from './lists.ts';
import { laterMarks } from './marks.ts';
import { keepRead, onReadElsewhere } from './memory.ts';
import { cannedShelf, type CannedShelf } from './canned.ts';
import { outbox, type Say } from './outbox.ts';
import { isAwayFrom, isFurther, later } from './reading.ts';
import { files, whyNotFile, type Files } from './files.ts';
import { sentenceOf } from './sentences.ts';
import { opening, type Open, type Store } from './state.ts';
import { merged, unconfirmed } from './transcript.ts';
import { typing, type Typing } from './typing.ts';

const FULL_PAGE = 200;

/** The open session: reading it, acting on it, and what is being sent. */
export interface Talk extends Pick<Acting, 'act' | 'directory' | 'giveLink' | 'freshLink' | 'hideLink'> {
  /** `via`: read only, as the earlier chat of that session. */
  readonly open: (sid: SessionId, via?: SessionId) => Promise<void>;
  /** Opens one that was found by its number, or among all: it stays open whosever it is. */
  readonly openFound: (row: Row) => Promise<void>;
  readonly close: () => void;
  readonly refetch: () => Promise<void>;
  readonly earlier: () => Promise<void>;
  /** Shows the line at once and sends it; lines of a session go one after another, in order. */
  readonly say: Say;
  /** What the agent says often. */
  readonly canned: CannedShelf;
  /** Shows each file at once and sends it; why one cannot be sent is said at the composer. */
  readonly sendFiles: (chosen: readonly File[]) => void;
  readonly files: Files;
  readonly retry: () => void;
  readonly discard: (id: string) => void;
  readonly heard: (line: Line) => void;
  readonly typing: Typing;
  /** The agent's presence has changed. */
  readonly looked: () => void;
  readonly marked: (sid: SessionId, marks: Marks | undefined) => void;
  readonly rowChanged: (change: RowNews) => void;
}

/** `giveBack` returns refused words to the composer, so that none are lost. */
export function talk(
  api: Api,
  store: Store,
  clock: PageClock,
  giveBack: (sid: SessionId, text: string) => void,
): Talk {
  const openNow = (sid: SessionId): Open | undefined => {
    const { open } = store.get();
    return open?.sid === sid ? open : undefined;
  };
  const update = (sid: SessionId, part: Partial<Open>) => {
    const open = openNow(sid);
    if (open !== undefined) store.change({ open: { ...open, ...part } });
  };
  /** Since when somebody has been at this tab without a break. */
  let hereSince = clock.now();
  const isHere = () => !document.hidden && !isAwayFrom(store.get().me);
  /** What is open is read by whoever is here; whoever opens it is. */
  const markRead = (opened = false) => {
    const { open, read } = store.get();
    const seq = Math.max(open?.lines.at(-1)?.seq ?? 0, open?.row?.seq ?? 0);
    const isSeen = isHere() || (opened && !document.hidden);
    if (open === undefined || !isSeen) return;
    const said = open.row?.fromCustomer;
    const to = { seq, ...(said !== undefined && { said }) };
    // A line comes before the row that counts it: the row may bring nothing but the count.
    if (!isFurther(to, read[open.sid])) return;
    store.change({ read: keepRead(read, open.sid, to) });
  };
  /** Notes what is new in the open session to whoever comes to it now. */
  const arrive = () => {
    const { open, read } = store.get();
    const seq = open === undefined ? undefined : read[open.sid]?.seq;
    const first = open?.lines.find((line) => line.seq > (seq ?? Infinity));
    if (open === undefined || seq === undefined || first === undefined) return;
    update(open.sid, { since: { seq, wasAway: first.at < hereSince } });
  };
  let wasHere = isHere();
  const looked = () => {
    const here = isHere();
    if (here && !wasHere) {
      hereSince = clock.now();
      arrive();
      markRead();
    }
    wasHere = here;
  };
  document.addEventListener('visibilitychange', looked);
  onReadElsewhere((elsewhere) => store.change({ read: later(store.get().read, elsewhere) }));
  /** The suspended session in which the agent did something last. */
  let resuming: SessionId | undefined;
  const doing =
    <A extends readonly unknown[], R>(run: (...what: A) => R) =>
    (...what: A): R => {
      const { open } = store.get();
      if (open?.row?.status === 'suspended') resuming = open.sid;
      return run(...what);
    };
  /** Whatever the agent does there resumes it: the list goes along, whether the answer tells so first or the news. */
  const goAlong = (open: Open, row: Row) => {
    const resumed = open.row?.status === 'suspended' && newer(open, row)?.list === 'mine';
    if (resumed && resuming === open.sid && store.get().list === 'suspended') store.change({ list: 'mine' });
  };
  const take = (sid: SessionId, answer: Pick<ActAnswer, 'row'> & { readonly lines?: readonly Line[] }) => {
    const { lists, me } = store.get();
    store.change({ lists: withNews(lists, rowNews(answer.row, me)) });
    const open = openNow(sid);
    if (open === undefined) return;
    goAlong(open, answer.row);
    const given = withoutRevoked(open, answer.lines ?? []);
    bring(open, answer.row, { lines: merged(open.lines, answer.lines ?? []), given });
    settle();
  };
  /** Shows the row as it is now; what may be done with the chat, and what came of it, is another matter in every status. */
  const bring = (open: Open, row: Row, more: Partial<Open> = {}) => {
    const now = newer(open, row);
    update(open.sid, { ...more, row: now });
    if (!open.loading && now?.status !== open.row?.status) void fetchOpen(open.sid).catch(() => {});
  };
  const settle = (opened = false) => {
    const { open, pending, me } = store.get();
    if (open === undefined || me === undefined) return;
    const others = pending.filter((one) => one.sid !== open.sid);
    const own = unconfirmed(
      pending.filter((one) => one.sid === open.sid),
      open.lines,
      me.id,
    );
    if (own.length + others.length < pending.length) store.change({ pending: [...others, ...own] });
    markRead(opened);
  };
  const left = ({ row }: Open) => {
    const who = row?.name ?? 'This chat';
    // Who leaves the queue may have been taken, or may have gone.
    const how = row?.status === 'queued' ? 'is no longer in the queue' : 'is no longer with you';
    store.change({ open: undefined, saying: { tone: 'info', text: `${who} ${how}.` } });
  };
  const fetchOpen = async (sid: SessionId) => {
    const via = openNow(sid)?.via;
    const view = await api.session(sid, via);
    const open = openNow(sid);
    if (open === undefined || open.via !== via) return;
    const whole = view.lines.length < FULL_PAGE && open.earlier !== 'some';
    // A gap longer than a page leaves a hole between what was here and what came: start over from what came.
    const joins = (open.lines.at(-1)?.seq ?? 0) + 1 >= (view.lines[0]?.seq ?? 0);
    const lines = joins ? merged(open.lines, view.lines) : view.lines;
    goAlong(open, view.row);
    update(sid, {
      row: newer(open, view.row),
      lines,
      ...(view.before !== undefined && { before: view.before }),
      customer: view.customer,
      marks: laterMarks(open.marks, view.marks),
      terms: view,
      loading: false,
      earlier: whole ? 'none' : 'some',
    });
    if (open.loading) arrive();
    settle(open.loading);
  };
  const begin = async (open: Open): Promise<void> => {
    const { sid } = open;
    store.change({ open, saying: undefined, refused: undefined });
    try {
      await fetchOpen(sid);
    } catch (error) {
      if (openNow(sid) === undefined) return;
      store.change({ saying: { tone: 'problem', text: sentenceOf(error) } });
      if (error instanceof Refused) store.change({ open: undefined });
    }
  };
  const sending = outbox(api, store, clock, {
    epochOf: (sid) => openNow(sid)?.row?.epoch ?? store.get().lists.rows.get(sid)?.epoch ?? 0,
    take,
    giveBack,
  });
  const pressed = acting(api, store, clock, { update, take, follow });

  return {
    open: async (sid, via) => {
      const now = store.get().open;
      if (now?.sid === sid && now.via === via) return;
      await begin(opening(sid, store.get().lists.rows.get(sid), via));
    },
    openFound: (row) => begin({ ...opening(row.sid, row), found: true }),
    close: () => store.change({ open: undefined, refused: undefined, detailsOpen: false }),
    refetch: async () => {
      const { open } = store.get();
      if (open === undefined) return;
      try {
        await fetchOpen(open.sid);
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 404) throw error;
        left(open);
      }
    },
    earlier: async () => {
      const { open } = store.get();
      const before = open?.lines[0]?.seq;
      if (open?.earlier !== 'some' || before === undefined) return;
      update(open.sid, { earlier: 'loading' });
      try {
        const { lines } = await api.earlier(open.sid, before, open.via);
        const now = openNow(open.sid);
        if (now === undefined) return;
        const all = merged(now.lines, lines);
        update(open.sid, {
          lines: all,
          earlier: lines.length === 0 || (all[0]?.seq ?? 1) <= 1 ? 'none' : 'some',
        });
      } catch {
        update(open.sid, { earlier: 'some' });
      }
    },
    act: doing(pressed.act),
    directory: pressed.directory,
    giveLink: doing(pressed.giveLink),
    freshLink: pressed.freshLink,
    hideLink: pressed.hideLink,
    say: doing(sending.say),
    canned: cannedShelf(api, clock),
    sendFiles: doing((chosen) => {
      const { open } = store.get();
      const why = chosen.map((file) => whyNotFile(file, open?.terms?.files));
      chosen.forEach((file, i) => {
        if (why[i] === undefined) sending.sendFile(file);
      });
      const refused = why.filter((one) => one !== undefined);
      if (refused.length > 0) store.change({ refused: refused.join(' ') });
    }),
    files: files(api, clock, {
      via: () => store.get().open?.via,
      failed: (error) => store.change({ saying: { tone: 'problem', text: sentenceOf(error) } }),
    }),
    retry: sending.retry,
    discard: sending.discard,
    typing: typing(api, store, clock),
    heard: (line) => {
      const open = openNow(line.sid);
      if (open === undefined) return;
      const last = open.lines.at(-1)?.seq ?? 0;
      update(line.sid, { lines: merged(open.lines, [line]), given: withoutRevoked(open, [line]) });
      settle();
      // News may overtake each other, but a hole means that some were missed.
      if (!open.loading && line.seq > last + 1) void fetchOpen(line.sid).catch(() => {});
    },
    looked,
    marked: (sid, marks) => {
      const open = openNow(sid);
      if (open !== undefined) update(sid, { marks: laterMarks(open.marks, marks) });
    },
    rowChanged: ({ sid, row }) => {
      const open = openNow(sid);
      // An earlier chat is in nobody's lists because of it.
      if (open === undefined || (row === null && open.via !== undefined)) return;
      if (row !== null) {
        goAlong(open, row);
        bring(open, row);
        markRead();
      } else if (open.found === true) {
        void fetchOpen(sid).catch(() => {});
      } else if (!store.get().busy) {
        left(open);
      }
    },
  };

  async function follow(answer: ActAnswer): Promise<void> {
    const { sid } = answer.row;
    store.change({ open: opening(sid, answer.row) });
    await fetchOpen(sid);
  }
}

/** The link that is shown, unless these lines say that it was withdrawn; lines that are known already say nothing. */
const withoutRevoked = ({ given, lines }: Open, more: readonly Line[]): Open['given'] => {
  const last = lines.at(-1)?.seq ?? 0;
  return more.some(({ code, seq }) => code === 'linksRevoked' && seq > last) ? undefined : given;
};

const newer = (open: Open, row: Open['row']): Open['row'] =>
  open.row !== undefined && row !== undefined && open.row.sid === row.sid && open.row.ver > row.ver
    ? open.row
    : row;
