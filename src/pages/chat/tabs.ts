import type { CustomerState } from '../../cards/views.ts';

/** The other windows of this browser, which may show the same chat. */
export interface Tabs {
  /** Tells them in which conversation the chat now is. */
  readonly tell: (sid: CustomerState['sid'], conversation: string) => void;
  readonly close: () => void;
}

/** `onMoved`: another window has told that it took the chat up, in a conversation of its own. */
export function otherTabs(onMoved: (sid: string, conversation: string) => void): Tabs {
  const channel = new BroadcastChannel('reconnect');
  channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'object' || data === null || !('sid' in data) || !('conversation' in data)) return;
    onMoved(String(data.sid), String(data.conversation));
  });
  return {
    tell: (sid, conversation) => {
      if (sid !== undefined) channel.postMessage({ sid, conversation });
    },
    close: () => channel.close(),
  };
}
