import type { Activity } from './activity.ts';
import { type Observable, source } from './observable.ts';

/** What a page shows of its chat, for Web Chat to draw: whoever listens late is shown everything from the start. */
export interface Screen {
  readonly activity$: Observable<Activity>;
  /** Shows these; a message whose id was shown before takes the earlier one's place. */
  readonly show: (activities: readonly Activity[]) => void;
  /** Every message shown. */
  readonly all: () => readonly Activity[];
}

export function screen(): Screen {
  const shown = new Map<string, Activity>();
  const activities = source(() => shown.values());
  return {
    activity$: activities,
    all: () => [...shown.values()],
    show: (more) => {
      for (const activity of more) {
        if (activity.type === 'message' && activity.id !== undefined) shown.set(activity.id, activity);
        activities.next(activity);
      }
    },
  };
}
