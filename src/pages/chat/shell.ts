import type { Widget } from './house.ts';
import type { Button, Standing } from './standing.ts';
import { isRightToLeft, type Words } from './wording.ts';

/** The page around Web Chat: what is in index.html, filled. */
export interface Shell {
  /** The company's name and the words, as soon as they are known. */
  readonly introduce: (widget: Widget, words: Words) => void;
  readonly show: (standing: Standing) => void;
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
  const actions = byId('actions');
  const buttons = new Map(
    [...document.querySelectorAll<HTMLButtonElement>('button[data-button]')].map((button) => [
      button.dataset['button'] as Button,
      button,
    ]),
  );
  let words: Words | undefined;

  return {
    introduce: (widget, spoken) => {
      words = spoken;
      document.documentElement.lang = widget.language;
      document.documentElement.dir = isRightToLeft(widget.language) ? 'rtl' : 'ltr';
      document.title = `${widget.title} · ${widget.company}`;
      byId('company').textContent = widget.company;
      byId('widget').textContent = widget.title;
      byId('preview').hidden = !widget.reconnect.preview;
      byId('preview').textContent = spoken.preview;
      byId('hello').textContent = spoken.hello(widget.company);
      byId('skeleton').setAttribute('aria-label', spoken.loading);
      const labels = {
        suspend: spoken.suspend,
        end: spoken.end,
        newChat: spoken.newChat,
        continueHere: spoken.continueHere,
        leaveQueue: spoken.leaveLine,
        undo: spoken.undo,
      };
      for (const [name, button] of buttons) button.textContent = labels[name];
      showOthers(widget, spoken);
    },
    show: (standing) => {
      status.dataset['tone'] = standing.tone;
      // A screen reader reads every change aloud, even one to the same words.
      if (statusText.textContent !== standing.text) statusText.textContent = standing.text;
      const focused = document.activeElement;
      for (const [name, button] of buttons) button.hidden = !standing.buttons.includes(name);
      if (focused instanceof HTMLButtonElement && focused.hidden) actions.focus();
      frame.dataset['composer'] = standing.composer;
      note.hidden = ['open', 'none'].includes(standing.composer) || words === undefined;
      if (words !== undefined && !note.hidden) note.textContent = noteFor(standing.composer, words);
    },
    say: (text, again) => {
      alert.hidden = text === undefined;
      alert.replaceChildren(...(text === undefined ? [] : [text]));
      if (text === undefined || again === undefined) return;
      const button = document.createElement('button');
      button.textContent = again.label;
      button.addEventListener('click', again.onClick);
      alert.append(button);
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
