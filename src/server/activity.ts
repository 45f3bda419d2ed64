import { z } from 'zod';
import { Refused } from './http.ts';

const maybe = <T extends z.ZodType>(shape: T) => shape.nullish();
const text = z.string();
const moment = text.refine((value) => !Number.isNaN(Date.parse(value)), 'must be a moment in ISO 8601');
const account = z
  .looseObject({ id: text.max(512), name: maybe(text), role: maybe(text), aadObjectId: maybe(text) })
  .transform(withoutNulls);
const conversation = z
  .looseObject({
    id: text.min(1).max(512),
    name: maybe(text),
    tenantId: maybe(text),
    conversationType: maybe(text),
    isGroup: maybe(z.boolean()),
  })
  .transform(withoutNulls);

/** What a channel may send: the fields the framework and its bots read without looking, with the types they expect. */
const shape = z.looseObject({
  type: text.min(1).max(100),
  channelId: text.min(1).max(100),
  serviceUrl: text.refine((value) => URL.canParse(value), 'must be a URL'),
  conversation,
  from: account,
  recipient: maybe(account),
  id: maybe(text),
  replyToId: maybe(text),
  name: maybe(text),
  action: maybe(text),
  text: maybe(text),
  textFormat: maybe(text),
  speak: maybe(text),
  summary: maybe(text),
  inputHint: maybe(text),
  locale: maybe(text.max(100)),
  localTimezone: maybe(text),
  timestamp: maybe(moment),
  localTimestamp: maybe(moment),
  expiration: maybe(moment),
  attachments: maybe(
    z.array(z.looseObject({ contentType: text, contentUrl: maybe(text), name: maybe(text) })),
  ),
  entities: maybe(z.array(z.looseObject({ type: text }))),
  membersAdded: maybe(z.array(account)),
  membersRemoved: maybe(z.array(account)),
  suggestedActions: maybe(z.looseObject({ actions: maybe(z.array(z.looseObject({}))) })),
});

/**
 * Reads a Bot Framework activity from a body. A `null` is taken for absent, as the framework's own serializers mean it.
 *
 * @throws Refused 400, naming the first field that is missing or has the wrong type; never its value.
 */
export function readActivity(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const read = shape.safeParse(body);
  if (read.success) return withoutNulls(read.data);
  const field = read.error.issues[0]?.path.join('.') ?? '';
  throw new Refused(
    400,
    'bad_input',
    `${field}: is missing or malformed; this takes Bot Framework activities.`,
  );
}

function withoutNulls(from: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== null));
}
