import { z } from 'zod';
import { readAgentId, type AgentId } from './session/ids.ts';
import type { Rules } from './session/rules.ts';

/** Settings that were read and hold together; durations in ms. */
export interface Settings {
  readonly company: string;
  readonly workStreams: Readonly<Record<string, WorkStream>>;
  /** In the order given; the first serves conversations no page has named a widget for. */
  readonly widgets: readonly Widget[];
  /** Origins besides the portals' whose pages may use the chat. */
  readonly sites: readonly string[];
  /** Whose tokens tell who a customer is. */
  readonly signIn: readonly SignIn[];
}
/** A site's sign-in, and the keys its tokens are signed with: where they are published, or the one key as SPKI in PEM. */
export interface SignIn {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: { readonly jwksUrl: string } | { readonly publicKey: string };
}
export interface WorkStream {
  readonly id: string;
  readonly autoCloseMs: number;
}
export interface Widget {
  readonly id: string;
  readonly title: string;
  readonly language: string;
  readonly workStream: string;
  readonly reconnect: {
    readonly enabled: boolean;
    readonly preview: boolean;
    /** Whom a preview serves; at least one while it is on. */
    readonly previewAgents: readonly AgentId[];
  };
  /** Where the widget is deployed; links are built from it. It has no fragment. */
  readonly portalUrl?: string;
  readonly redirectUrl?: string;
  /** Sentences of its own, by language and key. */
  readonly wording?: OwnWording;
  readonly rules: Rules;
}

/** Sentences by language (BCP 47) and by the keys of the sentences they replace. */
export type OwnWording = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Tells which sentences of a widget's own cannot be used: where each stands in `wording`, and the rule it breaks. */
export type CheckWording = (
  wording: OwnWording,
) => readonly { readonly at: readonly string[]; readonly rule: string }[];

/** One thing that is wrong, with the setting's path and the rule it breaks. */
export interface SettingFault {
  readonly setting: string;
  readonly rule: string;
}

/** Thrown with every fault at once. */
export class SettingsError extends Error {
  readonly faults: readonly SettingFault[];
  constructor(faults: readonly SettingFault[]) {
    super(
      `The settings do not hold together:\n${faults.map(({ setting, rule }) => `  ${setting}: ${rule}`).join('\n')}`,
    );
    this.name = 'SettingsError';
    this.faults = faults;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: MINUTE, h: HOUR, d: 24 * HOUR };

/** A duration as people write it: a number and `ms`, `s`, `min`, `h` or `d`, such as `20 min`. */
function duration(lowest: string, highest: string) {
  const [from, to] = [readDuration(lowest) ?? 0, readDuration(highest) ?? Infinity];
  return z.string({ error: 'must be a duration such as "20 min"' }).transform((text, context) => {
    const ms = readDuration(text);
    if (ms === undefined) {
      context.addIssue({
        code: 'custom',
        message: `"${text}" is no duration; write a number and ms, s, min, h or d`,
      });
      return z.NEVER;
    }
    if (ms < from || ms > to) {
      context.addIssue({
        code: 'custom',
        message: `is "${text}"; it must lie between ${lowest} and ${highest}`,
      });
      return z.NEVER;
    }
    return ms;
  });
}

function readDuration(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|min|h|d)\s*$/u.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Math.round(Number(amount) * factor);
}

/** The browser's own machine, where pages are built and tried out. */
const OWN_MACHINE = ['localhost', '127.0.0.1', '[::1]'];
const isHttps = (url: URL): boolean => url.protocol === 'https:';
const isSafe = (url: URL): boolean =>
  isHttps(url) || (url.protocol === 'http:' && OWN_MACHINE.includes(url.hostname));

// Browsers drop spaces and control characters from an address: what is read would not be what is meant.
const address = (isMeant: (url: URL) => boolean, rule: string) =>
  z
    .string()
    .refine((text) => URL.canParse(text) && isMeant(new URL(text)), { error: rule, abort: true })
    .refine((text) => !/[\s\p{Cc}]/u.test(text), 'must not contain spaces or control characters')
    .refine(
      (text) => new URL(text).username + new URL(text).password === '',
      'must not carry a user name or password',
    );
const safe = address(isSafe, 'must be an https URL; http only on localhost, 127.0.0.1 or [::1]');
const portal = safe.refine(
  (text) => !text.includes('#'),
  'must not have a fragment (#…): a link puts what it carries there',
);
const site = z
  .string()
  .refine(
    (text) =>
      URL.canParse(text) && new URL(text).origin === text && isSafe(new URL(text)) && !text.includes('*'),
    'must be an exact https origin such as "https://www.example.com": no path, no slash at the end; http only on localhost, 127.0.0.1 or [::1]',
  );
const pem = /^\s*-----BEGIN PUBLIC KEY-----[\w\s+/=]+-----END PUBLIC KEY-----\s*$/u;
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

