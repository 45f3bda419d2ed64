import type { Api } from '../wire/api.ts';
import type { Open, State, Store } from './state.ts';

/** Keeps how the open session came to where it is, and its customer's other chats, as new as the session. */
export interface Story {
  /** Reads it when what is open has changed; called after every change of the state. */
  readonly look: (state: State) => void;
}

/** Makes it. What cannot be read is left out: it is asked again with the next change of the session. */
export function storyOf(api: Api, store: Store): Story {
  let known = '';
  const put = (of: Open, part: Pick<Open, 'story'> & Pick<Open, 'previous'>): void => {
    const { open } = store.get();
    if (open?.sid === of.sid && open.via === of.via) store.change({ open: { ...open, ...part } });
  };
  return {
    look: ({ open, link }) => {
      if (open?.row === undefined || open.loading || link.is !== 'live') return;
      const { sid, via, row } = open;
      const now = `${sid} ${via ?? ''} ${row.ver}`;
      if (now === known) return;
      known = now;
      api.timeline(sid, via).then(
        ({ steps }) => put(open, { story: steps }),
        () => undefined,
      );
      if (via !== undefined) return;
      api.previous(sid).then(
        ({ previous }) => put(open, { previous }),
        () => undefined,
      );
    },
  };
}
