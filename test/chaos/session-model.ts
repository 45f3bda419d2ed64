import type { Done } from './history.ts';
import type { Model, Operation } from './linearizable.ts';
import type { StoredChange, StoredClaim, StoredSession } from './stored.ts';

/** What happens to a session: what people did, and what the house changed by itself: which of the changes, from 0. */
export type Happening =
  { readonly by: 'people'; readonly done: Done } | { readonly by: 'house'; readonly change: number };

/** So many changes and so many lines have happened, and so much of the next change: one write may hold several acts. */
interface State {
  readonly changes: number;
  readonly claims: number;
  readonly lines: number;
}

/**
 * A session as its header is to behave: it has one agent or none, takes lines one after another, each once, and what is
 * over stays over. What became of it is stored, so that the model only has to find each answer's place in it: nobody
 * is answered by what was not so at any moment between their asking and their answer.
 */
export function sessionModel({ changes, ledger }: StoredSession): Model<State, Happening> {
  const lines = ledger.flatMap(({ line }) => (line === undefined ? [] : [line]));
  const after = (state: State): StoredChange | undefined => changes[state.changes - 1];
  const next = (state: State): StoredChange | undefined => changes[state.changes];
  const changed = (state: State): State => ({ ...state, changes: state.changes + 1, claims: 0 });
  /** Whose it is: within one write, whoever has just accepted it. */
  const theirs = (state: State): string | undefined => {
    const last = next(state)?.claims[state.claims - 1];
    if (last === undefined) return after(state)?.theirs;
    return last.f === 'accept' ? last.agent : undefined;
  };

  const said = (state: State, line: string): State | undefined => {
    if (lines[state.lines] === line) return { ...state, lines: state.lines + 1 };
    return lines.indexOf(line) < state.lines && lines.includes(line) ? state : undefined;
  };
  const claimed = (state: State, f: StoredClaim['f'], agent: string): State | undefined => {
    const { claims = [] } = next(state) ?? {};
    const claim = claims[state.claims];
    if (claim?.f !== f || claim.agent !== agent) return undefined;
    const after = state.claims + 1;
    return after === claims.length ? changed(state) : { ...state, claims: after };
  };

  const answered = (state: State, { act, outcome, why }: Done): State | undefined => {
    const now = after(state);
    switch (act.f) {
      case 'say':
        return said(state, act.line);
      case 'answer':
        if (outcome === 'refused') return isRefused(now, act.agent, why) ? state : undefined;
        return theirs(state) === act.agent ? said(state, act.line) : undefined;
      case 'accept':
        if (outcome === 'refused') return isTaken(now, act.agent, why) ? state : undefined;
        return claimed(state, 'accept', act.agent);
      case 'release':
      case 'close':
        if (outcome === 'refused') return isRefused(now, act.agent, why) ? state : undefined;
        return claimed(state, act.f, act.agent);
      case 'read':
      case 'return':
        return state;
    }
  };

  return {
    initial: { changes: 0, claims: 0, lines: 0 },
    apply: (state, happening) => {
      if (happening.by === 'people') return answered(state, happening.done);
      return happening.change === state.changes ? changed(state) : undefined;
    },
    key: ({ changes: ver, claims, lines: at }) => `${ver},${claims},${at}`,
    isEnd: (state) => state.changes === changes.length && state.lines === lines.length,
  };
}

const isOver = (change: StoredChange | undefined): boolean =>
  change?.status === 'closed' || change?.status === 'expired';

/** Whether an agent is rightly told that they may not act on it. */
const isRefused = (now: StoredChange | undefined, agent: string, why: string | undefined): boolean =>
  why === 'over' ? isOver(now) : isOver(now) || now?.theirs !== agent || now.status !== 'active';

/** Whether an agent is rightly told that they cannot have it. */
function isTaken(now: StoredChange | undefined, agent: string, why: string | undefined): boolean {
  if (why === 'over') return isOver(now);
  if (why === 'already') return now?.theirs === agent;
  if (why === 'taken') return now?.theirs !== undefined && now.theirs !== agent && !now.free;
  return now === undefined || isOver(now) || (!now.free && now.theirs !== agent);
}

/** Everything that happened to one session; what the house did, nobody saw begin or end. */
export function happenings(session: StoredSession, acts: readonly Done[]): readonly Operation<Happening>[] {
  const lines = new Set(session.ledger.flatMap(({ line }) => line ?? []));
  const people = acts.filter(({ act, outcome }) => {
    if (act.f === 'say') return lines.has(act.line);
    if (act.f === 'return' || act.f === 'read' || act.sid !== session.sid) return false;
    // What never came to anything cannot be told from what was never asked.
    return act.f !== 'answer' || outcome !== 'unknown' || lines.has(act.line);
  });
  return [
    ...people.map((done): Operation<Happening> => ({
      ...{ from: done.from, to: done.to, what: { by: 'people', done } },
      must: done.outcome !== 'unknown',
    })),
    ...session.changes.flatMap(({ claims }, change): readonly Operation<Happening>[] =>
      claims.length === 0 ? [{ from: -1, to: Infinity, what: { by: 'house', change }, must: true }] : [],
    ),
  ];
}