const workStreamShape = z.strictObject({
  autoCloseAfterInactivity: duration('5 min', '72 h').default(20 * MINUTE),
});

const widgetShape = z.strictObject({
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
  wrapUp: duration('0 s', '60 min').optional(),
  promptAudience: z.enum(['authenticated', 'anyone', 'nobody']).optional(),
  promptMode: z.enum(['ask', 'direct']).optional(),
  closedWindow: z.enum(['disconnect', 'noPrompt', 'suspend', 'end']).optional(),
  startFresh: z.enum(['release', 'keep', 'close']).optional(),
  suspendedReturn: z.enum(['offer', 'wait']).optional(),
  suspendFreesCapacity: z.boolean().optional(),
  portalUrl: portal.optional(),
  redirectUrl: address(isHttps, 'must be an https URL').optional(),
  redirectHosts: z.array(host).default([]),
  wording: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});
type WidgetShape = z.output<typeof widgetShape>;

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u, 'must be 1 to 40 of a-z, 0-9 and -, a letter first');

const shape = z.strictObject({
  company: z.string().min(1).max(60),
  workStreams: z.record(name, z.unknown()),
  widgets: z.record(name, z.unknown()),
  sites: z.array(site).default([]),
  signIn: z.array(signIn).default([]),
});

/**
 * Reads settings from parsed JSON. Widgets' own sentences are checked with `checkWording`, or, where it is left out, by
 * `reconnect`.
 *
 * @throws SettingsError naming every setting that is wrong and the rule it breaks. Source: design 3, the settings table.
 */
export function readSettings(json: unknown, checkWording: CheckWording = () => []): Settings {
  const faults: SettingFault[] = [];
  const parse = <T>(schema: z.ZodType<T>, value: unknown, path: readonly PropertyKey[]): T | undefined => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    faults.push(...parsed.error.issues.flatMap((issue) => faultsOf(issue, path)));
    return undefined;
  };
  // Each part on its own, so that one that is wrong does not hide what is wrong with the others.
  const whole = parse(shape, json, []);
  const given = whole ?? salvage(json);
  const workStreams = Object.entries(given.workStreams).flatMap(([id, value]): WorkStream[] => {
    const read = parse(workStreamShape, value, ['workStreams', id]);
    return read === undefined ? [] : [{ id, autoCloseMs: read.autoCloseAfterInactivity }];
  });
  const widgets = Object.entries(given.widgets).flatMap(([id, value]) => {
    const read = parse(widgetShape, value, ['widgets', id]);
    if (read === undefined) return [];
    faults.push(...wordingFaults({ id, ...read }, checkWording));
    const stream = workStreams.find((one) => one.id === read.workStream);
    if (stream === undefined) {
      // A work stream that is there and wrong has its own fault already.
      if (!Object.hasOwn(given.workStreams, read.workStream)) {
        faults.push({
          setting: `widgets.${id}.workStream`,
          rule: `there is no work stream "${read.workStream}"`,
        });
      }
      return [];
    }
    const rules = rulesOf(read, stream.autoCloseMs);
    faults.push(...crossFaults(id, read, rules));
    return [widgetOf(id, read, rules)];
  });
  if (whole !== undefined && Object.keys(given.widgets).length === 0) {
    faults.push({ setting: 'widgets', rule: 'at least one is needed' });
  }
  faults.push(...twice(whole?.signIn ?? []));
  if (whole === undefined || faults.length > 0) throw new SettingsError(faults);
  return {
    company: whole.company,
    workStreams: Object.fromEntries(workStreams.map((one) => [one.id, one])),
    widgets,
    sites: whole.sites,
    signIn: whole.signIn,
  };
}

/** What is wrong with a widget's own sentences. */
export const wordingFaults = (
  { id, wording = {} }: { readonly id: string; readonly wording?: OwnWording | undefined },
  checkWording: CheckWording,
): readonly SettingFault[] =>
  checkWording(wording).map(({ at, rule }) => ({
    setting: ['widgets', id, 'wording', ...at].join('.'),
    rule,
  }));

/** A token must have one site's keys to be checked with. */
const twice = (sites: readonly SignIn[]): readonly SettingFault[] =>
  sites.flatMap(({ issuer, audience }, i) => {
    const first = sites.findIndex((one) => one.issuer === issuer && one.audience === audience);
    return first === i
      ? []
      : [{ setting: `signIn.${i}`, rule: `names the same issuer and audience as signIn.${first}` }];
  });

