import { sentenceOf } from '../state/sentences.ts';
import type { Canned, CannedDraft, CannedHere } from '../wire/wire.ts';
import { button, h, setText } from './dom.ts';

/** A form to write a canned response down, or to change one; what does not fit the house names. */
export function cannedForm(
  one: Canned | undefined,
  { stream, mayShare }: CannedHere,
  on: { readonly save: (draft: CannedDraft) => Promise<void>; readonly done: () => void },
): { readonly element: HTMLElement; readonly focus: () => void } {
  const input = (id: string, value: string | undefined, most: number) =>
    h('input', { type: 'text', id, class: 'input', maxlength: most, dir: 'auto', value });
  const title = input('canned-title', one?.title, 60);
  const shortcut = input('canned-shortcut', one?.shortcut, 31);
  const text = h('textarea', { id: 'canned-words', class: 'input', rows: 5, maxlength: 8_000, dir: 'auto' });
  text.value = one?.text ?? '';
  const language = input('canned-language', one?.language, 35);
  const whose = (
    [
      ['own', 'Only me'],
      ['shared', `Everyone in ${stream}`],
    ] as const
  ).map(([of, label]) => {
    const radio = h('input', {
      type: 'radio',
      name: 'canned-of',
      value: of,
      checked: (one?.of ?? 'own') === of,
    });
    return { radio, element: h('label', { class: 'radio' }, radio, label) };
  });
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const field = (label: string, control: HTMLElement, hint?: string) =>
    h(
      'div',
      { class: 'field' },
      h('label', { for: control.id }, label),
      control,
      hint !== undefined && h('small', {}, hint),
    );
  const element = h(
    'form',
    { novalidate: true },
    h('h2', { id: 'ask-title' }, one === undefined ? 'New response' : 'Edit response'),
    h(
      'div',
      { class: 'dialog-body' },
      field('Title', title),
      field('Shortcut', shortcut, 'What you type after / to find it.'),
      field(
        'Text',
        text,
        'Markdown. {customer}, {agent}, {company} and {reference} are filled in; {reconnectLink} gives a link.',
      ),
      field('Language (optional)', language, 'Such as en or ar; left empty, it is for everybody.'),
      // Whose it is cannot be changed: it would be another one.
      one === undefined &&
        mayShare &&
        h('fieldset', { class: 'field' }, h('legend', {}, 'For'), ...whose.map((choice) => choice.element)),
      problem,
    ),
    h(
      'div',
      { class: 'dialog-buttons' },
      button('Back', on.done),
      button('Save', undefined, { look: 'primary', type: 'submit' }),
    ),
  );
  const draft = (): CannedDraft => {
    const tongue = language.value.trim();
    const shared = one === undefined ? whose[1]?.radio.checked === true && mayShare : one.of === 'shared';
    return {
      ...{ of: shared ? 'shared' : 'own', stream, title: title.value, text: text.value },
      shortcut: shortcut.value.trim().replace(/^\//u, ''),
      ...(tongue !== '' && { language: tongue }),
    };
  };
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    setText(problem, '');
    on.save(draft()).then(on.done, (error: unknown) => setText(problem, sentenceOf(error)));
  });
  return { element, focus: () => title.focus() };
}
