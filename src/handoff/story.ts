import { timelineText, type TimelineStep } from '../cards/timeline.ts';
import type { Wording } from '../cards/wording.ts';
import type { Session } from '../session/session.ts';
import { timelineOf } from '../session/timeline.ts';
import type { SessionStore } from './ports.ts';
import { customerName } from './rows.ts';

/** Reads how a session came to where it is, in the words of its agents, oldest first. */
export type ReadStory = (session: Session) => Promise<readonly TimelineStep[]>;

/** Makes the reader; two requests to the store, at once, for each reading. */
export const storyReader =
  (given: {
    readonly store: Pick<SessionStore, 'audit' | 'asked'>;
    readonly wordsFor: (widget: string) => Wording;
    readonly now: () => number;
  }): ReadStory =>
  async (session) => {
    const reading = {
      words: given.wordsFor(session.widget),
      now: given.now(),
      customer: customerName(session),
    };
    const [audit, asked] = await Promise.all([given.store.audit(session.id), given.store.asked(session.id)]);
    return timelineOf(audit, asked).map((step) => ({
      ...step,
      text: timelineText(step, reading),
    }));
  };
