import { button, h } from './dom.ts';

/** A question in a modal dialog. */
export interface Question<T> {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** The button that says yes. */
  readonly yes: string;
  readonly tone?: 'primary' | 'danger';
  /** Reads the answer; a string says what is still missing. */
  readonly answer: () => { readonly is: T } | { readonly missing: string };
}

/** Asks; resolves to the answer, or `undefined` when the agent thought better of it. The focus returns where it was. */
export function ask<T>(question: Question<T>): Promise<T | undefined> {
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const form = h(
    'form',
    { method: 'dialog', novalidate: true },
    h('h2', { id: 'ask-title' }, question.title),
    h('div', { class: 'dialog-body' }, ...question.body, problem),
    h(
      'div',
      { class: 'dialog-buttons' },
      button('Cancel', () => dialog.close()),
      button(question.yes, undefined, { look: question.tone ?? 'primary', type: 'submit' }),
    ),
  );
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'ask-title' }, form);
  return shown(dialog, (close) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const answer = question.answer();
      if ('is' in answer) close(answer.is);
      else problem.textContent = answer.missing;
    });
  });
}

/** Shows a dialog that only tells something. */
export function tell(title: string, body: readonly Node[]): Promise<void> {
  const dialog = h(
    'dialog',
    { class: 'dialog', 'aria-labelledby': 'ask-title' },
    h('h2', { id: 'ask-title' }, title),
    h('div', { class: 'dialog-body' }, ...body),
    h(
      'div',
      { class: 'dialog-buttons' },
      button('Got it', () => dialog.close(), { look: 'primary' }),
    ),
  );
  return shown<void>(dialog, () => {}).then(() => {});
}

/** Shows any dialog; `wire` is given what closes it with an answer. */
export function shown<T>(
  dialog: HTMLDialogElement,
  wire: (close: (answer: T) => void) => void,
): Promise<T | undefined> {
  return new Promise((resolve) => {
    let answer: T | undefined;
    const before = document.activeElement;
    const behind = document.getElementById('app');
    wire((given) => {
      answer = given;
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      behind?.removeAttribute('inert');
      behind?.removeAttribute('aria-hidden');
      if (before instanceof HTMLElement) before.focus();
      resolve(answer);
    });
    document.body.append(dialog);
    // A modal dialog makes the page inert by itself; not every screen reader is told.
    behind?.setAttribute('inert', '');
    behind?.setAttribute('aria-hidden', 'true');
    dialog.showModal();
  });
}
