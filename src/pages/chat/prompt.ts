import type { PromptAnswer } from '../../cards/views.ts';
import type { Activity } from './activity.ts';
import type { Action, StoreMiddleware } from './vendor.ts';

/** Under this id the newest prompt is shown, so that an older one never stays beside it. */
export const promptId = 'reconnect-prompt';

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

/** Keeps the prompt's clicks from going to the bot as messages, and hands them to `answer`. */
export function interceptPrompt(answer: (answer: PromptAnswer) => void): StoreMiddleware {
  return () => (next) => (action) => {
    const said = action.type === 'DIRECT_LINE/POST_ACTIVITY' ? answerOf(valueOf(action)) : undefined;
    if (said === undefined) return next(action);
    answer(said);
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
