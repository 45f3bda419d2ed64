import type { Event } from '../session/event.ts';
import type { Header } from './header.ts';

/** Tells the bot what became of a session it knows; settles when the bot has heard it. */
export type BotLine = (header: Header, events: readonly Event[]) => Promise<void>;

/** An event the bot hears: `handoff.status` with the framework's states, or `reconnect/returned`. */
export interface BotEvent {
  readonly name: 'handoff.status' | 'reconnect/returned';
  readonly value: Readonly<Record<string, unknown>>;
}

/**
 * What the bot is told of these events. `handoff.status` is the framework's own answer to `handoff.initiate`: accepted,
 * failed, completed (Bot Framework, human handoff).
 */
export function botEventsOf(header: Header, events: readonly Event[]): readonly BotEvent[] {
  const { id } = header.session;
  return events.flatMap((event): readonly BotEvent[] => {
    switch (event.type) {
      case 'accepted':
        return [{ name: 'handoff.status', value: { state: 'accepted', session: id } }];
      case 'leftQueue':
        return [
          { name: 'handoff.status', value: { state: 'failed', session: id, message: 'left the line' } },
        ];
      case 'closed':
      case 'expired':
        return header.session.queuedAt === undefined
          ? []
          : [{ name: 'handoff.status', value: { state: 'completed', session: id } }];
      case 'returned':
        return header.session.status === 'bot'
          ? [{ name: 'reconnect/returned', value: { session: id, way: event.way } }]
          : [];
      default:
        return [];
    }
  });
}
