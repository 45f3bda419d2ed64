import type { PageClock } from '../../clock.ts';
import { keepingText } from '../state/link.ts';
import type { Extras } from '../state/acting.ts';
import type { Row, Terms } from '../wire/wire.ts';
import { calledBy } from '../state/banner.ts';
import { backByField } from './back-by-field.ts';
import { button, h, setText } from './dom.ts';

/** Asks, where it stands, until when a chat is kept; `send` sets it aside and gives the link in one act. */
export function keepForm(
  clock: PageClock,
  about: { readonly row: Row; readonly terms: Terms },
  on: { readonly send: (extras: Extras) => void; readonly cancel: () => void },
): HTMLFormElement {
  const { row, terms } = about;
  const field = backByField(
    'Keep until',
    clock,
    `At most 14 days. ${calledBy(row)} is told when you mean to be back.`,
  );
  const lasts = h('p', { class: 'given-keeping', role: 'status' });
  const problem = h('p', { class: 'field-problem', role: 'alert' });
  const form = h(
    'form',
    { class: 'given-keep', novalidate: true, 'aria-label': 'Keep until' },
    field.element,
    lasts,
    problem,
    h(
      'div',
      { class: 'given-row' },
      button('Suspend and send link', undefined, { look: 'primary', type: 'submit' }),
      button('Cancel', on.cancel, { look: 'subtle' }),
    ),
  );
  const tell = () => {
    const { at, problem: why } = field.read();
    setText(lasts, keepingText(row, terms, clock.now(), why === undefined ? at : undefined));
    setText(problem, '');
  };
  for (const event of ['input', 'click']) field.element.addEventListener(event, tell);
  tell();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { at, problem: why } = field.read();
    if (at === undefined) setText(problem, why ?? 'Say until when.');
    else on.send({ backBy: at, link: true });
  });
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    on.cancel();
  });
  return form;
}
