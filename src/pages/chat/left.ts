import { button, make } from './element.ts';
import { cardOf } from './landing.ts';
import type { Words } from './wording.ts';

/** What stands there when this computer has forgotten its customer. */
export const leftCard = (
  { say, newChat }: Words,
  on: { readonly onNewChat: () => void; readonly onCode: () => void },
): HTMLElement =>
  cardOf(say('page.left.title'), [
    make('p', { className: 'text' }, say('page.left.text')),
    button({ kind: 'main', label: newChat, press: on.onNewChat }),
    button({ kind: 'quiet', label: say('page.code.have'), press: on.onCode }),
  ]);
