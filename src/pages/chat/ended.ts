import type { PageKey } from '../../cards/page-wording.en.ts';
import type { Ended } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { button, make } from './element.ts';
import type { Words } from './wording.ts';

/** How a chat ended, in sentences: when and why, and the number to quote. */
export function endedText(ended: Ended, words: Words, now: number): readonly string[] {
  const { say } = words;
  const time = momentOf(ended.at, words, now);
  const { agent: name, why, reference } = ended;
  const key: PageKey = why === 'agent' && name !== undefined ? 'page.ended.agent.name' : `page.ended.${why}`;
  return [say(key, { time, name }), say('page.reference', { reference })];
}

/** Time to read where one is taken, and to stay. */
const GO_MS = 4_000;

/**
 * Says where the customer of a chat that is over is sent, and goes there: once per chat and tab, so that coming back
 * leads to the chat and not away again. Nothing where the house names no such page.
 */
export function sendAway(ended: Ended | undefined, words: Words, clock: PageClock): HTMLElement | undefined {
  const url = ended === undefined ? undefined : pageOf(ended.redirect);
  if (ended === undefined || url === undefined) return undefined;
  const { host, href } = url;
  const link = make('a', { href }, words.say('page.redirect.link', { host }));
  if (!mayGo(ended)) return make('span', { className: 'away' }, link);

  const cancel = clock.after(GO_MS, () => location.assign(href));
  const going = make('span', {}, words.say('page.redirect', { host }));
  const stay = button({
    kind: 'quiet',
    label: words.say('page.redirect.stay'),
    press: () => {
      cancel();
      going.remove();
      stay.remove();
      link.focus();
    },
  });
  return make('span', { className: 'away' }, going, ' ', link, ' ', stay);
}

function pageOf(redirect: string | undefined): URL | undefined {
  if (redirect === undefined || !URL.canParse(redirect)) return undefined;
  const url = new URL(redirect);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : undefined;
}

function mayGo({ sid }: Ended): boolean {
  const mark = `reconnect:sent:${sid}`;
  try {
    if (sessionStorage.getItem(mark) !== null) return false;
    sessionStorage.setItem(mark, '1');
    return true;
  } catch {
    // Without a mark, coming back would send them away again and again.
    return false;
  }
}

function momentOf(at: number, { say, language }: Words, now: number): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  const day = isToday ? {} : ({ dateStyle: 'medium' } as const);
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short', ...day }).format(at);
  return say(isToday ? 'page.ended.at' : 'page.ended.on', { time });
}
