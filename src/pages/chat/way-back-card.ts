import { durationText } from '../../cards/time.ts';
import type { LinkShown } from '../../cards/views.ts';
import type { PageClock } from '../clock.ts';
import { button, make } from './element.ts';
import type { Words } from './wording.ts';

/** The element that shows a way back, in the transcript (where Web Chat makes it) and in a dialog. */
const NAME = 'way-back';

/** Makes the browser know the element; its attributes are `url`, `code` and `until` (ms). */
export function defineWayBack(clock: PageClock, words: () => Words): void {
  class WayBack extends HTMLElement {
    #stop = () => {};

    connectedCallback(): void {
      this.#stop();
      const url = this.getAttribute('url') ?? '';
      const code = this.getAttribute('code') ?? '';
      const left = make('span', { className: 'left' });
      this.replaceChildren(...contents(words(), url, code, left));
      const until = this.getAttribute('until');
      if (until === null) return;
      this.#stop = countDown(clock, Number(until), (ms) => {
        this.toggleAttribute('data-ended', ms <= 0);
        left.textContent = leftText(ms, words());
      });
    }

    disconnectedCallback(): void {
      this.#stop();
    }
  }
  customElements.define(NAME, WayBack);
}

/** What the element is given, as attributes. */
export const wayBackAttributes = ({ url, code, codeUntil }: Partial<LinkShown>) => ({
  ...(url === undefined ? {} : { url }),
  ...(code === undefined ? {} : { code }),
  ...(codeUntil === undefined ? {} : { until: String(codeUntil) }),
});

export function wayBackCard(link: Partial<LinkShown>): HTMLElement {
  const card = document.createElement(NAME);
  for (const [name, value] of Object.entries(wayBackAttributes(link))) card.setAttribute(name, value);
  return card;
}

function contents({ say }: Words, url: string, code: string, left: HTMLElement): readonly HTMLElement[] {
  // A link comes alone only in the place of one that was used.
  const text = say(url === '' ? 'page.link.code.text' : code === '' ? 'page.link.next' : 'page.link.text');
  const told = make('p', { className: 'told-copy', 'aria-live': 'polite' });
  const row = (name: string, shown: HTMLElement, label: string, more: readonly HTMLElement[]) => {
    const copy = button({ kind: 'plain', label, press: () => void copyOut(shown, copy, told, say) });
    return make(
      'div',
      { className: 'row' },
      make('div', { className: 'what' }, make('span', { className: 'name' }, name), ...more, shown),
      copy,
    );
  };
  return [
    make('p', { className: 'title' }, say('page.link.title')),
    make('p', { className: 'hint' }, text),
    ...(url === '' ? [] : [row(say('page.link.link'), addressOf(url), say('page.link.copy'), [])]),
    ...(code === '' ? [] : [row(say('page.link.code'), wordsOf(code), say('page.link.copyCode'), [left])]),
    told,
  ];
}

/** To be kept, dragged and opened like any link; nobody on the way is told where it was followed from. */
const addressOf = (url: string): HTMLElement =>
  make(
    'a',
    { href: url, className: 'shown', dir: 'ltr', translate: false, target: '_blank', rel: 'noreferrer' },
    url,
  );
const wordsOf = (code: string): HTMLElement =>
  make('code', { className: 'shown', dir: 'ltr', translate: false }, code);

async function copyOut(
  shown: HTMLElement,
  copy: HTMLButtonElement,
  told: HTMLElement,
  say: Words['say'],
): Promise<void> {
  told.classList.remove('seen');
  try {
    await navigator.clipboard.writeText(shown.textContent);
    const label = copy.textContent;
    copy.textContent = told.textContent = say('page.link.copied');
    copy.addEventListener('blur', () => (copy.textContent = label), { once: true });
  } catch {
    // Not allowed here: the person copies it, and has to see all of it for that.
    shown.classList.add('whole');
    getSelection()?.selectAllChildren(shown);
    told.textContent = say('page.link.byHand');
    told.classList.add('seen');
  }
}

const leftText = (ms: number, words: Words): string =>
  ms > 0
    ? words.say('page.link.left', { time: durationText(Math.ceil(ms / 1_000) * 1_000, words.language) })
    : words.say('page.link.codeEnded');

/** Tells what is left, now and whenever its words change: by the minute, the last one by the second. */
function countDown(clock: PageClock, until: number, tell: (ms: number) => void): () => void {
  let cancel = () => {};
  const tick = () => {
    const ms = until - clock.now();
    tell(ms);
    if (ms <= 0) return;
    const unit = ms > 60_000 ? 60_000 : 1_000;
    cancel = clock.after(ms % unit === 0 ? unit : ms % unit, tick);
  };
  tick();
  return () => cancel();
}
