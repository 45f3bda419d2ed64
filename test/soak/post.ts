import type { Delivered } from '../production/azure.ts';

/** What a connector was asked to show in a customer's conversation. */
export type Shown = Delivered['activity'];

/** Brings what connectors are sent to whoever waits for it, and keeps nothing of it. */
export interface Post {
  readonly hear: (one: Delivered) => void;
  /** From now on everything in that conversation; the function given back ends it. */
  readonly listen: (conversation: string, hear: (shown: Shown) => void) => () => void;
  readonly delivered: () => number;
}

/** Makes one. */
export function post(): Post {
  const listeners = new Map<string, (shown: Shown) => void>();
  let delivered = 0;
  return {
    hear: ({ conversation, activity }) => {
      delivered += 1;
      listeners.get(conversation)?.(activity);
    },
    listen: (conversation, hear) => {
      listeners.set(conversation, hear);
      return () => void listeners.delete(conversation);
    },
    delivered: () => delivered,
  };
}
