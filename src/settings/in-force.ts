import { describeSettings, type SettingDescription } from './describe.ts';
import { writeDuration } from './duration.ts';
import type { Widget, WorkStream } from './model.ts';

/** A setting with the value that holds, as it would be written, and where it comes from. */
export interface InForce {
  readonly name: string;
  readonly value: unknown;
  readonly from: 'file' | 'preset' | 'default' | 'derived';
}

/**
 * Tells what holds for a widget, from the file it was read from: its own settings, and over what it does not say its
 * preset and what we recommend. Settings that nobody gave a value are left out.
 */
export function widgetInForce({ id, rules }: Widget, json: unknown): readonly InForce[] {
  const given = under(json, ['widgets', id]);
  const preset = under(given, ['preset']);
  const known: Readonly<Record<string, unknown>> = { ...rules };
  return tell('widget', given, (setting) => {
    const ms = known[setting.name === 'reconnectTimeLimit' ? 'reconnectLimitMs' : `${setting.name}Ms`];
    const value = typeof ms === 'number' ? writeDuration(ms) : (known[setting.name] ?? setting.default);
    if (setting.type === 'derived') return { value, from: 'derived' };
    const isPreset = typeof preset === 'string' && preset in setting.presets;
    return { value, from: isPreset ? 'preset' : 'default' };
  });
}

/** The same for a work stream. */
export const streamInForce = ({ id }: WorkStream, json: unknown): readonly InForce[] =>
  tell('workStream', under(json, ['workStreams', id]), ({ default: value }) => ({ value, from: 'default' }));

/** The same for the house. */
export const houseInForce = (json: unknown): readonly InForce[] =>
  tell('house', json, ({ default: value }) => ({ value, from: 'default' })).filter(
    ({ name }) => name !== 'workStreams' && name !== 'widgets',
  );

const tell = (
  of: SettingDescription['of'],
  given: unknown,
  otherwise: (setting: SettingDescription) => Pick<InForce, 'value' | 'from'>,
): readonly InForce[] =>
  describeSettings()
    .filter((setting) => setting.of === of)
    .map((setting): InForce => {
      const value = under(given, setting.name.split('.'));
      return value === undefined
        ? { name: setting.name, ...otherwise(setting) }
        : { name: setting.name, value, from: 'file' };
    })
    .filter(({ value }) => value !== undefined);

function under(json: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isThere ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;
  }, json);
}