/** The parts that can still be looked at when the whole does not hold. */
function salvage(json: unknown): Pick<z.output<typeof shape>, 'workStreams' | 'widgets'> {
  const part = (key: string): Record<string, unknown> => {
    const value: unknown = isRecord(json) ? json[key] : undefined;
    return isRecord(value) ? value : {};
  };
  return { workStreams: part('workStreams'), widgets: part('widgets') };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a person reads about one thing that does not fit. */
function faultsOf(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): readonly SettingFault[] {
  const at = (more: readonly PropertyKey[]): string => [...path, ...more].map(String).join('.') || 'the file';
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        setting: at([...issue.path, key]),
        rule: 'there is no such setting',
      }));
    case 'invalid_key':
      return [{ setting: at(issue.path), rule: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_value':
      return [{ setting: at(issue.path), rule: `must be one of ${issue.values.map(String).join(', ')}` }];
    case 'invalid_type':
      // A shape with a rule of its own says it; the library's words are for programmers.
      return [
        { setting: at(issue.path), rule: ownWords(issue.message) ?? NOUNS[issue.expected] ?? issue.message },
      ];
    case 'too_small':
      return [{ setting: at(issue.path), rule: `must have at least ${String(issue.minimum)} character` }];
    case 'too_big':
      return [{ setting: at(issue.path), rule: `must have at most ${String(issue.maximum)} characters` }];
    default:
      return [{ setting: at(issue.path), rule: issue.message }];
  }
}

const ownWords = (message: string): string | undefined =>
  message.startsWith('Invalid input') ? undefined : message;

const NOUNS: Readonly<Record<string, string>> = {
  string: 'must be text',
  boolean: 'must be true or false',
  object: 'must be an object with settings',
  record: 'must be an object with a name for each',
  array: 'must be a list',
};

function crossFaults(id: string, given: WidgetShape, rules: Rules): readonly SettingFault[] {
  const faults: SettingFault[] = [];
  if (rules.previousAgentWindowMs > rules.reconnectLimitMs) {
    faults.push({
      setting: `widgets.${id}.previousAgentWindow`,
      rule: `must not be longer than the reconnect time limit, which is the work stream's autoCloseAfterInactivity (${rules.reconnectLimitMs / MINUTE} min)`,
    });
  }
  if (given.reconnect.preview && given.reconnect.previewAgents.length === 0) {
    faults.push({
      setting: `widgets.${id}.reconnect.previewAgents`,
      rule: 'must name at least one agent while preview is on: a preview serves nobody else',
    });
  }
  if (given.redirectUrl !== undefined && !given.redirectHosts.includes(new URL(given.redirectUrl).hostname)) {
    faults.push({ setting: `widgets.${id}.redirectUrl`, rule: 'its host must stand in redirectHosts' });
  }
  return faults;
}

/** The three presets; single settings of the widget go over them. */
function presetRules(preset: WidgetShape['preset'], limit: number): Partial<Rules> {
  switch (preset) {
    case 'recommended':
      return {};
    case 'seedA':
      return { promptAudience: 'authenticated', closedWindow: 'noPrompt', startFresh: 'keep' };
    case 'seedB':
      return {
        promptAudience: 'anyone',
        closedWindow: 'suspend',
        previousAgentWindowMs: limit,
        startFresh: 'keep',
        suspendedReturn: 'wait',
      };
  }
}

function rulesOf(given: WidgetShape, autoCloseMs: number): Rules {
  const preset = presetRules(given.preset, autoCloseMs);
  return {
    autoCloseMs,
    reconnectLimitMs: autoCloseMs,
    previousAgentWindowMs:
      given.previousAgentWindow ?? preset.previousAgentWindowMs ?? Math.min(10 * MINUTE, autoCloseMs),
    suspendLimitMs: given.suspendLimit ?? 24 * HOUR,
    disconnectGraceMs: given.disconnectGrace ?? 3 * MINUTE,
    leaveGraceMs: 15_000,
    hiddenGraceMs: 5 * MINUTE,
    offerTimeoutMs: given.offerTimeout ?? 60_000,
    queueLimitMs: given.queueLimit ?? 10 * MINUTE,
    wrapUpMs: given.wrapUp ?? 15 * MINUTE,
    warnBeforeMs: Math.min(2 * MINUTE, autoCloseMs / 4),
    promptAudience: given.promptAudience ?? preset.promptAudience ?? 'authenticated',
    promptMode: given.promptMode ?? 'ask',
    closedWindow: given.closedWindow ?? preset.closedWindow ?? 'disconnect',
    startFresh: given.startFresh ?? preset.startFresh ?? 'release',
    suspendedReturn: given.suspendedReturn ?? preset.suspendedReturn ?? 'offer',
    suspendFreesCapacity: given.suspendFreesCapacity ?? true,
  };
}

const widgetOf = (id: string, given: WidgetShape, rules: Rules): Widget => ({
  id,
  title: given.title,
  language: given.language,
  workStream: given.workStream,
  reconnect: given.reconnect,
  ...(given.portalUrl !== undefined && { portalUrl: given.portalUrl }),
  ...(given.redirectUrl !== undefined && { redirectUrl: given.redirectUrl }),
  ...(given.wording !== undefined && { wording: given.wording }),
  rules,
});
