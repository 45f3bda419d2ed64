import { expect } from 'vitest';
import { readSettings, SettingsError, type SettingFault, type Widget } from '../../src/settings/settings.ts';

/** The least settings a house can run on, with what a test wants otherwise. */
export const given = (widget: object = {}, stream: object = {}): unknown => ({
  company: 'Northwind Parcels',
  workStreams: { support: stream },
  widgets: { chat: { title: 'Support', workStream: 'support', ...widget } },
});

export function widgetIn(json: unknown): Widget {
  const [widget] = readSettings(json).widgets;
  if (widget === undefined) throw new Error('There is no widget');
  return widget;
}

export function faultsOf(json: unknown): readonly SettingFault[] {
  try {
    readSettings(json);
  } catch (reason) {
    if (reason instanceof SettingsError) return reason.faults;
    throw reason;
  }
  return [];
}

/** A fault of the widget's setting, whose rule contains these words. */
export const faulty = (setting: string, rule: string) => ({
  setting: `widgets.chat.${setting}`,
  rule: expect.stringContaining(rule) as string,
});
