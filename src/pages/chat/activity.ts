import type { Line } from '../../cards/views.ts';

/** As much of a Bot Framework activity as the page looks into; everything else travels along unread. */
export interface Activity {
  readonly type: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly from?: {
    readonly id?: string;
    readonly name?: string;
    readonly role?: 'user' | 'bot' | 'channel';
  };
  readonly name?: string;
  readonly value?: unknown;
  readonly text?: string;
  readonly textFormat?: string;
  readonly attachments?: readonly unknown[];
  readonly suggestedActions?: unknown;
  readonly replyToId?: string;
  readonly channelData?: Readonly<Record<string, unknown>>;
}

/** What the house tells about an activity it sends, under `channelData.reconnect`. */
export interface Mark {
  readonly sid?: Line['sid'];
  readonly seq?: number;
  readonly code?: string;
  readonly agent?: string;
  readonly state?: unknown;
  readonly prompt?: boolean;
}

export const markOf = (activity: Activity): Mark => {
  const mark = activity.channelData?.['reconnect'];
  return typeof mark === 'object' && mark !== null ? mark : {};
};

/** Web Chat's own name for one posting of a message; the echo brings it back. */
export const clientIdOf = (activity: Activity): string | undefined => {
  const id = activity.channelData?.['clientActivityID'];
  return typeof id === 'string' ? id : undefined;
};
