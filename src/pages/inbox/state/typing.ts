import type { PageClock } from '../../clock.ts';
import type { Api } from '../wire/api.ts';
import type { SessionId } from '../wire/wire.ts';
import type { State, Store } from './state.ts';

/** That the agent is writing, told the house no oftener than this. */
const EVERY_MS = 3_000;
/** How long a customer is shown writing without another word of it. */
const SHOWN_MS = 5_000;

/** Who is writing, on both sides. */
export interface Typing {
  /** The agent types to the customer of the open session. */
  readonly mine: () => void;
  readonly theirs: (sid: SessionId, at: number) => void;
}

/** Makes it. What is not heard is not missed: it is neither repeated nor complained about. */
export function typing(api: Pick<Api, 'typing'>, store: Store, clock: PageClock): Typing {
  let told: { readonly sid: SessionId; readonly at: number } | undefined;
  return {
    mine: () => {
      const row = store.get().open?.row;
      if (row?.status !== 'active') return;
      const { sid } = row;
      const now = clock.now();
      if (told?.sid === sid && now - told.at < EVERY_MS) return;
      told = { sid, at: now };
      void api.typing(sid).catch(() => {});
    },
    theirs: (sid, at) => {
      const { typing: before } = store.get();
      const recent = [...before].filter(([, then]) => clock.now() - then < SHOWN_MS);
      store.change({ typing: new Map(recent).set(sid, at) });
    },
  };
}

/** Whether the open session's customer is writing now. What they have said since is what they were writing. */
export function isWriting({ open, typing: heard }: Pick<State, 'open' | 'typing'>, now: number): boolean {
  const at = open === undefined ? undefined : heard.get(open.sid);
  if (at === undefined || now - at >= SHOWN_MS || open?.row?.status !== 'active') return false;
  const said = open.lines.findLast(({ side }) => side === 'customer');
  return said === undefined || said.at < at;
}
