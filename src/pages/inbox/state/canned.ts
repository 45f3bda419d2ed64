import type { PageClock } from '../../clock.ts';
import type { Api } from '../wire/api.ts';
import type { Canned, CannedDraft, CannedHere, SessionId } from '../wire/wire.ts';

/** What the agent says often, as it is said in a session. */
export interface CannedShelf {
  /** Kept for a moment; asked anew after a change. */
  readonly here: (sid: SessionId) => Promise<CannedHere>;
  readonly save: (draft: CannedDraft, id?: string) => Promise<void>;
  readonly remove: (one: Canned, stream: string) => Promise<void>;
}

const KEPT_MS = 30_000;

/** Makes it. */
export function cannedShelf(api: Api, clock: PageClock): CannedShelf {
  let kept: { readonly sid: SessionId; readonly at: number; readonly here: Promise<CannedHere> } | undefined;
  return {
    here: (sid) => {
      if (kept?.sid === sid && clock.now() - kept.at < KEPT_MS) return kept.here;
      const here = api.canned(sid);
      kept = { sid, at: clock.now(), here };
      here.catch(() => (kept = undefined));
      return here;
    },
    save: async (draft, id) => {
      await api.saveCanned(draft, id);
      kept = undefined;
    },
    remove: async ({ id, of }, stream) => {
      if (of !== 'settings') await api.removeCanned(id, of, stream);
      kept = undefined;
    },
  };
}

/** What is looked for by a `/` at the start; `undefined` when the text is just text. */
export const slashQuery = (text: string): string | undefined =>
  /^\/[^\n/]{0,60}$/u.test(text) ? text.slice(1).trim().toLowerCase() : undefined;

/** Those that a query may mean: by shortcut first, then by title, then by what they say. */
export function matching(responses: readonly Canned[], query: string): readonly Canned[] {
  const rank = (one: Canned): number => {
    if (one.shortcut.toLowerCase().startsWith(query)) return 0;
    if (one.title.toLowerCase().includes(query)) return 1;
    return query.length > 2 && one.filled.toLowerCase().includes(query) ? 2 : 3;
  };
  return responses
    .map((one) => ({ one, at: rank(one) }))
    .filter(({ at }) => at < 3)
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
