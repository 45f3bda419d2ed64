import type { Wording } from './fill.ts';
import { pageEn, type PageKey, type PageSentences } from './page-wording.en.ts';

/** What the customer's page needs to say its own sentences. */
export type PageWording = Wording<PageKey>;

/** Takes from a widget's words what its page says itself; what the house says comes to the page already said. */
export function pageWording({ language, direction, sentences }: Wording): PageWording {
  const own = Object.entries(sentences).filter(([key]) => Object.hasOwn(pageEn, key));
  return { language, direction, sentences: Object.fromEntries(own) as PageSentences };
}
