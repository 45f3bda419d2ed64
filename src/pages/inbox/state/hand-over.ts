import { Refused, Unreachable, type Api } from '../wire/api.ts';
import type { ActRequest, Directory, Row } from '../wire/wire.ts';
import { sentenceOf } from './sentences.ts';

/** What an agent has in hand, and whom it can be handed on to. */
export interface InHand {
  readonly rows: readonly Row[];
  readonly directory: Directory;
}

/** What came of it, as the house says: how the chat stands now, or why it stayed as it was. */
export type Came = { readonly row: Row } | { readonly why: string; readonly row?: Row };

/** What a supervisor does with the chats of somebody who is not there. */
export interface HandOver {
  /** @throws Refused or Unreachable */
  readonly read: (agent: string) => Promise<InHand>;
  /** `to`: `agent:<id>` or `queue:<work stream>`. Only if the chat has not changed hands since `row`. */
  readonly give: (row: Row, to: string, note: string) => Promise<Came>;
  /** Gives back the place that is kept for its customer. */
  readonly release: (row: Row) => Promise<Came>;
}

/** Makes it. */
export function handOver(api: Pick<Api, 'act' | 'inHand' | 'directory'>): HandOver {
  // What had no answer keeps its name: pressed again, it takes effect once.
  const names = new Map<string, string>();
  const act = async ({ sid, epoch }: Row, what: Pick<ActRequest, 'act' | 'to' | 'note'>): Promise<Came> => {
    const key = JSON.stringify([sid, epoch, what]);
    const id = names.get(key) ?? crypto.randomUUID();
    names.set(key, id);
    try {
      const { row } = await api.act(sid, { id, epoch, ifEpoch: epoch, ...what });
      return { row };
    } catch (error) {
      if (error instanceof Unreachable) return { why: UNANSWERED };
      const now = error instanceof Refused ? error.row : undefined;
      return { why: sentenceOf(error), ...(now !== undefined && { row: now }) };
    }
  };
  return {
    read: async (agent) => {
      const [{ rows }, directory] = await Promise.all([api.inHand(agent), api.directory()]);
      return { rows: rows.toSorted(byPatience), directory };
    },
    give: (row, to, note) => act(row, { act: 'transfer', to, ...(note !== '' && { note }) }),
    release: (row) => act(row, { act: 'releaseHold' }),
  };
}

const UNANSWERED = 'There was no answer. Press it again: it takes effect only once.';

/** What is set aside first, whose customer waits before all others; then what ends soonest. */
const byPatience = (a: Row, b: Row): number =>
  Number(b.list === 'suspended') - Number(a.list === 'suspended') ||
  (a.customerBackAt ?? Infinity) - (b.customerBackAt ?? Infinity) ||
  endOf(a) - endOf(b) ||
  a.at - b.at;

const endOf = ({ suspendedUntil, returnUntil }: Row): number =>
  suspendedUntil ?? returnUntil ?? Number.MAX_SAFE_INTEGER;
