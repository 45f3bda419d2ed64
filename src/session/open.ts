import type { Event } from './event.ts';

type Opened = Extract<Event, { type: 'opened' }>;

/** What a new session starts with. `follows` names the session it continues. */
export type Opening = Omit<Opened, 'type' | 'at'>;

/** Opens a session with the bot. `evolveAll(undefined, [openSession(…)])` is its first header, `ver` 1 and `epoch` 1. */
export const openSession = (opening: Opening, now: number): Event => ({
  ...opening,
  type: 'opened',
  at: now,
});
