import type { PageClock } from '../../clock.ts';
import { Refused, type Api } from '../wire/api.ts';
import type { Act, ActAnswer, ActRequest, Line, RowNews, SessionId } from '../wire/wire.ts';
import { rowNews, withNews } from './lists.ts';
import { keepRead } from './memory.ts';
import { sentenceOf } from './sentences.ts';
import type { Open, Store } from './state.ts';
import { merged, unconfirmed, type Pending } from './transcript.ts';

const FULL_PAGE = 200;

/** What an act carries besides itself. */
export type Extras = Pick<ActRequest, 'reason' | 'backBy'>;

/** The open session: reading it, acting on it, and what is being sent. */
export interface Talk {
  readonly open: (sid: SessionId) => Promise<void>;
  readonly close: () => void;
  readonly refetch: () => Promise<void>;
  readonly earlier: () => Promise<void>;
  readonly act: (act: Exclude<Act, 'message' | 'comment'>, extras?: Extras) => Promise<boolean>;
  /** Shows the line at once and sends it; lines of a session go one after another, in order. */
  readonly say: (kind: 'message' | 'comment', text: string) => void;
  readonly retry: () => void;
  readonly discard: (id: string) => void;
  readonly heard: (line: Line) => void;
  readonly rowChanged: (change: RowNews) => void;
}

