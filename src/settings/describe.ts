import { z } from 'zod';
import { RECOMMENDED } from '../session/rules.ts';
import { readDuration, writeDuration } from './duration.ts';
import { readSize } from './files.ts';
import { PRESETS } from './presets.ts';
import { RELATIONS } from './relations.ts';
import { shape, widgetShape, workStreamShape } from './shapes.ts';

/** One setting, as the README, the template and `check-config` tell of it. */
export interface SettingDescription {
  /** Where it stands in the file, `*` for a name that is given there: `widgets.*.files.maxSize`. */
  readonly path: string;
  readonly of: 'house' | 'workStream' | 'widget';
  /** Its path within that: `files.maxSize`. */
  readonly name: string;
  readonly description: string;
  readonly type: SettingType;
  readonly required: boolean;
  /** What holds where it is not given, as it would be written; absent: nothing does. */
  readonly default?: unknown;
  /** What the presets give instead; `reconnectTimeLimit` is the value of that setting. */
  readonly presets: Readonly<Record<string, unknown>>;
  readonly bounds?: Bounds;
  readonly choices?: readonly string[];
  /** In words, what may be written. */
  readonly takes: string;
  /** The rules it has a part in: which setting keeps which rule with whom, by their paths. */
  readonly relations: readonly {
    readonly setting: string;
    readonly with: readonly string[];
    readonly rule: string;
  }[];
}
type SettingType =
  'text' | 'address' | 'boolean' | 'number' | 'duration' | 'size' | 'choice' | 'list' | 'table' | 'derived';

/** The lowest, highest and usual value as whole numbers of one unit; `lowest` and `highest` as they are written. */
export interface Bounds {
  readonly unit: 'characters' | 'entries' | 'count' | 's' | 'min' | 'KB';
  readonly min: number;
  readonly max?: number;
  readonly usual?: number;
  readonly lowest: string;
  readonly highest?: string;
}

/**
 * Tells of every setting there is, in the order of the file: the one source of the README's tables and of what the
 * template's parameters are held to.
 */
export function describeSettings(): readonly SettingDescription[] {
  return [
    ...below('house', '', '', schemaOf(shape)),
    ...below('workStream', 'workStreams.*.', '', schemaOf(workStreamShape)),
    ...below('widget', 'widgets.*.', '', schemaOf(widgetShape)),
  ];
}

/** What the library knows of a shape, in the words of JSON Schema and with our notes. */
const schemaOf = (from: z.ZodType): Node =>
  node.parse(z.toJSONSchema(from, { io: 'input', unrepresentable: 'any' }));

const node = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  kind: z.enum(['address', 'number', 'duration', 'size', 'derived']).optional(),
  takes: z.string().optional(),
  lowest: z.string().optional(),
  highest: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
});
type Node = z.output<typeof node>;

/** What nobody describes is no setting, but the settings in it are. */
function below(
  of: SettingDescription['of'],
  root: string,
  within: string,
  { properties = {}, required }: Node,
): readonly SettingDescription[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const one = node.parse(value);
    const name = `${within}${key}`;
    return one.description === undefined && one.properties !== undefined
      ? below(of, root, `${name}.`, one)
      : [settingOf(of, root, name, one, required.includes(key))];
  });
}

function settingOf(
  of: SettingDescription['of'],
  root: string,
  name: string,
  one: Node,
  required: boolean,
): SettingDescription {
  const usual = one.default ?? (of === 'widget' ? recommended(name) : undefined);
  const path = `${root}${name}`;
  const bounds = boundsOf(one, usual);
  return {
    path,
    of,
    name,
    description: one.description ?? '',
    type: typeOf(one),
    required,
    ...(usual !== undefined && { default: usual }),
    presets: of === 'widget' ? presetsOf(name, usual) : {},
    ...(bounds && { bounds }),
    ...(one.enum && { choices: one.enum }),
    takes: one.takes ?? takesOf(one, bounds),
    relations: RELATIONS.map(({ setting, with: others, rule }) => ({
      setting: `widgets.*.${setting}`,
      with: others,
      rule,
    })).filter(({ setting, with: others }) => setting === path || others.includes(path)),
  };
}

/** What the recommended preset gives, as it would be written. */
function recommended(name: string): unknown {
  const rules: Readonly<Record<string, unknown>> = { ...RECOMMENDED };
  const ms = rules[`${name}Ms`];
  return typeof ms === 'number' ? writeDuration(ms) : rules[name];
}

function presetsOf(name: string, usual: unknown): Readonly<Record<string, unknown>> {
  const given = Object.entries(PRESETS).map(([preset, settings]): [string, unknown] => [
    preset,
    Object.entries(settings).find(([key]) => key === name)?.[1],
  ]);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== usual));
}

function typeOf({ kind, enum: choices, type }: Node): SettingType {
  if (kind !== undefined) return kind;
  if (choices !== undefined) return 'choice';
  switch (type) {
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'object':
      return 'table';
    default:
      return 'text';
  }
}

function boundsOf(one: Node, usual: unknown): Bounds | undefined {
  const { kind, lowest, highest } = one;
  if (lowest !== undefined && highest !== undefined) {
    const [unit, read] = measureOf(kind, [lowest, highest, ...(typeof usual === 'string' ? [usual] : [])]);
    return {
      unit,
      min: read(lowest),
      max: read(highest),
      ...((typeof usual === 'string' || typeof usual === 'number') && { usual: read(`${usual}`) }),
      lowest,
      highest,
    };
  }
  const length = one.type === 'array' ? one.maxItems : one.maxLength;
  if (length === undefined) return undefined;
  const min = (one.type === 'array' ? one.minItems : one.minLength) ?? 0;
  const unit = one.type === 'array' ? 'entries' : 'characters';
  return { unit, min, max: length, lowest: String(min), highest: String(length) };
}

/** The largest unit in which all of these are whole numbers, and how to read them in it. */
function measureOf(
  kind: Node['kind'],
  all: readonly string[],
): readonly [Bounds['unit'], (written: string) => number] {
  if (kind === 'size') return ['KB', (written) => (readSize(written) ?? 0) / 1024];
  if (kind !== 'duration') return ['count', Number];
  const inMinutes = (written: string): number => (readDuration(written) ?? 0) / 60_000;
  return all.every((one) => Number.isInteger(inMinutes(one)))
    ? ['min', inMinutes]
    : ['s', (written) => (readDuration(written) ?? 0) / 1_000];
}

function takesOf({ enum: choices, type, items }: Node, bounds: Bounds | undefined): string {
  if (choices !== undefined) return choices.map((one) => `\`${one}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (bounds === undefined) return 'text';
  const { unit, lowest, highest = '' } = bounds;
  if (unit === 'entries')
    return `a list of ${bounds.min === 0 ? 'at most' : `${lowest} to`} ${highest}, none twice${each(items)}`;
  return unit === 'characters' ? `${lowest} to ${highest} characters` : `${lowest} – ${highest}`;
}

function each(items: unknown): string {
  const { minLength, maxLength } = node.catch({ required: [] }).parse(items);
  return maxLength === undefined ? '' : `, each ${minLength ?? 0} to ${maxLength} characters`;
}
