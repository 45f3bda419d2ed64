import type { Find } from '../state/finding.ts';
import { h } from './dom.ts';

/** The box that finds a chat by the number its people were told. */
export function findView(find: Find): { readonly element: HTMLElement } {
  const input = h('input', {
    ...{ type: 'search', class: 'input', name: 'reference', placeholder: 'Find by reference number' },
    ...{ 'aria-label': 'Reference number', autocomplete: 'off', spellcheck: 'false', maxlength: 40 },
    ...{ enterkeyhint: 'search', dir: 'ltr' },
  });
  const form = h('form', { class: 'find', role: 'search' }, input);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const reference = input.value.trim();
    if (reference === '') return;
    void find(reference).then((found) => {
      if (found) input.value = '';
      else input.select();
    });
  });
  return { element: form };
}
