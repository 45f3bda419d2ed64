import { overrideFaults } from '../cards/overrides.ts';
import { describeSettings } from '../settings/describe.ts';
import { houseInForce, streamInForce, widgetInForce, type InForce } from '../settings/in-force.ts';
import { locate, type Place } from '../settings/locate.ts';
import { oddities, type Oddity } from '../settings/oddities.ts';
import { readSettings, SettingsError, type Settings } from '../settings/settings.ts';
import { meant } from './meant.ts';

/** Something wrong in a settings file. */
export interface FileFault extends Place {
  /** Absent: the text is no JSON. */
  readonly setting?: string;
  readonly rule: string;
  /** What the setting is for, and what it takes; of a name that nothing has, what was probably meant. */
  readonly about?: string;
}

/** What a settings file comes to. */
export type Checked =
  | { readonly ok: false; readonly faults: readonly FileFault[] }
  | {
      readonly ok: true;
      readonly settings: Settings;
      readonly odd: readonly (Oddity & Place)[];
      /** What is in force, part by part, with a heading for each. */
      readonly parts: readonly { readonly title: string; readonly inForce: readonly InForce[] }[];
    };

/** Checks the text of a settings file as the start does, and says of everything where it stands. */
export function checkConfig(text: string): Checked {
  const { faults, placeOf } = locate(text);
  if (faults.length > 0) return { ok: false, faults: inOrder(faults) };
  const json: unknown = JSON.parse(text);
  try {
    const settings = readSettings(json, overrideFaults);
    const odd = oddities(settings).map((one) => ({ ...one, ...placeOf(one.setting) }));
    return { ok: true, settings, odd, parts: partsOf(settings, json) };
  } catch (reason) {
    if (!(reason instanceof SettingsError)) throw reason;
    const told = reason.faults.map((one): FileFault => {
      const near = meant(one.setting, one.rule);
      const about = near === undefined ? aboutOf(one.setting) : `Did you mean ${near}?`;
      return { ...placeOf(one.setting), ...one, ...(about !== undefined && { about }) };
    });
    return { ok: false, faults: inOrder(told) };
  }
}

const inOrder = <T extends Place>(all: readonly T[]): readonly T[] =>
  all.toSorted((a, b) => a.line - b.line || a.column - b.column);

const partsOf = (settings: Settings, json: unknown) => [
  { title: 'The house', inForce: houseInForce(json) },
  ...Object.values(settings.workStreams).map((stream) => ({
    title: `Work stream ${stream.id}`,
    inForce: streamInForce(stream, json),
  })),
  ...settings.widgets.map((widget) => ({
    title: `Widget ${widget.id}`,
    inForce: widgetInForce(widget, json),
  })),
];

/** What is said of the setting itself, or of the one it is a part of; nothing of what is none. */
function aboutOf(setting: string): string | undefined {
  const [root = '', , ...rest] = setting.split('.');
  const isNamed = rest.length > 0 && (root === 'widgets' || root === 'workStreams');
  const path = isNamed ? [root, '*', ...rest].join('.') : setting;
  const one = describeSettings().findLast(
    ({ path: known }) => path === known || (known.includes('.') && path.startsWith(`${known}.`)),
  );
  if (one === undefined) return undefined;
  // Of a part of it the rule alone says what it takes.
  return one.path === path ? `${one.description} Takes ${one.takes}.` : one.description;
}
