import { createHash } from 'node:crypto';
import { agentCard } from '../cards/agent-cards.ts';
import { agentCardView, type StoryStep } from '../cards/agent-view.ts';
import { BUTTONS } from '../cards/card-buttons.ts';
import { fill } from '../cards/fill.ts';
import { refusalText, type Wording } from '../cards/wording.ts';
import type { SessionId } from '../session/ids.ts';
import { agentOf } from '../session/whose.ts';
import type { AgentAnswer, AgentTurn, Press } from './agent-turn.ts';
import { isPermitted, type Agents } from './agents.ts';
import { readCardInput } from './card-input.ts';
import type { ReadForCard } from './card-reading.ts';
import type { Desk, DeskOutcome } from './desk.ts';
import { MAX_TEXT, readDoing } from './desk-act.ts';
import { HandoffError } from './errors.ts';
import type { Sessions } from './handle.ts';
import type { Header } from './header.ts';
import type { Log } from './ports.ts';
import type { AgentRecord } from './roster.ts';
import type { ReadStory } from './story.ts';

/** Does what a button of a session's card asks for, as whoever pressed it. */
export type TakePress = (turn: AgentTurn, press: Press) => Promise<AgentAnswer>;

/** Why a press changed nothing; in the log, for whoever looks for forgeries. */
type Why =
  | 'unknownVerb'
  | 'garbled'
  | 'notPermitted'
  | 'notYours'
  | 'notFound'
  | 'badInput'
  | 'stale'
  | 'replayed'
  | 'refused';
const MAY_NOT: ReadonlySet<Why> = new Set<Why>(['notPermitted', 'notYours']);

/** What is said of a press in the card that answers it. */
interface Said {
  readonly said?: string;
  /** It was pressed on what no longer stands: whoever may not see what does is told who has it. */
  readonly isStale?: true;
  /** Not sent; it stands in the reply box again. */
  readonly draft?: string | undefined;
  /** How the session came to where it is, where that was asked. */
  readonly story?: readonly StoryStep[] | undefined;
}

const VERBS: ReadonlySet<string> = new Set<string>(BUTTONS.map(({ act }) => act));

/**
 * Makes the taker of presses. One that changes nothing leaves a line in the log, who, where, why: `denied` when whoever
 * pressed may not, else `act.refused`.
 */
