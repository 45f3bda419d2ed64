import type { PageClock } from '../../clock.ts';
import type { Extras } from '../state/acting.ts';
import { ask } from './ask.ts';
import { backByField } from './back-by-field.ts';
import { h } from './dom.ts';

const REASONS = ['Investigation', "Customer's machine restarts"] as const;

/** Asks why a chat is set aside, and until when. */
export function askSuspend(clock: PageClock, name: string): Promise<Extras | undefined> {
  const other = h('input', {
    type: 'text',
    class: 'input other',
    'aria-label': 'Other reason',
    maxlength: 120,
    dir: 'auto',
  });
  const choices = [...REASONS, 'Other'].map((reason, i) => {
    const radio = h('input', { type: 'radio', name: 'reason', value: reason, checked: i === 0 });
    return { radio, element: h('label', { class: 'radio' }, radio, reason) };
  });
  const field = backByField('Back by', clock, `${name} is told when you mean to be back. You need not say.`);
  return ask({
    title: `Suspend the chat with ${name}`,
    body: [
      h(
        'fieldset',
        { class: 'field' },
        h('legend', {}, 'Reason'),
        ...choices.map((choice) => choice.element),
        other,
      ),
      field.element,
    ],
    yes: 'Suspend',
    answer: () => {
      const chosen = choices.find(({ radio }) => radio.checked)?.radio.value ?? REASONS[0];
      const reason = chosen === 'Other' ? other.value.trim() : chosen;
      const { at, problem } = field.read();
      if (problem !== undefined) return { missing: problem };
      const why = reason === '' ? {} : { reason };
      return { is: at === undefined ? why : { ...why, backBy: at } };
    },
  });
}
