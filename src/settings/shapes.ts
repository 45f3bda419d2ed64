import { z } from 'zod';
import { readAgentId } from '../session/ids.ts';
import { address, isHttps, pem, portal, safe, site } from './address.ts';
import { duration } from './duration.ts';
import { hoursShape } from './hours.ts';
import { files } from './files.ts';
import type { SignIn } from './model.ts';
import { retention } from './retention.ts';
import { cannedResponses, pageHost } from './talk-shapes.ts';

const signIn = z
  .strictObject({
    issuer: z.string().min(1).max(500),
    audience: z.string().min(1).max(500),
    jwksUrl: safe.optional(),
    publicKey: z.string().regex(pem, 'must be a public key in PEM: -----BEGIN PUBLIC KEY-----…').optional(),
  })
  .transform(({ issuer, audience, jwksUrl, publicKey }, context): SignIn => {
    const keys = [...(jwksUrl ? [{ jwksUrl }] : []), ...(publicKey ? [{ publicKey }] : [])];
    const [one, ...more] = keys;
    if (one !== undefined && more.length === 0) return { issuer, audience, keys: one };
    context.addIssue({ code: 'custom', message: 'must have jwksUrl or publicKey, and not both' });
    return z.NEVER;
  });
const agent = z.string().transform((text, context) => {
  const id = readAgentId(text);
  if (id !== undefined) return id;
  context.addIssue({ code: 'custom', message: 'must be "<tenant id>:<object id>" of an agent' });
  return z.NEVER;
});
const host = z.string().regex(/^[a-z0-9.-]+$/u, 'must be a host name such as "www.example.com"');

const differ = (all: readonly string[]): boolean => new Set(all).size === all.length;
/** A choice that agents are offered. */
const choice = z
  .string()
  .min(1)
  .max(60)
  .refine((text) => text === text.trim(), 'must not begin or end with a space');

/** The settings of a work stream. What is said of each here is what the README and the template say of it. */
export const workStreamShape = z.strictObject({
  autoCloseAfterInactivity: duration('5 min', '72 h')
    .prefault('20 min')
    .describe('Silence of a customer who owes the answer, after which the chat ends.'),
  cannedResponses: cannedResponses.prefault([]).describe('What all its agents can say from the start.'),
  dispositions: z
    .array(choice)
    .max(30)
    .refine(differ, 'must not name the same twice')
    .default(['Resolved', 'Passed on', 'To be followed up', 'No answer needed', 'Not for us'])
    .describe('What agents may say came of a chat.'),
  suspendReasons: z
    .array(choice)
    .min(1)
    .max(12)
    .refine(differ, 'must not name the same twice')
    .default(['Investigation', "Customer's machine restarts"])
    .describe('What agents are offered as reasons to set a chat aside; any other can be written.'),
  hours: hoursShape.optional(),
  queueTarget: duration('10 s', '24 h')
    .optional()
    .describe(
      'The longest anybody should wait in its line: past it, places held for customers who are away are given up, the oldest first, one every 30 s.',
    ),
});
export type WorkStreamShape = z.output<typeof workStreamShape>;

