import { overrideFaults } from '../cards/overrides.ts';
import { locate, type Place } from '../settings/locate.ts';
import { readSettings, SettingsError, type Settings } from '../settings/settings.ts';
import type { Judge, Reader } from './environment.ts';

const ONE = 'Set exactly one of SETTINGS_FILE (the path of a file) and SETTINGS_JSON (its text).';
const CHECK = 'Correct the settings.';
type Source = 'SETTINGS_FILE' | 'SETTINGS_JSON';

/** Reads the settings from the one place that is named. */
export function settingsFrom(from: Reader, readFile: (path: string) => string): Settings | undefined {
  const isFile = from.isSet('SETTINGS_FILE');
  const isText = from.isSet('SETTINGS_JSON');
  if (isFile && isText) from.fault('SETTINGS_JSON', 'is set beside SETTINGS_FILE', ONE);
  if (!isFile && !isText) from.fault('SETTINGS_FILE', 'is not set, nor is SETTINGS_JSON', ONE);
  if (isText && !isFile)
    return from.optional('SETTINGS_JSON', (text) => readText(from, 'SETTINGS_JSON', text));
  return from.optional('SETTINGS_FILE', (path) => {
    try {
      return readText(from, 'SETTINGS_FILE', readFile(path));
    } catch (reason) {
      if (!isUnreadable(reason)) throw reason;
      return { what: `names ${path}, which cannot be read`, todo: 'Check the path and its permissions.' };
    }
  });
}

/** Lines are told of a file, which has some; a text in the environment is mostly one. */
function readText(from: Reader, name: Source, text: string): ReturnType<Judge<Settings>> {
  const { faults, placeOf } = locate(text);
  const line = (place: Place): string => (name === 'SETTINGS_FILE' ? `, line ${place.line}` : '');
  const told = (all: readonly string[]): ReturnType<Judge<Settings>> => {
    const [first = 'does not hold together', ...others] = all;
    for (const what of others) from.fault(name, what, CHECK);
    return { what: first, todo: CHECK };
  };
  if (faults.length > 0) return told(faults.map((one) => `is no clean JSON${line(one)}: ${one.rule}`));
  try {
    return { read: readSettings(JSON.parse(text), overrideFaults) };
  } catch (reason) {
    if (!(reason instanceof SettingsError)) throw reason;
    return told(reason.faults.map(({ setting, rule }) => `${setting}${line(placeOf(setting))}: ${rule}`));
  }
}

const isUnreadable = (reason: unknown): boolean => reason instanceof Error && 'syscall' in reason;

/** What a settings file may say on a developer's machine, and not in production. */
export function productionOnly(from: Reader, settings: Settings, keepsFiles: boolean): void {
  const name = from.isSet('SETTINGS_FILE') ? 'SETTINGS_FILE' : 'SETTINGS_JSON';
  const https = (setting: string, address: string | undefined): void => {
    if (address === undefined || new URL(address).protocol === 'https:') return;
    from.fault(name, `${setting}: is not https (${address})`, 'Only a local house may use http.');
  };
  for (const { id, portalUrl, files } of settings.widgets) {
    https(`widgets.${id}.portalUrl`, portalUrl);
    if (!files.enabled || keepsFiles) continue;
    from.fault(
      'BLOB_ACCOUNT_URL',
      `is not set, but the widget “${id}” takes files`,
      `Set it to a storage account’s blob endpoint, or set widgets.${id}.files.enabled to false.`,
    );
  }
  settings.sites.forEach((origin, i) => https(`sites.${i}`, origin));
  settings.signIn.forEach(({ keys }, i) =>
    https(`signIn.${i}.jwksUrl`, 'jwksUrl' in keys ? keys.jwksUrl : undefined),
  );
}
