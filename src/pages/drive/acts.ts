import { byId, h } from './element.ts';

/** One thing that may happen, as the form offers it: the option it is written as, when by default, and how. */
interface ActField {
  readonly option: string;
  readonly label: string;
  readonly minutes: number;
  readonly on?: boolean;
  readonly how?: readonly (readonly [label: string, choices: Readonly<Record<string, string>>])[];
}

const ACTS: readonly ActField[] = [
  {
    option: 'drop',
    label: 'The customer is gone',
    minutes: 2,
    on: true,
    how: [['How', { silence: 'cut off', window: 'closes the window', phone: 'locks the phone' }]],
  },
  {
    option: 'return',
    label: 'The customer is back',
    minutes: 12,
    on: true,
    how: [
      ['By', { prompt: 'opening the page', link: 'link', code: 'code', page: 'the same page' }],
      ['Wants', { agent: 'the agent', anyone: 'anyone', fresh: 'to start fresh' }],
    ],
  },
  { option: 'says', label: 'The customer writes', minutes: 1 },
  { option: 'answers', label: 'The agent writes', minutes: 3 },
  { option: 'suspend', label: 'The agent sets it aside', minutes: 5 },
  { option: 'resume', label: 'The agent resumes it', minutes: 30 },
  { option: 'agent-leaves', label: 'The agent goes away', minutes: 6 },
  { option: 'agent-silent', label: 'The agent falls silent', minutes: 6 },
  { option: 'agent-back', label: 'The agent is back', minutes: 20 },
  { option: 'close', label: 'The agent closes it', minutes: 25 },
];
const LONGEST = 120;

/** Puts the fields into the form, and gives what they say: the options that are on, as the command takes them. */
export function actFields(): () => Readonly<Record<string, string>> {
  const fields = ACTS.map(field);
  byId('acts').append(...fields.map(({ element }) => element));
  return () => Object.fromEntries(fields.flatMap(({ written }) => written()));
}

function field({ option, label, minutes, on = false, how = [] }: ActField) {
  const check = h('input', { type: 'checkbox', checked: on });
  const value = String(minutes);
  const range = h('input', {
    ...{ type: 'range', min: '0', max: String(LONGEST), step: '0.5', value },
    'aria-label': `${label}, minutes on a scale`,
  });
  const number = h('input', {
    ...{ type: 'number', min: '0', max: '43200', step: '0.5', value },
    'aria-label': `${label}, minutes`,
  });
  const hows = how.map(([name, choices]) =>
    h(
      'select',
      { 'aria-label': `${label}: ${name}` },
      ...Object.entries(choices).map(([key, text]) => h('option', { value: key }, text)),
    ),
  );
  // The scale and the number are one value; moving either is to mean it.
  range.addEventListener('input', () => {
    number.value = range.value;
    check.checked = true;
  });
  number.addEventListener('input', () => {
    range.value = number.value;
    check.checked = true;
  });
  const element = h(
    'div',
    { class: 'act' },
    h('label', { class: 'on' }, check, label),
    h('div', { class: 'when' }, range, number, h('span', {}, 'min')),
    ...(hows.length === 0 ? [] : [h('div', { class: 'how' }, ...hows)]),
  );
  const written = (): readonly (readonly [string, string])[] =>
    check.checked
      ? [
          [
            option,
            [`${number.value === '' ? '0' : number.value}min`, ...hows.map((one) => one.value)].join(':'),
          ],
        ]
      : [];
  return { element, written };
}
