import { ActivityTypes, type Activity, type TurnContext } from 'botbuilder';
import type { Message } from '../session/ledger.ts';
import type { BotSaid } from './customer-turn.ts';
import { readQuestion } from './questions.ts';
import type { Saying } from './step.ts';

/** The framework's event by which a bot asks for a person (`EventFactory.createHandoffInitiation`). */
const HANDOFF = 'handoff.initiate';

/**
 * Runs the bot and records what it says, with the ids the channel gave; messages only, no typing and no trace. A
 * `handoff.initiate` is caught here and never sent: channels answer it with 400.
 */
export async function recordBot(context: TurnContext, run: () => Promise<void>): Promise<BotSaid> {
  const says: Saying[] = [];
  let handoff: BotSaid['handoff'];
  context.onSendActivities(async (_, activities, send) => {
    for (let i = activities.length - 1; i >= 0; i -= 1) {
      const activity = activities[i];
      if (activity?.type !== ActivityTypes.Event || activity.name !== HANDOFF) continue;
      activities.splice(i, 1);
      handoff = { ...reasonOf(activity.value) };
    }
    if (activities.length === 0) return [];
    const responses = await send();
    activities.forEach((activity, i) => {
      const what = messageOf(activity, responses[i]?.id);
      if (what !== undefined) says.push({ by: { kind: 'bot' }, what });
    });
    return responses;
  });
  await run();
  return { says, ...(handoff !== undefined && { handoff }) };
}

const reasonOf = (value: unknown): { readonly reason?: string } => {
  if (typeof value !== 'object' || value === null) return {};
  const reason: unknown = Reflect.get(value, 'reason') ?? Reflect.get(value, 'message');
  return typeof reason === 'string' && reason !== '' ? { reason: reason.slice(0, 200) } : {};
};

function messageOf(activity: Partial<Activity>, id: string | undefined): Message | undefined {
  if (activity.type !== ActivityTypes.Message) return undefined;
  const { text, textFormat, attachments, suggestedActions } = activity;
  if ((text ?? '') === '' && (attachments ?? []).length === 0) return undefined;
  const question = questionOf(activity.channelData);
  return {
    kind: 'message',
    ...(text !== undefined && { text }),
    format: textFormat === 'plain' ? 'plain' : 'markdown',
    ...(attachments !== undefined && attachments.length > 0 && { attachments }),
    ...(suggestedActions !== undefined && { suggestedActions }),
    ...(id !== undefined && id !== '' && { activityId: id }),
    ...(question !== undefined && { question }),
  };
}

/** `channelData: { reconnect: { question: 'parcel-number' } }` says which of the bot's questions an activity asks. */
function questionOf(channelData: unknown): string | undefined {
  const ours: unknown =
    typeof channelData === 'object' && channelData !== null
      ? Reflect.get(channelData, 'reconnect')
      : undefined;
  return typeof ours === 'object' && ours !== null ? readQuestion(Reflect.get(ours, 'question')) : undefined;
}