/** `giveBack` returns refused words to the composer, so that none are lost. */
export function talk(
  api: Api,
  store: Store,
  clock: PageClock,
  giveBack: (sid: SessionId, text: string) => void,
): Talk {
  const sending = new Set<SessionId>();
  const openNow = (sid: SessionId): Open | undefined => {
    const { open } = store.get();
    return open?.sid === sid ? open : undefined;
  };
  const update = (sid: SessionId, part: Partial<Open>) => {
    const open = openNow(sid);
    if (open !== undefined) store.change({ open: { ...open, ...part } });
  };
  const markRead = () => {
    const { open, read } = store.get();
    const seq = Math.max(open?.lines.at(-1)?.seq ?? 0, open?.row?.seq ?? 0);
    if (open === undefined || document.hidden || seq <= (read[open.sid] ?? 0)) return;
    store.change({ read: keepRead({ ...read, [open.sid]: seq }) });
  };
  const take = (sid: SessionId, answer: Pick<ActAnswer, 'row'> & { readonly lines?: readonly Line[] }) => {
    const { lists, me } = store.get();
    store.change({ lists: withNews(lists, rowNews(answer.row, me)) });
    const open = openNow(sid);
    if (open === undefined) return;
    // Whatever the agent does resumes a suspended session: the list goes along with it.
    const resumed = open.row?.status === 'suspended' && answer.row.list === 'mine';
    if (resumed && store.get().list === 'suspended') store.change({ list: 'mine' });
    update(sid, { row: newer(open, answer.row), lines: merged(open.lines, answer.lines ?? []) });
    settle();
  };
  const settle = () => {
    const { open, pending, me } = store.get();
    if (open === undefined || me === undefined) return;
    const others = pending.filter((one) => one.sid !== open.sid);
    const own = unconfirmed(
      pending.filter((one) => one.sid === open.sid),
      open.lines,
      me.id,
    );
    if (own.length + others.length < pending.length) store.change({ pending: [...others, ...own] });
    markRead();
  };
  const left = ({ row }: Open) => {
    const who = row?.name ?? 'This chat';
    // Who leaves the queue may have been taken, or may have gone.
    const how = row?.status === 'queued' ? 'is no longer in the queue' : 'is with somebody else now';
    store.change({ open: undefined, saying: { tone: 'info', text: `${who} ${how}.` } });
  };
  const fetchOpen = async (sid: SessionId) => {
    const view = await api.session(sid);
    const open = openNow(sid);
    if (open === undefined) return;
    const whole = view.lines.length < FULL_PAGE && open.earlier !== 'some';
    // A gap longer than a page leaves a hole between what was here and what came: start over from what came.
    const joins = (open.lines.at(-1)?.seq ?? 0) + 1 >= (view.lines[0]?.seq ?? 0);
    const lines = joins ? merged(open.lines, view.lines) : view.lines;
    update(sid, {
      row: newer(open, view.row),
      lines,
      customer: view.customer,
      loading: false,
      earlier: whole ? 'none' : 'some',
    });
    settle();
  };
  const patch = (id: string, part: Partial<Pending>) =>
    store.change({ pending: store.get().pending.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  const drop = (id: string) => store.change({ pending: store.get().pending.filter((one) => one.id !== id) });

  const pump = async (sid: SessionId) => {
    if (sending.has(sid)) return;
    sending.add(sid);
    try {
      for (let next = first(sid); next !== undefined; next = first(sid)) if (!(await sendOne(next))) return;
    } finally {
      sending.delete(sid);
    }
  };
  const first = (sid: SessionId) => store.get().pending.find((one) => one.sid === sid && !one.failed);
  const sendOne = async (one: Pending): Promise<boolean> => {
    const { id, sid, kind, text } = one;
    const epoch = openNow(sid)?.row?.epoch ?? store.get().lists.rows.get(sid)?.epoch ?? 0;
    try {
      const answer = await api.act(sid, { id, act: kind, epoch, text });
      drop(id);
      take(sid, answer);
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        drop(id);
        giveBack(sid, text);
        store.change({ refused: sentenceOf(error) });
        if (error.row !== undefined) take(sid, { row: error.row });
        return true;
      }
      // What follows must not overtake it: the whole session's line waits.
      const failed = store.get().pending.map((each) => (each.sid === sid ? { ...each, failed: true } : each));
      store.change({ pending: failed });
      return false;
    }
  };

  return {
    open: async (sid) => {
      if (store.get().open?.sid === sid) return;
      const row = store.get().lists.rows.get(sid);
      store.change({
        open: { sid, row, lines: [], customer: undefined, loading: true, earlier: 'none' },
        saying: undefined,
        refused: undefined,
      });
      try {
        await fetchOpen(sid);
      } catch (error) {
        if (openNow(sid) === undefined) return;
        store.change({ saying: { tone: 'problem', text: sentenceOf(error) } });
        if (error instanceof Refused) store.change({ open: undefined });
      }
    },
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
        const { lines } = await api.earlier(open.sid, before);
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
    act: async (act, extras = {}) => {
      const { open, busy } = store.get();
      if (open?.row === undefined || busy) return false;
      store.change({ busy: true, saying: undefined });
      try {
        const answer = await api.act(open.sid, {
          id: crypto.randomUUID(),
          act,
          epoch: open.row.epoch,
          ...extras,
        });
        take(open.sid, answer);
        if (answer.row.sid !== open.sid) {
          await follow(answer);
        }
        return true;
      } catch (error) {
        store.change({
          saying: { tone: error instanceof Refused ? 'info' : 'problem', text: sentenceOf(error) },
        });
        if (error instanceof Refused && error.row !== undefined) {
          take(open.sid, { row: error.row });
          if (rowNews(error.row, store.get().me).row === null) store.change({ open: undefined });
        }
        return false;
      } finally {
        store.change({ busy: false });
      }
    },
    say: (kind, text) => {
      const { open, pending } = store.get();
      if (open === undefined) return;
      const afterSeq = open.lines.at(-1)?.seq ?? 0;
      const waits = pending.some((one) => one.sid === open.sid && one.failed);
      const one: Pending = {
        id: crypto.randomUUID(),
        sid: open.sid,
        kind,
        text,
        at: clock.now(),
        afterSeq,
        failed: waits,
      };
      store.change({ pending: [...pending, one], refused: undefined });
      void pump(open.sid);
    },
    retry: () => {
      for (const one of store.get().pending) if (one.failed) patch(one.id, { failed: false });
      for (const sid of new Set(store.get().pending.map((one) => one.sid))) void pump(sid);
    },
    discard: drop,
    heard: (line) => {
      const open = openNow(line.sid);
      if (open === undefined) return;
      const last = open.lines.at(-1)?.seq ?? 0;
      update(line.sid, { lines: merged(open.lines, [line]) });
      settle();
      // News may overtake each other, but a hole means that some were missed.
      if (!open.loading && line.seq > last + 1) void fetchOpen(line.sid).catch(() => {});
    },
    rowChanged: ({ sid, row }) => {
      const open = openNow(sid);
      if (open === undefined) return;
      if (row !== null) {
        update(sid, { row: newer(open, row) });
        markRead();
      } else if (!store.get().busy) {
        left(open);
      }
    },
  };

  async function follow(answer: ActAnswer): Promise<void> {
    const { sid } = answer.row;
    store.change({
      open: { sid, row: answer.row, lines: [], customer: undefined, loading: true, earlier: 'none' },
    });
    await fetchOpen(sid);
  }
}

const newer = (open: Open, row: Open['row']): Open['row'] =>
  open.row !== undefined && row !== undefined && open.row.sid === row.sid && open.row.ver > row.ver
    ? open.row
    : row;
