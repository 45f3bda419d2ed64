import type { SettingDescription } from '../settings/describe.ts';

/** What comes by name in the settings, and therefore more than once. */
export type Of = 'workStream' | 'widget';

/** How a setting's number is given in the template: whole, in the largest unit that all of its bounds are whole in. */
export interface Measure {
  /** At the end of its name. */
  readonly suffix: string;
  /** As the settings file writes it. */
  readonly unit: 'd' | 'min' | 's' | 'KB';
  /** How many of the unit of its bounds it is. */
  readonly each: number;
  readonly seconds: number;
}

const DAY: Measure = { suffix: 'Days', unit: 'd', each: 24 * 60, seconds: 24 * 60 * 60 };
const MEASURES: Readonly<Record<string, Measure>> = {
  min: { suffix: 'Minutes', unit: 'min', each: 1, seconds: 60 },
  s: { suffix: 'Seconds', unit: 's', each: 1, seconds: 1 },
  KB: { suffix: 'KB', unit: 'KB', each: 1, seconds: 0 },
};

/** Its measure; `undefined` where it is no duration and no size. */
export function measureOf({ bounds }: SettingDescription): Measure | undefined {
  if (bounds === undefined) return undefined;
  const all = [bounds.min, bounds.max, bounds.usual].filter((one) => one !== undefined);
  return bounds.unit === 'min' && all.every((one) => one % DAY.each === 0) ? DAY : MEASURES[bounds.unit];
}

/**
 * A setting's name in the template: `widgets.*.files.maxSize` is the parameter `widgetFilesMaxSizeKB`, and
 * `filesMaxSizeKB` in an entry of `moreWidgets`.
 */
export function nameIn(setting: SettingDescription, where: 'parameter' | 'entry'): string {
  const { of, name } = setting;
  const [first = '', ...rest] = name.split('.');
  const own = `${[first, ...rest.map(capital)].join('')}${measureOf(setting)?.suffix ?? ''}`;
  return of === 'house' || where === 'entry' ? own : `${of}${capital(own)}`;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
