import { ask } from './ask.ts';
import { h } from './dom.ts';

/** Asks before a chat ends: the one thing that is not undone by a press. */
export const askClose = (name: string): Promise<true | undefined> =>
  ask<true>({
    title: `Close the chat with ${name}?`,
    body: [
      h(
        'p',
        {},
        `The chat ends for ${name}, who cannot come back to it. You can take it back for a short while, in Closed.`,
      ),
    ],
    yes: 'Close',
    tone: 'danger',
    answer: () => ({ is: true }),
  });
