import type { PageClock } from '../../clock.ts';
import { button, h } from './dom.ts';

const HOUR = 3_600_000;
const LONGEST = 14 * 24 * HOUR;

export interface BackByField {
  readonly element: HTMLElement;
  /** The moment in ms, if one was given; `problem` when it cannot be promised. */
  readonly read: () => { readonly at?: number; readonly problem?: string };
}

/** A field for a moment to be back, with the usual ones a press away; at most 14 days ahead. */
export function backByField(label: string, clock: PageClock, hint: string, before?: number): BackByField {
  // A form above the chat may ask for one while a dialog does.
  const id = `back-by-${crypto.randomUUID()}`;
  const input = h('input', {
    type: 'datetime-local',
    id,
    class: 'input',
    'aria-describedby': `${id}-hint`,
  });
  const now = clock.now();
  input.min = local(now);
  input.max = local(now + LONGEST);
  if (before !== undefined && before > now) input.value = local(before);
  const quick = (name: string, at: number) =>
    button(name, () => {
      input.value = local(at);
    });
  const tomorrow = new Date(now + 24 * HOUR).setHours(9, 0, 0, 0);
  const element = h(
    'div',
    { class: 'field' },
    h('label', { for: id }, label),
    input,
    h(
      'div',
      { class: 'quick' },
      quick('In 30 minutes', fullMinute(now + HOUR / 2)),
      quick('In 2 hours', fullMinute(now + 2 * HOUR)),
      quick('Tomorrow 9:00', tomorrow),
    ),
    h('small', { id: `${id}-hint` }, hint),
  );
  return {
    element,
    read: () => {
      if (input.value === '') return {};
      const at = new Date(input.value).getTime();
      if (Number.isNaN(at)) return { problem: 'Say a day and a time.' };
      if (at <= clock.now()) return { problem: 'That moment has passed; choose a later one.' };
      return at > clock.now() + LONGEST ? { problem: 'At most 14 days ahead.' } : { at };
    },
  };
}

// The field knows no seconds; cut off, they would promise a minute too early.
const fullMinute = (at: number) => Math.ceil(at / 60_000) * 60_000;

// What the field takes: the local day and time, without a zone.
function local(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
