import type { PageClock } from '../../clock.ts';
import { ask } from './ask.ts';
import { backByField } from './back-by-field.ts';

/** Asks until when the agent is away; they need not say. */
export function askAway(clock: PageClock): Promise<{ readonly backAt?: number } | undefined> {
  const field = backByField('Back at', clock, 'Customers you have see it. You need not say.');
  return ask({
    title: 'Away',
    body: [field.element],
    yes: 'Set away',
    answer: () => {
      const { at, problem } = field.read();
      return problem !== undefined ? { missing: problem } : { is: at === undefined ? {} : { backAt: at } };
    },
  });
}
