import type { SettingDescription } from '../settings/describe.ts';
import { measureOf, nameIn, type Of } from './arm-names.ts';
import { brokenInHouse, brokenOf, entryRules, valueOf, widgetRules } from './arm-rules.ts';
import { written } from './arm-written.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the settings are in an ARM template: types of further entries, a parameter for each, and what becomes of them. */
export interface ArmSettings {
  readonly definitions: Json;
  readonly parameters: Json;
  readonly variables: Json;
}

/** Settings that are no parameter of their own: they hold the rest, or follow from the first work stream's name. */
const NOT_ALONE = ['workStreams', 'widgets', 'widgets.*.workStream'];
const SAID: Readonly<Record<Of, string>> = { workStream: 'work stream', widget: 'widget' };

/**
 * Writes the settings as the template has them. The first work stream and widget have a parameter for each setting, all
 * others are entries of one object whose type says the same bounds. What is not given is left out of the settings, so
 * that preset and default stay the code's; `brokenSettings` says what the code would refuse.
 */
export function armSettings(all: readonly SettingDescription[]): ArmSettings {
  const settings = all.filter(({ type }) => type !== 'derived');
  const of = (part: SettingDescription['of']) => settings.filter((one) => one.of === part);
  const [streams, widgets] = [of('workStream'), of('widget')];
  return {
    definitions: { workStream: typeOfEntry(streams), widget: typeOfEntry(widgets) },
    parameters: {
      ...parametersOf(of('house')),
      ...groupParameters('workStream', streams),
      ...groupParameters('widget', widgets),
    },
    variables: {
      firstWorkStream: firstEntry(streams),
      workStreamEntries: entriesOf('workStream'),
      workStreamsGiven: byName('workStream', `lambdaVariables('e').value`),
      workStreams: byName('workStream', written(streams, valueOf)),
      firstWidget: firstEntry(widgets),
      widgetEntries: entriesOf('widget'),
      widgets: byName('widget', written(widgets, valueOf)),
      settings: `[${written(of('house'), valueInHouse)}]`,
      brokenSettings: `[concat(${[
        ...[brokenInHouse(settings), sameName('workStream'), sameName('widget')],
        brokenOf('workStream', entryRules('workStream', settings)),
        brokenOf('widget', [...entryRules('widget', settings), ...widgetRules(settings)]),
      ].join(', ')})]`,
    },
  };
}

/** Typed as the platform checks it before anything is deployed. */
function schemaOf(one: SettingDescription): Json {
  const { bounds, choices } = one;
  const lengths = bounds && { minLength: bounds.min, maxLength: bounds.max };
  switch (one.type) {
    case 'number':
    case 'duration':
    case 'size':
      return { type: 'int', minValue: inMeasure(one, bounds?.min), maxValue: inMeasure(one, bounds?.max) };
    case 'boolean':
      return { type: 'bool' };
    case 'choice':
      return { type: 'string', allowedValues: choices };
    case 'list':
      return { type: 'array', ...lengths };
    case 'table':
      return { type: 'object' };
    case 'text':
    case 'address':
      return { type: 'string', ...lengths };
    case 'derived':
      throw new Error(`${one.path} cannot be set`);
  }
}

const inMeasure = (one: SettingDescription, value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / (measureOf(one)?.each ?? 1);

/** Work streams and widgets come from their entries. */
const valueInHouse = (one: SettingDescription): string =>
  NOT_ALONE.includes(one.path) ? `variables('${one.path}')` : `parameters('${nameIn(one, 'parameter')}')`;

/** One that is needed within a part that may be left out may be left out with it. */
const isNeeded = ({ required, name }: SettingDescription): boolean => required && !name.includes('.');

const property = (one: SettingDescription): Json => ({
  ...schemaOf(one),
  ...(!isNeeded(one) && { nullable: true }),
  metadata: { description: told(one) },
});

/** What a portal shows: no Markdown. */
function told(one: SettingDescription): string {
  const presets = Object.entries(one.presets).map(([preset, value]) => `${String(value)} with ${preset}`);
  const usual = Array.isArray(one.default) && one.default.length === 0 ? 'none' : one.default;
  const byDefault = usual === undefined ? [] : [`by default ${shown(usual)}`, ...presets];
  const isPlain = one.bounds !== undefined || one.type === 'choice' || one.type === 'boolean';
  const said = [...(isPlain ? [] : [one.takes]), ...byDefault].join('; ');
  const sentence = said === '' ? '' : ` ${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  return `${one.description}${sentence}`.replaceAll('`', '').replaceAll(/\*(\w[^*]*)\*/gu, '$1');
}

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

const parametersOf = (settings: readonly SettingDescription[]): Json =>
  Object.fromEntries(
    settings
      .filter(({ path }) => !NOT_ALONE.includes(path))
      .map((one) => [nameIn(one, 'parameter'), property(one)]),
  );

const groupParameters = (of: Of, settings: readonly SettingDescription[]): Json => ({
  [`${of}Name`]: {
    type: 'string',
    defaultValue: 'support',
    minLength: 1,
    maxLength: 40,
    metadata: { description: `The first ${SAID[of]}'s name: 1 to 40 of a-z, 0-9 and -, a letter first.` },
  },
  ...parametersOf(settings),
  [moreOf(of)]: {
    type: 'object',
    additionalProperties: { $ref: `#/definitions/${of}` },
    defaultValue: {},
    metadata: {
      description: `Further ${SAID[of]}s by name, each with the settings of the first under the same names without "${of}" before them.`,
    },
  },
});

const typeOfEntry = (settings: readonly SettingDescription[]): Json => ({
  type: 'object',
  additionalProperties: false,
  properties: Object.fromEntries(settings.map((one) => [nameIn(one, 'entry'), property(one)])),
});

const firstEntry = (settings: readonly SettingDescription[]): Json =>
  Object.fromEntries(
    settings.map((one) => [
      nameIn(one, 'entry'),
      `[parameters('${NOT_ALONE.includes(one.path) ? 'workStreamName' : nameIn(one, 'parameter')}')]`,
    ]),
  );

/** All of them in their order, the first one first: the service sorts the entries of an object. */
const entriesOf = (of: Of): string =>
  `[concat(createArray(createObject('key', parameters('${of}Name'), 'value', variables('first${capital(of)}'))), items(parameters('${moreOf(of)}')))]`;

const byName = (of: Of, value: string): string =>
  `[toObject(variables('${of}Entries'), lambda('e', lambdaVariables('e').key), lambda('e', ${value}))]`;

const sameName = (of: Of): string =>
  `if(contains(parameters('${moreOf(of)}'), parameters('${of}Name')), createArray(format('${moreOf(of)}: "{0}" is the first ${SAID[of]} already', parameters('${of}Name'))), createArray())`;

const capital = (of: Of): string => `${of.charAt(0).toUpperCase()}${of.slice(1)}`;
const moreOf = (of: Of): string => `more${capital(of)}s`;
