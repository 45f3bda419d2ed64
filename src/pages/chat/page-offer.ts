import type { ShownPage } from '../../session/page.ts';
import { button, make } from './element.ts';
import type { Words } from './wording.ts';

/** The element that asks whether the customer wants to see a page; Web Chat makes it in the transcript. */
const NAME = 'page-offer';

/** Makes the browser know the element; its attributes are `url`, `title` and `agent`. Nothing is loaded before they say so. */
export function definePageOffer(
  words: () => Words,
  show: (page: ShownPage, after: () => HTMLElement | null) => void,
): void {
  class PageOffer extends HTMLElement {
    connectedCallback(): void {
      const url = safeUrl(this.getAttribute('url') ?? '');
      const { say } = words();
      if (url === undefined) {
        this.replaceChildren();
        return;
      }
      const name = this.getAttribute('agent') ?? '';
      const title = this.getAttribute('title') ?? '';
      // Else the browser shows it over the whole card.
      this.removeAttribute('title');
      const page = { url: url.href, ...(title !== '' && { title }) };
      const asked = name === '' ? say('page.shows.ask') : say('page.shows.ask.name', { name });
      const showIt = button({
        kind: 'main',
        label: say('page.shows.show'),
        press: () => show(page, () => this.querySelector('button')),
      });
      const decline = button({
        kind: 'plain',
        label: say('page.shows.no'),
        press: () => {
          rows.replaceChildren(
            make('p', { className: 'hint', tabIndex: -1 }, say('page.shows.declined')),
            tab,
          );
          rows.querySelector('p')?.focus();
        },
      });
      const tab = make(
        'a',
        { href: url.href, target: '_blank', rel: 'noopener noreferrer', className: 'elsewhere' },
        say('page.shows.tab'),
      );
      // Our own pages are no strangers to this one: framed, they could reach into it.
      const choices = url.origin === location.origin ? [tab] : [showIt, decline, tab];
      const rows = make('div', { className: 'choices' }, ...choices);
      this.replaceChildren(
        make('p', { className: 'title' }, asked),
        make(
          'p',
          { className: 'where', dir: 'auto' },
          ...(title === '' ? [] : [title, ' · ']),
          make('bdi', {}, url.host),
        ),
        rows,
      );
    }
  }
  customElements.define(NAME, PageOffer);
}

/** What the element is given, as attributes. */
export const pageOfferAttributes = ({ url, title }: ShownPage, agent: string | undefined) => ({
  url,
  ...(title === undefined ? {} : { title }),
  ...(agent === undefined ? {} : { agent }),
});

function safeUrl(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url?.protocol === 'https:' && url.username + url.password === '' ? url : undefined;
}
