import { promptCard, promptText } from '../cards/prompt.ts';
import { shareCard, tooLateCard, tooLateText, unsureCard } from '../cards/too-late.ts';
import { transcriptCard } from '../cards/transcript-card.ts';
import type { Ended, Prompt, PromptAnswer, Shareable } from '../cards/views.ts';
import type { Wording } from '../cards/wording.ts';
import type { OutgoingActivity } from './ports.ts';
import type { Returned } from './return.ts';

/** The prompt as an activity; `choosing` blocks the composer of our page until it is answered. */
export const promptActivity = (prompt: Prompt, words: Wording): OutgoingActivity => ({
  type: 'message',
  speak: promptText(prompt, words),
  attachments: [adaptiveCard(promptCard(prompt, words))],
  channelData: { reconnect: { prompt: true, state: { status: 'choosing', now: prompt.now } } },
});

/** The transcript as an activity, for a page that does not merge it; with *Start fresh* for one who was not asked. */
export const transcriptActivity = (
  { state, transcript }: Returned,
  words: Wording,
  fresh?: PromptAnswer,
): OutgoingActivity => ({
  type: 'message',
  attachments: [adaptiveCard(transcriptCard(transcript, words, state.now, fresh))],
  channelData: { reconnect: { state } },
});

/** What became of a chat whose customer came back too late. */
export const tooLateActivity = (ended: Ended, words: Wording, now: number): OutgoingActivity => ({
  type: 'message',
  speak: tooLateText(ended, words, now),
  attachments: [adaptiveCard(tooLateCard(ended, words, now))],
  channelData: { reconnect: { state: { status: 'none', ended, now } } },
});

/** Whether the new agent may see the earlier chat. */
export const shareActivity = (share: Shareable, words: Wording): OutgoingActivity => ({
  type: 'message',
  attachments: [adaptiveCard(shareCard(share, words))],
  channelData: { reconnect: { share } },
});

/** We cannot tell whether they have a chat. */
export const unsureActivity = (words: Wording): OutgoingActivity => ({
  type: 'message',
  attachments: [adaptiveCard(unsureCard(words))],
  channelData: { reconnect: { unsure: true } },
});

const adaptiveCard = (content: unknown) => ({
  contentType: 'application/vnd.microsoft.card.adaptive',
  content,
});
