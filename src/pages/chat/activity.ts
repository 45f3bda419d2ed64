import type { ShownPage } from '../../session/page.ts';
import type { Line, LinkShown } from '../../cards/views.ts';

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

/** What the house, or the transcript, tells about an activity: under `channelData.reconnect`. */
export interface Mark {
  readonly sid?: Line['sid'];
  readonly seq?: number;
  readonly code?: string;
  readonly agent?: string;
  readonly state?: unknown;
  readonly prompt?: boolean;
  /** The channel's own id of a line that the transcript brought. */
  readonly activityId?: string;
  /** A way back that is given. */
  readonly link?: Partial<LinkShown>;
  /** A page that the agent would like to show. */
  readonly page?: ShownPage;
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
