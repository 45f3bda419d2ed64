import { durationText } from '../../cards/time.ts';
import { lookBehind, type No, returnBy } from '../chat/coming-back.ts';
import { endedText } from '../chat/ended.ts';
import type { House, Opened } from '../chat/house.ts';
import type { Words } from '../chat/wording.ts';
import type { PageClock } from '../clock.ts';

/** What following a link needs of the page. */
export interface FollowingLink {
  readonly house: House;
  readonly clock: PageClock;
  readonly words: Words;
  readonly widget: string;
  readonly confirm: (question: string) => boolean | Promise<boolean>;
  /** Says why the link leads nowhere, for people. */
  readonly tell: (text: string) => void;
}

/** Asks, and comes back by the link; `undefined`: the chat opens as usual. */
export async function followLink(token: string, page: FollowingLink): Promise<Opened | undefined> {
  const { house, clock, words, tell } = page;
  const asking = { house, clock, onSilence: () => tell(words.say('page.landing.again')) };
  const found = await lookBehind(token, asking);
  if (found.kind !== 'found') {
    say(found, page);
    return undefined;
  }
  const question =
    found.agent === undefined
      ? words.say('page.landing.title')
      : words.say('page.landing.title.name', { name: found.agent });
  if (!(await page.confirm(question))) return undefined;
  const outcome = await returnBy({ token }, page.widget, asking)();
  if (outcome.kind === 'opened') return outcome.opened;
  say(outcome, page);
  return undefined;
}

function say(no: No, { clock, words, tell }: FollowingLink): void {
  switch (no.kind) {
    case 'ask':
      break;
    case 'unknown':
    case 'used':
    case 'signInFirst':
    case 'unreachable':
      tell(words.say(`page.${no.kind}.text`));
      break;
    case 'tooMany':
      tell(words.say('page.tooMany.text', { time: durationText(no.waitMs, words.language) }));
      break;
    case 'over':
      tell(
        no.ended === undefined
          ? words.say('page.over.title')
          : endedText(no.ended, words, clock.now()).join(' '),
      );
  }
}
