import { z } from 'zod';
import { readAgentId } from '../session/ids.ts';
import { address, isHttps, pem, portal, safe, site } from './address.ts';
import { duration, MINUTE } from './duration.ts';
import { hoursShape } from './hours.ts';
import { files } from './files.ts';
import type { SignIn } from './model.ts';
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

export const workStreamShape = z.strictObject({
  autoCloseAfterInactivity: duration('5 min', '72 h').default(20 * MINUTE),
  cannedResponses: cannedResponses.default([]),
  dispositions: z
    .array(choice)
    .max(30)
    .refine(differ, 'must not name the same twice')
    .default(['Resolved', 'Passed on', 'To be followed up', 'No answer needed', 'Not for us']),
  suspendReasons: z
    .array(choice)
    .min(1)
    .max(12)
    .refine(differ, 'must not name the same twice')
    .default(['Investigation', "Customer's machine restarts"]),
  hours: hoursShape.optional(),
  queueTarget: duration('10 s', '24 h').optional(),
});
export type WorkStreamShape = z.output<typeof workStreamShape>;

export const widgetShape = z.strictObject({
  title: z.string().min(1).max(60),
  workStream: z.string(),
  language: z.string().default('en'),
  preset: z.enum(['recommended', 'seedA', 'seedB']).default('recommended'),
  reconnect: z
    .strictObject({
      enabled: z.boolean().default(true),
      preview: z.boolean().default(false),
      previewAgents: z.array(agent).default([]),
    })
    .prefault({}),
  reconnectTimeLimit: z
    .never({ error: 'cannot be set: it is derived from the work stream (autoCloseAfterInactivity)' })
    .optional(),
  previousAgentWindow: duration('0 s', '72 h').optional(),
  suspendLimit: duration('5 min', '14 d').optional(),
  disconnectGrace: duration('15 s', '30 min').optional(),
  offerTimeout: duration('10 s', '10 min').optional(),
  queueLimit: duration('1 min', '24 h').optional(),
  answerReminder: duration('1 min', '60 min').optional(),
  agentGrace: duration('15 s', '30 min').optional(),
  wrapUp: duration('0 s', '60 min').optional(),
  wrapUpSlot: duration('0 s', '60 min').optional(),
  promptAudience: z.enum(['authenticated', 'anyone', 'nobody']).optional(),
  promptMode: z.enum(['ask', 'direct']).optional(),
  closedWindow: z.enum(['disconnect', 'noPrompt', 'suspend', 'end']).optional(),
  startFresh: z.enum(['release', 'keep', 'close']).optional(),
  suspendedReturn: z.enum(['offer', 'wait']).optional(),
  suspendFreesCapacity: z.boolean().optional(),
  portalUrl: portal.optional(),
  redirectUrl: address(isHttps, 'must be an https URL').optional(),
  redirectHosts: z.array(host).default([]),
  pageHosts: z.array(pageHost).default([]),
  files: files.prefault({}),
  wording: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});
export type WidgetShape = z.output<typeof widgetShape>;

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u, 'must be 1 to 40 of a-z, 0-9 and -, a letter first');

const COUNT = 'must be a whole number from 1 to 100';

export const shape = z.strictObject({
  company: z.string().min(1).max(60),
  workStreams: z.record(name, z.unknown()),
  widgets: z.record(name, z.unknown()),
  agentCapacity: z
    .number({ error: COUNT })
    .refine((n) => Number.isInteger(n) && n >= 1 && n <= 100, COUNT)
    .default(5),
  sites: z.array(site).default([]),
  signIn: z.array(signIn).default([]),
});
