import type { PageClock } from '../../clock.ts';
import type { Extras } from '../state/acting.ts';
import { calledBy } from '../state/banner.ts';
import type { Row, Terms } from '../wire/wire.ts';
import { ask } from './ask.ts';
import { backByField } from './back-by-field.ts';
import { h } from './dom.ts';

/** A chat that is or is to be set aside, and what its widget makes possible. */
export interface Aside {
  readonly row: Row;
  readonly terms: Terms | undefined;
}

const OTHER = 'Other';

/** Asks why a chat is set aside, until when, and whether the customer is given a link with it. */
export function askSuspend(clock: PageClock, { row, terms }: Aside): Promise<Extras | undefined> {
  const name = calledBy(row);
  const why = reasonField(terms?.suspendReasons ?? [], undefined);
  const field = backByField('Back by', clock, `${name} is told when you mean to be back. You need not say.`);
  const link = h('input', { type: 'checkbox' });
  const withLink = h('label', { class: 'radio' }, link, 'Send a reconnect link with it');
  return ask({
    title: `Suspend the chat with ${name}`,
    body: [
      // Warned, never refused: there may be good reason not to answer first.
      ...(row.lastLine?.by === 'customer' && row.status === 'active'
        ? [h('p', { class: 'ask-note' }, `${name} wrote last and has no answer yet.`)]
        : []),
      ...[why.element, field.element],
      ...(terms?.canLink === true ? [withLink] : []),
    ],
    yes: 'Suspend',
    answer: () => {
      const { at, problem } = field.read();
      if (problem !== undefined) return { missing: problem };
      return {
        is: { ...why.read(), ...(at !== undefined && { backBy: at }), ...(link.checked && { link: true }) },
      };
    },
  });
}

/** Asks what is to be changed of a suspension; it goes on meanwhile. */
export function askEdit(clock: PageClock, { row, terms }: Aside): Promise<Extras | undefined> {
  const name = calledBy(row);
  const why = reasonField(terms?.suspendReasons ?? [], row.suspendReason ?? '');
  const hint = `${name} is told. The chat stays suspended.`;
  const field = backByField('Back by', clock, hint, row.backBy);
  return ask({
    title: `Suspended: the chat with ${name}`,
    body: [why.element, field.element],
    yes: 'Save',
    answer: () => {
      const { at, problem } = field.read();
      if (problem !== undefined) return { missing: problem };
      return { is: { ...why.read(), ...(at !== undefined && { backBy: at }) } };
    },
  });
}

/** The reasons offered, and any other; `before` is what was given already, `undefined` when nothing was asked yet. */
function reasonField(offered: readonly string[], before: string | undefined) {
  const isOther = before !== undefined && before !== '' && !offered.includes(before);
  const other = h('input', {
    ...{ type: 'text', class: 'input other', 'aria-label': 'Other reason', maxlength: 120, dir: 'auto' },
    value: isOther ? before : undefined,
  });
  const chosen = isOther ? OTHER : (before ?? offered[0]);
  const choices = [...offered, OTHER].map((reason) => {
    const radio = h('input', {
      ...{ type: 'radio', name: 'reason', value: reason, checked: reason === chosen },
    });
    return { radio, element: h('label', { class: 'radio' }, radio, reason) };
  });
  const element = h(
    'fieldset',
    { class: 'field' },
    h('legend', {}, 'Reason'),
    ...choices.map((choice) => choice.element),
    other,
  );
  return {
    element,
    read: (): Pick<Extras, 'reason'> => {
      const value = choices.find(({ radio }) => radio.checked)?.radio.value;
      const reason = value === OTHER ? other.value.trim() : (value ?? '');
      return reason === '' ? {} : { reason };
    },
  };
}
