import { adaptiveCard, textBlock } from './card.ts';
import type { Wording } from './fill.ts';

/** What stands in an agent's chat in place of a card whose customer was erased: nothing of them. */
export const erasedCard = (words: Wording): unknown =>
  adaptiveCard('1.5', words, {
    body: [textBlock(words.sentences['card.erased'], { isSubtle: true })],
    fallbackText: words.sentences['card.erased'],
  });
