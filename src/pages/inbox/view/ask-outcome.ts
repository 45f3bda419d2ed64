import type { Extras } from '../state/acting.ts';
import type { WrapUp } from '../wire/wire.ts';
import { ask } from './ask.ts';
import { outcomeFields } from './outcome-fields.ts';

/** Asks what came of a closed chat, beginning with what was said of it before. */
export function askOutcome(
  name: string,
  dispositions: readonly string[],
  before: WrapUp = {},
): Promise<Extras | undefined> {
  const fields = outcomeFields(dispositions, before);
  return ask<Extras>({
    title: `What came of the chat with ${name}?`,
    body: fields.elements,
    yes: 'Save',
    answer: () => ({ is: fields.read() }),
  });
}