export function cardPresses(given: {
  readonly agents: Agents;
  readonly desk: Desk;
  readonly sessions: Pick<Sessions, 'header'>;
  /** What is said about no session. */
  readonly words: Wording;
  /** What is said about one of a widget. */
  readonly wordsFor: (widget: string) => Wording;
  readonly now: () => number;
  readonly readForCard: ReadForCard;
  readonly story: ReadStory;
  readonly log: Log;
}): TakePress {
  const { agents, desk, words, log } = given;

  return async (turn, press) => {
    const { sid, epoch, verb, invoked } = press;
    const note = (why: Why): void =>
      log(MAY_NOT.has(why) ? 'denied' : 'act.refused', {
        ...{ agent: turn.agent, session: sid, act: VERBS.has(verb) ? verb : undefined, why },
      });
    const no = (why: Why, status: number, code: string, text: string): AgentAnswer => {
      note(why);
      return invoked ? { kind: 'refused', status, code, text } : { kind: 'reply', text };
    };
    const unknown = (why: Why, status = 400): AgentAnswer =>
      no(why, status, status === 404 ? 'notFound' : 'badInput', words.sentences.cardUnknown);
    /** The card as it stands now, to whoever may see it; what is said of the press stands above. */
    const answer = async (record: AgentRecord, header: Header, what: Said): Promise<AgentAnswer> => {
      const own = given.wordsFor(header.session.widget);
      if (!invoked)
        return {
          kind: 'reply',
          text: [what.said, what.draft, what.story?.map(({ text }) => text).join('\n')]
            .filter((one) => one !== undefined)
            .join('\n\n'),
        };
      if (!desk.mayRead(record, header.session) && header.cards[record.id] === undefined)
        return {
          kind: 'refused',
          status: 403,
          code: 'notYours',
          text: what.isStale === true ? whoHas(header, own) : (what.said ?? own.sentences.cardUnknown),
        };
      const reading = { ...(await given.readForCard(header)), ...what };
      return { kind: 'card', card: agentCard(agentCardView(header.session, record.id, reading), own) };
    };

    /** Why this agent: to whoever may read the session, and on their card alone. */
    const tellStory = async (record: AgentRecord, of: SessionId, draft?: string): Promise<AgentAnswer> => {
      const header = await given.sessions.header(of);
      if (header === undefined) return unknown('notFound', 404);
      const own = given.wordsFor(header.session.widget);
      if (!desk.mayRead(record, header.session))
        return no('notYours', 403, 'notYours', refusalText({ kind: 'notYours' }, own, 'agent'));
      return answer(record, header, { draft, story: await given.story(header.session) });
    };

    if (!VERBS.has(verb)) return unknown('unknownVerb');
    if (sid === undefined || epoch === undefined) return unknown('garbled');
    const record = await agents.record(turn.agent);
    if (record === undefined || !isPermitted(record, given.now()))
      return no('notPermitted', 403, 'notPermitted', words.sentences.notPermitted);
    // A service URL goes stale; what came in last is where they are now.
    if (turn.personal) await agents.noteReference(record.id, turn.reference);

    const input = readCardInput(verb, press.inputs, { timeZone: turn.timeZone, now: given.now() });
    const wrong = async (said: string): Promise<AgentAnswer> => {
      note('badInput');
      const header = await given.sessions.header(sid);
      return header === undefined
        ? unknown('notFound', 404)
        : answer(record, header, { said, draft: input.draft });
    };
    if (verb === 'why') return tellStory(record, sid, input.draft);
    if ('fault' in input) return wrong(fill(words, input.fault, { most: String(MAX_TEXT) }));
    try {
      const by = { id: record.id, name: record.name };
      const act = { id: pressId(press, input.draft), ...readDoing({ ...input.fields, act: verb }), epoch };
      const outcome = await desk.act(by, sid, act, record);
      const why = whyNothing(outcome);
      if (why !== undefined) note(why);
      const own = given.wordsFor(outcome.header.session.widget);
      const what = saidOf(outcome, verb, input.draft, own);
      if (invoked || what.said !== undefined) return await answer(record, outcome.header, what);
      return { kind: 'nothing' };
    } catch (reason) {
      if (!(reason instanceof HandoffError)) throw reason;
      if (reason.code === 'not_found') return unknown('notFound', 404);
      if (reason.code !== 'bad_input') throw reason;
      return wrong(fill(words, 'press.input', { what: reason.message.replace(/\.$/u, '') }));
    }
  };
}

function whyNothing({ stale, duplicate, refused }: DeskOutcome): Why | undefined {
  if (stale === true) return 'stale';
  if (duplicate) return 'replayed';
  if (refused?.kind === 'notYours') return 'notYours';
  return refused === undefined ? undefined : 'refused';
}

function saidOf(
  { stale, duplicate, refused }: DeskOutcome,
  verb: string,
  draft: string | undefined,
  own: Wording,
): Said {
  const says = verb === 'message' || verb === 'comment';
  const kept = says ? draft : undefined;
  if (refused !== undefined) return { said: refusalText(refused, own, 'agent'), draft: kept };
  if (stale === true)
    return {
      ...{ said: own.sentences[kept === undefined ? 'press.stale' : 'press.stale.draft'], draft: kept },
      isStale: true,
    };
  return duplicate && says ? { said: own.sentences['press.again'] } : {};
}

function whoHas({ session }: Header, own: Wording): string {
  const by = agentOf(session);
  return by === undefined ? own.sentences.cardUnknown : refusalText({ kind: 'taken', by }, own, 'agent');
}

/** What makes a press the same press: what is said from one state of a card is said once, however often it is pressed. */
function pressId({ id, verb, sid, inputs }: Press, said: string | undefined): string {
  const { after } = inputs;
  if ((verb !== 'message' && verb !== 'comment') || typeof after !== 'number') return `card-${id}`;
  const about = [sid, verb, after, said].join('|');
  return `card-${createHash('sha256').update(about).digest('base64url')}`;
}
