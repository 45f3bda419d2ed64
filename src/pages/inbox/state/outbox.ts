import type { PageClock } from '../../clock.ts';
import { Refused, type Api } from '../wire/api.ts';
import type { Line, Row, SessionId } from '../wire/wire.ts';
import { sentenceOf } from './sentences.ts';
import type { Store } from './state.ts';
import type { Pending } from './transcript.ts';

/** `canned`: the id of the canned response that the text was made from. */
export type Say = (kind: 'message' | 'comment', text: string, canned?: string) => void;

/** What the agent wrote, on its way to the house. */
export interface Outbox {
  /** Shows the line at once and sends it; lines of a session go one after another, in order. */
  readonly say: Say;
  readonly sendFile: (file: File) => void;
  readonly retry: () => void;
  readonly discard: (id: string) => void;
}

/** Makes it. What is refused is given back to the composer, so that no words are lost. */
export function outbox(
  api: Api,
  store: Store,
  clock: PageClock,
  on: {
    readonly epochOf: (sid: SessionId) => number;
    readonly take: (sid: SessionId, answer: { readonly row: Row; readonly lines?: readonly Line[] }) => void;
    readonly giveBack: (sid: SessionId, text: string) => void;
  },
): Outbox {
  const sending = new Set<SessionId>();
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
    const { id, sid, kind, text, canned: response, file } = one;
    const what = response === undefined ? { act: kind } : ({ act: 'canned', response } as const);
    try {
      const answer =
        file === undefined
          ? await api.act(sid, { id, ...what, epoch: on.epochOf(sid), text })
          : await api.sendFile(sid, id, file);
      drop(id);
      on.take(sid, answer);
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        drop(id);
        // A file is still where it was chosen; words would be lost.
        if (kind !== 'file') on.giveBack(sid, text);
        store.change({ refused: sentenceOf(error) });
        if (error.row !== undefined) on.take(sid, { row: error.row });
        return true;
      }
      // What follows must not overtake it: the whole session's line waits.
      const failed = store.get().pending.map((each) => (each.sid === sid ? { ...each, failed: true } : each));
      store.change({ pending: failed });
      return false;
    }
  };

  const put = (what: Pick<Pending, 'kind' | 'text' | 'file' | 'canned'>) => {
    const { open, pending } = store.get();
    if (open === undefined || open.via !== undefined) return;
    const afterSeq = open.lines.at(-1)?.seq ?? 0;
    const waits = pending.some((one) => one.sid === open.sid && one.failed);
    const { sid } = open;
    const one: Pending = {
      id: crypto.randomUUID(),
      sid,
      ...what,
      at: clock.now(),
      afterSeq,
      failed: waits,
    };
    store.change({ pending: [...pending, one], refused: undefined });
    void pump(sid);
  };
  return {
    say: (kind, text, canned) => put({ kind, text, ...(canned !== undefined && { canned }) }),
    sendFile: (file) => put({ kind: 'file', text: file.name, file }),
    retry: () => {
      for (const one of store.get().pending) if (one.failed) patch(one.id, { failed: false });
      for (const sid of new Set(store.get().pending.map((one) => one.sid))) void pump(sid);
    },
    discard: drop,
  };
}
