import type { SettingDescription } from '../settings/describe.ts';

/** What comes by name in the settings, and therefore more than once. */
export type Of = 'workStream' | 'widget';

const UNITS: Readonly<Record<string, string>> = { min: 'Minutes', s: 'Seconds', KB: 'KB' };

/**
 * A setting's name in the template: `widgets.*.files.maxSize` is the parameter `widgetFilesMaxSizeKB`, and
 * `filesMaxSizeKB` in an entry of `moreWidgets`.
 */
export function nameIn({ of, name, bounds }: SettingDescription, where: 'parameter' | 'entry'): string {
  const [first = '', ...rest] = name.split('.');
  const own = `${[first, ...rest.map(capital)].join('')}${UNITS[bounds?.unit ?? ''] ?? ''}`;
  return of === 'house' || where === 'entry' ? own : `${of}${capital(own)}`;
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
