import type { CustomerState, PromptAnswer, ShareAnswer } from '../../cards/views.ts';
import type { Activity } from './activity.ts';
import { shareIn } from './share.ts';
import type { Action, StoreMiddleware } from './vendor.ts';
import type { Words } from './wording.ts';

/** Under this id the newest prompt is shown, so that an older one never stays beside it. */
export const promptId = 'reconnect-prompt';

/** Takes the prompt's place once it is answered. */
export function noteInPlaceOfPrompt(text: string, at: number): Activity {
  return {
    type: 'message',
    id: promptId,
    timestamp: new Date(at).toISOString(),
    from: { id: 'house', role: 'bot' },
    text,
    textFormat: 'plain',
    channelData: { reconnect: { code: 'answered' }, 'webchat:sequence-id': at },
  };
}

/** What that note says. */
export const noteFor =
  (words: Words) =>
  (choice: PromptAnswer['choice'], now: CustomerState): string => {
    if (choice === 'fresh') return words.fresh;
    return choice === 'anyone' ? words.anyone : words.continued(now.agent);
  };

/** What stands over the first of so many lines that were not read. */
export const unreadNote =
  (words: Words) =>
  (count: number): string =>
    count === 1
      ? words.say('page.unread.one')
      : words.say('page.unread', { count: new Intl.NumberFormat(words.language).format(count) });

/** The first button's answer of a prompt's card; `undefined` when it is no prompt of ours. */
export function answerIn(activity: Activity): PromptAnswer | undefined {
  return find(activity.attachments, 0);
}

/** The answer in what a card's button submitted. */
export function answerOf(value: unknown): PromptAnswer | undefined {
  if (typeof value !== 'object' || value === null || !('reconnect' in value)) return undefined;
  const said = value.reconnect;
  if (typeof said !== 'object' || said === null) return undefined;
  return 'nonce' in said && 'choice' in said && 'sid' in said ? (said as PromptAnswer) : undefined;
}

/** Keeps the clicks on our own cards from going to the bot as messages, and hands them to who asked. */
export function interceptCards(on: {
  readonly answer: (answer: PromptAnswer) => void;
  readonly share: (answer: ShareAnswer) => void;
}): StoreMiddleware {
  return () => (next) => (action) => {
    const value = action.type === 'DIRECT_LINE/POST_ACTIVITY' ? valueOf(action) : undefined;
    const answer = answerOf(value);
    const share = shareIn(value);
    if (answer !== undefined) on.answer(answer);
    else if (share !== undefined) on.share(share);
    else return next(action);
    return action;
  };
}

const valueOf = (action: Action): unknown =>
  (action.payload as { readonly activity?: Activity } | undefined)?.activity?.value;

// Cards nest containers in columns in containers; the button may be in any of them.
function find(node: unknown, depth: number): PromptAnswer | undefined {
  if (typeof node !== 'object' || node === null || depth > 12) return undefined;
  const own = 'data' in node ? answerOf(node.data) : undefined;
  if (own !== undefined) return own;
  for (const child of Object.values(node)) {
    const found = find(child, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
