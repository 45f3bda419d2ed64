import type { CustomerState } from '../../cards/views.ts';
import type { Act } from './house.ts';
import type { Words } from './wording.ts';

/** The way to the house: `connecting` for the first time, `up`, `lost` and being repaired, or `refused` for good. */
export type Link = 'connecting' | 'up' | 'lost' | 'refused';

/** What the page knows about where the customer stands. */
export interface Situation {
  readonly state: CustomerState | undefined;
  readonly link: Link;
  readonly online: boolean;
  /** The conversation on this page no longer holds the chat. */
  readonly elsewhere: boolean;
  /** Between *End chat* and its taking effect, while it can be undone. */
  readonly ending: boolean;
  /** A card is in the place of the chat: nothing is opened yet, or everything is left. */
  readonly atTheDoor: 'landing' | 'left' | undefined;
  /** Said to be a shared computer. */
  readonly shared: boolean;
}

/** What the page makes of it. */
export interface Standing {
  /** `good`: all is well; `wait`: somebody is awaited, or a repair runs; `bad`: the customer's network is gone; `over`. */
  readonly tone: 'good' | 'wait' | 'bad' | 'over';
  readonly text: string;
  /** When the agent who is waited for means to be back, ms. */
  readonly backBy?: number;
  readonly buttons: readonly Button[];
  readonly composer: 'open' | 'choosing' | 'elsewhere' | 'ended' | 'loading' | 'none';
}

export type Button =
  | Act
  | 'newChat'
  | 'continueHere'
  | 'undo'
  | 'wayBack'
  | 'withdraw'
  | 'download'
  | 'code'
  | 'withHistory'
  | 'shared'
  | 'leave';

export function standing(situation: Situation, words: Words, time: (at: number) => string): Standing {
  const { state, link, online, elsewhere, ending, atTheDoor } = situation;
  const composer = elsewhere ? 'elsewhere' : composerFor(state);
  const buttons = buttonsIn(situation);
  const with_ = (tone: Standing['tone'], text: string): Standing => ({ tone, text, buttons, composer });

  const closed = { buttons: [], composer: 'none' } as const;
  if (atTheDoor === 'left') return { ...with_('over', words.say('page.left.title')), ...closed };
  if (atTheDoor === 'landing')
    return { ...with_('wait', online ? words.say('page.landing.choose') : words.offline), ...closed };
  if (link === 'refused') return { ...with_('bad', words.cannotOpen), ...closed };
  if (elsewhere) return with_('over', words.elsewhere);
  if (state !== undefined && isOver(state)) return with_('over', textOf(state, words, time));
  if (!online) return with_('bad', words.offline);
  if (link === 'lost') return with_('wait', words.reconnecting);
  if (link === 'connecting' || state === undefined) return with_('wait', words.connecting);
  if (ending) return with_('wait', words.ending);
  const backBy = backByOf(state);
  const now = with_(isWaiting(state) ? 'wait' : 'good', textOf(state, words, time));
  return backBy === undefined ? now : { ...now, backBy };
}

/** While we are closed, when we open comes first. */
const backByOf = ({ status, setAside, opensAt, until }: CustomerState): number | undefined =>
  status === 'suspended' && setAside !== true && opensAt === undefined ? until : undefined;

function textOf(state: CustomerState, words: Words, time: (at: number) => string): string {
  switch (state.status) {
    case 'none':
    case 'bot':
      return words.connected;
    case 'choosing':
      return words.choose;
    case 'queued': {
      if (state.messageUntil !== undefined) return words.say('page.message');
      const inLine = words.inLine(state.place);
      return state.opensAt === undefined ? inLine : words.opens(inLine, time(state.opensAt));
    }
    case 'active':
      if (state.mayChooseAnyone === true) return words.waitingFor(state.agent);
      return state.agent === undefined ? words.connected : words.connectedWith(state.agent);
    case 'resuming': {
      const waiting = words.waitingFor(state.agent);
      return state.opensAt === undefined ? waiting : words.opens(waiting, time(state.opensAt));
    }
    case 'suspended': {
      if (state.setAside === true) return words.setAside(state.agent);
      const waiting = words.waitingFor(state.agent);
      if (state.opensAt !== undefined) return words.opens(waiting, time(state.opensAt));
      const backBy = backByOf(state);
      return backBy === undefined ? waiting : words.backBy(waiting, time(backBy));
    }
    case 'disconnected':
      return words.reconnecting;
    case 'closed':
      return words.ended;
    case 'expired':
      // Below the chat stands why, where the house has told.
      return state.ended === undefined ? words.expired : words.ended;
  }
}

function buttonsIn(situation: Situation): readonly Button[] {
  const { state, elsewhere, ending } = situation;
  if (elsewhere) return ['continueHere', 'code', 'leave'];
  return ending ? ['undo'] : [...buttonsFor(state), ...choicesFor(state), ...moreFor(situation)];
}

/** What only some may do at some time. */
const choicesFor = (state: CustomerState | undefined): readonly Button[] => [
  ...(state?.mayLeaveMessage === true ? (['leaveMessage'] as const) : []),
  ...(state?.mayChooseAnyone === true ? (['anyone'] as const) : []),
  ...(state?.direct === true ? (['fresh'] as const) : []),
  ...(state?.ended === undefined ? [] : (['withHistory'] as const)),
];

function moreFor({ state, shared }: Situation): readonly Button[] {
  if (state === undefined) return [];
  const always: readonly Button[] = shared ? ['code', 'leave'] : ['code', 'shared', 'leave'];
  if (isOver(state)) return ['download', 'code', 'leave'];
  const hasChat = state.sid !== undefined && state.status !== 'choosing';
  return hasChat ? ['wayBack', 'withdraw', 'download', ...always] : always;
}

function buttonsFor(state: CustomerState | undefined): readonly Button[] {
  switch (state?.status) {
    case undefined:
    case 'none':
    case 'choosing':
      return [];
    case 'closed':
    case 'expired':
      return ['newChat'];
    case 'bot':
    case 'resuming':
    case 'disconnected':
    case 'suspended':
      return ['end', 'newChat'];
    case 'queued':
      return state.messageUntil === undefined
        ? ['leaveQueue', 'end', 'newChat']
        : ['backInLine', 'end', 'newChat'];
    case 'active':
      return ['suspend', 'end', 'newChat'];
  }
}

function composerFor(state: CustomerState | undefined): Standing['composer'] {
  if (state === undefined) return 'loading';
  if (isOver(state)) return 'ended';
  return state.status === 'choosing' ? 'choosing' : 'open';
}

export const isOver = (state: CustomerState): boolean =>
  state.status === 'closed' || state.status === 'expired';
const isWaiting = (state: CustomerState): boolean =>
  ['queued', 'resuming', 'suspended', 'disconnected'].includes(state.status);
