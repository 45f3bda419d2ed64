import { h } from './dom.ts';
import { tell } from './ask.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Alt + 1 … 4', 'Queue, Mine, Suspended, Closed; 5: All, of supervisors'],
  ['↑ ↓', 'Move in a list'],
  ['Enter', 'Open the chat; in the message, send it'],
  ['Shift + Enter', 'New line in the message'],
  ['/', 'At the start of a message: canned responses'],
  ['/link Enter', 'As a message: send a reconnect link'],
  ['Alt + M', 'Write a message'],
  ['Esc', 'Back to the list'],
  ['?', 'These keys'],
];

/** Shows the keys of the tab. */
export const tellKeys = (): Promise<void> =>
  tell('Keyboard', [
    h(
      'dl',
      { class: 'keys' },
      ...KEYS.flatMap(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)]),
    ),
  ]);
