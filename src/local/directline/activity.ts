import { z } from 'zod';
import { badArgument } from './refusal.ts';

// Deeper than any card; deep enough nesting would exhaust the stack of whoever writes it out again.
const deepest = 64;

const account = z.looseObject({ id: z.string().optional(), name: z.string().optional() });

const incoming = z.looseObject({
  type: z.string().min(1).max(100),
  id: z.string().optional(),
  from: account.optional(),
  recipient: account.optional(),
  text: z.string().nullish(),
  locale: z.string().nullish(),
  replyToId: z.string().nullish(),
  attachments: z.array(z.looseObject({})).nullish(),
  entities: z.array(z.looseObject({})).nullish(),
});

/** An activity as somebody handed it in: checked where we look into it, and otherwise carried as it is. */
export type IncomingActivity = z.infer<typeof incoming>;

/** An activity of a conversation, with what the channel adds. */
export type Activity = IncomingActivity & { readonly id: string };

/** Reads a client's or the bot's activity; throws a 400 that names the first wrong field. */
export function readActivity(body: unknown): IncomingActivity {
  if (isDeep(body, deepest)) throw badArgument('The activity is nested too deeply');
  const read = incoming.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw badArgument(`Invalid activity: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

/** Reads an activity this store wrote. */
export const readStoredActivity = (json: string): Activity =>
  incoming.extend({ id: z.string() }).parse(JSON.parse(json));

function isDeep(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return left === 0 || Object.values(value).some((member) => isDeep(member, left - 1));
}
