import { firstName } from '../cards/names.ts';
import type { Wording } from '../cards/wording.ts';
import {
  cannedFaults,
  filledCanned,
  isFor,
  ranked,
  type CannedDraft,
  type CannedResponse,
  type Placeholder,
} from '../session/canned.ts';
import type { AgentId } from '../session/ids.ts';
import type { AgentRef, Session } from '../session/session.ts';
import { recentlyUsed } from './cache.ts';
import { HandoffError } from './errors.ts';
import type { Shelf, ShelfName, Shelves } from './ports.ts';
import { referenceOf } from './reference.ts';

/** A canned response as an agent can say it now. */
export interface Offered extends CannedResponse {
  /** Whose it is; those of the settings are changed there. */
  readonly of: 'own' | 'shared' | 'settings';
  readonly uses: number;
}

/** One for a session, filled for its customer; a link is not made before it is sent. */
export interface OfferedHere extends Offered {
  readonly filled: string;
}

/** What agents say often: their own, and what everyone of a work stream shares. */
export interface Canned {
  /** All that an agent of this work stream can say, by title. */
  readonly all: (agent: AgentId, stream: string) => Promise<readonly Offered[]>;
  /** The same for a session, filled, the likeliest first. */
  readonly offered: (agent: AgentRef, session: Session) => Promise<readonly OfferedHere[]>;
  /**
   * At most ten for an agent's card; nothing in a language that the customer does not read. Cards are drawn often: what
   * was written down half a minute ago may be missing.
   */
  readonly best: (agent: AgentRef, session: Session) => Promise<readonly OfferedHere[]>;
  /**
   * Writes one down, or changes the one of that id.
   *
   * @throws HandoffError `bad_input` naming the field; `not_found` when there is none of that id here.
   */
  readonly save: (shelf: ShelfName, draft: CannedDraft, id?: string) => Promise<CannedResponse>;
  /** Twice is fine. */
  readonly remove: (shelf: ShelfName, id: string) => Promise<void>;
  /** Notes that one was said, so that it is found sooner; one that is nowhere is not counted. */
  readonly said: (agent: AgentId, stream: string, id: string) => Promise<void>;
  /** Fills a text for this session's customer. */
  readonly fill: (text: string, agent: AgentRef, session: Session) => string;
}

const BEST = 10;
const LATELY_MS = 30_000;
const KEPT = 5_000;
const MOST = 100;
/** Together, in characters: the document stays below the 2 MB of the store. */
const MOST_TEXT = 400_000;
const TRIES = 5;
const EMPTY: Shelf = { responses: [], uses: {} };

