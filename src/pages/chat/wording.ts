import { fill, placeText, type Values } from '../../cards/fill.ts';
import { pageEn, type PageKey } from '../../cards/page-wording.en.ts';
import type { PageWording } from '../../cards/page-words.ts';

/** What the page itself says; what the house says comes in the house's words. */
export interface Words {
  /** BCP 47; times are told in it. */
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** Any of the page's sentences. */
  readonly say: (key: PageKey, values?: Values) => string;
  readonly connecting: string;
  readonly connected: string;
  readonly connectedWith: (name: string) => string;
  readonly inLine: (place: number | undefined) => string;
  readonly waitingFor: (name: string | undefined) => string;
  readonly setAside: (name: string | undefined) => string;
  /** Adds to whom one waits for when they plan to be back. */
  readonly backBy: (waiting: string, time: string) => string;
  /** Adds to what one waits for when we open. */
  readonly opens: (waiting: string, time: string) => string;
  readonly choose: string;
  readonly elsewhere: string;
  readonly continueHere: string;
  readonly composerElsewhere: string;
  readonly reconnecting: string;
  readonly offline: string;
  readonly ended: string;
  readonly expired: string;
  readonly ending: string;
  readonly undo: string;
  readonly suspend: string;
  readonly end: string;
  readonly newChat: string;
  readonly leaveLine: string;
  readonly conversation: string;
  readonly chooseFirst: string;
  readonly composerEnded: string;
  readonly loading: string;
  readonly placeholder: string;
  readonly said: (company: string) => string;
  readonly typing: (name: string | undefined) => string;
  readonly hello: (company: string) => string;
  readonly continued: (name: string | undefined) => string;
  readonly anyone: string;
  readonly fresh: string;
  readonly failed: string;
  readonly cannotOpen: string;
  readonly tryAgain: string;
  readonly site: string;
  readonly notSignedIn: string;
  readonly otherChats: string;
  readonly preview: string;
}

/** English, for the moments in which the page does not know its widget yet. */
const FIRST: PageWording = { language: 'en', direction: 'ltr', sentences: pageEn };

/** The page's sentences as the house has sent them for a widget; English until it has. */
export function wordsOf(wording: PageWording = FIRST): Words {
  const say = (key: PageKey, values?: Values): string => fill(wording, key, values);
  return {
    language: wording.language,
    direction: wording.direction,
    say,
    connecting: say('page.connecting'),
    connected: say('page.connected'),
    connectedWith: (name) => say('page.connected.name', { name }),
    inLine: (place) =>
      place === undefined
        ? say('page.inLine')
        : say('page.inLine.place', { place: placeText(place, wording) }),
    waitingFor: (name) =>
      name === undefined ? say('page.waitingFor') : say('page.waitingFor.name', { name }),
    setAside: (name) => (name === undefined ? say('page.setAside') : say('page.setAside.name', { name })),
    backBy: (waiting, time) => say('page.backBy', { waiting, time }),
    opens: (waiting, time) => say('page.opens', { waiting, time }),
    choose: say('page.choose'),
    elsewhere: say('page.elsewhere'),
    continueHere: say('page.continueHere'),
    composerElsewhere: say('page.composerElsewhere'),
    reconnecting: say('page.reconnecting'),
    offline: say('page.offline'),
    ended: say('page.ended'),
    expired: say('page.expired'),
    ending: say('page.ending'),
    undo: say('page.undo'),
    suspend: say('page.suspend'),
    end: say('page.end'),
    newChat: say('page.newChat'),
    leaveLine: say('page.leaveLine'),
    conversation: say('page.conversation'),
    chooseFirst: say('page.chooseFirst'),
    composerEnded: say('page.composerEnded'),
    loading: say('page.loading'),
    placeholder: say('page.placeholder'),
    said: (company) => say('page.said', { company }),
    typing: (name) => (name === undefined ? say('page.typing') : say('page.typing.name', { name })),
    hello: (company) => say('page.hello', { company }),
    continued: (name) => (name === undefined ? say('page.continued') : say('page.continued.name', { name })),
    anyone: say('page.anyone'),
    fresh: say('page.fresh'),
    failed: say('page.failed'),
    cannotOpen: say('page.cannotOpen'),
    tryAgain: say('page.tryAgain'),
    site: say('page.site'),
    notSignedIn: say('page.notSignedIn'),
    otherChats: say('page.otherChats'),
    preview: say('page.preview'),
  };
}
