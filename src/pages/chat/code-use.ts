import { durationText } from '../../cards/time.ts';
import type { Ended } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { type No, returnBy } from './coming-back.ts';
import type { House, Opened } from './house.ts';
import type { Words } from './wording.ts';

/** What comes of a link or a code. */
export interface ComesBack {
  readonly house: House;
  readonly clock: PageClock;
  readonly words: Words;
  readonly widget: string;
  /** The chat is back. */
  readonly onOpened: (opened: Opened) => void;
  /** This browser is known anyway: the chat opens as it would without a link. */
  readonly onAsUsual: () => void;
  readonly onOver: (ended: Ended | undefined) => void;
}

/** Comes back by the codes that are typed; gives a sentence for people where one does not lead back. */
export function codeUse(given: ComesBack) {
  const { house, clock, words, widget } = given;
  let last: { readonly code: string; readonly comeBack: ReturnType<typeof returnBy> } | undefined;

  return async (code: string, tell: (text: string) => void): Promise<string | undefined> => {
    const onSilence = () => tell(words.say('page.landing.again'));
    // The same words again, after no answer, are the same try.
    if (last?.code !== code)
      last = { code, comeBack: returnBy({ code }, widget, { house, clock, onSilence }) };
    const outcome = await last.comeBack();
    if (outcome.kind !== 'unreachable') last = undefined;
    switch (outcome.kind) {
      case 'opened':
        given.onOpened(outcome.opened);
        return undefined;
      case 'ask':
        given.onAsUsual();
        return undefined;
      case 'over':
        given.onOver(outcome.ended);
        return undefined;
      default:
        return sentenceFor(outcome, words);
    }
  };
}

function sentenceFor(no: Exclude<No, { readonly kind: 'ask' | 'over' }>, words: Words): string {
  switch (no.kind) {
    case 'unknown':
    case 'used':
      return `${words.say('page.unknownCode.title')}. ${words.say('page.unknownCode.text')}`;
    case 'tooMany':
      return words.say('page.tooMany.text', { time: durationText(no.waitMs, words.language) });
    case 'signInFirst':
      return words.say('page.signInFirst.title');
    case 'unreachable':
      return words.say('page.unreachable.text');
  }
}
