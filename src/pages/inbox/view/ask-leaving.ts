import type { PageClock } from '../../clock.ts';
import { standing } from '../state/in-hand.ts';
import type { Fate, Left } from '../state/leaving.ts';
import type { Directory, Row } from '../wire/wire.ts';
import { ask } from './ask.ts';
import { destinations } from './ask-colleague.ts';
import { backByField } from './back-by-field.ts';
import { h, setAttributes } from './dom.ts';

const FATES: readonly (readonly [Fate['is'], string])[] = [
  ['keep', 'Keep for me'],
  ['handOver', 'Hand over'],
  ['release', 'Release to the queue'],
];
/** What the agent wants before they go. */
export interface Leaving {
  readonly backAt?: number;
  readonly left: readonly Left[];
}

/** Asks, of somebody who goes with chats in hand, what becomes of each, or of all. */
export function askLeaving(
  clock: PageClock,
  word: 'away' | 'offline',
  rows: readonly Row[],
  directory: Directory,
): Promise<Leaving | undefined> {
  const field = backByField('Back at', clock, 'Customers whose chats you keep are told. You need not say.');
  const to = select('Hand over to', [
    ...destinations(directory)
      .filter(({ disabled }) => disabled !== true)
      .map(({ value, name, hint }) => [value, `${name} (${hint})`] as const),
  ]);
  const toField = h('label', { class: 'field leaving-to', hidden: true }, 'Hand over to', to);
  const all = select('All chats', [['', 'Choose for all'], ...FATES]);
  const each = rows.map((row) => {
    const fate = select(row.name, FATES);
    const words = h(
      'span',
      { class: 'pick-words' },
      h('bdi', { class: 'pick-name', dir: 'auto' }, row.name),
      h('small', {}, standing(row, clock.now())),
    );
    return { row, fate, element: h('div', { class: 'leaving' }, words, fate) };
  });
  const show = () => {
    setAttributes(toField, { hidden: !each.some(({ fate }) => fate.value === 'handOver') });
  };
  all.addEventListener('change', () => {
    if (all.value !== '') for (const { fate } of each) fate.value = all.value;
    show();
  });
  for (const { fate } of each) fate.addEventListener('change', show);
  const count = rows.length === 1 ? 'one chat' : `${rows.length} chats`;
  return ask<Leaving>({
    title: `${word === 'away' ? 'Away' : 'Offline'} with ${count}`,
    body: [
      field.element,
      h(
        'fieldset',
        { class: 'field' },
        h('legend', {}, 'Your chats'),
        ...(rows.length > 1 ? [all] : []),
        h('div', { class: 'picker' }, ...each.map(({ element }) => element)),
      ),
      toField,
    ],
    yes: word === 'away' ? 'Set away' : 'Go offline',
    answer: () => {
      const { at, problem } = field.read();
      if (problem !== undefined) return { missing: problem };
      const left = each.map(({ row, fate }): Left => ({ row, fate: fateIn(fate.value, to.value) }));
      if (to.value === '' && left.some(({ fate }) => fate.is === 'handOver'))
        return { missing: 'Nobody is here to hand a chat over to.' };
      return { is: { left, ...(at !== undefined && { backAt: at }) } };
    },
  });
}

const fateIn = (chosen: string, to: string): Fate => {
  if (chosen === 'handOver') return { is: 'handOver', to };
  return { is: chosen === 'release' ? 'release' : 'keep' };
};

const select = (name: string, options: readonly (readonly [string, string])[]) =>
  h(
    'select',
    { class: 'input', 'aria-label': name },
    ...options.map(([value, words]) => h('option', { value }, words)),
  );
