import type { WrapUp } from '../wire/wire.ts';
import { h } from './dom.ts';

/** What came of a chat: one of the work stream's dispositions, and notes; nothing of it reaches the customer. */
export function outcomeFields(
  dispositions: readonly string[],
  before: WrapUp = {},
): { readonly elements: readonly HTMLElement[]; readonly read: () => WrapUp } {
  // One that the settings have dropped since stays what it was.
  const known = [
    ...dispositions,
    ...(before.disposition === undefined || dispositions.includes(before.disposition)
      ? []
      : [before.disposition]),
  ];
  const select = h(
    'select',
    { class: 'input', id: 'disposition' },
    h('option', { value: '' }, 'Not said'),
    ...known.map((one) => h('option', { value: one, selected: one === before.disposition }, one)),
  );
  const notes = h('textarea', {
    class: 'input',
    id: 'outcome-notes',
    rows: 3,
    maxlength: 4_000,
    dir: 'auto',
    'aria-describedby': 'outcome-hint',
  });
  notes.value = before.notes ?? '';
  const field = (label: string, control: HTMLElement, ...more: readonly HTMLElement[]) =>
    h('div', { class: 'field' }, h('label', { for: control.id }, label), control, ...more);
  return {
    elements: [
      ...(known.length === 0 ? [] : [field('Disposition', select)]),
      field(
        'Notes',
        notes,
        h('small', { id: 'outcome-hint' }, 'For your team. The customer never sees them.'),
      ),
    ],
    read: () => {
      const said = notes.value.trim();
      return {
        ...(select.value !== '' && { disposition: select.value }),
        ...(said !== '' && { notes: said }),
      };
    },
  };
}
