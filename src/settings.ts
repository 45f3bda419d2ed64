import { z } from 'zod';
import type { Rules } from './session/rules.ts';

/** Settings that were read and hold together; durations in ms. */
export interface Settings {
  readonly company: string;
  readonly workStreams: Readonly<Record<string, WorkStream>>;
  /** In the order given; the first serves conversations no page has named a widget for. */
  readonly widgets: readonly Widget[];
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
  readonly reconnect: { readonly enabled: boolean; readonly preview: boolean };
  readonly portalUrl?: string;
  readonly redirectUrl?: string;
  readonly rules: Rules;
}

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

const httpsUrl = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:', 'must be an https URL');
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
    .strictObject({ enabled: z.boolean().default(true), preview: z.boolean().default(false) })
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
  portalUrl: httpsUrl.optional(),
  redirectUrl: httpsUrl.optional(),
  redirectHosts: z.array(host).default([]),
});
type WidgetShape = z.output<typeof widgetShape>;

const name = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/u, 'must be 1 to 40 of a-z, 0-9 and -, a letter first');

const shape = z.strictObject({
  company: z.string().min(1).max(60),
  workStreams: z.record(name, z.unknown()),
  widgets: z.record(name, z.unknown()),
});

/**
 * Reads settings from parsed JSON.
 *
 * @throws SettingsError naming every setting that is wrong and the rule it breaks. Source: design 3, the settings table.
 */
export function readSettings(json: unknown): Settings {
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
  if (whole === undefined || faults.length > 0) throw new SettingsError(faults);
  return {
    company: whole.company,
    workStreams: Object.fromEntries(workStreams.map((one) => [one.id, one])),
    widgets,
  };
}

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
  rules,
});
