import type { ShownPage } from '../../session/page.ts';
import { make } from './element.ts';
import { byId } from './shell.ts';
import type { Words } from './wording.ts';

/** Beside the chat where there is room for both, and over it where there is not. */
const NARROW = '(max-width: 899px)';

/**
 * What a page of strangers may do in its frame: run, take forms, open windows. It cannot lead this page away, is told
 * nothing of where it is framed, and is loaded only from hosts that this page's policy names.
 */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox';

/** Shows a page that the customer has agreed to see, until they close it. */
export function shownPage(words: () => Words): {
  readonly show: (page: ShownPage, after: () => HTMLElement | null) => void;
} {
  const panel = byId('shown');
  const title = byId('shown-title');
  const tab = byId('shown-tab');
  const place = byId('shown-frame');
  const chat = byId('chat');
  const narrow = matchMedia(NARROW);
  let back: () => HTMLElement | null = () => null;

  const settle = () => {
    // What is covered is not for the keyboard either.
    chat.inert = !panel.hidden && narrow.matches;
  };
  const close = () => {
    panel.hidden = true;
    place.replaceChildren();
    settle();
    back()?.focus();
  };
  narrow.addEventListener('change', settle);
  byId('shown-close').addEventListener('click', close);
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  return {
    show: ({ url, title: name }, after) => {
      const { host } = new URL(url);
      back = after;
      title.textContent = name === undefined ? host : `${name} · ${host}`;
      tab.setAttribute('href', url);
      const frame = make('iframe', {
        title: words().say('page.shows.frame', { host }),
        referrerPolicy: 'no-referrer',
      });
      frame.setAttribute('sandbox', SANDBOX);
      frame.src = url;
      place.replaceChildren(frame);
      panel.hidden = false;
      settle();
      title.focus();
    },
  };
}
