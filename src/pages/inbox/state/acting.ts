import type { PageClock } from '../../clock.ts';
import { Refused, Unreachable, type Api } from '../wire/api.ts';
import type { Act, ActAnswer, ActRequest, Directory, Row, SessionId } from '../wire/wire.ts';
import { whyNoLink } from './link.ts';
import { rowNews } from './lists.ts';
import { sentenceOf } from './sentences.ts';
import type { Open, Store } from './state.ts';
import { tries } from './tries.ts';

/** What an act carries besides itself. */
export type Extras = Pick<
  ActRequest,
  'reason' | 'backBy' | 'link' | 'disposition' | 'notes' | 'url' | 'title' | 'to' | 'note' | 'guest'
>;

/** What the agent does with the open session by a press. One thing at a time; `false`: nothing came of it. */
export interface Acting {
  readonly act: (act: Exclude<Act, 'message' | 'comment'>, extras?: Extras) => Promise<boolean>;
  /** Looks up whom, and which queues, a chat can be handed to; `undefined`: nobody answers, and the agent was told. */
  readonly directory: () => Promise<Directory | undefined>;
  /** Gives the customer a link in the chat, by whichever door; why none can be given is said at the composer. */
  readonly giveLink: () => Promise<boolean>;
  /** Fetches a fresh link and code to show; no act, so nothing resumes. */
  readonly freshLink: () => Promise<boolean>;
  /** Stops showing the link; it works all the same. */
  readonly hideLink: () => void;
}

/** Makes it; `take` brings the answer in, `follow` goes along where the chat goes on in another session. */
export function acting(
  api: Api,
  store: Store,
  clock: PageClock,
  on: {
    readonly update: (sid: SessionId, part: Partial<Open>) => void;
    readonly take: (sid: SessionId, answer: { readonly row: Row } & Partial<ActAnswer>) => void;
    readonly follow: (answer: ActAnswer) => Promise<void>;
  },
): Acting {
  const { idFor, answered } = tries(clock);
  const busily = async (run: () => Promise<void>): Promise<boolean> => {
    store.change({ busy: true, saying: undefined });
    try {
      await run();
      return true;
    } catch (error) {
      fail(error);
      return false;
    } finally {
      store.change({ busy: false });
    }
  };
  const fail = (error: unknown) => {
    const tone = error instanceof Refused ? 'info' : 'problem';
    store.change({ saying: { tone, text: error instanceof Unreachable ? UNANSWERED : sentenceOf(error) } });
  };
  const refused = (sid: SessionId, error: unknown) => {
    if (!(error instanceof Refused)) return;
    answered(sid);
    if (error.row === undefined) return;
    on.take(sid, { row: error.row });
    if (rowNews(error.row, store.get().me).row === null) store.change({ open: undefined });
  };
  const act: Acting['act'] = async (what, extras = {}) => {
    const { open, busy } = store.get();
    if (open?.row === undefined || open.via !== undefined || busy) return false;
    const { sid, lines } = open;
    const { epoch } = open.row;
    // What would reach the customer twice keeps its name until it was answered.
    const gives = what === 'link' || what === 'page' || extras.link === true;
    const id = gives ? idFor({ sid, act: what, extras, lines }) : crypto.randomUUID();
    return busily(async () => {
      const answer = await api.act(sid, { id, act: what, epoch, ...extras }).catch((error: unknown) => {
        refused(sid, error);
        throw error;
      });
      answered(sid);
      on.take(sid, answer);
      const terms = store.get().open?.terms;
      if (what === 'record' && terms !== undefined) on.update(sid, { terms: { ...terms, wrapUp: extras } });
      if (answer.link !== undefined) on.update(sid, { given: { link: answer.link, sent: true } });
      if (answer.row.sid !== sid) await on.follow(answer);
    });
  };
  return {
    act,
    directory: async () => {
      try {
        return await api.directory();
      } catch (error) {
        fail(error);
        return undefined;
      }
    },
    giveLink: async () => {
      const whyNot = whyNoLink(store.get().open?.terms);
      store.change({ refused: whyNot });
      return whyNot === undefined && act('link');
    },
    freshLink: async () => {
      const { open, busy } = store.get();
      if (open === undefined || open.via !== undefined || busy) return false;
      const { sid } = open;
      return busily(async () => {
        const { link } = await api.link(sid);
        on.update(sid, { given: { link, sent: false } });
      });
    },
    hideLink: () => {
      const { open } = store.get();
      if (open !== undefined) on.update(open.sid, { given: undefined });
    },
  };
}

// Unlike what was written, a press is not repeated by itself: by then the agent may think better of it.
const UNANSWERED = 'There was no answer. Press it again: it takes effect only once.';
