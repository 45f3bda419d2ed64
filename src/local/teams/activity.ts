import { z } from 'zod';
import type { ActivityJson } from '../../pages/teams-host/wire.ts';
import { byteLength, Refused } from './http.ts';

const attachmentShape = z.looseObject({ contentType: z.string(), content: z.unknown().optional() });

/** An activity the bot sends: its type, and what Teams looks into; everything else passes through untouched. */
export const botActivityShape = z.looseObject({
  type: z.string().min(1),
  text: z.string().optional(),
  name: z.string().optional(),
  channelData: z.looseObject({}).nullish(),
  attachments: z.array(attachmentShape).nullish(),
});

const maxMessageBytes = 40 * 1024;
const cardType = 'application/vnd.microsoft.card.adaptive';

/** Throws `Refused` for what Teams does not take from a bot: 413 over 40 KB, 400 for events and for newer cards. */
export function obeyTeamsRules(activity: ActivityJson): void {
  if (byteLength(activity) > maxMessageBytes) {
    throw new Refused(413, 'MessageSizeTooBig', `The message is larger than ${maxMessageBytes} bytes.`);
  }
  if (activity.type !== 'message' && activity.type !== 'typing') {
    const what = typeof activity['name'] === 'string' ? ` '${activity['name']}'` : '';
    throw new Refused(
      400,
      'BadArgument',
      `Unknown activity type: Teams takes no ${activity.type}${what} from a bot.`,
    );
  }
  for (const attachment of activity.attachments ?? []) {
    if (attachment.contentType === cardType) obeyCardRules(attachment.content);
  }
}

const cardShape = z.looseObject({
  type: z.literal('AdaptiveCard'),
  version: z.string().regex(/^\d+\.\d+$/),
  body: z.array(z.looseObject({ type: z.string() })).optional(),
  actions: z.array(z.looseObject({ type: z.string() })).optional(),
});

/** Throws `Refused` 400, saying why, for what is no Adaptive Card of version 1.5 or older. */
export function obeyCardRules(card: unknown): void {
  const read = cardShape.safeParse(card);
  if (!read.success)
    throw new Refused(400, 'BadArgument', `Not an Adaptive Card: ${z.prettifyError(read.error)}`);
  const [major = 0, minor = 0] = read.data.version.split('.').map(Number);
  if (major > 1 || (major === 1 && minor > 5)) {
    const message = `Adaptive Card version ${read.data.version} is not supported; Teams takes up to 1.5 from a bot.`;
    throw new Refused(400, 'UnsupportedCardVersion', message);
  }
}

/** The same activity with its first Adaptive Card replaced by `card`. */
export function withCard(activity: ActivityJson, card: unknown): ActivityJson {
  const attachments = activity.attachments ?? [];
  const at = attachments.findIndex((attachment) => attachment.contentType === cardType);
  const replaced = { contentType: cardType, content: card };
  return { ...activity, attachments: at < 0 ? [...attachments, replaced] : attachments.with(at, replaced) };
}
