import type { Extras } from '../state/acting.ts';
import { ask } from './ask.ts';
import { h } from './dom.ts';

const REASONS = ['No time right now', 'Needs somebody else’s knowledge', 'In another language'] as const;
const NONE = '';
const OTHER = 'Other';

/** Asks why; they need not say. Colleagues read it, the customer never. */
export function askDecline(name: string): Promise<Extras | undefined> {
  const other = h('input', {
    ...{ type: 'text', class: 'input other', 'aria-label': 'Other reason', maxlength: 120, dir: 'auto' },
  });
  const choices = [NONE, ...REASONS, OTHER].map((reason) => {
    const radio = h('input', { type: 'radio', name: 'decline', value: reason, checked: reason === NONE });
    return { radio, element: h('label', { class: 'radio' }, radio, reason === NONE ? 'No reason' : reason) };
  });
  return ask({
    title: `Decline ${name}`,
    body: [
      h(
        'fieldset',
        { class: 'field' },
        h('legend', {}, 'Reason'),
        ...choices.map(({ element }) => element),
        other,
        h('small', {}, `Your colleagues can read it; ${name} never does. The place in line stays.`),
      ),
    ],
    yes: 'Decline',
    answer: () => {
      const chosen = choices.find(({ radio }) => radio.checked)?.radio.value ?? NONE;
      const reason = chosen === OTHER ? other.value.trim() : chosen;
      if (chosen === OTHER && reason === '') return { missing: 'Say why, or choose No reason.' };
      return { is: reason === NONE ? {} : { reason } };
    },
  });
}