/** Makes them over the store and the settings. */
export function cannedResponses(given: {
  readonly store: Shelves;
  readonly unique: () => string;
  readonly now: () => number;
  readonly company: string;
  /** What the settings give the agents of a work stream. */
  readonly fromSettings: (stream: string) => readonly CannedResponse[];
  /** The words of a widget's customers. */
  readonly wordsFor: (widget: string) => Wording;
  readonly canLink: (session: Pick<Session, 'widget' | 'previous'>) => boolean;
}): Canned {
  const { store } = given;
  const read = async (name: ShelfName): Promise<Shelf> => (await store.shelf(name))?.value ?? EMPTY;

  /** Over the version read; a lost race is run again. `undefined` from `next` leaves it as it is. */
  const change = async (name: ShelfName, next: (shelf: Shelf) => Shelf | undefined): Promise<void> => {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const there = await store.shelf(name);
      const wanted = next(there?.value ?? EMPTY);
      if (wanted === undefined || (await store.saveShelf(name, wanted, there?.etag))) return;
    }
    throw new HandoffError('store_contended', `The canned responses ${name} were written by others`);
  };

  const all: Canned['all'] = async (agent, stream) => {
    const [own, shared] = await Promise.all([read(`own:${agent}`), read(`shared:${stream}`)]);
    const of = (responses: readonly CannedResponse[], whose: Offered['of'], { uses }: Shelf) =>
      responses.map((one): Offered => ({ ...one, of: whose, uses: uses[one.id] ?? 0 }));
    return [
      ...of(own.responses, 'own', own),
      ...of(shared.responses, 'shared', shared),
      ...of(given.fromSettings(stream), 'settings', shared),
    ].sort((a, b) => a.title.localeCompare(b.title));
  };

  const valuesFor = (agent: AgentRef, session: Session): Readonly<Partial<Record<Placeholder, string>>> => {
    const { subject, widget, id } = session;
    const { sentences } = given.wordsFor(widget);
    return {
      ...(subject.kind === 'signedIn' && subject.name !== undefined && { customer: firstName(subject.name) }),
      agent: firstName(agent.name),
      company: given.company,
      reference: referenceOf(id),
      ...(given.canLink(session) && { reconnectLink: sentences['canned.reconnectLink'] }),
    };
  };

  const lately = recentlyUsed<string, { readonly at: number; readonly all: readonly Offered[] }>(
    KEPT,
    given.now,
  );
  const allOfLate: Canned['all'] = async (agent, stream) => {
    const key = `${agent}|${stream}`;
    const known = lately.get(key);
    if (known !== undefined && given.now() - known.at < LATELY_MS) return known.all;
    const read = await all(agent, stream);
    lately.set(key, { at: given.now(), all: read });
    return read;
  };

  const rankedFor = (
    known: readonly Offered[],
    agent: AgentRef,
    session: Session,
  ): readonly OfferedHere[] => {
    const values = valuesFor(agent, session);
    const keep = given.canLink(session) ? 'reconnectLink' : undefined;
    return ranked(known, given.wordsFor(session.widget).language).map((one) => ({
      ...one,
      filled: filledCanned(one.text, values, keep),
    }));
  };

  return {
    all,
    offered: async (agent, session) => rankedFor(await all(agent.id, session.stream), agent, session),
    best: async (agent, session) => {
      const { language } = given.wordsFor(session.widget);
      const known = await allOfLate(agent.id, session.stream);
      return rankedFor(known, agent, session)
        .filter((one) => isFor(one, language))
        .slice(0, BEST);
    },
    save: async (name, draft, id) => {
      const [fault] = cannedFaults(draft);
      if (fault !== undefined) throw new HandoffError('bad_input', `${fault.field}: ${fault.rule}.`);
      const response = { id: id ?? given.unique(), ...draft };
      await change(name, (shelf) => {
        if (id !== undefined && !shelf.responses.some((one) => one.id === id))
          throw new HandoffError('not_found', `There is no canned response ${id} in ${name}`);
        const responses = [...shelf.responses.filter((one) => one.id !== response.id), response];
        checkRoom(responses, response);
        return { ...shelf, responses };
      });
      return response;
    },
    remove: (name, id) =>
      change(name, (shelf) => {
        const responses = shelf.responses.filter((one) => one.id !== id);
        const uses = Object.fromEntries(Object.entries(shelf.uses).filter(([of]) => of !== id));
        return responses.length === shelf.responses.length ? undefined : { responses, uses };
      }),
    said: async (agent, stream, id) => {
      const one = (await all(agent, stream)).find((known) => known.id === id);
      if (one === undefined) return;
      const name: ShelfName = one.of === 'own' ? `own:${agent}` : `shared:${stream}`;
      await change(name, (shelf) => ({
        ...shelf,
        uses: { ...shelf.uses, [id]: (shelf.uses[id] ?? 0) + 1 },
      }));
    },
    fill: (text, agent, session) => filledCanned(text, valuesFor(agent, session)),
  };
}

function checkRoom(responses: readonly CannedResponse[], added: CannedResponse): void {
  const twin = responses.some(
    ({ id, shortcut }) => id !== added.id && shortcut.toLowerCase() === added.shortcut.toLowerCase(),
  );
  if (twin) throw new HandoffError('bad_input', `shortcut: /${added.shortcut} is there already.`);
  if (responses.length > MOST)
    throw new HandoffError('bad_input', `title: at most ${MOST} can be kept here.`);
  if (responses.reduce((sum, { text }) => sum + text.length, 0) > MOST_TEXT)
    throw new HandoffError('bad_input', `text: together at most ${MOST_TEXT} characters can be kept here.`);
}
