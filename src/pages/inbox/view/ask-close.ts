import type { Extras } from '../state/acting.ts';
import { ask } from './ask.ts';
import { h } from './dom.ts';
import { outcomeFields } from './outcome-fields.ts';

/** Asks before a chat ends: the one thing that is not undone by a press. What came of it may be said, and need not. */
export function askClose(name: string, dispositions: readonly string[]): Promise<Extras | undefined> {
  const fields = outcomeFields(dispositions);
  return ask<Extras>({
    title: `Close the chat with ${name}?`,
    body: [
      h(
        'p',
        {},
        `The chat ends for ${name}, who cannot come back to it. You can take it back for a short while, in Closed.`,
      ),
      ...fields.elements,
    ],
    yes: 'Close',
    tone: 'danger',
    answer: () => ({ is: fields.read() }),
  });
}
