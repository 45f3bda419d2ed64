import type { PageClock } from '../../clock.ts';
import type { Act, Line, SessionId } from '../wire/wire.ts';

/** A press on a button that gives a link, as far as it tells one wish from another. */
export interface Wish {
  readonly sid: SessionId;
  readonly act: Act;
  readonly extras: object;
  /** What is known of the session: what has happened since may ask for it anew. */
  readonly lines: readonly Line[];
}

/** Names acts so that a wish whose answer was lost keeps its name when it is pressed again. */
export interface Tries {
  /** The id under which it goes to the house. */
  readonly idFor: (wish: Wish) => string;
  /** The house has answered a press in this session: the next one is a new wish. */
  readonly answered: (sid: SessionId) => void;
}

/** As long as the code of a link lives: whoever asks later wants a new one. */
const KEPT_MS = 10 * 60_000;

/** Makes it. */
export function tries(clock: PageClock): Tries {
  const kept = new Map<SessionId, { readonly wish: string; readonly id: string; readonly at: number }>();
  return {
    idFor: ({ sid, act, extras, lines }) => {
      const wish = JSON.stringify([act, extras, lines.findLast((line) => isNews(line, act))?.seq]);
      const last = kept.get(sid);
      if (last?.wish === wish && clock.now() - last.at < KEPT_MS) return last.id;
      const id = crypto.randomUUID();
      kept.set(sid, { wish, id, at: clock.now() });
      return id;
    },
    answered: (sid) => kept.delete(sid),
  };
}

// Who came back has used up what was given, and what the agent writes resumes what was set aside.
const isNews = ({ code, side, kind }: Line, act: Act): boolean =>
  code === 'customerBack' ||
  code === 'linksRevoked' ||
  (act === 'suspend' && side === 'agent' && kind === 'message');
