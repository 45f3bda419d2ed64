import { leaveMessageCard, offersMessage } from '../cards/leave-message.ts';
import { firstName } from '../cards/names.ts';
import type { CustomerState, Line } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { Entry } from '../session/ledger.ts';
import type { OutgoingActivity } from './ports.ts';

/** A ledger entry as the customer's channel gets it, with what goes along with it. */
export const carried = (
  entry: Entry,
  line: Line,
  state: CustomerState,
  words: Wording,
): OutgoingActivity => ({
  ...outgoing(entry, line, state),
  ...offer(entry, words),
});

/** What comes in its place, under its number, where a channel refuses the line itself: plain words, nothing attached. */
export const standIn = (entry: Entry, state: CustomerState, words: Wording): OutgoingActivity =>
  outgoing(entry, { text: words.sentences['line.refused'], format: 'plain' }, state);

/** As much of a line as a channel is given. */
type Carried = Pick<Line, 'text' | 'format' | 'attachments' | 'code' | 'link' | 'page'>;

/** No `replyToId`: Web Chat would hold the message for five seconds. */
function outgoing(entry: Entry, line: Carried, state: CustomerState): OutgoingActivity {
  const agent = entry.by.kind === 'agent' ? firstName(entry.by.name) : undefined;
  return {
    type: 'message',
    text: line.text,
    textFormat: line.format,
    ...(line.attachments !== undefined && { attachments: line.attachments }),
    channelData: {
      // Web Chat says so how large a file is.
      ...(line.attachments !== undefined && { attachmentSizes: line.attachments.map(sizeOf) }),
      reconnect: {
        sid: entry.sid,
        seq: entry.seq,
        ...(line.code !== undefined && { code: line.code }),
        ...(line.link !== undefined && { link: line.link }),
        ...(line.page !== undefined && { page: line.page }),
        ...(agent !== undefined && { agent }),
        state,
      },
    },
  };
}

/** Our page has a button of its own, and shows a notice without what is attached to it. */
const offer = (entry: Entry, words: Wording): Partial<OutgoingActivity> =>
  offersMessage(entry)
    ? {
        attachments: [
          { contentType: 'application/vnd.microsoft.card.adaptive', content: leaveMessageCard(words) },
        ],
      }
    : {};

const sizeOf = (attachment: unknown): unknown =>
  typeof attachment === 'object' && attachment !== null && 'size' in attachment ? attachment.size : null;

/** The place in line that an entry tells, for the page to show beside it. */
export function placeIn({ what }: Entry): number | undefined {
  const tells = what.kind === 'notice' && (what.code === 'queued' || what.code === 'outsideHours');
  const place = tells ? what.params['place'] : undefined;
  return typeof place === 'number' ? place : undefined;
}
