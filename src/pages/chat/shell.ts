import type { Widget } from './house.ts';
import type { PageKey } from '../../cards/page-wording.en.ts';
import type { FootLine } from './foot.ts';
import { menuBehind } from './menu.ts';
import type { Button, Standing } from './standing.ts';
import type { Words } from './wording.ts';

/** The page around Web Chat: what is in index.html, filled. */
export interface Shell {
  /** The company's name and the words, as soon as they are known. */
  readonly introduce: (widget: Widget, words: Words) => void;
  readonly show: (standing: Standing, foot: readonly FootLine[]) => void;
  /** Says how a chat ended, in the foot's line for it. */
  readonly showEnd: (parts: readonly (Node | string)[]) => void;
  /** Tells quietly what has just been done, until the next thing happens. */
  readonly tell: (text: string) => void;
  /** A card in the place of the chat, and the keyboard led to it; `undefined` takes it away. */
  readonly panel: (card: HTMLElement | undefined) => void;
  /** Says something that went wrong, until the next thing happens; `undefined` takes it back. */
  readonly say: (
    text: string | undefined,
    again?: { readonly label: string; readonly onClick: () => void },
  ) => void;
  /** A fresh element for a Web Chat. */
  readonly place: () => HTMLElement;
  readonly focusComposer: () => void;
  readonly onButton: (press: (button: Button) => void) => void;
}

export function shell(): Shell {
  const status = byId('status');
  const statusText = byId('status-text');
  const alert = byId('alert');
  const frame = byId('chat');
  const note = byId('composer-note');
  const foot = byId('foot');
  const panel = byId('panel');
  const more = byId('more');
  const info = byId('info');
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('button[data-button]')].map(
    (button) => [button.dataset['button'] as Button, button] as const,
  );
  const lines = [...foot.querySelectorAll<HTMLElement>('[data-line]')];
  menuBehind(more);
  let words: Words | undefined;

  return {
    introduce: (widget, spoken) => {
      words = spoken;
      document.documentElement.lang = spoken.language;
      document.documentElement.dir = spoken.direction;
      document.title = `${widget.title} · ${widget.company}`;
      byId('company').textContent = widget.company;
      byId('widget').textContent = widget.title;
      byId('preview').hidden = !widget.reconnect.preview;
      byId('hello').textContent = spoken.hello(widget.company);
      byId('skeleton').setAttribute('aria-label', spoken.loading);
      for (const element of document.querySelectorAll<HTMLElement>('[data-say]'))
        element.textContent = spoken.say(element.dataset['say'] as PageKey);
      showOthers(widget, spoken);
    },
    show: (standing, footing) => {
      status.dataset['tone'] = standing.tone;
      // A screen reader reads every change aloud, even one to the same words.
      if (statusText.textContent !== standing.text) statusText.textContent = standing.text;
      const focused = document.activeElement;
      for (const [name, button] of buttons) button.hidden = !standing.buttons.includes(name);
      more.hidden = !standing.buttons.some((name) => inMenu.has(name));
      for (const line of lines) line.hidden = !footing.some((name) => name === line.dataset['line']);
      foot.hidden = footing.length === 0;
      frame.dataset['composer'] = standing.composer;
      note.hidden = ['open', 'none'].includes(standing.composer) || words === undefined;
      if (words !== undefined && !note.hidden) note.textContent = noteFor(standing.composer, words);
      if (focused instanceof HTMLElement && focused !== document.body && !focused.checkVisibility())
        refuge(focused).focus();
    },
    say: (text, again) => {
      info.textContent = '';
      alert.hidden = text === undefined;
      alert.replaceChildren(...(text === undefined ? [] : [text]));
      if (text === undefined || again === undefined) return;
      const button = document.createElement('button');
      button.textContent = again.label;
      button.addEventListener('click', again.onClick);
      alert.append(button);
    },
    showEnd: (parts) => byId('ended').replaceChildren(...parts),
    tell: (text) => {
      info.textContent = text;
    },
    panel: (card) => {
      panel.hidden = card === undefined;
      panel.replaceChildren(...(card === undefined ? [] : [card]));
      (card?.querySelector<HTMLElement>('[autofocus]') ?? card?.querySelector('h2'))?.focus();
    },
    place: () => {
      const element = document.createElement('div');
      element.className = 'webchat';
      byId('skeleton').hidden = true;
      byId('conversation').append(element);
      return element;
    },
    focusComposer: () => document.querySelector<HTMLElement>('[data-id=webchat-sendbox-input]')?.focus(),
    onButton: (press) => {
      for (const [name, button] of buttons)
        button.addEventListener('click', ({ detail }) => {
          // The second half of a double click: another button may be in this place by now.
          if (detail < 2) press(name);
        });
    },
  };
}

const inMenu: ReadonlySet<Button> = new Set(['wayBack', 'withdraw', 'download', 'code', 'shared', 'leave']);

/** Where the keyboard goes when what it was on goes away. */
function refuge(gone: HTMLElement): HTMLElement {
  const foot = byId('foot');
  return foot.contains(gone) && !foot.hidden ? foot : byId('actions');
}

function noteFor(composer: Standing['composer'], words: Words): string {
  if (composer === 'choosing') return words.chooseFirst;
  if (composer === 'elsewhere') return words.composerElsewhere;
  return composer === 'ended' ? words.composerEnded : words.loading;
}

function showOthers(widget: Widget, words: Words): void {
  const others = byId('others');
  const links = widget.all
    .filter(({ id }) => id !== widget.id)
    .map(({ id, title }) => {
      const link = document.createElement('a');
      link.href = `/?widget=${encodeURIComponent(id)}`;
      link.textContent = title;
      return link;
    });
  others.setAttribute('aria-label', words.otherChats);
  others.hidden = links.length === 0;
  others.replaceChildren(...links);
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`The page has no #${id}`);
  return element;
}
