import { h, setAttributes, setText } from './dom.ts';

/** Something to choose; `hint` says how it stands, `why` that it cannot be chosen now. */
export interface Option {
  readonly value: string;
  readonly name: string;
  readonly hint: string;
  readonly disabled?: boolean;
}

let pickers = 0;

/** A list to choose one from, with a search over it: native radios, so that keys and screen readers know them. */
export function picker(label: string, options: readonly Option[]) {
  pickers += 1;
  const group = `pick-${pickers}`;
  const found = h('p', { class: 'unseen', role: 'status' });
  const nobody = h('p', { class: 'picker-none', hidden: true }, 'Nobody by that name.');
  const rows = options.map(({ value, name, hint, disabled }) => {
    const radio = h('input', { type: 'radio', name: group, value, disabled });
    const words = h(
      'span',
      { class: 'pick-words' },
      h('bdi', { class: 'pick-name', dir: 'auto' }, name),
      h('small', {}, hint),
    );
    const element = h('label', { class: disabled === true ? 'pick disabled' : 'pick' }, radio, words);
    return { radio, element, text: `${name} ${hint}`.toLocaleLowerCase() };
  });
  const search = h('input', {
    type: 'search',
    class: 'input',
    'aria-label': 'Search',
    placeholder: 'Search',
  });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const { element, radio, text } of rows) {
      const fits = text.includes(wanted);
      count += fits ? 1 : 0;
      setAttributes(element, { hidden: !fits });
      // What is not seen is not chosen either.
      if (!fits) radio.checked = false;
    }
    setAttributes(nobody, { hidden: count > 0 });
    setText(found, `${count} found`);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      const shown = rows.filter(({ element, radio }) => !element.hidden && !radio.disabled);
      const [first] = shown;
      if (first !== undefined) {
        first.radio.checked = true;
        first.radio.focus();
      }
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      rows.find(({ element, radio }) => !element.hidden && !radio.disabled)?.radio.focus();
    }
  });
  return {
    element: h(
      'fieldset',
      { class: 'field' },
      h('legend', {}, label),
      search,
      found,
      h('div', { class: 'picker' }, ...rows.map(({ element }) => element), nobody),
    ),
    chosen: (): string | undefined => rows.find(({ radio }) => radio.checked)?.radio.value,
  };
}
