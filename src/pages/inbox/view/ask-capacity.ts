import type { RosterAgent } from '../wire/wire.ts';
import { ask } from './ask.ts';
import { h } from './dom.ts';

const MOST = 100;

/** Asks a supervisor how many chats an agent is to be offered at a time. */
export function askCapacity({ name, used, capacity }: RosterAgent): Promise<number | undefined> {
  const input = h('input', {
    ...{ type: 'number', id: 'capacity', class: 'input', min: 1, max: MOST, step: 1, value: capacity },
    'aria-describedby': 'capacity-hint',
  });
  return ask({
    title: `How many chats ${name} is offered`,
    body: [
      h(
        'div',
        { class: 'field' },
        h('label', { for: 'capacity' }, 'Chats at a time'),
        input,
        h('small', { id: 'capacity-hint' }, `${used} in hand now, and all of them stay.`),
      ),
    ],
    yes: 'Save',
    answer: () => {
      const wanted = input.valueAsNumber;
      const isCount = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST;
      return isCount ? { is: wanted } : { missing: `Say a whole number from 1 to ${MOST}.` };
    },
  });
}
