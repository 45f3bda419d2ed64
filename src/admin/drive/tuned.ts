import { describeSettings, type SettingDescription } from '../../settings/describe.ts';
import { writeDuration } from '../../settings/duration.ts';
import { readSettings, SettingsError, type Settings, type Widget } from '../../settings/settings.ts';

/** A setting that can be tried out with another value, and the one that holds. JSON on the wire. */
export interface Knob {
  readonly name: string;
  readonly description: string;
  readonly value: string;
  readonly choices?: readonly string[];
  readonly bounds?: SettingDescription['bounds'];
}

/** A widget's timers and choices, that of its work stream first. */
export const knobsOf = (widget: Widget): readonly Knob[] =>
  tunable().map(({ name, description, choices, bounds }) => ({
    ...{ name, description, value: valueOf(widget, name) },
    ...(choices !== undefined && { choices }),
    ...(bounds !== undefined && { bounds }),
  }));

/**
 * The settings with other values for one widget, judged as the file would be.
 *
 * @throws SettingsError naming what is wrong, by the setting's name alone.
 */
export function tuned(
  settings: Settings,
  widget: Widget,
  values: Readonly<Record<string, string>>,
): Settings {
  const known = new Set(tunable().map(({ name }) => name));
  const { [LIMIT]: limit, ...own } = Object.fromEntries(
    tunable().map(({ name }) => [name, values[name] ?? valueOf(widget, name)]),
  );
  const strange = Object.keys(values).filter((name) => !known.has(name));
  if (strange.length > 0)
    throw new SettingsError(strange.map((setting) => ({ setting, rule: 'cannot be tried out here' })));
  try {
    const [judged] = readSettings({
      company: settings.company,
      workStreams: { stream: { [LIMIT]: limit } },
      widgets: { it: { title: widget.title, workStream: 'stream', ...own } },
    }).widgets;
    const { hours, queueTargetMs } = widget.rules;
    const rules = {
      ...(judged ?? widget).rules,
      suspendFreesCapacity: widget.rules.suspendFreesCapacity,
      ...(hours !== undefined && { hours }),
      ...(queueTargetMs !== undefined && { queueTargetMs }),
    };
    return {
      ...settings,
      widgets: settings.widgets.map((one) => (one.id === widget.id ? { ...one, rules } : one)),
    };
  } catch (reason) {
    if (!(reason instanceof SettingsError)) throw reason;
    throw new SettingsError(
      reason.faults.map(({ setting, rule }) => ({ setting: setting.split('.').at(-1) ?? setting, rule })),
    );
  }
}

const LIMIT = 'autoCloseAfterInactivity';

/** What moves the clocks, or chooses what becomes of a chat. */
const tunable = (): readonly SettingDescription[] =>
  describeSettings().filter(
    ({ of, name, type }) =>
      name === LIMIT ||
      (of === 'widget' && (type === 'duration' || (type === 'choice' && name !== 'preset'))),
  );

function valueOf({ rules }: Widget, name: string): string {
  if (name === LIMIT) return writeDuration(rules.autoCloseMs);
  const known: Readonly<Record<string, unknown>> = { ...rules };
  const value = known[name] ?? known[`${name}Ms`];
  return typeof value === 'number' ? writeDuration(value) : String(value);
}
