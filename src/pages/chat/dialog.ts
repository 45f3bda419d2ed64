import { button, make } from './element.ts';
import { byId } from './shell.ts';
import type { Words } from './wording.ts';

/** Shows something over the page, until it is closed; the browser holds the keyboard in it and gives it back. */
export function openDialog(
  words: Words,
  title: string,
  content: readonly HTMLElement[],
): {
  readonly close: () => void;
  readonly replace: (title: string, content: readonly HTMLElement[]) => void;
} {
  const dialog = byId('dialog');
  if (!(dialog instanceof HTMLDialogElement)) throw new Error('#dialog is a dialog');
  const close = () => dialog.close();
  const fill = (heading: string, parts: readonly HTMLElement[]) =>
    dialog.replaceChildren(
      make('h2', { id: 'dialog-title', tabIndex: -1 }, heading),
      ...parts,
      button({ kind: 'plain', label: words.say('page.close'), press: close }),
    );
  fill(title, content);
  // What is in it may be a key to the chat: it stays no longer than it is looked at.
  dialog.addEventListener('close', () => dialog.replaceChildren(), { once: true });
  if (!dialog.open) dialog.showModal();
  return {
    close,
    replace: (heading, parts) => {
      fill(heading, parts);
      byId('dialog-title').focus();
    },
  };
}