/** The settings of a widget. Those without a default here have one from the preset (`presets.ts`). */
export const widgetShape = z.strictObject({
  title: z.string().min(1).max(60).describe('Its name, as customers and agents read it.'),
  workStream: z
    .string()
    .meta({ takes: 'the name of one of the work streams' })
    .describe('The work stream its chats go to.'),
  language: z
    .string()
    .meta({
      takes: 'a language tag; `en` and `ar` are translated, in others what is not in `wording` is English',
    })
    .default('en')
    .describe('The language its customers are spoken to in.'),
  preset: z
    .enum(['recommended', 'seedA', 'seedB'])
    .default('recommended')
    .describe('What holds where a setting is not given: our advice, or one of the two known designs.'),
  reconnect: z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'The master switch: without it nobody is asked to return and no link or code works; a page that still shows its chat goes on with it.',
        ),
      preview: z
        .boolean()
        .default(false)
        .describe(
          'Whether reconnecting is tried out first: only chats of `previewAgents` have a way back, page, prompt and cards say *Preview*, and for all others it is as if it were switched off.',
        ),
      previewAgents: z
        .array(agent)
        .prefault([])
        .meta({ takes: 'a list of `<tenant id>:<object id>`' })
        .describe('Whose chats a preview serves.'),
    })
    .prefault({}),
  reconnectTimeLimit: z
    .never({ error: 'cannot be set: it is derived from the work stream (autoCloseAfterInactivity)' })
    .optional()
    .meta({ kind: 'derived', takes: 'nothing: it is derived and cannot be set' })
    .describe(
      'How long a customer who is gone may come back: as long as `autoCloseAfterInactivity` of its work stream.',
    ),
  previousAgentWindow: duration('0 s', '72 h')
    .optional()
    .describe(
      "How long the previous agent's place stays blocked for a customer who is gone; 0 means no hold.",
    ),
  suspendLimit: duration('5 min', '14 d')
    .optional()
    .describe(
      "How long a chat that is set aside may be resumed; an agent's *back by* extends it, up to 14 days.",
    ),
  disconnectGrace: duration('15 s', '30 min')
    .optional()
    .describe(
      'Silence before a customer counts as gone (15 s after the page said it leaves, 5 min for a hidden or locked phone).',
    ),
  offerTimeout: duration('10 s', '10 min')
    .optional()
    .describe('How long the previous agent has to answer when their customer is back.'),
  queueLimit: duration('1 min', '24 h')
    .optional()
    .describe(
      'Wait in the line, while we are open, after which a customer may leave a message; a message waits to the next opening and this long from there, without hours as long as `suspendLimit`.',
    ),
  answerReminder: duration('1 min', '60 min')
    .optional()
    .describe(
      'How long a customer waits for an answer before its agent is reminded; twice that, supervisors are told.',
    ),
  agentGrace: duration('15 s', '30 min')
    .optional()
    .describe(
      'Silence of an agent whose customer waits, before the customer is told; twice that, anyone may take over.',
    ),
  wrapUp: duration('0 s', '60 min')
    .optional()
    .describe('How long a closed chat can be taken back, and what came of it noted.'),
  wrapUpSlot: duration('0 s', '60 min')
    .optional()
    .describe(
      "How long of it the agent's place stays blocked after *Close*, unless they say *Done*; 0 releases it at once.",
    ),
  promptAudience: z
    .enum(['authenticated', 'anyone', 'nobody'])
    .optional()
    .describe(
      'Who is asked to return by a prompt: the signed in, anyone whose device is known by its cookie, or nobody; links and codes are not touched by it.',
    ),
  promptMode: z
    .enum(['ask', 'direct'])
    .optional()
    .describe('Whether who returns is asked, or is back at once, announced, with *Start fresh* still there.'),
  closedWindow: z
    .enum(['disconnect', 'noPrompt', 'suspend', 'end'])
    .optional()
    .describe(
      'What closing the window means: a drop like any other, a drop without a prompt (link and code only), set aside, or the end.',
    ),
  startFresh: z
    .enum(['release', 'keep', 'close'])
    .optional()
    .describe(
      'What becomes of the old chat when a new one is started: its hold is released, runs on, or the chat is closed.',
    ),
  suspendedReturn: z
    .enum(['offer', 'wait'])
    .optional()
    .describe(
      'What who returns to a chat that was set aside meets: its agent is offered it, or they wait, always and only, for that agent.',
    ),
  suspendFreesCapacity: z
    .boolean()
    .optional()
    .describe(
      "Whether an agent's suspend gives their place back at once; a customer's keeps it for the window first.",
    ),
  portalUrl: portal
    .optional()
    .describe(
      'Where the widget is deployed: links are built from it, and without it none can be sent. Locally it is replaced by the local page.',
    ),
  redirectUrl: address(isHttps, 'must be an https URL')
    .optional()
    .describe('Where a customer is sent who is too late; without it they are offered a new chat.'),
  redirectHosts: z
    .array(host)
    .default([])
    .meta({ takes: 'a list of host names such as `www.example.com`' })
    .describe('The hosts `redirectUrl` may be on.'),
  pageHosts: z
    .array(pageHost)
    .default([])
    .meta({
      takes:
        'a list of `www.example.com` (that host) and `*.example.com` (all below it, and not itself); https on its usual port',
    })
    .describe('Whose pages an agent may show beside the chat; without any, *Send page* is disabled.'),
  files: files.prefault({}),
  wording: z
    .record(z.string(), z.record(z.string(), z.string()))
    .optional()
    .meta({
      takes:
        '`{ "<language>": { "<key>": "…" } }`, by the keys of `src/cards/wording.en.ts` and of the files it gathers; only `{slots}` that the English sentence has',
    })
    .describe('Sentences of its own in place of ours.'),
});
export type WidgetShape = z.output<typeof widgetShape>;

const NAME = '1 to 40 of a-z, 0-9 and -, a letter first';
const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u, `must be ${NAME}`);

const [FEWEST, MOST] = [1, 100];
const COUNT = `must be a whole number from ${FEWEST} to ${MOST}`;

export const shape = z.strictObject({
  company: z.string().min(1).max(60).describe('Your name, as customers read it.'),
  workStreams: z
    .record(name, z.unknown())
    .meta({ takes: `\`{ "<name>": { … } }\`, each name ${NAME}` })
    .describe('Who answers together, by name.'),
  widgets: z
    .record(name, z.unknown())
    .meta({ takes: `\`{ "<name>": { … } }\`, at least one, each name ${NAME}` })
    .describe('The deployed chats, by name; the first serves conversations no page has named a widget for.'),
  agentCapacity: z
    .number({ error: COUNT })
    .refine((n) => Number.isInteger(n) && n >= FEWEST && n <= MOST, COUNT)
    .meta({ kind: 'number', lowest: String(FEWEST), highest: String(MOST) })
    .default(5)
    .describe(
      'How many chats an agent is offered at a time; a supervisor may say another number for one agent, and an agent may take more themselves.',
    ),
  retention,
  sites: z
    .array(site)
    .default([])
    .meta({
      takes: 'a list of exact https origins such as `https://www.example.com`; http only on localhost',
    })
    .describe('Further origins whose pages may use the chat.'),
  signIn: z
    .array(signIn)
    .prefault([])
    .meta({
      takes:
        'a list of `{ issuer, audience, jwksUrl }` or `{ issuer, audience, publicKey }`, no issuer and audience twice',
    })
    .describe('Whose tokens tell who a customer is: RS256 or ES256, at most an hour old.'),
});
